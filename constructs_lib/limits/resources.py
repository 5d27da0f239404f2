"""Limits of single arguments of the resources around the stream, the domain and the delivery stream.

Constructs ask for them by themselves, and every override does.
"""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment.common import (
    BUCKET,
    BUCKET_NAMES,
    DELETION_WINDOW,
    ENVIRONMENT_VARIABLES,
    KMS,
    REGISTRY,
    RETENTION,
)
from constructs_lib.limits.limit_types import Choice, Length, Limit, Pattern, Range
from constructs_lib.limits.quotas import LAMBDA_MEMORY_MIB, LAMBDA_TIMEOUT_S

ALARM: Final = "aws_cloudwatch_metric_alarm"
FUNCTION: Final = "aws_lambda_function"
GRANT: Final = "grant"
"""Key of what a ``grant_*`` method is handed, in place of a resource type."""

_IAM = "service model iam-2010-05-08 (botocore)"
_LAMBDA = "service model lambda-2015-03-31 (botocore)"
_LOGS = "service model logs-2014-03-28 (botocore)"
_CLOUDWATCH = "service model monitoring-2010-08-01 (botocore)"
_KINESIS = "service model kinesis-2013-12-02 (botocore)"
_EVENTS = "service model eventbridge-2015-10-07 (botocore)"
_KMS_ALIAS = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html"
_SNS = "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"
_SECURITY_GROUP = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"
_DASHBOARD = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"
PUT_ALARM: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
DOMAIN_METRICS: Final = (
    "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html"
)
DOMAIN_NAMESPACE: Final = "AWS/ES"
PERCENT_METRICS: Final = Pattern(r"\w*(?:Utilization|MemoryPressure)", "a metric in percent", DOMAIN_METRICS)
"""Names of a domain's metrics in percent; other services' utilization may exceed 100."""
SHARE: Final = "m1 / m2 * 100"
"""The expression of alarms on a part of a whole."""
PARTS_OF_A_WHOLE: Final = ("5xx", "Rejected", "ProcessingFailed")
"""Metrics that count some of the requests, events or records that the second metric counts."""
PERCENT: Final = Range(0, 100, DOMAIN_METRICS, "percent")

_IAM_NAME = Pattern(r"[A-Za-z0-9_+=,.@-]+", "letters, digits and _ + = , . @ -", _IAM)
_DESCRIPTION = (Length(0, 1000, _IAM),)

_ALARM_ARGUMENTS: dict[str, tuple[Limit, ...]] = {
    "alarm_name": (Length(1, 255, _CLOUDWATCH),),
    "alarm_description": (Length(0, 1024, _CLOUDWATCH),),
    "comparison_operator": (
        Choice(
            (
                "GreaterThanOrEqualToThreshold",
                "GreaterThanThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
                "LessThanLowerOrGreaterThanUpperThreshold",
                "LessThanLowerThreshold",
                "GreaterThanUpperThreshold",
            ),
            _CLOUDWATCH,
        ),
    ),
    "evaluation_periods": (Range(1, None, _CLOUDWATCH, "periods"),),
    "datapoints_to_alarm": (Range(1, None, _CLOUDWATCH, "periods"),),
    "namespace": (Length(1, 255, _CLOUDWATCH),),
    "metric_name": (Length(1, 255, _CLOUDWATCH),),
    "statistic": (Choice(("SampleCount", "Average", "Sum", "Minimum", "Maximum"), _CLOUDWATCH),),
    "treat_missing_data": (Choice(("breaching", "notBreaching", "ignore", "missing"), PUT_ALARM),),
}

RESOURCES: Final[dict[str, dict[str, tuple[Limit, ...]]]] = {
    "aws_apigatewayv2_api": {"name": (Length(1, 128, f"{REGISTRY}/apigatewayv2_api"),)},
    "aws_cloudwatch_composite_alarm": {"alarm_name": (Length(1, 255, _CLOUDWATCH),)},
    "aws_cloudwatch_dashboard": {
        "dashboard_name": (
            Length(1, 255, _DASHBOARD),
            Pattern(r"[A-Za-z0-9_-]+", "letters, digits and _ -", _DASHBOARD),
        )
    },
    "aws_cloudwatch_event_rule": {
        "name": (Length(1, 64, _EVENTS), Pattern(r"[.A-Za-z0-9_-]+", "letters, digits and . _ -", _EVENTS))
    },
    "aws_cloudwatch_log_group": {
        "name": (Length(1, 512, _LOGS), Pattern(r"[.\-_/#A-Za-z0-9]+", "letters, digits and . - _ / #", _LOGS)),
        "retention_in_days": RETENTION,
    },
    ALARM: _ALARM_ARGUMENTS,
    "aws_iam_policy": {"name": (Length(1, 128, _IAM), _IAM_NAME), "description": _DESCRIPTION},
    "aws_iam_role": {
        "name": (Length(1, 64, _IAM), _IAM_NAME),
        "description": _DESCRIPTION,
        "max_session_duration": (Range(3600, 43200, _IAM, "seconds"),),
    },
    "aws_iam_role_policy": {"name": (Length(1, 128, _IAM), _IAM_NAME)},
    "aws_kinesis_stream_consumer": {
        "name": (Length(1, 128, _KINESIS), Pattern(r"[a-zA-Z0-9_.-]+", "letters, digits and _ . -", _KINESIS))
    },
    "aws_kms_alias": {
        "name": (
            Pattern(
                r"alias/(?!aws/)[a-zA-Z0-9/_-]{1,250}",
                "alias/ and 1 to 250 letters, digits and / _ -, not beginning with aws/",
                _KMS_ALIAS,
            ),
        )
    },
    "aws_kms_key": {
        "deletion_window_in_days": DELETION_WINDOW,
        "rotation_period_in_days": (Range(90, 2560, KMS, "days"),),
    },
    FUNCTION: {
        "function_name": (Length(1, 64, _LAMBDA), Pattern(r"[A-Za-z0-9_-]+", "letters, digits and _ -", _LAMBDA)),
        "description": (Length(0, 256, _LAMBDA),),
        "handler": (Length(1, 128, _LAMBDA),),
        "memory_size": (Range(128, LAMBDA_MEMORY_MIB, f"{REGISTRY}/lambda_function", "MiB"),),
        "timeout": (Range(1, LAMBDA_TIMEOUT_S, f"{REGISTRY}/lambda_function", "seconds"),),
        "reserved_concurrent_executions": (Range(-1, None, f"{REGISTRY}/lambda_function", "concurrent executions"),),
        "architectures[]": (Choice(("x86_64", "arm64"), _LAMBDA),),
        "tracing_config.mode": (Choice(("Active", "PassThrough"), _LAMBDA),),
    },
    "aws_s3_bucket": {
        "bucket": BUCKET,
        "bucket_prefix": (
            Pattern(
                r"[a-z0-9][a-z0-9.-]{0,36}",
                "1 to 37 lower-case letters, digits, hyphens and dots, beginning with a letter or digit",
                BUCKET_NAMES,
            ),
        ),
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "rule[].status": (Choice(("Enabled", "Disabled"), f"{REGISTRY}/s3_bucket_lifecycle_configuration"),),
    },
    "aws_s3_bucket_versioning": {
        "versioning_configuration.status": (
            Choice(("Enabled", "Suspended", "Disabled"), f"{REGISTRY}/s3_bucket_versioning"),
        ),
    },
    "aws_security_group": {
        "name": (Length(1, 255, _SECURITY_GROUP), Pattern(r"(?!sg-).*", "not beginning with sg-", _SECURITY_GROUP)),
        "description": (Length(1, 255, _SECURITY_GROUP),),
    },
    "aws_sns_topic": {
        "name": (
            Pattern(r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo", "1 to 256 letters, digits and _ -", _SNS),
        ),
    },
}
"""Limits by resource type and dotted path."""

VARIABLES_BYTES: Final = 4096
"""Size of a function's environment variables together."""
VARIABLE: Final = Pattern(
    r"(?!AWS_(REGION|DEFAULT_REGION|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV)$)"
    r"(?!AWS_LAMBDA_(FUNCTION_.*|INITIALIZATION_TYPE|LOG_.*|RUNTIME_API)$|LAMBDA_(TASK_ROOT|RUNTIME_DIR)$)"
    r"[A-Za-z][A-Za-z0-9_]+",
    "a letter, then letters, digits and _; none of Lambda's own",
    ENVIRONMENT_VARIABLES,
)
SHORT_PERIODS: Final = (10, 20, 30)
"""Seconds of a period below a minute."""
MINUTE: Final = 60
"""Longer periods are multiples of it, in seconds."""
LONG_PERIOD: Final = 3600
"""Seconds of a period from which an alarm may look back for `LONG_LOOK`."""
LONG_LOOK: Final = 604_800
SHORT_LOOK: Final = 86_400
"""Seconds that an alarm's periods cover together, at most."""

"""``monitoring``, outputs, and the retention of logs."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment.common import RETENTION
from constructs_lib.limits.limit_types import Limit, Pattern, Range
from constructs_lib.limits.quotas import FREE_STORAGE_PERCENT_MOST

OUTPUTS: Final = "https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers"
ALARMS: Final = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html"
ALARM_ACTIONS: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html"
SUBSCRIPTIONS: Final = "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html"
_PERIODS: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "domain.log_retention_in_days": RETENTION,
    "delivery.log_retention_in_days": RETENTION,
    "monitoring.free_storage_percent": (Range(1, FREE_STORAGE_PERCENT_MOST, ALARMS, "percent"),),
    # An alarm evaluates at most one day.
    "monitoring.late_seconds": (Range(0, 86400, _PERIODS, "seconds"),),
    "monitoring.failed_percent": (Range(1, 100, ALARMS, "percent"),),
    # It is part of alarm descriptions, which CloudWatch limits to 1,024 characters.
    "monitoring.runbook_url": (
        Pattern(
            r"docs/runbook\.md|https://[^\s#]{1,300}", "an https address without # of at most 308 characters", _PERIODS
        ),
    ),
}

OUTPUT_NAME: Final = Pattern(
    r"[A-Za-z_][A-Za-z0-9_-]*", "letters, digits, _ and -, beginning with a letter or _", OUTPUTS
)
ENDPOINTS: Final = {
    "email": Pattern(r"[^@\s]+@[^@\s]+", "an e-mail address", SUBSCRIPTIONS),
    "email-json": Pattern(r"[^@\s]+@[^@\s]+", "an e-mail address", SUBSCRIPTIONS),
    "https": Pattern(r"https://\S+", "an address that begins with https://", SUBSCRIPTIONS),
    "sms": Pattern(r"\+?[0-9-]+", "a telephone number", SUBSCRIPTIONS),
    "lambda": Pattern(r"arn:[^:\s]+:lambda:\S+", "the ARN of a Lambda function", SUBSCRIPTIONS),
    "sqs": Pattern(r"arn:[^:\s]+:sqs:\S+", "the ARN of an SQS queue", SUBSCRIPTIONS),
}
"""The form of a subscription's endpoint, by protocol."""

"""What the keys of an environment file may be that stand around the three resources: functions, keys, logs, buckets."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.limit_types import Choice, Length, Limit, Pattern, Range

ENVIRONMENT: Final = "environment"
"""Stands in the table for the environment file itself, as a resource type does for a resource."""

_REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources"
_KMS = f"{_REGISTRY}/kms_key"
_LISTS = "constructs_lib/transform/runtime/settings.py"
_KMS_API = "https://docs.aws.amazon.com/kms/latest/APIReference"
_FUNCTION = f"{_REGISTRY}/lambda_function"
_LOG_GROUP = f"{_REGISTRY}/cloudwatch_log_group"
_LIFECYCLE = f"{_REGISTRY}/s3_bucket_lifecycle_configuration"
_BUCKET_NAMES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
_TAGS = "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"
_FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html"
_EC2 = "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-troubleshooting.html"
_BACKENDS = "https://developer.hashicorp.com/terraform/language/backend"
_CONSUMERS = f"{_REGISTRY}/kinesis_stream_consumer"
_RULE = f"{_REGISTRY}/vpc_security_group_egress_rule"
_OCTET = r"(25[0-5]|2[0-4]\d|1?\d?\d)"

_RETENTION = (
    Choice(
        (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
        _LOG_GROUP,
    ),
)
_DELETION_WINDOW = (Range(7, 30, _KMS, "days"),)
_MOST_DAYS: Final = 2**31 - 1
_DAYS = (Range(1, _MOST_DAYS, _LIFECYCLE, "days"),)
_KMS_KEY = (Pattern(r"arn:[^:]+:kms:[^:]+:\d{12}:key/.+", "the ARN of a KMS key", _KMS),)
_PRINCIPAL = (
    Pattern(r"arn:[^:]+:(iam|sts)::\d{12}:(role|user|root|assumed-role).*", "the ARN of an IAM role or user", _IAM),
)
_GROUP = (
    Pattern(
        r"[^,\s]([^,]*[^,\s])?",
        "a group's name without commas, and without spaces around it",
        "constructs_lib/bootstrap/runtime/settings.py",
    ),
)
_SHARED_WITH = (Pattern(r"arn:[^:]+:iam::\d{12}:.+|\d{12}", "the ARN of an IAM principal, or an account", _IAM),)
_BUCKET = (
    Pattern(
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "3 to 63 lower-case letters, digits, hyphens and dots",
        _BUCKET_NAMES,
    ),
)

SURROUNDINGS: Final[dict[str, tuple[Limit, ...]]] = {
    "domain.log_retention_in_days": _RETENTION,
    "delivery.log_retention_in_days": _RETENTION,
    "transform.function.log_retention_in_days": _RETENTION,
    "bootstrap.function.log_retention_in_days": _RETENTION,
    "network.flow_log_retention_in_days": _RETENTION,
    **{
        f"{function}.function.{name}": limits
        for function in ("transform", "bootstrap")
        for name, limits in {
            "memory_size": (Range(128, 10240, _FUNCTION, "MiB"),),
            "timeout": (Range(1, 900, _FUNCTION, "seconds"),),
            "reserved_concurrent_executions": (Range(-1, None, _FUNCTION, "calls at once"),),
        }.items()
    },
    "transform.processor.buffer_size_mb": (Range(0.2, 3, _FIREHOSE, "MiB"),),
    "transform.processor.buffer_interval_seconds": (Range(0, 900, _FIREHOSE, "seconds"),),
    "transform.processor.retries": (Range(0, 300, _FIREHOSE, "retries"),),
    "transform.user_ids.label": (Length(1, 4096, f"{_KMS_API}/API_GenerateMac.html"),),
    "transform.drop_paths[]": (Pattern(r"[^,]+", "a path without a comma", _LISTS),),
    "transform.drop_extensions[]": (
        Pattern(r"[^,]+", "an extension without a comma", "transform/runtime/settings.py"),
    ),
    "transform.ipv4_prefix": (Range(0, 32, "IPv4", "bits"),),
    "transform.ipv6_prefix": (Range(0, 128, "IPv6", "bits"),),
    "transform.user_ids.deletion_window_in_days": _DELETION_WINDOW,
    "transform.user_ids.kms_key_arn": _KMS_KEY,
    "encryption.deletion_window_in_days": _DELETION_WINDOW,
    "encryption.rotation_period_in_days": (Range(90, 2560, _KMS, "days"),),
    "encryption.kms_key_arn": _KMS_KEY,
    "encryption.administrators[]": _PRINCIPAL,
    "archive.bucket": _BUCKET,
    "archive.access_log_bucket": _BUCKET,
    "archive.lifecycle.transition_days": (Range(0, _MOST_DAYS, _LIFECYCLE, "days"),),
    "archive.lifecycle.expiration_days": _DAYS,
    "archive.lifecycle.failed_expiration_days": _DAYS,
    "archive.lifecycle.noncurrent_expiration_days": _DAYS,
    "access.administrators[]": _PRINCIPAL,
    "access.analysts[]": _PRINCIPAL,
    "access.personalization[]": _PRINCIPAL,
    "access.administrator_groups[]": _GROUP,
    "access.analyst_groups[]": _GROUP,
    "iam.path": (Pattern(r"/([!-~]{0,509}/)?", "/ or a path that begins and ends with it", _IAM),),
    "iam.permissions_boundary": (Pattern(r"arn:[^:]+:iam::(\d{12}|aws):policy/.+", "the ARN of a policy", _IAM),),
    **{
        f"network.{who}_security_group_ids[]": (
            Pattern(r"sg-[0-9a-f]+", "a security group's id such as sg-0a1b2c3d", _RULE),
        )
        for who in ("client", "aws_api")
    },
    **{
        f"network.{who}_cidr_blocks[]": (
            Pattern(
                rf"{_OCTET}(\.{_OCTET}){{3}}/(3[0-2]|[12]?\d)", "an IPv4 address range such as 10.50.0.0/16", _RULE
            ),
        )
        for who in ("client", "aws_api")
    },
    "stream.consumers[].name": (Pattern(r"[a-zA-Z0-9_.-]{1,128}", "1 to 128 letters, digits and _ . -", _CONSUMERS),),
    "network.vpc_id": (Pattern(r"vpc-[0-9a-f]{8,17}", "a VPC's id such as vpc-0a1b2c3d4e5f60718", _EC2),),
    "network.subnet_ids[]": (Pattern(r"subnet-[0-9a-f]{8,17}", "a subnet's id such as subnet-0a1b2c3d", _EC2),),
    "backend.local.path": (Pattern(r"[^/].*", "a path relative to the stack's folder", _BACKENDS),),
    "backend.s3.bucket": _BUCKET,
    "backend.s3.key": (Pattern(r"[^/].*[^/]|[^/]", "a key that neither begins nor ends with /", _BACKENDS),),
    "stream.readers.principals[]": _SHARED_WITH,
    "stream.writers.principals[]": _SHARED_WITH,
}
"""Limits by dotted path in the environment file."""

TEMPLATE_SOURCE: Final = "https://developer.hashicorp.com/terraform/language/expressions/strings"
TAG_KEY: Final = Length(1, 128, _TAGS)
TAG_VALUE: Final = Length(0, 256, _TAGS)
TAGS: Final = 50
TAG_PREFIX: Final = "aws:"
TAG_SOURCE: Final = _TAGS

LIFECYCLE_CONFLICTS: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html"
"""Where two rules apply to an object, S3 follows the one that deletes it first."""

INFREQUENT_ACCESS_DAYS: Final = 30
"""Objects stay this long before they may move to an infrequent-access class."""
INFREQUENT_ACCESS: Final = ("STANDARD_IA", "ONEZONE_IA")
LIFECYCLE_SOURCE: Final = (
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"
)

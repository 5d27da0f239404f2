"""Limits that keys of several sections share."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits import regions
from constructs_lib.limits.limit_types import Choice, Limit, Pattern, Range

REGISTRY: Final = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources"
IAM: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"
KMS: Final = f"{REGISTRY}/kms_key"
KMS_API: Final = "https://docs.aws.amazon.com/kms/latest/APIReference"
BUCKET_NAMES: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
ENVIRONMENT_VARIABLES: Final = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"

RETENTION: Final[tuple[Limit, ...]] = (
    Choice(
        (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
        f"{REGISTRY}/cloudwatch_log_group",
        unit="days",
    ),
)
"""Days that CloudWatch Logs keeps a log group; 0 is for ever."""
DELETION_WINDOW: Final[tuple[Limit, ...]] = (Range(7, 30, KMS, "days"),)
REGION: Final[tuple[Limit, ...]] = (
    Choice(tuple(regions.REGIONS), regions.SOURCE, meaning="an AWS region such as eu-west-1"),
)
BUCKET: Final[tuple[Limit, ...]] = (
    Pattern(
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "3 to 63 lower-case letters, digits, hyphens and dots",
        BUCKET_NAMES,
    ),
)
NO_COMMA: Final = "without a comma: the list reaches the function as one text"

"""``archive`` and ``encryption``: the bucket, its lifecycle, the key."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment.common import BUCKET, DELETION_WINDOW, KMS, REGISTRY
from constructs_lib.limits.limit_types import Limit, Range

_LIFECYCLE = f"{REGISTRY}/s3_bucket_lifecycle_configuration"
_MOST_DAYS: Final = 2**31 - 1
"""S3 takes a signed 32-bit number."""
_DAYS: tuple[Limit, ...] = (Range(1, _MOST_DAYS, _LIFECYCLE, "days"),)

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "archive.bucket": BUCKET,
    "archive.access_log_bucket": BUCKET,
    "adopt.archive": BUCKET,
    "existing.archive.bucket": BUCKET,
    "archive.lifecycle.transition_days": (Range(0, _MOST_DAYS, _LIFECYCLE, "days"),),
    "archive.lifecycle.expiration_days": _DAYS,
    "archive.lifecycle.failed_expiration_days": _DAYS,
    "archive.lifecycle.noncurrent_expiration_days": _DAYS,
    "encryption.deletion_window_in_days": DELETION_WINDOW,
    "encryption.rotation_period_in_days": (Range(90, 2560, KMS, "days"),),
}

RESERVED_PREFIXES: Final = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES: Final = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
"""Beginnings and endings of bucket names that AWS reserves."""

LIFECYCLE_CONFLICTS: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html"
"""Source: if two lifecycle rules apply to an object, S3 follows the one that deletes it first."""
INFREQUENT_ACCESS_DAYS: Final = 30
"""Days an object is stored before it may move to an infrequent-access class."""
INFREQUENT_ACCESS: Final = ("STANDARD_IA", "ONEZONE_IA")
LIFECYCLE_SOURCE: Final = (
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"
)

"""``transform`` and ``bootstrap``: the functions and their settings."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment.common import (
    DELETION_WINDOW,
    ENVIRONMENT_VARIABLES,
    KMS_API,
    NO_COMMA,
    REGISTRY,
    RETENTION,
)
from constructs_lib.limits.limit_types import Length, Limit, Pattern, Range
from constructs_lib.limits.quotas import LAMBDA_MEMORY_MIB, LAMBDA_TIMEOUT_S, PRIMARY_SHARDS_OF_AN_INDEX

_FUNCTION = f"{REGISTRY}/lambda_function"
_FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html"
_PREFIXES = "https://www.rfc-editor.org/rfc/rfc4291#section-2.3"
_INDEX_SETTINGS = "https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/index-settings/"
_UNITS = "https://docs.opensearch.org/latest/api-reference/units/"
_MOST_DAYS = 106_751
"""The engine stores a time in nanoseconds, in 63 bits."""
_INDEX_NAMES = "https://docs.opensearch.org/latest/api-reference/index-apis/create-index/#index-naming-restrictions"
_INDEX: tuple[Limit, ...] = (
    Pattern(
        r"[a-z0-9][a-z0-9_.-]{0,199}",
        "1 to 200 lower-case letters, digits and _ . -, beginning with a letter or digit",
        _INDEX_NAMES,
    ),
)

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    **{
        f"{function}.function.{name}": limits
        for function in ("transform", "bootstrap")
        for name, limits in {
            "memory_size": (Range(128, LAMBDA_MEMORY_MIB, _FUNCTION, "MiB"),),
            "timeout": (Range(1, LAMBDA_TIMEOUT_S, _FUNCTION, "seconds"),),
            "reserved_concurrent_executions": (Range(-1, None, _FUNCTION, "concurrent executions"),),
            "log_retention_in_days": RETENTION,
        }.items()
    },
    "transform.processor.buffer_size_mb": (Range(0.2, 3, _FIREHOSE, "MiB"),),
    "transform.processor.buffer_interval_seconds": (Range(0, 900, _FIREHOSE, "seconds"),),
    "transform.processor.retries": (Range(0, 300, _FIREHOSE, "retries"),),
    "transform.user_ids.label": (Length(1, 4096, f"{KMS_API}/API_GenerateMac.html"),),
    "transform.user_ids.deletion_window_in_days": DELETION_WINDOW,
    **{
        f"transform.{key}[]": (Pattern(r"[^,]+", f"{noun} {NO_COMMA}", ENVIRONMENT_VARIABLES),)
        for key, noun in {
            "drop_extensions": "an extension",
            "drop_levels": "a level",
            "drop_methods": "a method",
            "drop_paths": "a path",
        }.items()
    },
    "transform.own_hosts[]": (
        Pattern(
            r"(?i:(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)",
            "a host's name such as shop.example, without scheme, port and path",
            ENVIRONMENT_VARIABLES,
        ),
    ),
    "transform.w3c_fields[]": (Pattern(r"[^,\s]+", "a field's name such as cs-uri-stem", ENVIRONMENT_VARIABLES),),
    "transform.ipv4_prefix": (Range(0, 32, _PREFIXES, "bits"),),
    "transform.ipv6_prefix": (Range(0, 128, _PREFIXES, "bits"),),
    "bootstrap.number_of_shards": (Range(1, PRIMARY_SHARDS_OF_AN_INDEX, _INDEX_SETTINGS, "shards"),),
    # Our limit: every replica is a whole copy on a node of its own.
    "bootstrap.number_of_replicas": (Range(0, 10, _INDEX_SETTINGS, "replicas"),),
    **dict.fromkeys(
        (f"bootstrap.{key}" for key in ("merge_after_days", "warm_after_days", "cold_after_days", "retention_days")),
        (Range(1, _MOST_DAYS, _UNITS, "days"),),
    ),
    "bootstrap.refresh_interval": (
        Pattern(r"-1|[1-9]\d*(ms|s|m|h)", "a time such as 30s, or -1 for never", _INDEX_SETTINGS),
    ),
    "bootstrap.queries_index_name": _INDEX,
    "bootstrap.ubi_events_alias": _INDEX,
}

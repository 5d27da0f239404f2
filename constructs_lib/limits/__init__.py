"""The one table of service limits and engine capabilities, each with its source; no such number stands elsewhere."""

from constructs_lib.limits.arguments import (
    ARGUMENTS,
    DELIVERY,
    DOMAIN,
    STREAM,
    Choice,
    Count,
    Length,
    Limit,
    Pattern,
    Range,
)
from constructs_lib.limits.quotas import DEFAULT_SHARDS_PER_ACCOUNT

__all__ = [
    "ARGUMENTS",
    "DEFAULT_SHARDS_PER_ACCOUNT",
    "DELIVERY",
    "DOMAIN",
    "STREAM",
    "Choice",
    "Count",
    "Length",
    "Limit",
    "Pattern",
    "Range",
]

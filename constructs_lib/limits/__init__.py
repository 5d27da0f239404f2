"""The one table of service limits and engine capabilities, each with its source; no such number stands elsewhere.

`arguments` bounds single arguments, `surroundings` an environment file's own keys, `instances` and `engines` hold what
types and versions can do, `quotas` what accounts and domains may have, `provider` which provider versions know which
arguments, `sources` the pages.
"""

from constructs_lib.limits import engines, instances, quotas, sources
from constructs_lib.limits.arguments import (
    ARGUMENTS,
    DELIVERY,
    DESTINATIONS,
    DOMAIN,
    PROCESSOR_PARAMETERS,
    STREAM,
)
from constructs_lib.limits.limit_types import Choice, Count, Length, Limit, Pattern, Range
from constructs_lib.limits.provider import ARGUMENT_SINCE, provider_floor
from constructs_lib.limits.surroundings import ENVIRONMENT

__all__ = [
    "ARGUMENTS",
    "ARGUMENT_SINCE",
    "DELIVERY",
    "DESTINATIONS",
    "DOMAIN",
    "ENVIRONMENT",
    "PROCESSOR_PARAMETERS",
    "STREAM",
    "Choice",
    "Count",
    "Length",
    "Limit",
    "Pattern",
    "Range",
    "engines",
    "instances",
    "provider_floor",
    "quotas",
    "sources",
]

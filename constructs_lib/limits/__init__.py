"""Service limits and engine capabilities, each with its source. A rule takes no such number from anywhere else.

What talks to a single API (replay, the alarms, the functions) has that API's limits beside the call, with their source.

`arguments` bounds single arguments, `environment` an environment file's own keys, `arns` says which ARN an argument
takes, `required` what a block cannot do without; `instances`, `ebs_bandwidth` and `engines` hold what types and
versions can do, `quotas` what accounts and domains may have, `regions` where AWS is, `provider` which provider versions
know which arguments, `sources` the pages.
"""

from constructs_lib.limits import ebs_bandwidth, engines, instances, quotas, regions, sources
from constructs_lib.limits.arguments import (
    ARGUMENTS,
    DELIVERY,
    DESTINATIONS,
    DOMAIN,
    PROCESSOR_PARAMETERS,
    STREAM,
)
from constructs_lib.limits.arns import ARNS
from constructs_lib.limits.environment import ENVIRONMENT
from constructs_lib.limits.limit_types import Choice, Count, Length, Limit, Pattern, Range
from constructs_lib.limits.provider import ARGUMENT_SINCE, provider_floor
from constructs_lib.limits.required import REQUIRED

__all__ = [
    "ARGUMENTS",
    "ARGUMENT_SINCE",
    "ARNS",
    "DELIVERY",
    "DESTINATIONS",
    "DOMAIN",
    "ENVIRONMENT",
    "PROCESSOR_PARAMETERS",
    "REQUIRED",
    "STREAM",
    "Choice",
    "Count",
    "Length",
    "Limit",
    "Pattern",
    "Range",
    "ebs_bandwidth",
    "engines",
    "instances",
    "provider_floor",
    "quotas",
    "regions",
    "sources",
]

"""Service limits and engine capabilities, each with its source. All rules take their numbers from here.

Code that calls a single API (replay, the alarms, the functions) has that API's limits beside the call, with the source.

`arguments` limits single arguments, `resources` those of the other resources, `environment` an environment file's own
keys, `arns` lists the kind of ARN that an argument takes, `required` the required arguments; `instances`,
`ebs_bandwidth` and `engines` describe instance types and engine versions, `quotas` accounts and domains, `regions`
AWS's regions, `provider` the provider versions that know an argument, `sources` the pages.
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

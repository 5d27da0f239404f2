"""``provider``: how Terraform reaches AWS."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import regions
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()


@BOOK.error(regions.FIPS_SOURCE)
def fips_endpoints_are_there(environment: Arguments) -> Iterator[Problem]:
    """AWS has FIPS endpoints for these services in its regions in the United States only."""
    path, region = "provider.use_fips_endpoint", environment.text("region")
    if environment.flag(path) and region in regions.REGIONS and region not in regions.FIPS:
        message = f"asks for FIPS endpoints, which {region} does not have for all services used here"
        yield Problem(path, message, True, f"false, or a region of {', '.join(regions.FIPS)}")

"""``name``, ``region``, ``account_id``, ``tags``."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits import sources
from constructs_lib.limits.environment.common import IAM, REGION
from constructs_lib.limits.limit_types import Length, Limit, Pattern

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    # The limit of the domain's name, which is this name unless domain.domain_name is set; other names add a suffix.
    "name": (
        Pattern(
            r"[a-z][a-z0-9-]{2,27}",
            "3 to 28 lower-case letters, digits and hyphens, beginning with a letter",
            sources.OPENSEARCH_MODEL,
        ),
    ),
    "region": REGION,
    "account_id": (Pattern(r"\d{12}", "twelve digits in quotes", IAM),),
}

TEMPLATE_SOURCE: Final = "https://developer.hashicorp.com/terraform/language/expressions/strings"
TAG_SOURCE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html"
TAG_KEY: Final = Length(1, 128, TAG_SOURCE)
TAG_VALUE: Final = Length(0, 256, TAG_SOURCE)
TAGS: Final = 50
"""Tags of a resource."""
TAG_PREFIX: Final = "aws:"
"""Prefix reserved for AWS, in upper and lower case."""
TAG_SIGNS: Final = "_.:/=+-@"
"""Characters that IAM accepts in tags besides letters, digits and spaces of any script; other services accept more."""
OWN_TAGS: Final = {"Deployment": None, "ManagedBy": "Terraform"}
"""Tags that every stack sets, unless the file gives them another value."""

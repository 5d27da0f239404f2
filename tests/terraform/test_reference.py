"""The provider arguments that the reference names are the provider's."""

from __future__ import annotations

from typing import Any

from constructs_lib.configuration.reference import FIRST_VERSION, entries
from tests.terraform.test_completeness import arguments


def test_the_provider_has_every_argument_that_the_reference_names(provider_schema: dict[str, Any]) -> None:
    resources = provider_schema["resource_schemas"]
    missing = []
    for entry in entries():
        type_, _, path = entry.argument.partition(".")
        if type_.startswith("aws_") and entry.since == FIRST_VERSION:
            known = list(arguments(resources[type_]["block"])) if type_ in resources else None
            if known is None or (path and path.replace("[]", "") not in known):
                missing.append(entry.argument)
    assert missing == []

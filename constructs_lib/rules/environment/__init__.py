"""What AWS and Terraform accept of an environment file's own keys.

The provider's arguments in the file are judged by the rules of their resource (`rules.domain`, `rules.stream`,
`rules.delivery`), what lies between them by `rules.pipeline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from constructs_lib.limits import ENVIRONMENT
from constructs_lib.rules.environment import (
    access,
    adoption,
    archive,
    backend,
    bootstrap,
    collector,
    functions,
    identity,
    monitoring,
    network,
    outputs,
    provider,
    reach,
    recommender,
    stream,
    switches,
    transform,
)
from constructs_lib.rules.environment.book import DERIVED
from constructs_lib.rules.finding import Finding
from constructs_lib.rules.plan_values import Arguments, Context
from constructs_lib.rules.rulebook import Rulebook

BOOK = Rulebook(ENVIRONMENT)
for part in (
    identity,
    backend,
    provider,
    adoption,
    network,
    access,
    reach,
    stream,
    collector,
    transform,
    functions,
    bootstrap,
    recommender,
    archive,
    monitoring,
    switches,
    outputs,
):
    BOOK.include(part.BOOK)


def check(environment: object, derived: Mapping[str, Any] | None = None) -> list[Finding]:
    """All findings about an environment file's own keys, by path from the root of the file.

    Args:
        environment: the file's mapping, with its defaults.
        derived: what follows from it; see `rules.environment.book`.
    """
    read = Arguments(environment)
    context = Context(region=read.text("region"), account=read.text("account_id"))
    return BOOK.check({**read.values, DERIVED: derived or {}} if read.values else {}, context)


__all__ = ["BOOK", "check"]

"""``advanced_options``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from constructs_lib.limits import sources
from constructs_lib.limits.engines import ELASTICSEARCH, WITHOUT_VERSION_OVERRIDE
from constructs_lib.rules.domain.facts import engine_of
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook, did_you_mean

BOOK = Rulebook()

VERSION_OVERRIDE = "override_main_response_version"
_KNOWN = {
    "rest.action.multi.allow_explicit_index": (r"true|false", '"true" or "false"'),
    "indices.fielddata.cache.size": (r"\d{1,3}%?|", 'a share of the heap in percent, such as "20"'),
    "indices.query.bool.max_clause_count": (r"\d+", 'a number in quotes, such as "1024"'),
    VERSION_OVERRIDE: (r"true|false", '"true" or "false"'),
}
"""The options that AWS takes, and what each may be."""


def options(domain: Arguments) -> Iterator[tuple[str, str, object]]:
    """Path, name and value of each advanced option."""
    given = domain.get("advanced_options")
    for name, value in given.items() if isinstance(given, Mapping) else ():
        yield f"advanced_options.{name}", str(name), value


@BOOK.error(sources.ADVANCED_OPTIONS)
def advanced_options_are_known(domain: Arguments) -> Iterator[Problem]:
    """`advanced_options` takes four options; every other setting is refused."""
    for path, name, _ in options(domain):
        if name not in _KNOWN:
            message = f"is not an advanced option of the service{did_you_mean(name, _KNOWN)}"
            yield Problem(path, message, name, ", ".join(_KNOWN))


@BOOK.error(sources.ADVANCED_OPTIONS)
def advanced_options_are_texts(domain: Arguments) -> Iterator[Problem]:
    """Values of `advanced_options` are texts in quotes, and of the form that each option takes."""
    for path, name, value in options(domain):
        if isinstance(value, (bool, int, float)):
            yield Problem(path, "is not a text", value, f'"{str(value).lower()}" in quotes')
        elif isinstance(value, str) and name in _KNOWN and "${" not in value:
            form, allowed = _KNOWN[name]
            if not re.fullmatch(form, value):
                yield Problem(path, "has the wrong form", value, allowed)


@BOOK.error(sources.ADVANCED_OPTIONS)
def version_override_is_supported(domain: Arguments) -> Iterator[Problem]:
    """`override_main_response_version` is for OpenSearch 1 and 2: Elasticsearch and OpenSearch 3 do not have it."""
    engine = engine_of(domain)
    for path, name, value in options(domain):
        gone = engine is not None and (engine.name == ELASTICSEARCH or engine.version >= WITHOUT_VERSION_OVERRIDE)
        if name == VERSION_OVERRIDE and gone:
            yield Problem(path, f"is an option that {engine} does not have", value, "no such option")


@BOOK.warning(sources.ADVANCED_OPTIONS)
def version_override_is_not_set(domain: Arguments) -> Iterator[Problem]:
    """AWS changes `override_main_response_version` by itself, so later plans show a change."""
    engine = engine_of(domain)
    for path, name, value in options(domain):
        if name == VERSION_OVERRIDE and not (
            engine and (engine.name == ELASTICSEARCH or engine.version >= WITHOUT_VERSION_OVERRIDE)
        ):
            yield Problem(path, "is changed by AWS, so later plans show a change", value, "no such option")

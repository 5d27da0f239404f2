"""Changes of an existing search domain that AWS refuses, although a new domain may have these settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from constructs_lib.limits import sources
from constructs_lib.limits.engines import Engine, is_downgrade, parse, upgrade_steps
from constructs_lib.limits.instances import OPTIMIZED, OPTIMIZED_LATER, family
from constructs_lib.rules.domain.facts import DATA_TYPE
from constructs_lib.rules.domain.options import VERSION_OVERRIDE
from constructs_lib.rules.finding import UNKNOWN, Finding
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()
"""Judges ``{"before": {...}, "after": {...}}``."""

_VERSION = "after.engine_version"


def check(before: object, after: object) -> list[Finding]:
    """Findings about a change of a domain, in place or by the provider's replacement, with paths into ``after``.

    Args:
        before: the domain's arguments as they are, in the shape of ``aws_opensearch_domain``.
        after: the same as they will be.
    """
    found = BOOK.check({"before": before, "after": after})
    return [replace(finding, path=finding.path.removeprefix("after.")) for finding in found]


def _engines(change: Arguments) -> tuple[Engine, Engine] | None:
    """The versions before and after, where both are known and differ."""
    old, new = (parse(change.text(f"{side}.engine_version") or "") for side in ("before", "after"))
    return (old, new) if old is not None and new is not None and old != new else None


@BOOK.error(sources.UPGRADES)
def versions_only_rise(change: Arguments) -> Iterator[Problem]:
    """AWS does not downgrade a domain: the provider replaces it with a new, empty one."""
    engines = _engines(change)
    if engines is not None and is_downgrade(*engines):
        old, new = engines
        message = f"is a downgrade from {old}, which AWS does not support, so the provider replaces the domain"
        yield Problem(_VERSION, message, str(new), f"{old} or a later version")


@BOOK.error(sources.UPGRADES)
def upgrades_follow_a_path(change: Arguments) -> Iterator[Problem]:
    """A domain is upgraded along AWS's upgrade paths, if need be in several steps: to 3.x from 2.19 only."""
    engines = _engines(change)
    if engines is None or is_downgrade(*engines):
        return
    old, new = engines
    steps = upgrade_steps(old, new)
    if steps is None:
        message = f"has no upgrade path from {old}, so the provider replaces the domain"
        yield Problem(_VERSION, message, str(new), "a new domain, filled from a snapshot or by reindexing")
    elif len(steps) > 1:
        message = f"needs several upgrades from {old}, so the provider replaces the domain"
        yield Problem(_VERSION, message, str(new), f"{steps[0]} first, then {', then '.join(map(str, steps[1:]))}")


@BOOK.error(sources.OPTIMIZED)
def optimized_domains_stay_optimized(change: Arguments) -> Iterator[Problem]:
    """A domain that has moved to OpenSearch-optimized types (or1, or2, om2, oi2) cannot move back."""
    path = f"after.{DATA_TYPE}"
    old, new = (family(change.text(f"{side}.{DATA_TYPE}") or "") for side in ("before", "after"))
    if old in OPTIMIZED and new and new not in OPTIMIZED:
        message = f"is not an OpenSearch-optimized type, and a domain of {old} cannot change back"
        yield Problem(path, message, change.text(path), f"a type of {', '.join(OPTIMIZED)}")


@BOOK.error(sources.OPTIMIZED)
def domains_become_optimized_late(change: Arguments) -> Iterator[Problem]:
    """An existing domain moves to OpenSearch-optimized types from OpenSearch 2.15 on."""
    path = f"after.{DATA_TYPE}"
    engine = parse(change.text("before.engine_version") or "")
    old, new = (family(change.text(f"{side}.{DATA_TYPE}") or "") for side in ("before", "after"))
    if engine is not None and new in OPTIMIZED and old and old not in OPTIMIZED and not engine.reaches(OPTIMIZED_LATER):
        message = f"is a type that an existing domain of {engine} cannot move to"
        yield Problem(path, message, change.text(path), f"an upgrade to {OPTIMIZED_LATER} first")


@BOOK.error(sources.VERSION_OVERRIDE_UPDATES)
def updates_omit_the_version_override(change: Arguments) -> Iterator[Problem]:
    """AWS refuses every update of `advanced_options` that contains `override_main_response_version`."""
    old, new = (change.at(side).get("advanced_options", {}) for side in ("before", "after"))
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or VERSION_OVERRIDE not in new:
        return
    if dict(old) != dict(new) and UNKNOWN not in (*old.values(), *new.values()):
        path = f"after.advanced_options.{VERSION_OVERRIDE}"
        yield Problem(
            path, "is refused by AWS in an update of advanced_options", new[VERSION_OVERRIDE], "no such option"
        )

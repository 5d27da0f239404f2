"""Settings of a part that is switched off."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.environment.operations import ALARM_ACTIONS
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()


def _without_effect(environment: Arguments, section: str, names: tuple[str, ...]) -> Iterator[Problem]:
    if environment.flag(f"{section}.enabled", default=True) is not False:
        return
    for name in names:
        path = f"{section}.{name}"
        if environment.present(path):
            allowed = f"{section}.enabled: true, or no {name}"
            yield Problem(path, f"has no effect while {section}.enabled is false", None, allowed)


@BOOK.warning(ALARM_ACTIONS)
def alarms_are_on_for_their_settings(environment: Arguments) -> Iterator[Problem]:
    """A topic and subscriptions have no effect while `monitoring` is off."""
    yield from _without_effect(environment, "monitoring", ("topic_arn", "subscriptions"))


@BOOK.warning(sources.ISM)
def bootstrap_is_on_for_its_settings(environment: Arguments) -> Iterator[Problem]:
    """Counts, ages of tiers and thresholds have no effect while `bootstrap` is off."""
    names = ("number_of_shards", "number_of_replicas", "warm_after_days", "cold_after_days", "thresholds")
    yield from _without_effect(environment, "bootstrap", names)


@BOOK.warning(sources.FIREHOSE_LAMBDA)
def transform_is_on_for_its_settings(environment: Arguments) -> Iterator[Problem]:
    """Filters and network settings of the transform have no effect while `transform` is off."""
    names = ("application", "drop_extensions", "drop_paths", "drop_methods", "drop_levels", "vpc")
    yield from _without_effect(environment, "transform", names)

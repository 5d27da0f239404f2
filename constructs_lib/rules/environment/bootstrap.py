"""``bootstrap``: order of ages, storage tiers that the domain has, thresholds of monitors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from constructs_lib.limits import quotas, sources
from constructs_lib.rules.environment.book import DERIVED, new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, counted, did_you_mean
from constructs_lib.rules.schedules import SOURCE as SCHEDULES
from constructs_lib.rules.schedules import schedule_complaint

BOOK = new_book()

_AGES = ("merge_after_days", "warm_after_days", "cold_after_days", "retention_days")
_CLUSTER = "domain.cluster_config"


def _enabled(environment: Arguments) -> bool:
    return environment.flag("bootstrap.enabled", default=True) is True


@BOOK.error(quotas.LAMBDA_SOURCE)
def function_has_time(environment: Arguments) -> Iterator[Problem]:
    """The bootstrap function's timeout is at least a minute: it waits for the domain for up to half of it."""
    path = "bootstrap.function.timeout"
    timeout = environment.number(path)
    least, most = quotas.BOOTSTRAP_TIMEOUT_S, quotas.LAMBDA_TIMEOUT_S
    if _enabled(environment) and timeout is not None and timeout < least:
        yield Problem(path, "is out of range", timeout, f"{least} to {most} seconds")


@BOOK.error(SCHEDULES)
def schedule_is_one_of_eventbridge(environment: Arguments) -> Iterator[Problem]:
    """The schedule is EventBridge's: `rate(1 day)`, or `cron(...)` with six fields."""
    given = environment.text("bootstrap.schedule")
    said = schedule_complaint(given) if _enabled(environment) and given is not None else None
    if said is not None:
        yield Problem("bootstrap.schedule", said, given, "such as rate(1 day) or cron(0 4 * * ? *)")


@BOOK.error(sources.ALERTING)
def thresholds_are_used(environment: Arguments) -> Iterator[Problem]:
    """A threshold belongs to a monitor or detector and is 1 or more; `sign_in_path` is a path."""
    given, known = environment.get("bootstrap.thresholds"), environment.get(f"{DERIVED}.thresholds")
    if not _enabled(environment) or not isinstance(given, Mapping) or not isinstance(known, Mapping):
        return
    for name, value in sorted(given.items()):
        path = f"bootstrap.thresholds.{name}"
        if name not in known:
            message = f"is not a threshold of a monitor or detector{did_you_mean(name, known)}"
            yield Problem(path, message, name, ", ".join(sorted(known)))
        elif isinstance(known[name], str):
            if not isinstance(value, str) or not value.startswith("/"):
                yield Problem(path, "is not a path", value, f"a path such as {known[name]}")
        elif not isinstance(value, int) or value < 1:
            yield Problem(path, "is out of range", value, f"1 or more; the default is {known[name]}")


@BOOK.warning(sources.ISM)
def indices_outlast_their_period(environment: Arguments) -> Iterator[Problem]:
    """An index is written to until its rotation period ends, so an age below that period has no effect."""
    rotation = environment.text("delivery.opensearch_configuration.index_rotation_period")
    days = quotas.ROTATION_DAYS.get(rotation or "")
    if not _enabled(environment) or days is None:
        return
    least = math.ceil(days) + 1
    for key in ("warm_after_days", "cold_after_days", "retention_days"):
        age = environment.number(f"bootstrap.{key}")
        if age is not None and age < least:
            message = f"is shorter than the time for which {rotation} writes to an index"
            yield Problem(f"bootstrap.{key}", message, age, f"{counted(least, 'day')} or more")


@BOOK.error(sources.ISM)
def tiers_are_there(environment: Arguments) -> Iterator[Problem]:
    """Ages for warm and cold storage need a domain that has it, and cold comes after warm."""
    if not _enabled(environment):
        return
    warm, cold = (environment.number(f"bootstrap.{key}_after_days") for key in ("warm", "cold"))
    if warm is not None and environment.flag(f"{_CLUSTER}.warm_enabled") is False:
        allowed = f"{_CLUSTER}.warm_enabled: true, or no warm_after_days"
        yield Problem("bootstrap.warm_after_days", "needs warm nodes, which the domain lacks", warm, allowed)
    storage = f"{_CLUSTER}.cold_storage_options"
    stored = environment.present(storage) and environment.flag(f"{storage}.enabled", default=True)
    if cold is not None and stored is False:
        allowed = f"{_CLUSTER}.cold_storage_options.enabled: true, or no cold_after_days"
        yield Problem("bootstrap.cold_after_days", "needs cold storage, which the domain lacks", cold, allowed)
    if cold is not None and warm is None:
        message = "needs bootstrap.warm_after_days: only warm indices become cold"
        yield Problem("bootstrap.cold_after_days", message, cold, "warm_after_days as well")


@BOOK.error(sources.ISM)
def ages_are_in_order(environment: Arguments) -> Iterator[Problem]:
    """Indices are merged, become warm, become cold and are deleted in this order, each at a later age."""
    if not _enabled(environment):
        return
    before: tuple[str, float] | None = None
    for key in _AGES:
        age = environment.number(f"bootstrap.{key}")
        if age is None:
            continue
        if before is not None and age <= before[1]:
            yield Problem(f"bootstrap.{key}", f"is not after {before[0]}", age, f"{before[1] + 1:g} or more")
        before = (key, age)

"""What the rules say about ``bootstrap``: ages in order, tiers that the domain has, values in the engine's notation."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from constructs_lib.bootstrap.runtime.catalogue import DEFAULTS
from constructs_lib.configuration.bootstrap import PERIOD_DAYS
from constructs_lib.limits.quotas import LAMBDA_CONCURRENCY
from constructs_lib.limits.sources import MASTER_USER
from constructs_lib.rules import Finding

if TYPE_CHECKING:
    from constructs_lib.configuration.environment import Environment

SOURCE = "constructs_lib/configuration/bootstrap.py"
ISM = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ism.html"
COLD = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cold-storage.html"
INDEX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,199}")
"""Names that every engine takes for an index and for an alias."""
MOST_SHARDS = 1024
MOST_REPLICAS = 10
_AGES = ("merge_after_days", "warm_after_days", "cold_after_days", "retention_days")
_NOTATIONS = {
    "refresh_interval": (re.compile(r"-1|[1-9]\d*(ms|s|m|h)"), "such as 30s, or -1 for never"),
    "schedule": (re.compile(r"(rate|cron)\([^()]+\)"), "such as rate(1 day) or cron(0 4 * * ? *)"),
    "queries_index_name": (INDEX, "lower-case letters, digits, hyphens, underscores"),
    "ubi_events_alias": (INDEX, "lower-case letters, digits, hyphens, underscores"),
}


def judge_bootstrap(environment: Environment) -> Iterator[Finding]:
    """Findings with paths that begin ``bootstrap.``."""
    given = environment.bootstrap
    if not given.enabled:
        return
    for key, least, most in (("number_of_shards", 1, MOST_SHARDS), ("number_of_replicas", 0, MOST_REPLICAS)):
        number = getattr(given, key)
        if number is not None and not least <= number <= most:
            yield Finding(f"bootstrap.{key}", "error", "is out of range", number, f"{least} to {most}", SOURCE)
    for key, (pattern, allowed) in _NOTATIONS.items():
        text = getattr(given, key)
        if text is not None and not pattern.fullmatch(text):
            yield Finding(f"bootstrap.{key}", "error", "is not in the notation", text, allowed, SOURCE)
    yield from _thresholds(given.thresholds)
    if not 60 <= given.function.timeout <= 900:
        allowed = "60 to 900 seconds"
        yield Finding("bootstrap.function.timeout", "error", "is out of range", given.function.timeout, allowed, SOURCE)
    if given.function.reserved_concurrent_executions == 0:
        path = "bootstrap.function.reserved_concurrent_executions"
        yield Finding(path, "error", "lets no call through", 0, "1 or more, or null", LAMBDA_CONCURRENCY)
    yield from _access(environment)
    yield from _periods(environment)
    if given.daily_gib is not None and given.daily_gib <= 0:
        allowed = "more than 0 GiB a day, or left out"
        yield Finding("bootstrap.daily_gib", "error", "is out of range", given.daily_gib, allowed, SOURCE)
    yield from _tiers(environment)
    yield from _order(environment)


def _thresholds(given: Mapping[str, int | str]) -> Iterator[Finding]:
    # Which Vega-Lite is right follows from the engine.
    known = {name: value for name, value in DEFAULTS.items() if name != "vega_lite_version"}
    for name, value in sorted(given.items()):
        path = f"bootstrap.thresholds.{name}"
        if name not in known:
            allowed = ", ".join(sorted(known))
            yield Finding(path, "error", "is no number of a monitor or detector", name, allowed, SOURCE)
        elif isinstance(known[name], str):
            if not isinstance(value, str) or not value.startswith("/"):
                yield Finding(path, "error", "is no path", value, f"a path such as {known[name]}", SOURCE)
        elif not isinstance(value, int) or value < 1:
            yield Finding(path, "error", "is out of range", value, f"1 or more; the default is {known[name]}", SOURCE)


def _periods(environment: Environment) -> Iterator[Finding]:
    """An index is written to during its period, so it neither moves nor goes before."""
    rotation = environment.delivery.opensearch_configuration.index_rotation_period
    least = 0 if rotation == "NoRotation" else math.ceil(PERIOD_DAYS[rotation]) + 1
    for key in ("warm_after_days", "cold_after_days", "retention_days"):
        age = getattr(environment.bootstrap, key)
        if age is not None and age < least:
            message = f"comes later: an index of {rotation} is written to until then"
            yield Finding(f"bootstrap.{key}", "warning", message, age, f"{least} days or more", ISM)


def _access(environment: Environment) -> Iterator[Finding]:
    """A new domain lets its master user in and nobody else: another one has to let the function in by hand."""
    security = environment.domain.advanced_security_options
    master = security.master_user_options if security is not None and security.enabled else None
    if master is not None and master.master_user_arn is not None and environment.adopt.domain is None:
        path = "domain.advanced_security_options.master_user_options.master_user_arn"
        message = "keeps the bootstrap function out of a new domain, so that its first apply stops there"
        allowed = "no master_user_options, and who administers the domain in access.administrators"
        yield Finding(path, "warning", message, master.master_user_arn, allowed, MASTER_USER)


def _tiers(environment: Environment) -> Iterator[Finding]:
    given, cluster = environment.bootstrap, environment.domain.cluster_config
    if given.warm_after_days is not None and not cluster.warm_enabled:
        allowed = "domain.cluster_config.warm_enabled: true, or no such age"
        yield Finding(
            "bootstrap.warm_after_days",
            "error",
            "needs warm nodes that the domain lacks",
            given.warm_after_days,
            allowed,
            ISM,
        )
    if given.cold_after_days is None:
        return
    if cluster.cold_storage_options is None or not cluster.cold_storage_options.enabled:
        allowed = "domain.cluster_config.cold_storage_options.enabled: true, or no such age"
        yield Finding(
            "bootstrap.cold_after_days",
            "error",
            "needs cold storage that the domain lacks",
            given.cold_after_days,
            allowed,
            COLD,
        )
    if given.warm_after_days is None:
        allowed = "bootstrap.warm_after_days as well: only warm indices become cold"
        yield Finding(
            "bootstrap.cold_after_days", "error", "has no warm age before it", given.cold_after_days, allowed, COLD
        )


def _order(environment: Environment) -> Iterator[Finding]:
    ages = [(key, getattr(environment.bootstrap, key)) for key in _AGES]
    before: tuple[str, int] | None = None
    for key, age in ages:
        if age is None:
            continue
        least = 1 if before is None else before[1] + 1
        if age < least:
            allowed = f"{least} or more" + (f", being after {before[0]}" if before else "")
            yield Finding(f"bootstrap.{key}", "error", "comes before its time", age, allowed, SOURCE)
        before = (key, age)

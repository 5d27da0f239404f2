"""Standby, warm and cold storage."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.instances import BURSTABLE, OPTIMIZED, family
from constructs_lib.limits.quotas import STANDBY_ZONES
from constructs_lib.rules.domain.facts import (
    COUNT,
    DATA_TYPE,
    MASTER_TYPE,
    MASTERS_ON,
    STANDBY,
    ZONES,
    data_family,
    data_nodes,
    masters_enabled,
    zones,
)
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook, counted

BOOK = Rulebook()

_WARM = "cluster_config.warm_enabled"
_WARM_COUNT = "cluster_config.warm_count"


@BOOK.error(sources.MULTI_AZ)
def standby_has_its_zones(domain: Arguments) -> Iterator[Problem]:
    """Standby needs three zones, and data and warm nodes in multiples of three."""
    if not domain.flag(STANDBY):
        return
    count, spread, warm = data_nodes(domain), zones(domain), domain.number(_WARM_COUNT)
    if spread is not None and spread != STANDBY_ZONES:
        aware = domain.flag("cluster_config.zone_awareness_enabled")
        path = ZONES if aware else "cluster_config.zone_awareness_enabled"
        allowed = "3" if aware else "true, with an availability_zone_count of 3"
        yield Problem(path, "does not give standby the three zones that it needs", domain.get(path), allowed)
    if count is not None and count % STANDBY_ZONES:
        yield Problem(COUNT, "does not spread evenly over the three zones of standby", count, "a multiple of 3")
    if domain.flag(_WARM) and warm is not None and warm % STANDBY_ZONES:
        yield Problem(_WARM_COUNT, "does not spread evenly over the zones of standby", warm, "a multiple of 3")


@BOOK.error(sources.MULTI_AZ)
def standby_has_its_nodes(domain: Arguments) -> Iterator[Problem]:
    """Standby needs dedicated masters, no t2 or t3 types, no gp2 or magnetic disks, and Auto-Tune."""
    if not domain.flag(STANDBY):
        return
    if masters_enabled(domain) is False:
        yield Problem(MASTERS_ON, "is required by standby", domain.get(MASTERS_ON), "true, with 3 masters")
    for path in (DATA_TYPE, MASTER_TYPE):
        if family(domain.text(path) or "") in BURSTABLE:
            yield Problem(path, "is not possible with standby", domain.text(path), "any type but t2 and t3")
    kind, tuning = domain.text("ebs_options.volume_type"), domain.text("auto_tune_options.desired_state")
    if kind in ("gp2", "standard"):
        yield Problem("ebs_options.volume_type", "is not possible with standby", kind, "gp3, or a type with own disks")
    if tuning == "DISABLED":
        yield Problem("auto_tune_options.desired_state", "is required by standby", tuning, "ENABLED")


@BOOK.error(sources.ULTRAWARM)
def warm_storage_has_what_it_needs(domain: Arguments) -> Iterator[Problem]:
    """UltraWarm needs dedicated masters, data nodes other than t2 and t3, and a type and count of warm nodes."""
    if not domain.flag(_WARM):
        return
    if masters_enabled(domain) is False:
        yield Problem(MASTERS_ON, "is required by warm_enabled", domain.get(MASTERS_ON), "true, with 3 masters")
    if data_family(domain) in BURSTABLE:
        allowed = "any type but t2 and t3"
        yield Problem(DATA_TYPE, "is not possible beside warm nodes", domain.text(DATA_TYPE), allowed)
    for path, example in (
        ("cluster_config.warm_type", "ultrawarm1.medium.search or ultrawarm1.large.search"),
        (_WARM_COUNT, "2 or more"),
    ):
        if domain.present(path) is False:
            yield Problem(path, "is required by warm_enabled", None, example)


@BOOK.error(sources.COLD_STORAGE)
def cold_storage_has_warm_storage(domain: Arguments) -> Iterator[Problem]:
    """Cold storage needs UltraWarm."""
    path = "cluster_config.cold_storage_options.enabled"
    if domain.flag(path) and domain.flag(_WARM) is False:
        yield Problem(path, "needs warm_enabled", True, "false, or warm_enabled true with warm nodes")


@BOOK.warning(sources.ULTRAWARM)
def warm_nodes_spread_evenly(domain: Arguments) -> Iterator[Problem]:
    """Warm nodes are a multiple of the zones, or one zone carries more than its share."""
    warm, spread = domain.number(_WARM_COUNT), zones(domain)
    if not domain.flag(_WARM) or domain.flag(STANDBY) is not False:
        return
    if warm is not None and spread is not None and spread >= 1 and warm % spread:
        message = f"does not spread evenly over {counted(spread, 'zone')}"
        yield Problem(_WARM_COUNT, message, warm, f"a multiple of {spread:g}")


@BOOK.error(sources.S3_VECTORS)
def vectors_have_optimized_nodes(domain: Arguments) -> Iterator[Problem]:
    """The S3 vectors engine needs OpenSearch-optimized data nodes."""
    path, kind = "aiml_options.s3_vectors_engine.enabled", data_family(domain)
    if domain.flag(path) and kind is not None and kind not in OPTIMIZED:
        yield Problem(path, f"does not work on {domain.text(DATA_TYPE)}", True, f"{', '.join(OPTIMIZED)}, or false")

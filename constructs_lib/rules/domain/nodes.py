"""Counts and types of nodes, zones, warm and cold storage."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.engines import OPENSEARCH
from constructs_lib.limits.instances import BURSTABLE, INSTANCE_TYPES, OPTIMIZED, family, most_nodes
from constructs_lib.limits.quotas import (
    BURSTABLE_INSTANCES_PER_DOMAIN,
    DEDICATED_MASTERS,
    DEFAULT_INSTANCES_PER_DOMAIN,
    LARGE_HEAP_ENGINE,
)
from constructs_lib.rules.domain.facts import (
    DATA_TYPE,
    MASTER_TYPE,
    data_family,
    data_nodes,
    engine_of,
    in_vpc,
    masters_enabled,
    zones,
)
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()

COUNT = "cluster_config.instance_count"
MASTERS = "cluster_config.dedicated_master_count"
STANDBY = "cluster_config.multi_az_with_standby_enabled"
ZONES = "cluster_config.zone_awareness_config.availability_zone_count"


@BOOK.warning(sources.INSTANCE_TYPES)
def instance_type_is_known(domain: Arguments) -> Iterator[Problem]:
    """An instance type that this project does not know may be newer than its list, or a slip."""
    for path in (DATA_TYPE, MASTER_TYPE):
        given = domain.text(path)
        if given and given.endswith(".search") and given not in INSTANCE_TYPES:
            sizes = [known for known in INSTANCE_TYPES if family(known) == family(given)]
            yield Problem(path, "is not among the types known here", given, ", ".join(sizes) or "a type AWS offers")


@BOOK.error(sources.DOMAIN_QUOTAS)
def nodes_stay_within_the_family(domain: Arguments) -> Iterator[Problem]:
    """A domain has at most 10 data nodes of t2 or t3, and 200 to 1,002 of other types after an increase."""
    count, instance_type = data_nodes(domain), domain.text(DATA_TYPE)
    if count is None or instance_type not in INSTANCE_TYPES:
        return
    engine = engine_of(domain)
    large = engine is None or (engine.name == OPENSEARCH and engine.version >= LARGE_HEAP_ENGINE)
    most = most_nodes(instance_type, large_clusters=large)
    if count > most:
        yield Problem(COUNT, f"is more than a domain of {family(instance_type)} can have", count, f"{most} or fewer")


@BOOK.warning(sources.DOMAIN_QUOTAS)
def nodes_fit_the_default_quota(domain: Arguments) -> Iterator[Problem]:
    """An account starts with 80 data nodes a domain; more need a quota increase first."""
    count, kind = data_nodes(domain), data_family(domain)
    if count is not None and count > DEFAULT_INSTANCES_PER_DOMAIN and kind not in BURSTABLE:
        allowed = f"{DEFAULT_INSTANCES_PER_DOMAIN} or fewer, or a quota increase"
        yield Problem(COUNT, "is above the quota that accounts start with", count, allowed)


@BOOK.error(sources.MASTERS)
def masters_are_not_too_few_or_many(domain: Arguments) -> Iterator[Problem]:
    """Dedicated masters are 2 to 5: one alone is refused, and so are six."""
    count = domain.number(MASTERS)
    if masters_enabled(domain) and count is not None and not 2 <= count <= DEDICATED_MASTERS:
        yield Problem(MASTERS, "is no number of dedicated masters that AWS takes", count, "3 or 5")


@BOOK.warning(sources.CLUSTER_CONFIG)
def masters_are_odd(domain: Arguments) -> Iterator[Problem]:
    """Two or four dedicated masters keep no majority better than one or three, and AWS may refuse them."""
    count = domain.number(MASTERS)
    if masters_enabled(domain) and count in (2, 4):
        yield Problem(MASTERS, "leaves no majority when half of the masters are gone", count, "3 or 5")


@BOOK.error(sources.MASTERS)
def masters_are_described(domain: Arguments) -> Iterator[Problem]:
    """Dedicated masters that are on have a count and a type."""
    if masters_enabled(domain):
        for path, example in ((MASTERS, "3 or 5"), (MASTER_TYPE, "a type such as m7g.large.search")):
            if domain.present(path) is False:
                yield Problem(path, "is needed by dedicated_master_enabled", None, example)


@BOOK.error(sources.DOMAIN_QUOTAS)
def burstable_masters_manage_few_nodes(domain: Arguments) -> Iterator[Problem]:
    """Masters of type t2 or t3 manage at most 10 data nodes."""
    master, count = domain.text(MASTER_TYPE) or "", data_nodes(domain)
    if (
        masters_enabled(domain)
        and family(master) in BURSTABLE
        and count is not None
        and count > BURSTABLE_INSTANCES_PER_DOMAIN
    ):
        allowed = f"t2 and t3 with up to {BURSTABLE_INSTANCES_PER_DOMAIN} data nodes, else a larger type"
        yield Problem(MASTER_TYPE, f"cannot manage {count:g} data nodes", master, allowed)


@BOOK.error(sources.MULTI_AZ)
def nodes_fill_the_zones(domain: Arguments) -> Iterator[Problem]:
    """There are at least as many data nodes as zones."""
    count, spread = data_nodes(domain), zones(domain)
    if count is not None and spread is not None and count < spread:
        yield Problem(COUNT, f"do not reach {spread:g} zones", count, f"{spread:g} or more, a multiple of {spread:g}")


@BOOK.warning(sources.MULTI_AZ)
def nodes_spread_evenly(domain: Arguments) -> Iterator[Problem]:
    """Data nodes are a multiple of the zones, or one carries more than its share; AWS has refused odd ones over two."""
    count, spread = data_nodes(domain), zones(domain)
    if count is None or spread is None or spread < 1 or domain.flag(STANDBY) is not False:
        return
    if count > spread and count % spread:
        more = f"{spread * (count // spread):g} or {spread * (count // spread + 1):g}"
        yield Problem(COUNT, f"do not spread evenly over {spread:g} zones", count, f"a multiple of {spread:g}: {more}")


@BOOK.error(sources.VPC)
def subnets_match_the_zones(domain: Arguments) -> Iterator[Problem]:
    """A domain in a VPC names one subnet for each of its zones."""
    spread, subnets = zones(domain), domain.items("vpc_options.subnet_ids")
    if not in_vpc(domain) or spread is None or subnets is None:
        return
    known = [subnet for subnet in subnets if isinstance(subnet, str)]
    count = len(set(known)) + len(subnets) - len(known)
    if count != spread:
        path = "vpc_options.subnet_ids"
        yield Problem(path, f"are not one for each of {spread:g} zones", f"{count} subnets", f"{spread:g} subnets")


@BOOK.error(sources.MULTI_AZ)
def standby_has_what_it_needs(domain: Arguments) -> Iterator[Problem]:
    """Standby needs three zones, data nodes by threes, masters, Auto-Tune, and no t2, t3, gp2 or magnetic disks."""
    if not domain.flag(STANDBY):
        return
    count, spread, masters = data_nodes(domain), zones(domain), domain.number(MASTERS)
    if spread is not None and spread != 3:
        path = (
            ZONES if domain.flag("cluster_config.zone_awareness_enabled") else "cluster_config.zone_awareness_enabled"
        )
        yield Problem(path, "does not give the three zones that standby needs", domain.get(path), "three zones")
    if count is not None and count % 3:
        yield Problem(COUNT, "do not spread evenly over the three zones of standby", count, "a multiple of 3")
    if masters_enabled(domain) is False:
        path = "cluster_config.dedicated_master_enabled"
        yield Problem(path, "is needed by standby", domain.get(path), "true, with 3 masters")
    elif masters_enabled(domain) and masters is not None and masters < 3:
        yield Problem(MASTERS, "are too few for the three zones of standby", masters, "3 or 5")
    for path in (DATA_TYPE, MASTER_TYPE):
        if family(domain.text(path) or "") in BURSTABLE:
            yield Problem(path, "takes no part in standby", domain.text(path), "any type but t2 and t3")
    if domain.text("ebs_options.volume_type") in ("gp2", "standard"):
        given = domain.text("ebs_options.volume_type")
        yield Problem("ebs_options.volume_type", "takes no part in standby", given, "gp3, or disks of the type's own")
    if domain.text("auto_tune_options.desired_state") == "DISABLED":
        yield Problem("auto_tune_options.desired_state", "is needed by standby", "DISABLED", "ENABLED")
    warm = domain.number("cluster_config.warm_count")
    if domain.flag("cluster_config.warm_enabled") and warm is not None and warm % 3:
        yield Problem(
            "cluster_config.warm_count", "do not spread evenly over the zones of standby", warm, "a multiple of 3"
        )


@BOOK.error(sources.ULTRAWARM)
def warm_storage_has_what_it_needs(domain: Arguments) -> Iterator[Problem]:
    """UltraWarm needs dedicated masters, data nodes other than t2 and t3, a warm type and a number of warm nodes."""
    if not domain.flag("cluster_config.warm_enabled"):
        return
    if masters_enabled(domain) is False:
        path = "cluster_config.dedicated_master_enabled"
        yield Problem(path, "is needed by warm_enabled", domain.get(path), "true, with 3 masters")
    if data_family(domain) in BURSTABLE:
        yield Problem(DATA_TYPE, "cannot stand beside warm nodes", domain.text(DATA_TYPE), "any type but t2 and t3")
    for path, example in (
        ("cluster_config.warm_type", "ultrawarm1.medium.search or ultrawarm1.large.search"),
        ("cluster_config.warm_count", "2 or more"),
    ):
        if domain.present(path) is False:
            yield Problem(path, "is needed by warm_enabled", None, example)


@BOOK.error(sources.COLD_STORAGE)
def cold_storage_stands_on_warm(domain: Arguments) -> Iterator[Problem]:
    """Cold storage needs UltraWarm."""
    path = "cluster_config.cold_storage_options.enabled"
    if domain.flag(path) and domain.flag("cluster_config.warm_enabled") is False:
        yield Problem(path, "needs warm_enabled", True, "false, or warm_enabled true with warm nodes")


@BOOK.warning(sources.ULTRAWARM)
def warm_nodes_spread_evenly(domain: Arguments) -> Iterator[Problem]:
    """Warm nodes are a multiple of the zones, or a zone carries more than its share."""
    warm, spread = domain.number("cluster_config.warm_count"), zones(domain)
    if not domain.flag("cluster_config.warm_enabled") or domain.flag(STANDBY) is not False:
        return
    if warm is not None and spread is not None and spread >= 1 and warm % spread:
        path = "cluster_config.warm_count"
        yield Problem(path, f"do not spread evenly over {spread:g} zones", warm, f"a multiple of {spread:g}")


@BOOK.warning(sources.DOMAIN_PROVIDER)
def counts_have_their_switch(domain: Arguments) -> Iterator[Problem]:
    """Counts of warm nodes or zones do nothing while their switch is off."""
    for switch, path in (
        ("cluster_config.warm_enabled", "cluster_config.warm_count"),
        ("cluster_config.zone_awareness_enabled", ZONES),
    ):
        value = domain.number(path)
        if domain.flag(switch) is False and value:
            yield Problem(path, f"does nothing while {switch.rpartition('.')[2]} is off", value, f"{switch} true")


@BOOK.error(sources.AUTO_TUNE)
def burstable_nodes_are_not_tuned(domain: Arguments) -> Iterator[Problem]:
    """Auto-Tune does not work on t2 and t3, and must be written DISABLED there."""
    path = "auto_tune_options.desired_state"
    if domain.text(path) == "ENABLED" and data_family(domain) in BURSTABLE:
        yield Problem(path, f"does not work on {domain.text(DATA_TYPE)}", "ENABLED", "DISABLED")


@BOOK.warning(sources.DOMAIN_PROVIDER)
def rollback_has_a_window(domain: Arguments) -> Iterator[Problem]:
    """Auto-Tune rolls back in a maintenance window or the off-peak window; without one it cannot."""
    path = "auto_tune_options.rollback_on_disable"
    if (
        domain.text(path) == "DEFAULT_ROLLBACK"
        and domain.present("auto_tune_options.maintenance_schedule") is False
        and domain.flag("auto_tune_options.use_off_peak_window") is False
    ):
        allowed = "NO_ROLLBACK, or use_off_peak_window, or a maintenance_schedule"
        yield Problem(path, "has no window to roll back in", "DEFAULT_ROLLBACK", allowed)


@BOOK.error(sources.S3_VECTORS)
def vectors_have_optimized_nodes(domain: Arguments) -> Iterator[Problem]:
    """The S3 vectors engine works on OpenSearch-optimized data nodes only."""
    path, kind = "aiml_options.s3_vectors_engine.enabled", data_family(domain)
    if domain.flag(path) and kind is not None and kind not in OPTIMIZED:
        yield Problem(path, f"does not work on {domain.text(DATA_TYPE)}", True, f"{', '.join(OPTIMIZED)}, or false")

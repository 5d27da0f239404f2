"""Counts and types of data nodes and dedicated masters, and the zones they are in."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.engines import OPENSEARCH
from constructs_lib.limits.instances import (
    BURSTABLE,
    INSTANCE_TYPES,
    OPTIMIZED,
    WARM_FAMILY,
    family,
    is_graviton,
    most_nodes,
)
from constructs_lib.limits.quotas import (
    BURSTABLE_INSTANCES_PER_DOMAIN,
    DEFAULT_INSTANCES_PER_DOMAIN,
    INSTANCES_WITHOUT_MASTERS,
    LARGE_HEAP_ENGINE,
    MASTER_COUNTS,
)
from constructs_lib.rules.domain.facts import (
    COUNT,
    DATA_TYPE,
    MASTER_TYPE,
    MASTERS,
    MASTERS_ON,
    STANDBY,
    coordinators,
    data_family,
    data_nodes,
    engine_of,
    in_vpc,
    masters_enabled,
    zones,
)
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook, counted, did_you_mean

BOOK = Rulebook()

_MASTER_COUNTS = " or ".join(map(str, MASTER_COUNTS))


def _types(domain: Arguments) -> Iterator[tuple[str, str]]:
    """Path and value of each known instance type but that of warm nodes."""
    paths = [DATA_TYPE, MASTER_TYPE, *(f"{block}.type" for block in coordinators(domain))]
    for path in paths:
        given = domain.text(path)
        if given:
            yield path, given


@BOOK.warning(sources.INSTANCE_TYPES)
def instance_type_is_known(domain: Arguments) -> Iterator[Problem]:
    """An instance type that is not in this list may be newer than the list, or a typing error."""
    for path, given in _types(domain):
        if given.endswith(".search") and given not in INSTANCE_TYPES and family(given) != WARM_FAMILY:
            sizes = [known for known in INSTANCE_TYPES if family(known) == family(given)]
            hint = did_you_mean(given, INSTANCE_TYPES)
            yield Problem(path, f"is not a known instance type{hint}", given, ", ".join(sizes) or "a type AWS offers")


@BOOK.error(sources.ULTRAWARM)
def warm_types_are_for_warm_nodes(domain: Arguments) -> Iterator[Problem]:
    """UltraWarm types are for warm nodes, not for data nodes, masters or coordinators."""
    for path, given in _types(domain):
        if family(given) == WARM_FAMILY:
            yield Problem(path, "is a type for warm nodes only", given, "a type such as r7g.large.search")


@BOOK.error(sources.DOMAIN_QUOTAS)
def nodes_stay_within_the_family(domain: Arguments) -> Iterator[Problem]:
    """A domain has at most 10 data nodes of t2 or t3, and 200 to 1,002 of other types after a quota increase."""
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
    """An account starts with a quota of 80 data nodes a domain; more need a quota increase first."""
    count, kind = data_nodes(domain), data_family(domain)
    if count is not None and count > DEFAULT_INSTANCES_PER_DOMAIN and kind not in BURSTABLE:
        allowed = f"{DEFAULT_INSTANCES_PER_DOMAIN} or fewer, or a quota increase first"
        yield Problem(COUNT, "is above the default quota of an account", count, allowed)


@BOOK.error(sources.DOMAIN_PAGE)
def many_nodes_have_masters(domain: Arguments) -> Iterator[Problem]:
    """A domain of more than 10 data nodes needs dedicated masters."""
    count = data_nodes(domain)
    if masters_enabled(domain) is False and count is not None and count > INSTANCES_WITHOUT_MASTERS:
        allowed = f"true, with {_MASTER_COUNTS} masters"
        yield Problem(MASTERS_ON, f"is required by {count:g} data nodes", domain.get(MASTERS_ON), allowed)


@BOOK.error(sources.CLUSTER_CONFIG)
def masters_are_three_or_five(domain: Arguments) -> Iterator[Problem]:
    """A domain has three or five dedicated masters: AWS refuses one, two, four, and more than five."""
    count = domain.number(MASTERS)
    if masters_enabled(domain) and count is not None and count not in MASTER_COUNTS:
        yield Problem(MASTERS, "is a number of dedicated masters that AWS refuses", count, _MASTER_COUNTS)


@BOOK.error(sources.MASTERS)
def masters_are_described(domain: Arguments) -> Iterator[Problem]:
    """Dedicated masters have a count and a type."""
    if masters_enabled(domain):
        for path, example in ((MASTERS, _MASTER_COUNTS), (MASTER_TYPE, "a type such as m7g.large.search")):
            if domain.present(path) is False:
                yield Problem(path, "is required by dedicated_master_enabled", None, example)


@BOOK.error(sources.DOMAIN_QUOTAS)
def burstable_masters_manage_few_nodes(domain: Arguments) -> Iterator[Problem]:
    """Masters of type t2 or t3 manage at most 10 data nodes."""
    master, count = domain.text(MASTER_TYPE) or "", data_nodes(domain)
    most = BURSTABLE_INSTANCES_PER_DOMAIN
    if masters_enabled(domain) and family(master) in BURSTABLE and count is not None and count > most:
        allowed = f"a larger type, or at most {most} data nodes"
        yield Problem(MASTER_TYPE, f"cannot manage {count:g} data nodes", master, allowed)


@BOOK.error(sources.OPTIMIZED)
def optimized_nodes_have_graviton_masters(domain: Arguments) -> Iterator[Problem]:
    """With OpenSearch-optimized data nodes (or1, or2, om2, oi2), dedicated masters must be Graviton types."""
    master, kind = domain.text(MASTER_TYPE), data_family(domain)
    if masters_enabled(domain) and kind in OPTIMIZED and master in INSTANCE_TYPES and not is_graviton(master):
        allowed = "a Graviton type such as m7g.large.search"
        yield Problem(MASTER_TYPE, f"cannot manage {kind} data nodes", master, allowed)


@BOOK.error(sources.MULTI_AZ)
def nodes_fill_the_zones(domain: Arguments) -> Iterator[Problem]:
    """There are at least as many data nodes as zones."""
    count, spread = data_nodes(domain), zones(domain)
    if count is not None and spread is not None and count < spread:
        message = f"is too few for {counted(spread, 'zone')}"
        allowed = f"{spread:g} or more, a multiple of {spread:g}" if spread > 1 else "1 or more"
        yield Problem(COUNT, message, count, allowed)


@BOOK.warning(sources.MULTI_AZ)
def nodes_spread_evenly(domain: Arguments) -> Iterator[Problem]:
    """Data nodes are a multiple of the zones, or one zone carries more than its share; AWS has refused odd numbers."""
    count, spread = data_nodes(domain), zones(domain)
    if count is None or spread is None or spread < 1 or domain.flag(STANDBY) is not False:
        return
    if count > spread and count % spread:
        more = f"{spread * (count // spread):g} or {spread * (count // spread + 1):g}"
        yield Problem(
            COUNT, f"does not spread evenly over {spread:g} zones", count, f"a multiple of {spread:g}: {more}"
        )


@BOOK.error(sources.VPC)
def subnets_match_the_zones(domain: Arguments) -> Iterator[Problem]:
    """A domain in a VPC has one subnet for each of its zones."""
    spread, subnets = zones(domain), domain.items("vpc_options.subnet_ids")
    if not in_vpc(domain) or spread is None or not subnets:
        return
    known = [subnet for subnet in subnets if isinstance(subnet, str)]
    count = len(set(known)) + len(subnets) - len(known)
    if count != spread:
        message = (
            f"must hold one subnet for each zone, and there {'is' if spread == 1 else 'are'} {counted(spread, 'zone')}"
        )
        yield Problem("vpc_options.subnet_ids", message, counted(count, "subnet"), counted(spread, "subnet"))


@BOOK.error(sources.COORDINATORS)
def coordinators_have_what_they_need(domain: Arguments) -> Iterator[Problem]:
    """Dedicated coordinator nodes have a count and a type, and need dedicated masters."""
    for block in coordinators(domain):
        for key, example in (("count", "1 or more"), ("type", "a type such as m7g.large.search")):
            if not domain.get(f"{block}.{key}"):
                yield Problem(f"{block}.{key}", "is required by coordinator nodes", None, example)
        if masters_enabled(domain) is False:
            allowed = f"true, with {_MASTER_COUNTS} masters"
            yield Problem(MASTERS_ON, "is required by coordinator nodes", domain.get(MASTERS_ON), allowed)

"""Computes the shape that fits a demand.

More traffic never gives less capacity: every step only adds capacity, and the number of deployments doubles when
traffic is split, so that two halves never have less capacity than the whole. Where an account cannot hold what growth
needs, each number is the most that its quota allows (`Proposal.cut`). Small changes give the same shape: rates are
rounded to steps first (`Demand.steady`), and a present shape that fits 2 % less or more traffic is kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from constructs_lib.limits import capacity, engines, quotas
from constructs_lib.limits.instances import INSTANCE_TYPES, InstanceType, family
from constructs_lib.limits.quotas import ROTATION_DAYS
from constructs_lib.sizing import formulae
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.shape import Shape

FAMILIES = ("r7g", "r5", "r4")
"""Proposed families of data nodes; the first that the engine supports is used. They have much memory for each vCPU,
because logs fill disks before they use up CPU (this project's estimate)."""
_SMALLEST = 2
"""vCPUs of the smallest type; smaller types have heap and network for tests only."""
_SMALLEST_DISK = 20
"""GiB of a data node's disk at least, which OpenSearch-optimized types must have anyway."""
_FEWEST_REQUESTS = 10
"""Requests a second that an API lets through at least: a page or two that are opened at once (house judgement)."""
_DEPLOYMENTS = tuple(2**power for power in range(quotas.DOMAINS_PER_REGION.bit_length()))
"""Numbers of deployments that an account can hold; each doubles the one before."""
_MOST_SHARDS = quotas.MANY_SHARDS_PER_ACCOUNT // _DEPLOYMENTS[-1] * _DEPLOYMENTS[-1]
"""Shards of all streams of an account that can be divided among any of these numbers."""
WARM_TYPES = ("ultrawarm1.medium.search", "ultrawarm1.large.search")


@dataclass(frozen=True)
class Wishes:
    """Settings of the file that a proposal keeps."""

    family: str | None = None
    """Family of the data nodes that the file names."""
    zones: int = 3
    """Zones that the network has."""
    standby: bool | None = None
    """None: by the traffic."""
    masters: bool | None = None
    single: bool = False
    """Whether the file asks for one data node."""
    bulk_mib: float = 5
    """MiB of a bulk request."""


@dataclass(frozen=True)
class Proposal:
    """The shape of each of several deployments, among which clients are divided."""

    deployments: int
    shape: Shape
    demand: Demand
    """The demand of each deployment, with growth, rounded to steps."""
    kept: bool = False
    """Whether it is the present shape, which already fits."""
    cut: bool = False
    """Whether an account's quotas leave less headroom than growth needs; ``demand`` is then the current traffic."""


class TooMuchError(Exception):
    """The traffic exceeds a quota of any account; the text names the quota."""

    def __init__(self, needed: float, quota: str, most: float) -> None:
        super().__init__(f"needs {needed:,.0f} of the quota {quota}, but the largest default quota is {most:,.0f}")
        self.needed = needed
        self.quota = quota
        self.most = most


def propose(demand: Demand, present: Shape, wishes: Wishes) -> Proposal:
    """The proposed shape, or the present one if it already fits.

    Args:
        demand: the present traffic; the proposal includes its growth.
        present: the present shape; settings without effect on capacity are kept.
        wishes: the file's settings of nodes.

    Raises:
        TooMuchError: the traffic exceeds the largest default quota that AWS publishes.
    """
    found = _grown(demand, present, wishes)
    wobble = 1 + capacity.STEP_TOLERANCE
    low = _single(demand.scaled(1 / wobble), present, wishes)
    if low is not None and _between(low.shape, present, _largest(demand, present, wishes, low, wobble).shape):
        return replace(found if found.deployments == 1 else low, shape=present, kept=True)
    return found


def _single(demand: Demand, present: Shape, wishes: Wishes) -> Proposal | None:
    """The proposal for a demand, if it is one deployment."""
    try:
        found = _grown(demand, present, wishes)
    except TooMuchError:
        return None
    return found if found.deployments == 1 else None


def _largest(demand: Demand, present: Shape, wishes: Wishes, low: Proposal, wobble: float) -> Proposal:
    """The proposal for slightly more traffic; if that is several deployments, the largest single one."""
    high = _single(demand.scaled(wobble), present, wishes)
    if high is not None:
        return high

    def fits(factor: float) -> bool:
        return _single(demand.scaled(factor), present, wishes) is not None

    return _single(demand.scaled(formulae.smallest(fits, 1 / wobble, wobble)), present, wishes) or low


def _grown(demand: Demand, present: Shape, wishes: Wishes) -> Proposal:
    """The shape with growth, on steps; near an account's limits, with as much growth as fits."""
    grown = demand.after(capacity.HORIZON_MONTHS).steady()
    try:
        return _fresh(grown, present, wishes)
    except TooMuchError:
        _fresh(demand, present, wishes)
    return _capped(demand, grown.at_least(demand), present, wishes)


def _fresh(demand: Demand, present: Shape, wishes: Wishes) -> Proposal:
    demand = _tiered(demand, present.engine)
    _within_an_account(demand, present)
    for deployments in _DEPLOYMENTS:
        part = demand.part(deployments)
        shape = _shape(part, present, wishes, standby=_standby(demand, present, wishes), split=deployments > 1)
        if shape is not None:
            return Proposal(deployments, shape, part)
    needed = 2 * _DEPLOYMENTS[-1]
    raise TooMuchError(needed, quotas.DOMAINS_QUOTA, quotas.DOMAINS_PER_REGION)


def _capped(demand: Demand, grown: Demand, present: Shape, wishes: Wishes) -> Proposal:
    """What the grown traffic needs, each number at most what its quota allows; the current traffic always fits."""
    demand, grown = (_tiered(each, present.engine) for each in (demand, grown))
    standby = _standby(grown, present, wishes)
    for deployments in _DEPLOYMENTS:
        part, split = demand.part(deployments), deployments > 1
        least = _shape(part, present, wishes, standby=standby, split=split)
        last = deployments == _DEPLOYMENTS[-1]
        shape = _shape(
            grown.part(deployments), present, wishes, standby=standby, split=split, least=least if last else None
        )
        if shape is not None and least is not None:
            break
    else:
        raise TooMuchError(2 * _DEPLOYMENTS[-1], quotas.DOMAINS_QUOTA, quotas.DOMAINS_PER_REGION)
    if shape.shards is not None:
        shape = replace(shape, shards=max(min(shape.shards, _MOST_SHARDS // deployments), formulae.shards(part).value))
    # Indices are those of the current traffic: the capped nodes and masters carry no more of them.
    return Proposal(deployments, replace(shape, rotation=least.rotation, primaries=least.primaries), part, cut=True)


def _within_an_account(demand: Demand, present: Shape) -> None:
    if present.on_demand:
        most = quotas.MANY_ON_DEMAND_MIB
        needed = max(demand.peak_mib, demand.peak_records / quotas.SHARD_WRITE_RECORDS)
        if needed > most:
            raise TooMuchError(needed, quotas.ON_DEMAND_QUOTA, most)
    elif (needed := formulae.shards(demand).value) > quotas.MANY_SHARDS_PER_ACCOUNT:
        raise TooMuchError(needed, quotas.SHARDS_QUOTA, quotas.MANY_SHARDS_PER_ACCOUNT)


def _tiered(demand: Demand, engine: engines.Engine | None) -> Demand:
    """The demand, with days of a tier that the engine lacks moved to the tier before."""
    if engine is None or (engine.reaches(engines.ULTRAWARM) and engine.reaches(engines.COLD_STORAGE)):
        return demand
    if engine.reaches(engines.ULTRAWARM):
        return replace(demand, warm_days=demand.warm_days + demand.cold_days, cold_days=0)
    return replace(demand, hot_days=demand.hot_days + demand.warm_days + demand.cold_days, warm_days=0, cold_days=0)


def _standby(demand: Demand, present: Shape, wishes: Wishes) -> bool:
    possible = present.engine is None or present.engine.reaches(engines.STANDBY)
    if wishes.zones < 3 or not possible:
        return False
    return demand.average >= capacity.STANDBY_FROM if wishes.standby is None else wishes.standby


def _shape(
    demand: Demand, present: Shape, wishes: Wishes, *, standby: bool, split: bool, least: Shape | None = None
) -> Shape | None:
    """The shape of one deployment; None where one is not enough.

    Args:
        demand: the traffic of the deployment.
        present: engine, and settings that decide no capacity.
        wishes: what the file says about nodes.
        standby: whether a third of the nodes stands by.
        split: whether it is one of several deployments.
        least: what a smaller demand is given; each number is then at most what one domain holds, and there is a shape.
    """
    rotation = formulae.rotation(demand)
    period = ROTATION_DAYS[rotation]
    primaries = formulae.primary_shards(demand, period).value
    if primaries > quotas.PRIMARY_SHARDS_OF_AN_INDEX:
        if least is None:
            return None
        primaries = quotas.PRIMARY_SHARDS_OF_AN_INDEX
    for layout in _layouts(demand, wishes, standby=standby, split=split):
        nodes = _nodes(demand, present, wishes, layout, (primaries, period))
        if nodes is not None:
            break
    else:
        if least is None:
            return None
        nodes = _most_nodes(present, wishes, layout)
    name, count = nodes
    shards = formulae.hot_shards(demand, layout.copies, primaries, period).value
    total = shards + formulae.warm_shards(demand, primaries, period)
    master = formulae.masters(count, total, present.engine)
    warm = _warm(demand, present, layout.zones)
    size = _disk(demand, layout, count, present.free_share)
    if least is not None:
        master = master or formulae.masters(*capacity.MASTER_TYPES[-1][:2], present.engine)
        hot = (least.disk_gib or 0) * (least.nodes or 0)
        warm = _most_warm(warm, quotas.STORAGE_GIB_PER_DOMAIN - hot, layout.zones)
        room = int((quotas.STORAGE_GIB_PER_DOMAIN - _warm_gib(warm)) // count)
        size = min(size, _most_disk(INSTANCE_TYPES[name]), room)
    if master is None or warm is None or size * count + _warm_gib(warm) > quotas.STORAGE_GIB_PER_DOMAIN:
        return None
    dedicated = standby or bool(warm[1]) or total > capacity.MASTER_TYPES[0][1] or count > capacity.MASTER_TYPES[0][0]
    if wishes.masters is not None:
        dedicated = dedicated or wishes.masters
    return replace(
        present,
        collector_rate=None if present.collector_rate is None else _requests(formulae.requests(demand)),
        collector_calls=None
        if present.collector_calls is None
        else formulae.collector_reserved(_requests(formulae.requests(demand))),
        recommender_rate=None if present.recommender_rate is None else _requests(formulae.recommendations(demand)),
        recommender_calls=None
        if present.recommender_calls is None
        else float(max(1, formulae.whole(formulae.recommender_calls(demand).value))),
        shards=None if present.on_demand else formulae.shards(demand).value,
        reserved_calls=None,
        retry_seconds=float(quotas.FIREHOSE_RETRY_MOST_S),
        rotation=rotation,
        primaries=primaries,
        primaries_by_traffic=False,
        replicas=layout.copies - 1,
        instance_type=name,
        nodes=count,
        zones=layout.zones,
        standby=standby,
        disk_gib=size,
        masters=3 if dedicated else 0,
        master_type=master if dedicated else None,
        warm_type=warm[0],
        warm_nodes=warm[1],
    )


class Layout(NamedTuple):
    """How data nodes and copies are laid out."""

    zones: int
    least: int
    """Data nodes at least."""
    copies: int
    standby: bool = False
    split: bool = False
    """Whether it is one of several deployments, which use the largest type only."""


def _layouts(demand: Demand, wishes: Wishes, *, standby: bool, split: bool) -> Iterator[Layout]:
    """Layouts to try, the smallest first."""
    if standby:
        yield Layout(3, 3, 3, standby=True, split=split)
        return
    if wishes.single and not split and demand.average < capacity.STANDBY_FROM:
        yield Layout(1, 1, 1)
    yield Layout(wishes.zones, max(wishes.zones, 2), 2, split=split)


def _nodes(
    demand: Demand, present: Shape, wishes: Wishes, layout: Layout, index: tuple[float, float]
) -> tuple[str, int] | None:
    """Type and number of data nodes: the smallest type with which the fewest nodes suffice, else more of the largest.

    Args:
        demand: the traffic.
        present: engine and free share.
        wishes: family, size of bulk requests.
        layout: zones and copies.
        index: primaries of an index, and days that it is written to.
    """
    primaries, period = index
    counted = formulae.counted_primaries(demand, primaries)
    left = capacity.STANDBY_CPU_SHARE if layout.standby else 1
    cpu = formulae.cpu_busy(demand, layout.copies, counted, recommends=present.recommends).value
    busy = cpu / capacity.CPU_TARGET / left
    vcpus = max(busy, formulae.active_shards(layout.copies, counted).value)
    shards = formulae.hot_shards(demand, layout.copies, primaries, period).value

    def enough(facts: InstanceType, count: int) -> bool:
        return (
            facts.vcpus * count >= vcpus
            and _disk(demand, layout, count, present.free_share) <= _most_disk(facts)
            and formulae.shards_a_node(facts, present.engine) * count >= shards
            and (facts.http_mib is None or wishes.bulk_mib < facts.http_mib)
        )

    types = _types(present, wishes)
    for name, facts in types[-1:] if layout.split else types:
        if enough(facts, layout.least):
            return name, layout.least
    if layout.least == 1:
        return None
    name, facts = types[-1]
    return next(((name, count) for count in _counts(layout) if enough(facts, count)), None)


def _counts(layout: Layout) -> range:
    """Numbers of data nodes to try."""
    return range(layout.least, capacity.NODES_OF_A_DEPLOYMENT + 1, layout.zones)


def _most_nodes(present: Shape, wishes: Wishes, layout: Layout) -> tuple[str, int]:
    """The largest type, and the most data nodes that a deployment gets."""
    return _types(present, wishes)[-1][0], _counts(layout)[-1]


def _most_disk(facts: InstanceType) -> int:
    """GiB of the largest disk that a node of a type gets."""
    return int(min(facts.gp3_gib or facts.gp2_gib or 0, facts.memory_gib * capacity.DISK_GIB_PER_MEMORY_GIB))


def _types(present: Shape, wishes: Wishes) -> list[tuple[str, InstanceType]]:
    """Types of a family that the engine runs on, smallest first."""
    wished = wishes.family
    for kind in ([wished] if wished else []) + list(FAMILIES):
        if not formulae.runs(present.engine, f"{kind}.large.search"):
            continue
        found = [
            (name, facts)
            for name, facts in INSTANCE_TYPES.items()
            if family(name) == kind and facts.vcpus >= _SMALLEST and facts.takes_ebs
            if kind != wished or facts.gp3_gib is not None
        ]
        if found:
            return sorted(found, key=lambda item: item[1].vcpus)
    return [(name, facts) for name, facts in INSTANCE_TYPES.items() if family(name) == FAMILIES[-1]]


def _requests(peak: formulae.Formula) -> float:
    """Requests a second that an API lets through: those of the peak, and a fifth to spare."""
    return float(max(_FEWEST_REQUESTS, formulae.whole(peak.value / capacity.STREAM_TARGET)))


def _disk(demand: Demand, layout: Layout, count: int, free_share: float) -> int:
    """GiB of each data node's disk: in tens for the fewest nodes, exact for more, so that more nodes never hold
    less."""
    used = formulae.hot_gib(demand, layout.copies).value / count
    unit = 10 if count == layout.least else 1
    return max(_SMALLEST_DISK, math.ceil(formulae.disk_gib(used, free_share) / unit) * unit)


def _most_warm(warm: tuple[str | None, int] | None, gib: float, zones: int) -> tuple[str | None, int]:
    """Warm nodes, or the most that a domain has, as far as they hold no more than so many GiB."""
    name, count = warm or (WARM_TYPES[-1], quotas.WARM_INSTANCES_PER_DOMAIN)
    each = capacity.WARM_GIB.get(name or "", 0)
    return name, count if not each else int(min(count, gib // each) // zones * zones)


def _warm_gib(warm: tuple[str | None, int]) -> int:
    """GiB that warm nodes of a type hold."""
    return warm[1] * capacity.WARM_GIB.get(warm[0] or "", 0)


def _warm(demand: Demand, present: Shape, zones: int) -> tuple[str | None, int] | None:
    """Type and number of warm nodes, the present ones without warm days; None if too many are needed."""
    if demand.warm_days <= 0:
        return present.warm_type, math.ceil(present.warm_nodes / zones) * zones
    held, least = formulae.warm_gib(demand).value, max(2, zones)
    for name, most in zip(WARM_TYPES, (4 * least, quotas.WARM_INSTANCES_PER_DOMAIN), strict=True):
        count = max(least, math.ceil(held / capacity.WARM_GIB[name] / zones) * zones)
        if count <= most:
            return name, count
    return None


def _between(low: Shape, present: Shape, high: Shape) -> bool:
    """Whether a shape's capacity is between those of two others."""
    same = ("standby", "zones", "retry_seconds")
    if any(getattr(present, key) not in (getattr(low, key), getattr(high, key)) for key in same):
        return False
    if present.reserved_calls is not None or not _index_between(low, present, high):
        return False
    measures = [_measures(shape) for shape in (low, present, high)]
    return all(
        small is not None and here is not None and large is not None and small <= here <= large
        for small, here, large in zip(*measures, strict=True)
    )


def _index_between(low: Shape, present: Shape, high: Shape) -> bool:
    """Whether rotation and primaries are between; a shorter rotation may have fewer primaries."""
    first, here, last = low.primaries or 1, present.primaries or 0, high.primaries or 1
    if present.rotation == low.rotation == high.rotation:
        return first <= here <= last
    return (present.rotation == low.rotation and first <= here) or (
        present.rotation == high.rotation and 1 <= here <= last
    )


def _measures(shape: Shape) -> tuple[float | None, ...]:
    """All capacities of a shape that cost money."""
    facts, nodes = shape.facts, shape.nodes
    master = INSTANCE_TYPES.get(shape.master_type or "")
    return (
        shape.collector_rate or 0,
        math.inf if shape.collector_calls is None else shape.collector_calls,
        shape.recommender_rate or 0,
        shape.recommender_calls or 0,
        0 if shape.on_demand else shape.shards,
        None if facts is None or nodes is None else facts.vcpus * nodes,
        None if facts is None or nodes is None else facts.memory_gib * nodes,
        None if shape.disk_gib is None or nodes is None else shape.disk_gib * nodes,
        nodes,
        shape.replicas,
        shape.masters,
        master.memory_gib if master is not None and shape.masters else 0,
        shape.warm_nodes * capacity.WARM_GIB.get(shape.warm_type or "", 0),
    )

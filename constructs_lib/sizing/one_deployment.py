"""The shape of one deployment that fits a demand: nodes, disks, masters, the warm tier."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from constructs_lib.limits import capacity, quotas
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
"""Lowest proposed throttle of an API in requests a second: one or two pages opened at once (house judgement)."""
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


def shape_of(
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
    """Proposed throttle of an API in requests a second: those of the peak with 20 % headroom."""
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

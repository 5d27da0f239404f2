"""Computes the shape that fits a demand.

More traffic never gives less capacity: every step only adds capacity, and the number of deployments doubles when
traffic is split, so that two halves never have less capacity than the whole. Where an account cannot hold what growth
needs, each number is the most that its quota allows (`Proposal.cut`). Small changes give the same shape: rates are
rounded to steps first (`Demand.steady`), and a present shape that fits 2 % less or more traffic is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from constructs_lib.limits import capacity, engines, quotas
from constructs_lib.limits.instances import INSTANCE_TYPES
from constructs_lib.sizing import formulae
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.one_deployment import Wishes, shape_of
from constructs_lib.sizing.shape import Shape

_DEPLOYMENTS = tuple(2**power for power in range(quotas.DOMAINS_PER_REGION.bit_length()))
"""Numbers of deployments that an account can hold; each doubles the one before."""
_MOST_SHARDS = quotas.MANY_SHARDS_PER_ACCOUNT // _DEPLOYMENTS[-1] * _DEPLOYMENTS[-1]
"""Shards of all streams of an account that can be divided among any of these numbers."""


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
        shape = shape_of(part, present, wishes, standby=_standby(demand, present, wishes), split=deployments > 1)
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
        least = shape_of(part, present, wishes, standby=standby, split=split)
        last = deployments == _DEPLOYMENTS[-1]
        shape = shape_of(
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

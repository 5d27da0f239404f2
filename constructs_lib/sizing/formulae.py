"""Every sizing formula, with its source and with its numbers inserted, so that a reader can verify it.

Sizes are in GiB and MiB (powers of 1,024), rates by the second. Constants stand in `constructs_lib.limits.capacity`,
which says for each whether AWS published it, ``make bench`` measured it, or this project estimated it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from constructs_lib.limits import capacity, quotas, sources
from constructs_lib.limits.engines import OPENSEARCH, Engine
from constructs_lib.limits.instances import FAMILY_FLOORS, InstanceType, family
from constructs_lib.limits.quotas import ROTATION_DAYS
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.numbers import shown

BENCH = capacity.MEASURED


@dataclass(frozen=True)
class Formula:
    """A number, its calculation, its source, and the part that is this project's estimate (empty: none)."""

    value: float
    how: str
    source: str
    house: str = ""

    @property
    def sources(self) -> str:
        """Source and estimate in one clause."""
        house = [f"{capacity.HOUSE}: {self.house}"] if self.house else []
        return "; ".join([*([self.source] if self.source else []), *house])


def shards(demand: Demand) -> Formula:
    """Shards of a provisioned stream: 1 MiB or 1,000 records a second each, with 20 % headroom."""
    needed = max(demand.peak_mib / quotas.SHARD_WRITE_MIB, demand.peak_records / quotas.SHARD_WRITE_RECORDS)
    return Formula(
        max(1, whole(needed / capacity.STREAM_TARGET)),
        f"ceil(max({shown(demand.peak)} x {shown(demand.event_bytes)} B / 1 MiB, {shown(demand.peak_records)} records"
        f" / 1,000) / {capacity.STREAM_TARGET:g})",
        sources.KINESIS_QUOTAS,
        "20 % headroom, because keys do not spread evenly",
    )


def requests(demand: Demand) -> Formula:
    """Requests a second that clients send to the collector at peak."""
    return Formula(
        demand.peak / demand.events_per_request,
        f"{shown(demand.peak)} / {shown(demand.events_per_request)} events a request",
        quotas.API_SOURCE,
        "20 % headroom, since browsers send in waves",
    )


def collector_calls(demand: Demand) -> Formula:
    """Calls of the collector that are busy at once at peak."""
    each = capacity.COLLECTOR_SECONDS
    return Formula(
        requests(demand).value * each,
        f"{shown(requests(demand).value)} requests x {each:g} s",
        f"{BENCH}: a millisecond of CPU a request",
        f"{each:g} s a request, cold starts and a slow stream included",
    )


def collector_reserved(rate: float) -> int | None:
    """Calls at once that are reserved for a collector that lets through so many requests a second; None: more than an
    account can reserve by default, so none are.
    """
    calls = max(capacity.LEAST_COLLECTOR_CALLS, whole(rate * capacity.COLLECTOR_SECONDS))
    return calls if calls <= quotas.LAMBDA_RESERVABLE else None


def recommendations(demand: Demand) -> Formula:
    """Requests a second for recommendations at peak."""
    how = f"{shown(demand.recommendations)} recommendations at peak"
    return Formula(demand.recommendations, how, quotas.API_SOURCE, "20 % headroom, since browsers send in waves")


def recommender_calls(demand: Demand) -> Formula:
    """Calls of the recommender that are busy at once at peak."""
    each = capacity.RECOMMENDATION_SECONDS
    return Formula(
        demand.recommendations * each,
        f"{shown(demand.recommendations)} recommendations x {each:g} s",
        capacity.MEASURED_RECOMMENDING,
        f"{each:g} s a recommendation, cold starts and a slow domain included",
    )


def recommending(demand: Demand) -> float:
    """vCPUs of the domain that recommendations, and the fold that learns from what comes, keep busy at peak."""
    return demand.recommendations * capacity.RECOMMENDATION_VCPU_SECONDS + (
        demand.peak_documents / capacity.FOLDED_PER_VCPU
    )


def on_demand_mib(region: str | None) -> float:
    """MiB a second that an on-demand stream takes at most in a region."""
    many = region in quotas.REGIONS_WITH_MANY_SHARDS
    return quotas.MANY_ON_DEMAND_MIB if many else quotas.ON_DEMAND_MIB


def event_seconds(demand: Demand, memory_mib: float) -> float:
    """Seconds that the transform takes for one event, given its memory."""
    longer = max(1.0, demand.event_bytes / capacity.EVENT_BYTES)
    return capacity.TRANSFORM_SECONDS * longer / min(1.0, memory_mib / capacity.LAMBDA_VCPU_MIB)


def transform_calls(demand: Demand, memory_mib: float) -> Formula:
    """Concurrent calls of the transform at peak."""
    seconds = event_seconds(demand, memory_mib)
    return Formula(
        demand.peak * seconds,
        f"{shown(demand.peak)} x {shown(seconds * 1e6)} us of a vCPU",
        f"{BENCH}; {capacity.LAMBDA_VCPU}",
        f"at most half of the calls, since a vCPU may be slower than the measured one ({capacity.TRANSFORM_TARGET:g})",
    )


def calls_at_most(shards_: float, reserved: float | None) -> float:
    """Most concurrent calls of the transform: five a shard, limited by the reserved concurrency.

    What the account allows is a quota, which can be raised.
    """
    made = quotas.FIREHOSE_LAMBDA_CALLS_PER_SHARD * shards_
    return made if reserved is None else min(made, reserved)


def index_gib_a_day(demand: Demand) -> Formula:
    """GiB of index a day, one copy."""
    return Formula(
        demand.daily_gib * capacity.INDEX_RATIO_SIZED,
        f"{shown(demand.daily_gib)} GiB of documents x {capacity.INDEX_RATIO_SIZED:g}",
        f"{BENCH}: {capacity.INDEX_RATIO:g} before merging, {capacity.MERGED_RATIO:g} after",
        "10 % more than merged, for running merges",
    )


def rotation(demand: Demand) -> str:
    """The rotation: the shortest period in which a shard grows to 10 GiB, below the hot days."""
    daily = index_gib_a_day(demand).value
    for name in ("OneDay", "OneWeek"):
        if daily * ROTATION_DAYS[name] >= capacity.SHARD_GIB_LEAST and demand.hot_days > ROTATION_DAYS[name]:
            return name
    fitting = [name for name in ("OneMonth", "OneWeek", "OneDay") if demand.hot_days > ROTATION_DAYS[name]]
    return fitting[0] if fitting else "OneHour"


def primary_shards(demand: Demand, period_days: float) -> Formula:
    """Primary shards of an index: one up to 50 GiB, above that about 40 GiB each when the period ends."""
    held = index_gib_a_day(demand).value * period_days
    if held <= capacity.SHARD_GIB_MOST:
        return Formula(1, f"one shard holds the {shown(held)} GiB of an index", sources.SIZING)
    return Formula(
        whole(held / capacity.SHARD_GIB),
        f"ceil({shown(held)} GiB an index / {capacity.SHARD_GIB:g} GiB)",
        sources.SIZING,
        "40 GiB, between 30 and 50 for logs",
    )


def counted_primaries(demand: Demand, primaries: float) -> float:
    """Primaries that a proposal counts CPU for.

    At least two for traffic whose weekly index needs two, so that the change to daily indices with one primary does not
    reduce capacity (this project's estimate).
    """
    weekly = index_gib_a_day(demand).value * ROTATION_DAYS["OneWeek"]
    return max(primaries, 2) if weekly > capacity.SHARD_GIB_MOST else primaries


def cpu_busy(demand: Demand, copies: float, primaries: float, *, recommends: bool = False) -> Formula:
    """vCPUs that peak traffic keeps busy: indexing every copy, searching, and recommending if it `recommends`."""
    indexing = demand.peak_documents * copies / demand.documents_per_vcpu
    searching = demand.searches * primaries * capacity.SEARCH_VCPU_SECONDS
    measured = capacity.MEASURED_DOCUMENTS_PER_CPU_SECOND
    recommended = recommending(demand) if recommends else 0.0
    more = (
        f" + {shown(demand.recommendations)} recommendations x {capacity.RECOMMENDATION_VCPU_SECONDS:g} s"
        f" + {shown(demand.peak_documents)} documents folded / {shown(capacity.FOLDED_PER_VCPU)}"
        if recommends
        else ""
    )
    return Formula(
        indexing + searching + recommended,
        f"{shown(demand.peak_documents)} documents x {copies:g} copies / {shown(demand.documents_per_vcpu)}"
        f" + {shown(demand.searches)} searches x {shown(primaries)} shards x {capacity.SEARCH_VCPU_SECONDS:g} s{more}",
        f"{BENCH}: {measured:,} a second of CPU; published: {sources.REMOTE_STORE_BENCHMARK}",
        f"{shown(demand.documents_per_vcpu)} documents a second a vCPU, {capacity.SEARCH_VCPU_SECONDS:g} s a search and"
        f" shard, {f'{capacity.RECOMMENDATION_VCPU_SECONDS:g} s a recommendation, ' if recommends else ''}"
        f"{capacity.CPU_TARGET:.0%} of the CPU at peak".replace("%", " %"),
    )


def active_shards(copies: float, primaries: float) -> Formula:
    """vCPUs for the shards that are written to: 1.5 for each, copies included."""
    return Formula(
        capacity.VCPU_PER_ACTIVE_SHARD * primaries * copies,
        f"{capacity.VCPU_PER_ACTIVE_SHARD:g} x {shown(primaries)} primaries x {copies:g} copies",
        sources.SIZING,
    )


def hot_gib(demand: Demand, copies: float) -> Formula:
    """GiB on the data nodes at the time when the first index is deleted or moved."""
    daily = index_gib_a_day(demand).value
    value = daily * demand.hot_days * copies
    aws = hot_gib_by_aws(demand, copies)
    return Formula(
        value,
        f"{shown(daily)} GiB a day x {shown(demand.hot_days)} days x {copies:g} copies (AWS's rule for source data"
        f" x {quotas.STORAGE_OVERHEAD:g} needs {shown(aws)} GiB of disk)",
        f"{BENCH}; {sources.STORAGE_SIZING}",
    )


def hot_gib_by_aws(demand: Demand, copies: float) -> float:
    """GiB of disk by AWS's own rule: source data x copies x 1.45."""
    return demand.daily_gib * demand.hot_days * copies * quotas.STORAGE_OVERHEAD


def usable_gib(disk_gib: float, free_share: float) -> float:
    """GiB of a data node's disk that indices may use before the free-storage alarm fires.

    OpenSearch Service keeps 20 % for itself, at most 20 GiB, and does not count it as free.
    """
    return max(0.0, disk_gib * (1 - free_share) - reserved_gib(disk_gib))


def reserved_gib(disk_gib: float) -> float:
    """GiB of a disk that OpenSearch Service keeps for itself."""
    return min(disk_gib * capacity.RESERVED_SHARE, capacity.RESERVED_GIB_MOST)


def disk_gib(used_gib: float, free_share: float) -> float:
    """GiB of disk that a node needs for `used_gib` of indices: the inverse of `usable_gib`."""
    kept = 1 - free_share
    full = capacity.RESERVED_GIB_MOST / capacity.RESERVED_SHARE
    if kept > capacity.RESERVED_SHARE and used_gib <= full * (kept - capacity.RESERVED_SHARE):
        return used_gib / (kept - capacity.RESERVED_SHARE)
    return (used_gib + capacity.RESERVED_GIB_MOST) / kept


def hot_shards(demand: Demand, copies: float, primaries: float, period_days: float) -> Formula:
    """Shards on the data nodes: one index more than the hot days need, for the one that is written to."""
    indices = demand.hot_days / period_days + 1
    return Formula(
        math.ceil(indices) * primaries * copies,
        f"{math.ceil(indices):,} indices x {shown(primaries)} primaries x {copies:g} copies",
        sources.SIZING,
    )


def warm_shards(demand: Demand, primaries: float, period_days: float) -> float:
    """Shards on warm nodes, which hold one copy."""
    return math.ceil(demand.warm_days / period_days) * primaries


def shards_a_node(facts: InstanceType, engine: Engine | None) -> float:
    """Shards that a data node carries: 25 a GiB of heap, and no more than the engine allows."""
    most: float = quotas.SHARDS_PER_NODE
    if engine is not None and engine.name == OPENSEARCH and engine.version >= quotas.LARGE_HEAP_ENGINE:
        steps = max(1, int(facts.heap_gib // quotas.LARGE_HEAP_GIB))
        most = min(quotas.SHARDS_PER_NODE * steps, quotas.LARGE_HEAP_SHARDS_PER_NODE)
    return min(facts.heap_gib * quotas.SHARDS_PER_HEAP_GIB, most)


def warm_gib(demand: Demand) -> Formula:
    """GiB that warm nodes serve: merged, one copy."""
    ratio = capacity.MERGED_RATIO
    return Formula(
        demand.daily_gib * ratio * demand.warm_days,
        f"{shown(demand.daily_gib)} GiB of documents a day x {ratio:g} x {shown(demand.warm_days)} days, one copy",
        f"{BENCH}; {sources.ULTRAWARM}",
    )


def masters(nodes: float, shards_: float, engine: Engine | None) -> str | None:
    """The smallest type of dedicated masters that AWS recommends for so many data nodes and shards; None beyond."""
    for most_nodes, most_shards, _, types in capacity.MASTER_TYPES:
        if nodes <= most_nodes and shards_ <= most_shards:
            return next((name for name in types if runs(engine, name)), None)
    return None


def runs(engine: Engine | None, instance_type: str) -> bool:
    """Whether an engine runs on a type; yes where the engine is not known."""
    floor = FAMILY_FLOORS.get(family(instance_type))
    return engine is None or floor is None or engine.reaches(floor)


def masters_carry(memory_gib: float, nodes: float) -> float:
    """Shards that masters of a memory manage beside so many data nodes, by AWS's table; less in proportion below it."""
    first = capacity.MASTER_TYPES[0]
    if memory_gib < first[2]:
        return first[1] * memory_gib / first[2] if nodes <= first[0] else 0.0
    return max((row[1] for row in capacity.MASTER_TYPES if row[2] <= memory_gib and nodes <= row[0]), default=0.0)


def lag_seconds(batch: float, buffer: float, refresh: float) -> Formula:
    """Seconds until an event can be searched without a backlog: every buffer is flushed by time, not by size."""
    return Formula(
        batch + buffer + refresh + capacity.WORKING_SECONDS,
        f"{batch:g} s for the transform's batch + {buffer:g} s for the bulk request + {refresh:g} s until the refresh"
        f" + {capacity.WORKING_SECONDS} s of work",
        sources.FIREHOSE_DESTINATION,
        f"{capacity.WORKING_SECONDS} s of work",
    )


def days_until(growth: float, factor: float) -> float | None:
    """Days until traffic that grows has grown by a factor; None: never."""
    if factor <= 1:
        return 0.0
    if growth <= 0 or math.isinf(factor):
        return None
    return math.log(factor) / math.log1p(growth) * 30


def smallest(fits: Callable[[float], bool], low: float, high: float) -> float:
    """The boundary between numbers for which something holds (from `low`) and those for which it does not.

    Bisection on a logarithmic scale: 60 halvings are exact to far less than a millionth.
    """
    for _ in range(60):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def whole(value: float) -> int:
    """Round up to a whole number, ignoring rounding errors just above one."""
    return math.ceil(round(value, 9))

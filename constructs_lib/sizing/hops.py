"""Compares the capacity of each hop with its load."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from constructs_lib.limits import capacity, quotas, sources
from constructs_lib.limits.instances import INSTANCE_TYPES
from constructs_lib.sizing import formulae
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.formulae import Formula
from constructs_lib.sizing.shape import Shape

TOLERANCE = 1 + capacity.STEP_TOLERANCE
"""How far a share may exceed its target without a warning: rounding to steps may cause that much."""


@dataclass(frozen=True)
class Hop:
    """One resource on the data path that can run out."""

    name: str
    path: str
    """Key of the environment file that sets its capacity."""
    must: float
    can: float
    unit: str
    breaks: str
    """Consequence when it runs out."""
    formula: Formula
    """Calculation of `must`."""
    target: float = 1.0
    """Highest share with enough headroom."""
    fills: Literal["", "data", "shards"] = ""
    """What fills it up over days: ``data``, or ``shards`` (independent of traffic); empty: the peak uses it."""

    @property
    def share(self) -> float:
        """Load divided by capacity."""
        return self.must / self.can if self.can > 0 else float("inf") if self.must > 0 else 0.0

    @property
    def strain(self) -> float:
        """Share divided by target; above 1 the headroom is used up."""
        return self.share / self.target

    @property
    def status(self) -> str:
        """``ok``, ``tight`` (uses the headroom) or ``breaks``."""
        if self.share > TOLERANCE:
            return "breaks"
        return "tight" if self.strain > TOLERANCE else "ok"


def hops(shape: Shape, demand: Demand) -> list[Hop]:
    """Every hop with known capacity, in the order of the data path."""
    if not shape.warm_nodes:
        # Without warm nodes indices stay on the data nodes until they are deleted.
        days = demand.hot_days + demand.warm_days + demand.cold_days
        demand = replace(demand, hot_days=days, warm_days=0, cold_days=0)
    if shape.primaries_by_traffic and shape.period_days is not None:
        asked = formulae.primary_shards(demand.steady(), shape.period_days).value
        primaries = min(asked, quotas.PRIMARY_SHARDS_OF_AN_INDEX)
        shape = replace(shape, primaries=primaries)
    found = [*_collector(shape, demand), *_stream(shape, demand), *_transform(shape, demand)]
    found += [*_delivery(shape), *_domain(shape, demand), *_indices(shape, demand), *_warm(shape, demand)]
    found += _recommender(shape, demand)
    return found


def worst(found: list[Hop]) -> Hop | None:
    """The hop that breaks first as traffic grows."""
    return max(found, key=lambda hop: hop.strain, default=None)


LEAST_FACTOR, MOST_FACTOR = 1e-6, 1e9
"""Largest factor by which traffic is scaled to find a shape's capacity."""


def carried(shape: Shape, demand: Demand, *, only: str | None = None, full: bool = False) -> float:
    """Factor by which the traffic may grow, or must shrink, until a hop leaves its target.

    Args:
        shape: the capacity.
        demand: the traffic.
        only: name of the single hop to use; None: the first of all that leaves its target.
        full: up to a hop's whole capacity instead of its target.
    """

    def fits(factor: float) -> bool:
        found = hops(shape, demand.scaled(factor))
        return all((hop.share if full else hop.strain) <= 1 for hop in found if only in (None, hop.name))

    if fits(MOST_FACTOR):
        return math.inf
    return formulae.smallest(fits, LEAST_FACTOR, MOST_FACTOR) if fits(LEAST_FACTOR) else 0.0


def _collector(shape: Shape, demand: Demand) -> Iterator[Hop]:
    if shape.collector_rate is not None:
        formula = formulae.requests(demand)
        breaks = "API Gateway answers 429, and clients send again later"
        path, target = "collector.throttle.rate", capacity.STREAM_TARGET
        can = shape.collector_rate
        yield Hop("collector: requests", path, formula.value, can, "requests/s", breaks, formula, target=target)
    if shape.collector_rate is not None and shape.collector_calls is not None:
        formula = formulae.collector_calls(demand)
        breaks = "Lambda throttles calls, API Gateway answers 503, and clients send again later"
        path = "collector.function.reserved_concurrent_executions"
        yield Hop("collector: calls at once", path, formula.value, shape.collector_calls, "calls", breaks, formula)


def _recommender(shape: Shape, demand: Demand) -> Iterator[Hop]:
    if not shape.recommends:
        return
    if shape.recommender_rate is not None:
        formula = formulae.recommendations(demand)
        breaks = "API Gateway answers 429, and the site shows its list without recommendations"
        path, target = "recommender.api.throttle.rate", capacity.STREAM_TARGET
        can = shape.recommender_rate
        yield Hop("recommender: requests", path, formula.value, can, "requests/s", breaks, formula, target=target)
    if shape.recommender_calls is not None:
        formula = formulae.recommender_calls(demand)
        breaks = "Lambda throttles calls, and the site shows its list without recommendations"
        path = "recommender.function.reserved_concurrent_executions"
        yield Hop("recommender: calls at once", path, formula.value, shape.recommender_calls, "calls", breaks, formula)


def _stream(shape: Shape, demand: Demand) -> Iterator[Hop]:
    breaks = "the stream refuses records (WriteProvisionedThroughputExceeded) and producers must send again"
    if shape.on_demand:
        most = formulae.on_demand_mib(shape.region)
        formula = Formula(demand.peak_mib, "events at peak x bytes", sources.KINESIS_QUOTAS)
        path = "stream.stream_mode_details.stream_mode"
        yield Hop("stream: bytes", path, demand.peak_mib, most, "MiB/s", breaks, formula)
        records = Formula(demand.peak_records, "records at peak, 1,000 for a MiB", sources.KINESIS_ON_DEMAND)
        can = most * quotas.SHARD_WRITE_RECORDS
        yield Hop("stream: records", path, demand.peak_records, can, "records/s", breaks, records)
    elif shape.shards:
        formula = formulae.shards(demand)
        for name, must, can, unit in (
            ("stream: bytes", demand.peak_mib, shape.shards * quotas.SHARD_WRITE_MIB, "MiB/s"),
            ("stream: records", demand.peak_records, shape.shards * quotas.SHARD_WRITE_RECORDS, "records/s"),
        ):
            target = capacity.STREAM_TARGET
            yield Hop(name, "stream.shard_count", must, can, unit, breaks, formula, target=target)


def _transform(shape: Shape, demand: Demand) -> Iterator[Hop]:
    if not shape.transform or not shape.memory_mib:
        return
    shards = formulae.shards(demand).value if shape.on_demand else shape.shards
    if not shards:
        return
    formula = formulae.transform_calls(demand, shape.memory_mib)
    can = formulae.calls_at_most(shards, shape.reserved_calls)
    path = "transform.function.reserved_concurrent_executions" if shape.reserved_calls else "stream.shard_count"
    breaks = "Firehose falls behind; batches of calls that Lambda throttles go to the bucket"
    target = capacity.TRANSFORM_TARGET
    yield Hop("transform: calls at once", path, formula.value, can, "calls", breaks, formula, target=target)


def _delivery(shape: Shape) -> Iterator[Hop]:
    facts = shape.facts
    if facts is None or facts.http_mib is None or shape.bulk_mib is None:
        return
    path = "delivery.opensearch_configuration.buffering_size"
    how = "the buffer size; Firehose has no quota of its own with a Kinesis source"
    formula = Formula(shape.bulk_mib, how, sources.FIREHOSE_QUOTAS)
    breaks = "the domain refuses bulk requests (413) and documents go to the bucket"
    yield Hop("delivery: bulk request", path, shape.bulk_mib, facts.http_mib, "MiB", breaks, formula)


def _domain(shape: Shape, demand: Demand) -> Iterator[Hop]:
    facts, vcpus, copies, primaries = shape.facts, shape.vcpus, shape.copies, shape.primaries
    if facts is None or vcpus is None or copies is None or shape.nodes is None:
        return
    if primaries is not None:
        busy = formulae.cpu_busy(demand, copies, primaries, recommends=shape.recommends)
        left = vcpus * (capacity.STANDBY_CPU_SHARE if shape.standby else 1)
        yield Hop(
            "domain: CPU",
            "domain.cluster_config.instance_type",
            busy.value,
            left,
            "vCPUs with one standby zone lost" if shape.standby else "vCPUs",
            "the write queue fills, the domain rejects bulk requests, Firehose retries, and documents are late",
            busy,
            target=capacity.CPU_TARGET,
        )
        active = formulae.active_shards(copies, primaries)
        yield Hop(
            "domain: active shards",
            "domain.cluster_config.instance_type",
            active.value,
            vcpus,
            "vCPUs",
            "active shards compete for CPU",
            active,
        )
    hot = formulae.hot_gib(demand, copies)
    if shape.disk_gib is not None:
        usable = shape.nodes * formulae.usable_gib(shape.disk_gib, shape.free_share)
        full = "the free-storage alarm fires, and at 20 % free the domain blocks writes"
        yield Hop("domain: disk", "domain.ebs_options.volume_size", hot.value, usable, "GiB", full, hot, fills="data")
    memory = shape.nodes * facts.memory_gib * capacity.DISK_GIB_PER_MEMORY_GIB
    slow = "too little of the index fits into memory, so searches become slow"
    path = "domain.cluster_config.instance_type"
    judged = Formula(hot.value, hot.how, "", "60 GiB of index a GiB of memory")
    yield Hop("domain: memory for the disk", path, hot.value, memory, "GiB", slow, judged, fills="data")


def _indices(shape: Shape, demand: Demand) -> Iterator[Hop]:
    facts, copies, primaries, period = shape.facts, shape.copies, shape.primaries, shape.period_days
    if facts is None or copies is None or not primaries or period is None or shape.nodes is None:
        return
    held = formulae.index_gib_a_day(demand).value * period
    size = Formula(held / primaries, f"{held:,.1f} GiB an index / {primaries:,.0f} primaries", sources.SIZING)
    yield Hop(
        "index: size of a shard",
        "bootstrap.number_of_shards",
        size.value,
        capacity.SHARD_GIB_MOST,
        "GiB",
        "moving, recovering and searching a shard take long",
        size,
    )
    shards = formulae.hot_shards(demand, copies, primaries, period)
    path = "delivery.opensearch_configuration.index_rotation_period"
    can = shape.nodes * formulae.shards_a_node(facts, shape.engine)
    full = "shards fill the heap; at the engine's limit no new index can be created"
    yield Hop("index: shards on the nodes", path, shards.value, can, "shards", full, shards, fills="shards")
    master = INSTANCE_TYPES.get(shape.master_type or "")
    if shape.masters and master is not None:
        warm = formulae.warm_shards(demand, primaries, period)
        total = Formula(shards.value + warm, f"{shards.how}, and {warm:,.0f} warm", sources.MASTERS)
        beyond = "the masters cannot hold the cluster state, and the cluster stops responding"
        where = "domain.cluster_config.dedicated_master_type"
        most = formulae.masters_carry(master.memory_gib, shape.nodes)
        yield Hop("masters: shards", where, total.value, most, "shards", beyond, total, fills="shards")


def _warm(shape: Shape, demand: Demand) -> Iterator[Hop]:
    each = capacity.WARM_GIB.get(shape.warm_type or "")
    if demand.warm_days > 0 and each is not None:
        formula = formulae.warm_gib(demand)
        can = shape.warm_nodes * each
        breaks = "indices stay on the data nodes, whose disks fill"
        path = "domain.cluster_config.warm_count"
        yield Hop("warm: storage", path, formula.value, can, "GiB", breaks, formula, fills="data")

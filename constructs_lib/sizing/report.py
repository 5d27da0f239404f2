"""The report of ``size`` as data: hops, the first to fail, the proposal with reasons, quotas, quantities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from constructs_lib.limits import capacity, sources
from constructs_lib.sizing import cost, formulae
from constructs_lib.sizing import deployment as reading
from constructs_lib.sizing.cost import Driver, Prices
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.deployment import Deployment
from constructs_lib.sizing.formulae import Formula
from constructs_lib.sizing.hops import Hop, carried, hops, worst
from constructs_lib.sizing.numbers import share, shown
from constructs_lib.sizing.proposal import Proposal, TooMuchError
from constructs_lib.sizing.quota import Quota, quotas_of
from constructs_lib.sizing.shape import Shape
from constructs_lib.sizing.simulation import Outcome, path_of, rhythm, scenarios, simulate


@dataclass(frozen=True)
class Row:
    """A hop, and the time until it is full."""

    hop: Hop
    events: float
    """Average events a second that it carries with its headroom, everything else in proportion."""
    days: float | None
    """Days until it is full, by the growth of the traffic and, for resources that fill up, from an empty domain; None:
    never."""


@dataclass(frozen=True)
class Reason:
    """The reason for a proposed setting."""

    path: str
    value: str
    formula: Formula


@dataclass(frozen=True)
class Report:
    """The report on one file."""

    file: str
    found: Deployment
    rows: Sequence[Row]
    first: Hop | None
    events: float
    """Average events a second that the file carries with headroom."""
    events_at_most: float
    """Average events a second at which the first hop fails."""
    lag: Formula | None
    proposal: Proposal | None
    refused: TooMuchError | None
    block: str
    reasons: Sequence[Reason]
    proposed_rows: Sequence[Row]
    quotas: Sequence[Quota]
    drivers: Sequence[Driver]
    proposed_drivers: Sequence[Driver]
    prices: Prices | None = None
    days: Sequence[Outcome] = ()
    proposed_days: Sequence[Outcome] = ()


def build(file: str, found: Deployment, *, prices: Prices | None = None, simulated: bool = False) -> Report:
    """Size one file.

    Args:
        file: its name.
        found: its demand and shape.
        prices: from a price file.
        simulated: whether to simulate days of the present and the proposed shape.
    """
    rows = rows_of(found.shape, found.demand)
    proposal, refused = None, None
    try:
        proposal = found.propose()
    except TooMuchError as error:
        refused = error
    average = found.demand.average
    return Report(
        file=file,
        found=found,
        rows=rows,
        first=worst([row.hop for row in rows]),
        events=average * carried(found.shape, found.demand),
        events_at_most=average * carried(found.shape, found.demand, full=True),
        lag=reading.lag(found.shape),
        proposal=proposal,
        refused=refused,
        block="" if proposal is None else reading.block_text(found, proposal),
        reasons=[] if proposal is None else reasons(proposal),
        proposed_rows=[] if proposal is None else rows_of(proposal.shape, proposal.demand),
        quotas=[] if proposal is None else quotas_of(proposal.shape, proposal.demand, proposal.deployments),
        drivers=_drivers(found, found.shape, found.demand),
        proposed_drivers=[] if proposal is None else _all_drivers(found, proposal),
        prices=prices,
        days=_days(found.shape, found.demand) if simulated else (),
        proposed_days=_days(proposal.shape, found.demand.part(proposal.deployments))
        if simulated and proposal is not None and not proposal.kept
        else (),
    )


def rows_of(shape: Shape, demand: Demand) -> list[Row]:
    """Each hop with its capacity and the time until it is full."""
    rows = []
    for hop in hops(shape, demand):
        factor = carried(shape, demand, only=hop.name)
        days = _days_until_full(hop, demand) if hop.fills else None
        if not hop.fills:
            days = formulae.days_until(demand.growth, carried(shape, demand, only=hop.name, full=True))
        rows.append(Row(hop, demand.average * factor, days))
    return rows


_LONGEST_DAYS = 3650


def _days_until_full(hop: Hop, demand: Demand) -> float | None:
    """Days until a hop is full, if it starts empty and traffic grows.

    Each day adds its data; once the oldest data is deleted, only growth adds to it.
    """
    kept = max(1.0, demand.warm_days if hop.name.startswith("warm") else demand.hot_days)
    if hop.can <= 0:
        return 0.0
    growth = (1 + demand.growth) ** (1 / 30) if hop.fills == "data" else 1.0
    daily = hop.must / kept
    held, arriving, leaving = 0.0, daily, daily
    for day in range(_LONGEST_DAYS):
        held += arriving
        arriving *= growth
        if day >= kept:
            held -= leaving
            leaving *= growth
        if held > hop.can * (1 + 1e-9):
            return float(day + 1)
        if growth == 1 and day >= kept:
            return None
    return None


def reasons(proposal: Proposal) -> list[Reason]:
    """The reason for each number of a proposal."""
    shape, demand = proposal.shape, proposal.demand
    copies, primaries = shape.copies or 1, shape.primaries or 1
    period = shape.period_days or 1
    found = []
    if proposal.deployments > 1:
        how = f"more than {capacity.NODES_OF_A_DEPLOYMENT} data nodes, or more than a quota of one domain holds"
        text = "clients are divided among them by a part of their id; the number doubles until each fits"
        found.append(Reason("deployments", f"{proposal.deployments}", Formula(0, how, sources.DOMAIN_QUOTAS, text)))
    found += _requests(shape, demand)
    if shape.shards:
        found.append(Reason("stream.shard_count", shown(shape.shards), formulae.shards(demand)))
    if shape.transform and shape.memory_mib:
        calls = formulae.transform_calls(demand, shape.memory_mib)
        found.append(Reason("transform, calls busy", shown(calls.value), calls))
    daily = formulae.index_gib_a_day(demand)
    found.append(Reason("index a day", f"{shown(daily.value)} GiB", daily))
    held = f"{shown(daily.value * period)} GiB an index, at {capacity.SHARD_GIB_LEAST} to {capacity.SHARD_GIB_MOST} GiB"
    rotation = Formula(0, f"{held} a shard", sources.SIZING)
    found.append(Reason("index_rotation_period", str(shape.rotation), rotation))
    found.append(Reason("number_of_shards", shown(primaries), formulae.primary_shards(demand, period)))
    found.append(Reason("copies", shown(copies), _layout(shape)))
    counted = formulae.counted_primaries(demand, primaries)
    busy = formulae.cpu_busy(demand, copies, counted, recommends=shape.recommends)
    active = formulae.active_shards(copies, counted)
    needed = busy.value / capacity.CPU_TARGET / (capacity.STANDBY_CPU_SHARE if shape.standby else 1)
    spare = f"({busy.how}) / {capacity.CPU_TARGET:g}" + (
        " x 1.5, since standby must survive the loss of a zone" if shape.standby else ""
    )
    found.append(Reason("vCPUs for peak", shown(needed), Formula(needed, spare, busy.source, busy.house)))
    found.append(Reason("vCPUs for active shards", shown(active.value), active))
    hot = formulae.hot_gib(demand, copies)
    found.append(Reason("GiB on the data nodes", shown(hot.value), hot))
    memory = hot.value / capacity.DISK_GIB_PER_MEMORY_GIB
    how = f"{shown(hot.value)} GiB / {capacity.DISK_GIB_PER_MEMORY_GIB}"
    text = f"{capacity.DISK_GIB_PER_MEMORY_GIB} GiB of disk a GiB of memory"
    found.append(Reason("GiB of memory", shown(memory), Formula(memory, how, "", text)))
    shards = formulae.hot_shards(demand, copies, primaries, period)
    found.append(Reason("shards on the nodes", shown(shards.value), shards))
    nodes = f"{shape.nodes:g} x {shape.instance_type}"
    found.append(Reason("data nodes", nodes, _node_reason(shape)))
    free = f"{shown(hot.value / (shape.nodes or 1))} GiB a node, {share(shape.free_share)} kept free, and AWS's reserve"
    found.append(Reason("volume_size", f"{shown(shape.disk_gib or 0)} GiB", Formula(0, free, sources.STORAGE_SIZING)))
    if shape.masters:
        total = f"{shape.nodes:g} data nodes and {shown(shards.value)} shards in AWS's table"
        masters = f"{shape.masters:g} x {shape.master_type}"
        found.append(Reason("dedicated masters", masters, Formula(0, total, sources.MASTERS)))
    if shape.warm_nodes and demand.warm_days:
        warm = formulae.warm_gib(demand)
        found.append(Reason("warm nodes", f"{shape.warm_nodes:g} x {shape.warm_type}", warm))
    return found


def _requests(shape: Shape, demand: Demand) -> list[Reason]:
    """The reasons for the proposed throttles and reserved concurrency of collector and recommender."""
    found = []
    if shape.collector_rate is not None:
        found.append(Reason("collector.throttle.rate", shown(shape.collector_rate), formulae.requests(demand)))
    if shape.recommender_rate is not None:
        asked = formulae.recommendations(demand)
        found.append(Reason("recommender.api.throttle.rate", shown(shape.recommender_rate), asked))
    if shape.recommender_calls is not None:
        busy = formulae.recommender_calls(demand)
        found.append(Reason("recommender, calls reserved", shown(shape.recommender_calls), busy))
    return found


def _layout(shape: Shape) -> Formula:
    if shape.standby:
        text = f"from {capacity.STANDBY_FROM} events/s on, unless the file sets it"
        return Formula(3, "a copy in each of three zones, one of them standby", sources.MULTI_AZ, text)
    if not shape.replicas:
        text = f"below {capacity.STANDBY_FROM} events/s, because the file sets one node"
        return Formula(1, "one data node cannot hold a second copy", sources.SIZING, text)
    return Formula(2, f"a primary and a replica, over {shape.zones:g} zones", sources.SIZING)


def _node_reason(shape: Shape) -> Formula:
    facts = shape.facts
    each = "" if facts is None else f"{facts.vcpus} vCPUs and {facts.memory_gib:g} GiB each"
    text = "the smallest type with which the fewest nodes suffice, then more of the largest"
    return Formula(0, each, sources.SIZING, text)


def _drivers(found: Deployment, shape: Shape, demand: Demand) -> list[Driver]:
    environment = found.environment
    every = environment.delivery.opensearch_configuration.s3_backup_mode == "AllDocuments"
    kept = environment.archive.lifecycle.expiration_days
    days = (kept if kept is not None else _LONGEST_DAYS) if every else None
    return cost.drivers(shape, demand, archived_days=days, vpc=environment.network is not None)


def _all_drivers(found: Deployment, proposal: Proposal) -> list[Driver]:
    each = _drivers(found, proposal.shape, found.demand.part(proposal.deployments))
    return [Driver(item.name, item.quantity * proposal.deployments, item.unit, item.source) for item in each]


def _days(shape: Shape, demand: Demand) -> list[Outcome]:
    """Simulated days; empty if the size of an existing part is unknown."""
    path, rate = path_of(shape, demand), rhythm(demand.average, demand.peak)
    if path is None:
        return []
    return [simulate(path, rate, scenario) for scenario in scenarios(shape)]


def as_data(report: Report) -> dict[str, Any]:
    """The report in plain values, for JSON."""
    proposal = report.proposal
    return {
        "file": report.file,
        "traffic_stated": report.found.stated,
        "traffic": vars(report.found.demand),
        "hops": [_row(row) for row in report.rows],
        "breaks_first": None if report.first is None else report.first.name,
        "carries_events_per_second": _finite(report.events),
        "carries_events_per_second_at_most": _finite(report.events_at_most),
        "searchable_within_seconds": None if report.lag is None else report.lag.value,
        "refused": None
        if report.refused is None
        else {"quota": report.refused.quota, "needed": report.refused.needed, "most": report.refused.most},
        "proposal": None
        if proposal is None
        else {
            "deployments": proposal.deployments,
            "present_is_right": proposal.kept,
            "block": report.block,
            "hops": [_row(row) for row in report.proposed_rows],
            "reasons": [
                {"of": item.path, "value": item.value, "how": item.formula.how, "source": item.formula.sources}
                for item in report.reasons
            ],
            "quotas": [vars(item) | {"passed": item.passed} for item in report.quotas],
            "month": [vars(item) for item in report.proposed_drivers],
        },
        "month": [vars(item) for item in report.drivers],
        "cost": _cost(report, report.drivers),
        "proposed_cost": _cost(report, report.proposed_drivers),
        "days": [_day(item) for item in report.days],
        "proposed_days": [_day(item) for item in report.proposed_days],
    }


def _finite(events: float) -> float | None:
    """A rate for JSON, which has no infinity: None is unlimited."""
    return None if math.isinf(events) else round(events, 3)


def _row(row: Row) -> dict[str, Any]:
    hop = row.hop
    return {
        "hop": hop.name,
        "path": hop.path,
        "must_carry": hop.must,
        "carries": hop.can,
        "unit": hop.unit,
        "share": hop.share if hop.can > 0 else None,
        "target": hop.target,
        "status": hop.status,
        "breaks": hop.breaks,
        "events_per_second": _finite(row.events),
        "days_until_full": row.days,
        "how": hop.formula.how,
        "source": hop.formula.sources,
    }


def _cost(report: Report, found: Sequence[Driver]) -> dict[str, Any] | None:
    if report.prices is None:
        return None
    money, without = cost.total(found, report.prices)
    return {"currency": report.prices.currency, "month": round(money, 2), "without_price": without}


def _day(outcome: Outcome) -> dict[str, Any]:
    values = {key: value for key, value in vars(outcome).items() if key != "scenario"}
    return {"scenario": outcome.scenario.name} | values

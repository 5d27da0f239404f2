"""The report as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from constructs_lib.limits import capacity, quotas
from constructs_lib.sizing import cost
from constructs_lib.sizing.cost import Driver
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.numbers import days, duration, share, shown
from constructs_lib.sizing.report import Report, Row
from constructs_lib.sizing.simulation import Outcome
from constructs_lib.terminal import one_line


def render(report: Report) -> str:
    """The whole text."""
    lines = [f"{one_line(report.file)}: {_traffic(report.found.demand)}"]
    if not report.found.stated:
        lines.append("  The file has no section traffic; the report uses the section's defaults.")
    lines += ["", "The file as it is", "", *_hops(report.rows), "", *_carries(report), ""]
    if report.refused is not None:
        error = report.refused
        lines.append(
            f"No proposal: the traffic needs {shown(error.needed)} of the quota {error.quota}, but the"
            f" largest default quota is {shown(error.most)}. Divide it over accounts or regions, one file each."
        )
        lines.append("")
    if report.proposal is not None:
        lines += _proposal(report)
    lines += [*_month(report), ""]
    for title, found in (("The file as it is", report.days), ("The proposal", report.proposed_days)):
        if found:
            lines += [f"A simulated day: {title.lower()}", "", *_days(found), ""]
    return "\n".join(lines).rstrip() + "\n"


def _traffic(demand: Demand) -> str:
    parts = [
        f"{shown(demand.average)} events/s on average, {shown(demand.peak)} at peak",
        f"{shown(demand.event_bytes)} bytes each ({shown(demand.document_bytes)} as a document)",
        f"{share(demand.kept)} kept",
        f"{shown(demand.hot_days)} days hot",
    ]
    for count, name in ((demand.warm_days, "warm"), (demand.cold_days, "cold")):
        parts += [f"{shown(count)} days {name}"] if count else []
    if demand.events_per_record != 1:
        parts.append(f"{shown(demand.events_per_record)} events a record")
    parts.append(f"{shown(demand.searches)} {'search' if demand.searches == 1 else 'searches'}/s")
    if demand.recommendations:
        one = demand.recommendations == 1
        parts.append(f"{shown(demand.recommendations)} {'recommendation' if one else 'recommendations'}/s")
    parts.append(f"growth {share(demand.growth)} a month")
    return ", ".join(parts)


def _hops(rows: Sequence[Row]) -> list[str]:
    head = ("hop", "must carry", "carries", "", "used", "right to", "state", "carries events/s", "full in")
    body = [
        (
            row.hop.name,
            shown(row.hop.must),
            shown(row.hop.can),
            row.hop.unit,
            share(row.hop.share) if row.hop.can > 0 else "all",
            share(row.hop.target),
            row.hop.status,
            shown(row.events),
            days(row.days),
        )
        for row in rows
    ]
    return table(head, body, right=(1, 2, 4, 5, 7, 8))


def _carries(report: Report) -> Iterator[str]:
    demand = report.found.demand
    ratio = demand.peak / demand.average
    if report.first is not None:
        yield f"Breaks first: {report.first.name} ({report.first.path}): {report.first.breaks}."
        yield (
            f"It carries {shown(report.events)} events/s on average ({shown(report.events * ratio)} at peak) with"
            f" headroom, and {shown(report.events_at_most)} ({shown(report.events_at_most * ratio)} at peak) without."
        )
    if report.lag is not None:
        yield f"An event can be searched within {shown(report.lag.value)} s: {report.lag.how}."
    shape = report.found.shape
    ready = shape.warm_throughput_mib or quotas.ON_DEMAND_START_MIB
    if shape.on_demand and demand.peak_mib > ready:
        yield (
            f"A new on-demand stream takes {ready:g} MiB/s, later twice its peak of the last 30 days: until AWS has"
            f" scaled it to the {shown(demand.peak_mib)} MiB/s of this peak, it refuses the rest"
            " (stream.warm_throughput_mib_ps keeps it ready)."
        )
    if shape.retry_seconds is not None and shape.retention_seconds is not None:
        yield (
            f"If the domain is unavailable for longer than {duration(shape.retry_seconds)}, documents go to the bucket,"
            f" although the stream holds their events for {duration(shape.retention_seconds)}: replay sends them again."
        )


def _proposal(report: Report) -> list[str]:
    proposal = report.proposal
    if proposal is None:
        return []
    demand = report.found.demand
    if proposal.kept:
        lines = ["No change proposed: the file fits this traffic, and 2 % more or less.", ""]
    else:
        many = "" if proposal.deployments == 1 else f", in each of {proposal.deployments} deployments"
        grown = f" with {capacity.HORIZON_MONTHS} months of growth" if demand.growth and not proposal.cut else ""
        sized = proposal.demand.average * proposal.deployments
        room = "; an account has no room for all of its growth" if proposal.cut else ""
        lines = [
            f"Proposed{many}, for {shown(sized)} events/s (this traffic{grown}, rounded to a step{room}):",
            "",
            *(f"  {line}" for line in report.block.splitlines()),
            "",
            *_hops(report.proposed_rows),
            "",
        ]
    lines += ["Why", ""]
    said = list(dict.fromkeys(item.formula.source for item in report.reasons if item.formula.source))
    for item in report.reasons:
        note = f" [{said.index(item.formula.source) + 1}]" if item.formula.source else ""
        house = f" ({capacity.HOUSE}: {item.formula.house})" if item.formula.house else ""
        lines.append(f"  {item.path} = {item.value}: {item.formula.how}{note}{house}")
    lines += ["", *(f"  [{number}] {source}" for number, source in enumerate(said, 1))]
    passed = [item for item in report.quotas if item.passed]
    lines += ["", "Quotas of account and region"]
    lines += [
        f"  {item.name}: {shown(item.needed)} needed, {shown(item.has)} by default"
        f"{': request an increase' if item.passed else ''}"
        for item in report.quotas
        if item.needed
    ]
    lines += [] if passed else ["  No increase is needed."]
    return [*lines, ""]


def _month(report: Report) -> list[str]:
    """Quantities of a month, present and proposed, and money where there are prices."""
    proposed = {item.name: item for item in report.proposed_drivers}
    now = {item.name: item for item in report.drivers}
    same = report.proposal is None or report.proposal.kept
    names = [*now, *(name for name in proposed if name not in now)]
    head = ("a month", "the file", *(() if same else ("the proposal",)), "")
    body = []
    for name in names:
        unit = (now.get(name) or proposed[name]).unit
        found = [now.get(name), *(() if same else (proposed.get(name),))]
        body.append((name, *("" if item is None else shown(item.quantity) for item in found), unit))
    lines = table(head, body, right=(1,) if same else (1, 2))
    for title, drivers in (("The file", report.drivers), ("The proposal", () if same else report.proposed_drivers)):
        lines += _money(report, title, drivers)
    return lines


def _money(report: Report, title: str, drivers: Sequence[Driver]) -> list[str]:
    if report.prices is None or not drivers:
        return []
    money, without = cost.total(drivers, report.prices)
    left = f"; without a price, and left out: {', '.join(without)}" if without else ""
    return [f"{title} costs {money:,.2f} {report.prices.currency} a month by the price file{left}."]


def _days(found: Sequence[Outcome]) -> list[str]:
    head = ("day", "events", "refused", "unread", "to the bucket", "waiting at most", "oldest", "caught up in")
    body = [
        (
            item.scenario.name,
            shown(item.offered),
            _count(item.refused),
            _count(item.unread),
            _count(item.failed + item.to_bucket),
            _count(item.most_waiting),
            duration(item.oldest),
            "not that day" if item.catch_up is None else duration(item.catch_up) if item.catch_up else "at once",
        )
        for item in found
    ]
    return table(head, body, right=tuple(range(1, 8)))


def _count(value: float) -> str:
    return shown(round(value))


def table(head: Sequence[str], body: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Lines of a table, columns as wide as their content, indented by two spaces."""
    rows = [list(head), *(list(row) for row in body)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return [
        "  "
        + "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]

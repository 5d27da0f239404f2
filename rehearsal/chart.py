"""Events over time as text: one row a period, one bar a row, one kind of event a shade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

SHADES = "█▓▒░#+=:"
"""One shade for each kind, the commonest first; all others share the last."""

_STEPS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=365),
)


def step_for(first: datetime, last: datetime, rows: int) -> timedelta:
    """The smallest usual period of which at most ``rows`` cover the time between."""
    span = last - first
    return next((step for step in _STEPS if span / step <= rows - 1), _STEPS[-1])


def chart(events: Iterable[tuple[datetime, str]], *, width: int = 100, rows: int = 24) -> list[str]:
    """Lines of a chart of (time, kind); none for no events.

    Periods without an event between two with some are shown as one gap, however long. Times are UTC.
    """
    events = list(events)
    if not events:
        return []
    first, last = min(events)[0], max(events)[0]
    step = step_for(first, last, rows)
    epoch = datetime.fromtimestamp(0, timezone.utc)
    periods: dict[int, Counter[str]] = {}
    for moment, kind in events:
        periods.setdefault((moment - epoch) // step, Counter())[kind] += 1
    common = [kind for kind, _ in Counter(kind for _, kind in events).most_common()]
    shade = {kind: SHADES[min(place, len(SHADES) - 1)] for place, kind in enumerate(common)}
    most = max(sum(counts.values()) for counts in periods.values())
    legend = "  ".join(f"{shade[kind]} {kind}" for kind in common[: len(SHADES) - 1])
    if len(common) >= len(SHADES):
        legend += f"  {SHADES[-1]} {len(common) - len(SHADES) + 1} other kinds"
    lines = [legend]
    room = max(10, width - 18 - len(str(most)) - 1)
    before: int | None = None
    for period in sorted(periods):
        if before is not None and period > before + 1:
            lines.append(f"{'':16}  ({period - before - 1} x {_said(step)} without an event)")
        when = (epoch + period * step).strftime("%Y-%m-%d %H:%M")
        lines.append(f"{when}  {_bar(periods[period], common, shade, room / most)} {sum(periods[period].values())}")
        before = period
    return [*lines, f"one row is {_said(step)}, one full bar is {most} events, times are UTC"]


def _bar(counts: Counter[str], common: list[str], shade: dict[str, str], scale: float) -> str:
    """Parts of a bar by rounding their running sum, so that the bar's length equals the rounded total."""
    bar, total = "", 0
    for kind in common:
        total += counts[kind]
        bar += shade[kind] * (round(total * scale) - len(bar))
    return bar or shade[next(iter(counts))]


def _said(step: timedelta) -> str:
    days, hours, minutes = step.days, step.seconds // 3600, step.seconds // 60
    number, unit = (days, "day") if days else (hours, "hour") if hours else (minutes, "minute")
    return f"{number} {unit}{'s' if number > 1 else ''}"

"""The report as one self-contained HTML page: bars for shares, lines for simulated days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.review.html import TEMPLATES, pages
from constructs_lib.sizing import numbers
from constructs_lib.sizing.report import Report
from constructs_lib.sizing.simulation import Outcome

_TEMPLATES = Path(__file__).with_name("templates")
_STYLES = (TEMPLATES / "report.css", _TEMPLATES / "chart.css")
_LEVEL = {"ok": "", "tight": "high", "breaks": "over"}
WIDTH, HEIGHT, _SIDE, _TOP = 960, 182, 8, 16
"""Size of a day's drawing in pixels."""
_BOTTOM = HEIGHT - _TOP


@dataclass(frozen=True)
class Mark:
    """A line of the grid, and the hour at it."""

    x: str
    text: str


@dataclass(frozen=True)
class Drawing:
    """A day as lines: the points of each series, and the maximum of both scales."""

    hours: Sequence[Mark]
    lines: Sequence[tuple[str, str]]
    most: float
    oldest: float


def render(reports: Sequence[Report]) -> str:
    """The page; the template escapes all texts."""
    return (
        pages(_TEMPLATES)
        .get_template("chart.html")
        .render(
            reports=reports,
            style="".join(path.read_text(encoding="utf-8") for path in _STYLES),
            level=_LEVEL,
            drawn=drawn,
            width=WIDTH,
            height=HEIGHT,
            top=_TOP,
            bottom=_BOTTOM,
            shown=numbers.shown,
            share=numbers.share,
            days=numbers.days,
            duration=numbers.duration,
        )
    )


def drawn(outcome: Outcome) -> Drawing:
    """The drawing of a simulated day."""
    most = max((max(point[1], point[2]) for point in outcome.series), default=0) or 1
    oldest = max((point[3] for point in outcome.series), default=0) or 1
    span = outcome.scenario.days * 24.0
    marks = [Mark(_across(hour / 24), f"{hour * outcome.scenario.days}:00") for hour in range(0, 25, 6)]
    lines = [
        (
            kind,
            " ".join(
                f"{_across(point[0] / 3600 / span)},{_TOP + (_BOTTOM - _TOP) * (1 - point[place] / top):.1f}"
                for point in outcome.series
            ),
        )
        for kind, place, top in (("coming", 1, most), ("delivered", 2, most), ("age", 3, oldest))
    ]
    return Drawing(marks, lines, most, oldest)


def _across(share: float) -> str:
    return f"{_SIDE + (WIDTH - 2 * _SIDE) * share:.1f}"

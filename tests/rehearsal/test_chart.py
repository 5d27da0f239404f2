"""The chart in a terminal."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.chart import chart, step_for

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(timezone.utc))


def test_no_events_no_chart() -> None:
    assert chart([]) == []


def test_the_commonest_kind_comes_first() -> None:
    lines = chart([(NOON, "view")] * 3 + [(NOON, "click")])
    assert lines[0] == "█ view  ▓ click"


def test_a_bar_shows_each_kind_by_its_share() -> None:
    lines = chart([(NOON, "view")] * 30 + [(NOON, "click")] * 10, width=61)
    bar = lines[1].split()[2]
    assert (bar.count("█"), bar.count("▓")) == (30, 10)


def test_a_gap_of_any_length_is_one_line() -> None:
    lines = chart([(NOON, "view"), (NOON + timedelta(days=20), "view")])
    assert lines[2].strip() == "(19 x 1 day without an event)"


@given(st.lists(st.tuples(TIMES, st.sampled_from("abcdefghijkl")), min_size=1, max_size=60))
def test_every_event_is_in_a_row_and_no_row_is_too_long(events: list[tuple[datetime, str]]) -> None:
    lines = chart(events, width=80)
    rows = [line for line in lines[1:-1] if not line.endswith("event)")]
    assert sum(int(row.rsplit(maxsplit=1)[1]) for row in rows) == len(events)
    assert max(map(len, rows)) <= 80


@pytest.mark.parametrize(("span", "rows"), [(timedelta(0), 24), (timedelta(hours=2), 24), (timedelta(days=400), 24)])
def test_the_periods_fit_into_the_rows(span: timedelta, rows: int) -> None:
    assert span / step_for(NOON, NOON + span, rows) <= rows - 1

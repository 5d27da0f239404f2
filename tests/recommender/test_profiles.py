"""Profiles and popularity: the stored data of people, and the ranking by visits."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise
from math import exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.recommender.runtime import fold, popularity, profiles
from constructs_lib.recommender.runtime.scoring import MOST_BY_NETWORK
from constructs_lib.recommender.runtime.sessions import folded, key
from tests.recommender.visits import NOW, event, visit

PERSON = ("client_id", "c")


def session(number: int, items: str = "ab", *, bought: str = "") -> dict[str, dict[str, Any]]:
    """A folded session by id; a higher number is a later one."""
    at = NOW - timedelta(hours=100 - number)
    events = visit(list(items), f"s{number}", "c", at=at)
    events += [event(item, session=f"s{number}", client="c", at=at, action="purchase") for item in bought]
    document = folded(events)
    assert document is not None
    return {key(f"s{number}", "c"): document}


@given(st.permutations(range(25)))
def test_sessions_in_any_order_give_the_same_profile(order: list[int]) -> None:
    profile: dict[str, Any] = {}
    for number in order:
        profile = profiles.merged(profile, session(number), PERSON, now=NOW)
    again: dict[str, Any] = {}
    for number in range(25):
        again = profiles.merged(again, session(number), PERSON, now=NOW)
    assert profile == again
    assert len(profile["sessions"]) == profiles.MOST_SESSIONS


def test_folding_a_session_again_replaces_it() -> None:
    profile = profiles.merged({}, session(1, "ab"), PERSON, now=NOW)
    profile = profiles.merged(profile, session(1, "abc"), PERSON, now=NOW)
    assert [each["items"] for each in profile["sessions"]] == [["a", "b", "c"]]


def test_the_latest_items_come_last() -> None:
    profile = profiles.merged({}, {**session(2, "cd"), **session(1, "aba")}, PERSON, now=NOW)
    assert profiles.sequence(profile) == ["b", "a", "c", "d"]


def test_purchases_are_in_the_profile() -> None:
    profile = profiles.merged({}, session(1, "ab", bought="b"), PERSON, now=NOW)
    assert profiles.bought([profile]) == {"b"}


def test_a_denial_is_kept_when_sessions_are_added() -> None:
    profile = profiles.merged({"denied_at": "2026-01-01T00:00:00.000Z"}, session(1), PERSON, now=NOW)
    assert profile["denied_at"] == "2026-01-01T00:00:00.000Z"


@pytest.mark.parametrize(("at", "denied"), [("2026-11-20T10:00:00.000Z", True), ("2026-11-20T10:00:00.001Z", False)])
def test_sessions_before_a_denial_are_left_out(at: str, denied: bool) -> None:
    known = {PERSON: {"_source": {"denied_at": "2026-11-20T10:00:00.000Z"}}}
    assert profiles.denied(known, {"client_id": "c", "timestamp": at}) is denied


def test_a_version_grows_with_arrival_and_then_with_the_number_of_events() -> None:
    earlier, later = "2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.001Z"
    versions = [fold.version(earlier, 1), fold.version(earlier, 2), fold.version(later, 1)]
    assert versions == sorted(set(versions))
    assert fold.version("2200-01-01T00:00:00.000Z", 10**6) < 2**63


def test_popularity_decays_with_the_age_of_visits() -> None:
    visitors = {1: {"new": 10}, 7: {"new": 10, "week": 10}, 30: {"new": 10, "week": 10, "old": 10}}
    ranked = popularity.ranking(visitors)
    assert [item for item, _, _ in ranked] == ["new", "week", "old"]
    assert ranked[0][1] == pytest.approx(10 * exp(-0.5 / 7))


def test_an_item_on_the_rise_has_a_trend_above_one() -> None:
    trends = {
        item: trend for item, _, trend in popularity.ranking({1: {"up": 7, "flat": 1}, 7: {"up": 7, "flat": 7}, 30: {}})
    }
    assert trends == {"up": 7.0, "flat": 1.0}


def test_an_item_missing_in_one_window_counts_in_the_others() -> None:
    ((item, score, trend),) = popularity.ranking({1: {}, 7: {"a": 5}, 30: {}})
    assert (item, trend) == ("a", 0.0)
    assert score == pytest.approx(5 * exp(-4 / 7))


@pytest.mark.parametrize(("sources", "networks", "counted"), [(3, 3, 3), (1000, 1, MOST_BY_NETWORK), (30, 2, 20)])
def test_a_network_counts_a_limited_number_of_times(sources: int, networks: int, counted: int) -> None:
    bucket = {"source": {"value": sources}, "network": {"value": networks}}
    assert popularity._visitors(bucket) == counted


def test_slices_cover_the_time_without_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(4)  # noqa: S311 - invented times
    seconds = [0.0]

    def clock() -> float:
        seconds[0] += draw.uniform(0, 50)
        return seconds[0]

    run = fold.Fold(None, None, NOW, float("inf"), clock)  # type: ignore[arg-type]
    begin = NOW - timedelta(days=5, seconds=7)
    slices = list(run._slices(begin, NOW, fold.Done()))
    assert slices[0][0] == begin
    assert slices[-1][1] == NOW
    assert all(one[1] == other[0] for one, other in pairwise(slices))


def test_a_run_out_of_time_begins_no_slice() -> None:
    done = fold.Done()
    run = fold.Fold(None, None, NOW, 10.0, lambda: 10.0)  # type: ignore[arg-type]
    assert list(run._slices(NOW - timedelta(hours=1), NOW, done)) == []
    assert done.whole is False

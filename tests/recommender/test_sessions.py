"""Sessions: the same interactions give the same document, in any order and with repetitions."""

from __future__ import annotations

import random
from base64 import b64decode
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.personalization.interactions import VERBS as EXPORTED
from constructs_lib.recommender.runtime.nearest import SEPARATOR, parted, written
from constructs_lib.recommender.runtime.sessions import (
    LONGEST,
    LONGEST_BYTES,
    MOST_EVENTS,
    VERBS,
    folded,
    items,
    key,
)
from tests.recommender.visits import NOW, event, moment, visit

MINUTE = timedelta(minutes=1)


def fold(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The document, which there must be."""
    document = folded(events)
    assert document is not None
    return document


def sequence(events: list[dict[str, Any]]) -> list[str]:
    """Its items in order."""
    return parted(fold(events)["sequence"]).items


def test_the_verbs_are_those_of_the_export() -> None:
    assert VERBS == EXPORTED


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_order_and_repetition_of_events_change_nothing(looked_at: list[str], draw: random.Random) -> None:
    events = visit(looked_at, "s", "c")
    again = events + draw.sample(events, len(events) // 2)
    draw.shuffle(again)
    assert folded(again) == folded(events)


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=80))
def test_consecutive_repeats_are_removed_and_the_latest_items_kept(looked_at: list[str]) -> None:
    found = sequence(visit(looked_at, "s", "c"))
    assert all(one != other for one, other in pairwise(found))
    assert len(found) <= LONGEST
    assert found[-1] == looked_at[-1]


def test_a_sequence_is_cut_at_its_limit() -> None:
    many = [f"i{number}" for number in range(LONGEST + 1)]
    assert sequence(visit(many[:LONGEST], "s", "c")) == many[:LONGEST]
    assert sequence(visit(many, "s", "c")) == many[1:]


def test_the_longest_ids_fit_into_a_doc_value() -> None:
    many = [f"{number:02}" + "\U0001f600" * 254 for number in range(LONGEST)]
    found = fold(visit(many, "s", "c"))["sequence"]
    assert len(b64decode(found)) < 32_766
    assert len(SEPARATOR.join(parted(found).items).encode()) <= LONGEST_BYTES


def test_only_the_latest_events_are_read() -> None:
    events = [event(f"i{number}", at=NOW + number * MINUTE) for number in range(MOST_EVENTS + 1)]
    assert fold(events)["events"] == MOST_EVENTS


def test_items_are_distinct_in_order_of_their_first_time() -> None:
    assert fold(visit(["a", "b", "a", "c"], "s", "c"))["items"] == ["a", "b", "c"]


def test_a_sequence_says_whose_it_is_and_when_it_ended() -> None:
    document = fold(visit(["a", "b"], "s", "c"))
    found = parted(document["sequence"])
    assert (found.source, found.network) == (document["source"], document["network"])
    assert written(datetime.fromtimestamp(found.ended, timezone.utc)) == document["ended_at"]


def test_a_session_of_one_item_is_not_a_neighbour() -> None:
    assert "lookup_items" not in fold(visit(["a", "a"], "s", "c"))
    assert fold(visit(["a", "b"], "s", "c"))["lookup_items"] == ["a", "b"]


@pytest.mark.parametrize(
    "change",
    [
        {"is_bot": True},
        {"consent": {"personalization": False}},
        {"action_name": "search"},
        {"session_id": ""},
        {"event_attributes": {"position": {"ordinal": 1}}},
    ],
    ids=["bot", "denied", "no interaction", "no session", "no item"],
)
def test_events_that_do_not_count_are_left_out(change: dict[str, Any]) -> None:
    assert folded([event("a") | change]) is None


def test_each_product_of_an_order_counts() -> None:
    order = event("a", action="purchase", items=[{"object_id": "b"}, {"object_id": "c"}, {"object_id": "a"}])
    assert items(order) == ["a", "b", "c"]
    assert fold([order])["bought"] == ["a", "b", "c"]


def test_an_id_with_a_control_character_is_left_out() -> None:
    assert items(event(f"a{SEPARATOR}b")) == []


def test_two_clients_with_one_session_id_have_two_sessions() -> None:
    assert key("s", "c1") != key("s", "c2") != key("s", None)


def test_a_session_ends_no_later_than_its_last_event_was_received() -> None:
    ahead = event("a", at=NOW + timedelta(days=400), received=NOW)
    assert fold([ahead])["ended_at"] == moment(NOW)


def test_pseudonyms_of_client_and_network_change_each_day() -> None:
    today = fold([event("a", at=NOW, ip_prefix="192.0.2.0/24")])
    later = fold([event("a", at=NOW + 5 * MINUTE, session="s2", ip_prefix="192.0.2.0/24")])
    tomorrow = fold([event("a", at=NOW + timedelta(days=1), ip_prefix="192.0.2.0/24")])
    assert (today["source"], today["network"]) == (later["source"], later["network"])
    assert today["source"] != tomorrow["source"]
    assert today["network"] != tomorrow["network"]


def test_without_a_network_a_session_counts_by_its_client() -> None:
    document = fold([event("a")])
    assert document["network"] == document["source"]


def test_a_sign_in_applies_to_the_whole_session() -> None:
    user = "u1_" + "0" * 32
    assert fold([event("a"), event("b", at=NOW, user_id=user)])["user_id"] == user

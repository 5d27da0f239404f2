"""Votes: whose votes count, their weights, and the resulting list."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from math import exp, inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.recommender.runtime.frequencies import Frequencies, frequencies
from constructs_lib.recommender.runtime.nearest import (
    Neighbour,
    Unwanted,
    joined,
    neighbours,
    parted,
    search,
    weights,
    written,
)
from constructs_lib.recommender.runtime.parameters import BOUNDS, SESSION
from constructs_lib.recommender.runtime.scoring import MOST_BY_NETWORK, counted, scores
from tests.recommender.visits import NOW

EVEN = Frequencies()
"""Nothing is known: every item is as rare as every other."""


def test_the_latest_item_weighs_most() -> None:
    found = weights(["a", "b", "c"], SESSION, EVEN)
    one, two = (pytest.approx(exp(-places / SESSION.query_decay)) for places in (1, 2))
    assert found == {"a": two, "b": one, "c": 1.0}


def test_a_repeated_item_has_the_weight_of_its_last_position() -> None:
    assert weights(["a", "b", "a"], SESSION, EVEN)["a"] == 1.0


def test_only_the_latest_items_are_searched_for() -> None:
    items = [str(number) for number in range(SESSION.items + 1)]
    assert list(weights(items, SESSION, EVEN)) == items[1:]


def test_a_too_common_item_is_not_searched_for_beside_others() -> None:
    known = Frequencies(1000, {"home": 51, "rare": 50})
    assert list(weights(["home", "rare"], SESSION, known)) == ["rare"]
    assert list(weights(["home"], SESSION, known)) == ["home"]


def test_items_outside_the_table_have_the_mean_frequency_of_the_rest() -> None:
    known = frequencies({"a": 60, "b": 20}, sessions=100, items=12, occurrences=120)
    assert known.others == 4.0
    assert known.idf("a") < known.idf("b") < known.idf("unknown")


def test_an_item_in_every_session_is_not_rare_at_all() -> None:
    assert Frequencies(10, {"a": 10}).idf("a") == 0.0


def test_items_near_the_common_item_weigh_more() -> None:
    found = scores(["a"], [Neighbour(1.0, ["x", "y", "a", "z"])], SESSION, EVEN)
    assert [each.item for each in found] == ["a", "y", "z", "x"]
    assert found[1].score == pytest.approx(1 / (1 + 1 / SESSION.distance_decay))


def test_a_session_with_an_old_common_item_weighs_less() -> None:
    near, far = Neighbour(1.0, ["b", "x"]), Neighbour(1.0, ["a", "y"])
    found = {each.item: each.score for each in scores(["a", "b"], [near, far], SESSION, EVEN)}
    assert found["y"] == pytest.approx(found["x"] * exp(-1 / SESSION.match_decay))


def test_the_reason_is_the_item_with_the_largest_contribution() -> None:
    found = scores(["a", "b"], [Neighbour(1.0, ["b", "x"]), Neighbour(0.1, ["a", "x"])], SESSION, EVEN)
    assert {each.item: each.because for each in found}["x"] == "b"


@pytest.mark.parametrize(("revisits", "ranked"), [(4.0, ["b", "a", "x"]), (1.0, ["x", "b", "a"]), (0.0, ["x"])])
def test_the_weight_of_items_seen_before_is_a_parameter(revisits: float, ranked: list[str]) -> None:
    voters = [Neighbour(1.0, ["b", "x"]), Neighbour(0.5, ["a", "x"])]
    parameters = SESSION.changed({"revisits": revisits, "match_decay": 100.0, "distance_decay": inf})
    assert [each.item for each in scores(["a", "b"], voters, parameters, EVEN)] == ranked


def test_rare_items_weigh_more() -> None:
    known = Frequencies(1000, {"rare": 1, "common": 500, "a": 10})
    voters = [Neighbour(1.0, ["a", "common"]), Neighbour(1.0, ["a", "rare"])]
    ranked = [each.item for each in scores(["a"], voters, SESSION, known)]
    assert ranked.index("rare") < ranked.index("common")


@given(st.permutations([Neighbour(0.5, ["a", item]) for item in "bcdefg"]))
def test_equal_scores_are_in_order_of_the_ids(voters: list[Neighbour]) -> None:
    ranked = [each.item for each in scores(["a"], voters, SESSION, EVEN)]
    assert ranked == ["a", *"bcdefg"]


def test_a_client_votes_once_a_day() -> None:
    kept, unwanted = counted([Neighbour(score, ["a"], "same", f"n{score}") for score in (3, 2, 1)])
    assert [each.similarity for each in kept] == [3]
    assert unwanted.sources == ["same"]


@pytest.mark.parametrize(("sent", "left_out"), [(MOST_BY_NETWORK, []), (MOST_BY_NETWORK + 1, ["net"])])
def test_a_network_votes_a_limited_number_of_times_a_day(sent: int, left_out: list[str]) -> None:
    kept, unwanted = counted([Neighbour(1, ["a"], f"c{number}", "net") for number in range(sent)])
    assert len(kept) == MOST_BY_NETWORK
    assert unwanted.networks == left_out


@given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1), min_size=1))
def test_joined_sequences_can_be_split_again(items: list[str]) -> None:
    text = joined("s", "n", written(NOW), items)
    # An engine answers without the padding.
    assert parted(text) == parted(text.rstrip("=")) == ("s", "n", NOW.timestamp(), items)


def answered(*sessions: tuple[float, datetime, list[str]]) -> dict[str, Any]:
    """What a search answers: score, end and items of each session."""
    hits = [
        {"_score": score, "fields": {"sequence": [joined("s", "n", written(ended), items)]}}
        for score, ended, items in sessions
    ]
    return {"hits": {"hits": hits}}


def test_hits_without_a_sequence_are_ignored() -> None:
    answer = answered((0.5, NOW, ["a"]))
    answer["hits"]["hits"].append({"_score": 1.0})
    assert neighbours(answer, SESSION, now=NOW) == [Neighbour(0.5, ["a"], "s", "n")]
    assert neighbours({}, SESSION, now=NOW) == []


def test_a_session_weighs_by_its_age() -> None:
    (found,) = neighbours(answered((1.0, NOW - timedelta(days=SESSION.age_days), ["a"])), SESSION, now=NOW)
    assert found.similarity == pytest.approx(exp(-1))


def test_a_session_that_ends_later_weighs_as_one_of_now() -> None:
    (found,) = neighbours(answered((1.0, NOW + timedelta(hours=1), ["a"])), SESSION, now=NOW)
    assert found.similarity == 1.0


def test_a_session_weighs_by_its_distinct_items() -> None:
    (found,) = neighbours(answered((1.0, NOW, ["a", "b", "a"])), SESSION, now=NOW)
    assert found.similarity == pytest.approx(2**-0.25)


def test_neighbours_are_in_order_of_what_they_weigh() -> None:
    answer = answered((1.0, NOW - timedelta(days=60), ["old"]), (0.9, NOW, ["new"]))
    assert [each.sequence for each in neighbours(answer, SESSION, now=NOW)] == [["new"], ["old"]]


def test_the_query_reads_no_stored_fields_and_counts_no_hits() -> None:
    body = search({"a": 1.0}, SESSION, now=NOW)
    assert (body["_source"], body["stored_fields"], body["track_total_hits"]) == (False, "_none_", False)
    assert body["size"] == SESSION.neighbours
    assert "must_not" not in body["query"]["bool"]


def test_the_query_leaves_out_senders_over_the_limit() -> None:
    body = search({"a": 1.0}, SESSION, now=NOW, unwanted=Unwanted(["s"], ["n"]))
    assert body["query"]["bool"]["must_not"] == [{"terms": {"source": ["s"]}}, {"terms": {"network": ["n"]}}]


def test_the_last_day_only_breaks_ties() -> None:
    (recent,) = search({"a": 2.0}, SESSION, now=NOW.astimezone(timezone.utc))["query"]["bool"]["should"]
    assert recent["constant_score"]["filter"]["range"]["ended_at"]["gte"] == "2026-11-19T12:00:00.000Z"
    assert recent["constant_score"]["boost"] < 0.001 * 2.0


@pytest.mark.parametrize("name", BOUNDS)
def test_each_parameter_has_its_bounds(name: str) -> None:
    least, most = BOUNDS[name]
    whole = isinstance(getattr(SESSION, name), int)
    for bound in (least, most):
        if bound != inf:
            assert getattr(SESSION.changed({name: int(bound) if whole else bound}), name) == bound
    with pytest.raises(ValueError, match=f"{name}: is out of range"):
        SESSION.changed({name: least - 1})
    if most != inf:
        with pytest.raises(ValueError, match=f"{name}: is out of range"):
            SESSION.changed({name: most + 1})


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(ValueError, match="neighbors: unknown parameter"):
        SESSION.changed({"neighbors": 5})


def test_a_fraction_is_refused_for_a_whole_number() -> None:
    with pytest.raises(ValueError, match="items: is not a whole number"):
        SESSION.changed({"items": 2.5})

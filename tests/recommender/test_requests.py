"""Requests: allowed parameters, each bound and one past it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.recommender.runtime import requests
from constructs_lib.recommender.runtime.requests import RequestError, asked, catalogue, ranking, wanted


def http(method: str, path: str, query: str = "", body: Any = None, **more: Any) -> dict[str, Any]:
    """An HTTP API's event (payload format 2.0)."""
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
        **more,
    }
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def refusal(work: Any, given: Any) -> str:
    """What a refused request is told."""
    with pytest.raises(RequestError) as refused:
        work(given)
    return str(refused.value)


def test_a_query_is_read() -> None:
    query = "session_id=s&client_id=c&item_id=a%2Fb&n=5&category=shoes&exclude=x,y&explain=true"
    action, given = asked(http("GET", "/recommendations", query))
    found = wanted(given)
    assert action == "recommendations"
    assert (found.session_id, found.client_id, found.item_id, found.number) == ("s", "c", "a/b", 5)
    assert (found.category, found.exclude, found.explain) == ("shoes", frozenset("xy"), True)


def test_a_parameter_may_be_repeated() -> None:
    _, given = asked(http("GET", "/recommendations", "recentItems=a&recentItems=b,c"))
    assert wanted(given).recent == ("a", "b,c")


def test_a_plain_and_a_base64_body_are_read() -> None:
    body = {"recentItems": ["a,b", "c"]}
    encoded = base64.b64encode(json.dumps(body).encode()).decode()
    for event in (
        http("POST", "/recommendations", body=body),
        http("POST", "/recommendations", body=encoded, isBase64Encoded=True),
    ):
        assert wanted(asked(event)[1]).recent == ("a,b", "c")


def test_the_stage_is_removed_from_the_path() -> None:
    event = http("GET", "/live/recommendations", "n=1")
    event["requestContext"]["stage"] = "live"
    assert asked(event)[0] == "recommendations"


def test_a_direct_call_names_its_action() -> None:
    assert asked({"n": 3}) == ("recommendations", {"n": 3})
    assert asked({"action": "rank", "items": ["a"]}) == ("rank", {"items": ["a"]})
    assert refusal(asked, {"action": "erase"}).startswith("action: is unknown")


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("DELETE", "/items"), ("GET", "/rank"), ("PUT", "/itemsx")])
def test_other_paths_are_not_found(method: str, path: str) -> None:
    with pytest.raises(RequestError) as refused:
        asked(http(method, path))
    assert refused.value.status == 404


def test_an_unknown_parameter_is_named() -> None:
    assert refusal(asked, http("GET", "/recommendations", "user_id=4711")).startswith("user_id: unknown parameter")


@pytest.mark.parametrize(
    ("name", "bound", "past"),
    [
        ("n", 1, 0),
        ("n", requests.MOST_NUMBER, requests.MOST_NUMBER + 1),
        ("session_id", "s" * requests.LONGEST_ID, "s" * (requests.LONGEST_ID + 1)),
        ("client_id", "s" * requests.LONGEST_ID, "s" * (requests.LONGEST_ID + 1)),
        ("item_id", "s" * requests.LONGEST_ITEM, "s" * (requests.LONGEST_ITEM + 1)),
        ("category", "s" * requests.LONGEST_CATEGORY, "s" * (requests.LONGEST_CATEGORY + 1)),
        ("recentItems", ["a"] * requests.MOST_RECENT, ["a"] * (requests.MOST_RECENT + 1)),
        ("recentItems", ["a" * requests.LONGEST_ITEM], ["a" * (requests.LONGEST_ITEM + 1)]),
        ("exclude", ["a"] * requests.MOST_EXCLUDED, ["a"] * (requests.MOST_EXCLUDED + 1)),
        ("min_price", 0, -1),
        ("max_price", requests.GREATEST_PRICE, requests.GREATEST_PRICE * 2),
        ("explain", "true", "maybe"),
    ],
)
def test_each_bound_is_accepted_and_one_past_it_refused(name: str, bound: Any, past: Any) -> None:
    wanted({name: bound})
    assert refusal(wanted, {name: past}).startswith(f"{name}: ")


@pytest.mark.parametrize("value", [True, 1.5, "1.5", "٣", None, [], {}, "9" * 400])
def test_a_fractional_number_is_refused(value: Any) -> None:
    assert refusal(wanted, {"n": value}).startswith("n: is out of range")


def test_control_characters_are_refused() -> None:
    assert refusal(wanted, {"client_id": "a\nb"}) == "client_id: contains control characters"


def test_the_length_of_a_list_to_rank_is_limited() -> None:
    most = [str(number) for number in range(requests.MOST_RANKED)]
    assert ranking({"items": most}).items == tuple(most)
    assert refusal(ranking, {"items": [*most, "x"]}).startswith("items: has too many items")
    assert refusal(ranking, {"items": []}).startswith("items: is missing")


def test_the_size_of_a_body_is_limited() -> None:
    fits = json.dumps({"recentItems": ["a"]}).ljust(requests.MOST_BYTES)
    assert asked(http("POST", "/recommendations", body=fits))[0] == "recommendations"
    with pytest.raises(RequestError) as refused:
        asked(http("POST", "/recommendations", body=fits + " "))
    assert refused.value.status == 413


@pytest.mark.parametrize("body", ["{", "[1]", "[" * 100_000, '"text"'])
def test_a_body_that_is_not_an_object_is_refused(body: str) -> None:
    told = refusal(asked, http("POST", "/recommendations", body=body))
    assert told in {"the body is not JSON", "the body is not a JSON object"}


def test_a_catalogue_entry_is_read() -> None:
    entry = {"itemId": "a", "available": False, "category": "shoes", "price": 9.5, "title": "A shoe"}
    assert catalogue({"items": [entry]}) == {
        "a": {"available": False, "category": ["shoes"], "price": 9.5, "title": "A shoe"}
    }


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({}, "items[0].itemId: is missing"),
        ({"itemId": "a", "available": "no"}, "items[0].available: is out of range"),
        ({"itemId": "a", "price": "cheap"}, "items[0].price: is out of range"),
        ({"itemId": "a", "price": float("nan")}, "items[0].price: is out of range"),
        ({"itemId": "a", "category": ["c"] * (requests.MOST_CATEGORIES + 1)}, "items[0].category: is not valid"),
        ({"itemId": "a", "brand": "x"}, "items[0].brand: unknown key"),
        ({"itemId": "a" * 257}, "items[0].itemId: is too long"),
        ("a", "items[0]: is not an object"),
    ],
)
def test_a_wrong_catalogue_entry_is_named(entry: Any, told: str) -> None:
    assert refusal(catalogue, {"items": [entry]}).startswith(told)


def test_the_length_of_a_catalogue_is_limited() -> None:
    entries = [{"itemId": str(number)} for number in range(requests.MOST_ITEMS + 1)]
    assert len(catalogue({"items": entries[:-1]})) == requests.MOST_ITEMS
    assert refusal(catalogue, {"items": entries}).startswith("items: is out of range")
    assert refusal(catalogue, {"items": []}).startswith("items: is out of range")


@given(
    st.dictionaries(
        st.sampled_from(sorted(requests.PARAMETERS["recommendations"])) | st.text(max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=300),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        ),
        max_size=6,
    )
)
def test_any_request_is_accepted_or_refused_in_one_line(given_: dict[str, Any]) -> None:
    told = ""
    try:
        wanted(asked(given_ | {"action": "recommendations"})[1])
    except RequestError as error:
        told = str(error)
    assert len(told.splitlines()) <= 1
    assert len(told) < 400

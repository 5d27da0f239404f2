"""Which events of a body are accepted, and why others are rejected."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.collector.runtime.batch import MOST_EVENTS
from constructs_lib.collector.runtime.shapes import DEEPEST_EVENT, LARGEST_EVENT, LONGEST_NAME
from tests.collector.standin import Kinesis, answered, click, posted


def rejected(there: Kinesis, *events: Any) -> list[tuple[int, str]]:
    """The reasons for rejected events in the answer to a list of events."""
    _, body = answered(there, posted(list(events)))
    return [(entry["index"], entry["reason"]) for entry in body["rejected"]]


def test_the_largest_number_of_events_is_accepted(there: Kinesis) -> None:
    assert answered(there, posted([click()] * MOST_EVENTS))[0] == 200
    assert len(there.events) == MOST_EVENTS


def test_one_event_more_is_refused(there: Kinesis) -> None:
    assert answered(there, posted([click()] * (MOST_EVENTS + 1)))[1]["reason"] == "too_many_events"


def sized(size: int, char: str = "x") -> dict[str, Any]:
    """A valid event of so many bytes."""
    event = click(message="")
    empty = len(json.dumps(event, separators=(",", ":")))
    return click(message=char * ((size - empty) // len(char.encode())))


def test_the_largest_event_is_accepted(there: Kinesis) -> None:
    assert rejected(there, click(), sized(LARGEST_EVENT)) == []


def test_a_larger_event_is_rejected(there: Kinesis) -> None:
    assert rejected(there, click(), sized(LARGEST_EVENT + 1)) == [(1, "event_too_large")]
    assert len(there.events) == 1


def test_an_event_is_measured_in_bytes_of_utf8(there: Kinesis) -> None:
    assert rejected(there, click(), sized(LARGEST_EVENT - 3, "漢"), sized(LARGEST_EVENT + 300, "漢")) == [
        (2, "event_too_large")
    ]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (None, "not_an_object"),
        ("click", "not_an_object"),
        ([click()], "not_an_object"),
        ({}, "unknown_shape"),
        ({"message": '1.2.3.4 - - [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 5'}, "unknown_shape"),
        ({"time": "2025-01-01T00:00:00Z", "level": "info", "msg": "hello"}, "unknown_shape"),
        ({"replayed_arrival": 1767225600000, "record": "{}"}, "unknown_shape"),
        ({"index": {"_index": "events"}}, "unknown_shape"),
        ({"type": "track", "event": "Order Completed"}, "unknown_shape"),
        ({"type": "sneeze", "anonymousId": "a"}, "unknown_shape"),
        ({"type": ["track"], "anonymousId": "a"}, "unknown_shape"),
        ({"user_query": "lamp"}, "unknown_shape"),
        ({"action_name": " "}, "no_action"),
        ({"action_name": 7}, "no_action"),
        ({"action_name": "\u200b\u2060"}, "no_action"),
        ({"action_name": " " * LONGEST_NAME + "click"}, "no_action"),
        ({"type": "track", "anonymousId": "a", "event": "\x00\ufeff"}, "no_action"),
        ({"type": "track", "anonymousId": "a"}, "no_action"),
        ({"type": "track", "anonymousId": "a", "event": {}}, "no_action"),
        (click(client_id={"$gt": ""}), "invalid_field"),
        (click(session_id=[1]), "invalid_field"),
        (click(event_attributes="none"), "invalid_field"),
        (click(user_id=True), "invalid_field"),
        ({"type": "page", "anonymousId": "a", "context": []}, "invalid_field"),
        ({"user_query": ["lamp"], "query_id": "q"}, "invalid_field"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_events_of_unknown_shape_are_rejected_and_the_rest_is_stored(there: Kinesis, event: Any, reason: str) -> None:
    assert rejected(there, click(client_id="a"), event, click(client_id="b")) == [(1, reason)]
    assert [event["client_id"] for event in there.events] == ["a", "b"]


@pytest.mark.parametrize("action", ["👍", "чек", "+1", " click\u200b", "\x00 a"])
def test_an_action_may_have_any_visible_name(there: Kinesis, action: str) -> None:
    assert rejected(there, {"action_name": action}) == []


def nested(levels: int) -> dict[str, Any]:
    """An event of so many objects and lists inside one another."""
    value: Any = []
    for level in range(levels - 2):
        value = [value] if level % 2 else {"x": value, "y": 1}
    return click(x=value)


def test_the_deepest_event_is_accepted(there: Kinesis) -> None:
    assert rejected(there, nested(DEEPEST_EVENT)) == []


@pytest.mark.parametrize("levels", [DEEPEST_EVENT + 1, 300])
def test_a_deeper_event_is_rejected(there: Kinesis, levels: int) -> None:
    assert rejected(there, click(), nested(levels)) == [(1, "nested_too_deeply")]


def test_an_event_may_have_many_objects_beside_one_another(there: Kinesis) -> None:
    assert rejected(there, click(items=[{"tags": [1], "text": "[{"}] * 300)) == []


def test_an_event_with_an_infinite_number_is_rejected(there: Kinesis) -> None:
    status, body = answered(there, posted('[{"action_name":"click"},{"action_name":"click","event_value":1e999}]'))
    assert (status, body["rejected"]) == (200, [{"index": 1, "reason": "invalid_field"}])


def test_half_of_a_surrogate_pair_is_accepted(there: Kinesis) -> None:
    assert answered(there, posted('{"action_name":"click","message":"\\ud83d"}'))[0] == 200
    assert there.events[0]["message"] == "\ud83d"


def test_ids_may_be_numbers_and_null(there: Kinesis) -> None:
    assert rejected(there, click(client_id=7, user_id=None)) == []


def test_a_body_without_valid_events_is_a_bad_request(there: Kinesis) -> None:
    status, body = answered(there, posted([{}, 1]))
    assert (status, body["success"], [entry["index"] for entry in body["rejected"]]) == (400, False, [0, 1])


def test_a_small_body_does_not_become_a_large_one(there: Kinesis) -> None:
    calls = [{"type": "track", "event": "e", "anonymousId": "a"}] * 500
    body = {"context": {"x": "y" * 3_000}, "batch": calls}
    assert answered(there, posted(body, "/v1/batch"))[1]["reason"] == "context_too_large"
    assert answered(there, posted({**body, "batch": calls[:300]}, "/v1/batch"))[0] == 200

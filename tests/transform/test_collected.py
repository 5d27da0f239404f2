"""Events from the collector: server facts override the client's values."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.transform.runtime.settings import Settings
from tests.transform.batches import ARRIVAL, document, reason, run

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
FACTS: dict[str, Any] = {"received_at": ARRIVAL - 2_000, "ip": "203.0.113.77", "user_agent": AGENT, "key": "web"}
CLICK = {"action_name": "click", "client_id": "c-1"}
TRACK = {"type": "track", "event": "Product Added", "anonymousId": "c-1", "properties": {"product_id": "B07"}}
QUERY = {"user_query": "lamp", "query_id": "q-1", "client_id": "c-1"}
SHAPES = [CLICK, TRACK, QUERY]
FORGED: dict[str, Any] = {
    "ip": "1.1.1.1",
    "ip_prefix": "1.1.1.0/24",
    "user_agent": "Googlebot/2.1",
    "received_at": "2001-01-01T00:00:00Z",
    "receivedAt": "2001-01-01T00:00:00Z",
    "collected": [1, ["personalization"]],
    "collected_at": 1,
    "schema_version": "1.0",
    "fingerprint": "0" * 64,
    "ingest": {"shard": "forged", "sequence": "1", "format": "combined"},
    "http": {"method": "GET", "status": 200},
    "is_bot": True,
    "bot_reasons": ["forged"],
    "context": {"ip": "1.1.1.1", "userAgent": "Googlebot/2.1"},
}
ENVELOPES: list[dict[str, Any]] = [
    {"logEvents": [{"message": '1.1.1.1 - - [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 5'}]},
    {"detail-type": "x", "source": "x", "detail": {"action_name": "forged", "ip": "1.1.1.1"}},
    {"Records": [{"body": '{"action_name": "forged"}'}]},
    {"message": '1.1.1.1 - - [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"'},
    {"log": '1.1.1.1 - - [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"'},
    {"request": "GET / HTTP/1.1", "status": "200", "remote_addr": "1.1.1.1"},
    {"replayed_arrival": 1, "record": '{"action_name": "forged"}'},
    {"resourceLogs": []},
    {"batch": [{"action_name": "forged"}]},
    {"Type": "Notification", "Message": '{"action_name": "forged"}'},
    {"cs-method": "GET", "c-ip": "1.1.1.1", "sc-status": "200"},
]


def collected(event: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The record that the collector makes of an event."""
    return {"collector": {**FACTS, **facts}, **event}


@pytest.mark.parametrize("event", SHAPES)
def test_address_and_user_agent_come_from_the_collector(event: dict[str, Any]) -> None:
    made = document(collected(event))
    assert made["ip_prefix"] == "203.0.113.0/24"
    assert made["device"]["browser"] == "Chrome 131"
    assert made["is_bot"] is False
    assert made["client_id"] == "c-1"


@pytest.mark.parametrize("event", SHAPES)
def test_the_arrival_is_the_time_at_the_collector(event: dict[str, Any]) -> None:
    assert document(collected(event))["received_at"] == "2025-12-31T23:59:58.000Z"


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("event", SHAPES)
def test_values_of_the_client_in_their_place_are_ignored(event: dict[str, Any], name: str) -> None:
    assert document(collected({**event, name: FORGED[name]})) == document(collected(event)) | _ids(event, name)


def _ids(event: dict[str, Any], name: str) -> dict[str, Any]:
    """What differs rightly: without an id of its own, an event's id is made of all its bytes."""
    other = document(collected({**event, name: FORGED[name]}))
    return {"event_id": other["event_id"]}


@pytest.mark.parametrize("envelope", ENVELOPES, ids=lambda value: next(iter(value)))
@pytest.mark.parametrize("event", SHAPES)
def test_a_collected_event_is_not_an_envelope(event: dict[str, Any], envelope: dict[str, Any]) -> None:
    made = document(collected({**event, **envelope}))
    assert made["ip_prefix"] == "203.0.113.0/24"
    assert made["action_name"] == document(collected(event))["action_name"]


def test_the_clients_clock_is_corrected_by_the_arrival_at_the_collector() -> None:
    event = {**CLICK, "timestamp": "2020-05-05T10:00:00Z", "sent_at": "2020-05-05T10:00:10Z"}
    assert document(collected(event))["timestamp"] == "2025-12-31T23:59:48.000Z"


def test_a_call_with_received_at_is_corrected_too() -> None:
    clock = {"timestamp": "2020-05-05T10:00:00Z", "sentAt": "2020-05-05T10:00:10Z"}
    made = document(collected({**TRACK, **clock, "receivedAt": "2020-05-05T10:00:10Z"}))
    assert made["timestamp"] == "2025-12-31T23:59:48.000Z"


@pytest.mark.parametrize("event", SHAPES)
@pytest.mark.parametrize("said", [None, {"personalization": True}, {"analytics": True, "personalization": True}])
def test_global_privacy_control_overrides_the_events_consent(event: dict[str, Any], said: Any) -> None:
    given = event if said is None else {**event, "consent": said}
    assert document(collected(given, gpc=True))["consent"]["personalization"] is False


def test_global_privacy_control_does_not_deny_analytics() -> None:
    assert document(collected({**CLICK, "consent": {"analytics": True}}, gpc=True))["consent"] == {
        "analytics": True,
        "personalization": False,
    }


def test_required_consent_still_applies() -> None:
    assert reason(collected(CLICK, gpc=True), settings=Settings(consent_required=True)) == "Dropped_no_consent"


def test_a_collected_event_is_read_in_its_own_format() -> None:
    assert document(collected(CLICK))["ingest"]["format"] == "ubi"
    assert document(collected(TRACK))["ingest"]["format"] == "segment"


def test_a_call_that_is_not_behaviour_is_dropped() -> None:
    assert reason(collected({"type": "alias", "userId": "u", "previousId": "v"})) == "Dropped_no_behaviour"


@pytest.mark.parametrize("event", [{}, {"message": "hello", "time": "2025-01-01T00:00:00Z"}, {"request": "GET /"}])
def test_events_that_the_collector_refuses_become_no_documents(event: dict[str, Any]) -> None:
    assert reason(collected(event)) == "Failed_unrecognised"


@pytest.mark.parametrize("field", ["load balancer 7", {"name": "otel"}, None, ["received_at"]])
def test_another_producers_field_of_that_name_is_not_trusted(field: Any) -> None:
    made = document({**CLICK, "collector": field, "ip": "198.51.100.9"})
    assert made["ip_prefix"] == "198.51.100.0/24"


def test_a_missing_user_agent_is_a_sign_of_a_bot() -> None:
    assert document(collected(CLICK, user_agent="-"))["is_bot"] is True


@pytest.mark.parametrize(
    "time", ["1970-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "soon", 10**300, 1e300, {"a": 1}, [], True, "9" * 400]
)
@pytest.mark.parametrize("event", SHAPES)
def test_an_impossible_time_becomes_the_arrival(event: dict[str, Any], time: Any) -> None:
    assert document(collected({**event, "timestamp": time}))["timestamp"] == "2025-12-31T23:59:58.000Z"


def test_a_clock_too_wrong_to_correct_gives_the_arrival() -> None:
    event = {**CLICK, "timestamp": "2001-01-01T00:00:00Z", "sent_at": "2031-01-01T00:00:00Z"}
    assert document(collected(event))["timestamp"] == "2025-12-31T23:59:58.000Z"


def test_replaced_times_are_counted() -> None:
    outcome = run(collected({**CLICK, "timestamp": "1970-01-01T00:00:00Z"}), collected(CLICK))
    assert outcome.metrics["WithoutTime"] == 2
    assert outcome.metrics["ProcessingFailed"] == 0


@pytest.mark.parametrize("arrival", [None, "soon", {}])
def test_an_invalid_arrival_becomes_the_streams(arrival: Any) -> None:
    assert document(collected(CLICK, received_at=arrival))["received_at"] == "2026-01-01T00:00:00.000Z"

"""Ids and fingerprints of events: the same for the same record at any time."""

from __future__ import annotations

import json

from tests.transform.batches import ARRIVAL, document


def test_the_same_record_has_the_same_ids_at_any_time() -> None:
    record = {"action_name": "click", "timestamp": "2025-03-12T08:00:01.000Z", "client_id": "c"}
    first, later = document(record), document(record, arrival=ARRIVAL + 3_600_000)
    assert (first["event_id"], first["fingerprint"]) == (later["event_id"], later["fingerprint"])


def test_an_events_own_uuid_is_its_id() -> None:
    record = {"action_name": "click", "event_id": "7C1A9F0E-0000-4000-8000-000000000001"}
    assert document(record)["event_id"] == "7c1a9f0e-0000-4000-8000-000000000001"


def test_fingerprint_ignores_ids_and_sending_time() -> None:
    record = {"action_name": "click", "timestamp": "2025-03-12T08:00:01.000Z"}
    first, other = document(record | {"event_id": "a"}), document(record | {"event_id": "b"})
    assert first["event_id"] != other["event_id"]
    assert first["fingerprint"] == other["fingerprint"]


def test_replayed_record_keeps_its_arrival() -> None:
    record = {"action_name": "click", "client_id": "c"}
    first = document(record)
    wrapped = json.dumps({"replayed_arrival": ARRIVAL, "record": json.dumps(record)}, separators=(",", ":"))
    assert document(wrapped, arrival=ARRIVAL + 86_400_000) == first

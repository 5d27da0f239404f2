"""Ids of people and visits in documents: pseudonyms if they identify a person, never a constant or a placeholder."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.privacy import identity
from tests.transform.batches import document, run

VIEW: dict[str, Any] = {"action_name": "view", "timestamp": "2025-03-12T08:00:01.000Z"}
IDENTIFYING = (
    "ann@example.com",
    "+49 170 1234567",
    "4111 1111 1111 1111",
    "198.51.100.7",
    "2001:db8::1",
    "DE89370400440532013000",
    "a" * 101,
    "ghp_abcdefghijklmnopqrst1234",
)


@pytest.mark.parametrize("field", ["client_id", "session_id"])
@pytest.mark.parametrize("given", IDENTIFYING)
def test_an_id_with_personal_data_becomes_a_pseudonym(field: str, given: str) -> None:
    assert identity.is_pseudonym(document(VIEW | {field: given})[field])


def test_different_ids_stay_different() -> None:
    documents = run(*(VIEW | {"client_id": given} for given in IDENTIFYING)).documents
    assert len({one["client_id"] for one in documents}) == len(IDENTIFYING)


@pytest.mark.parametrize(
    "given", ["b18b5a97-0291-4679-9213-7a9229d7bf92", "GA1.1.428827888.1776508017", "a" * 100, "visit 17", "12345678"]
)
def test_other_ids_stay_unchanged(given: str) -> None:
    assert document(VIEW | {"client_id": given})["client_id"] == given


def test_an_id_that_contains_the_user_id_becomes_a_pseudonym() -> None:
    found = document(VIEW | {"client_id": "web:ANN-4711", "user_id": "ann-4711"})
    assert identity.is_pseudonym(found["client_id"])
    assert found["client_id"] != found["user_id"]


@pytest.mark.parametrize("placeholder", ["-", "null", "undefined", "Anonymous", "guest", "0", 0, "0000-0000"])
def test_a_placeholder_is_not_an_id(placeholder: Any) -> None:
    found = document(VIEW | {"user_id": placeholder, "client_id": placeholder, "message": f"for {placeholder} it is"})
    assert not {"user_id", "client_id"} & found.keys()
    assert found["message"] == f"for {placeholder} it is"


def test_without_a_key_an_id_with_personal_data_is_left_out() -> None:
    outcome = run(VIEW | {"client_id": "ann@example.com"}, key=None)
    assert "client_id" not in outcome.documents[0]
    assert outcome.metrics["VisitIdsLeftOut"] == 1


def test_an_events_name_is_redacted_before_it_becomes_an_action() -> None:
    found = document({"time": VIEW["timestamp"], "event": "Login from 203.0.113.9"})
    assert "203" not in str({**found, "ingest": "", "event_id": "", "fingerprint": ""})


def test_an_ordinary_events_name_becomes_an_action() -> None:
    assert document({"time": VIEW["timestamp"], "event": "Cart Opened"})["action_name"] == "cart_opened"

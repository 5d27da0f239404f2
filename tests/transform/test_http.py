"""The HTTP request in a document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.transform.batches import run


def documents(*events: dict[str, Any]) -> list[dict[str, Any]]:
    return run(*(json.dumps(event).encode() for event in events)).documents


def test_a_status_in_an_application_log_is_the_http_status() -> None:
    (document,) = documents({"time": "2025-05-01T00:00:00Z", "event": "sign in", "status": 401, "method": "POST"})
    assert document["http"] == {"method": "POST", "status": 401}


def test_a_status_that_is_not_an_http_status_is_a_property() -> None:
    (document,) = documents({"time": "2025-05-01T00:00:00Z", "event": "order", "status": "shipped"})
    assert "http" not in document
    assert document["event_attributes"]["properties"]["status"] == "shipped"


@pytest.mark.parametrize(
    "given", [{"status": 99}, {"status": 600}, {"bytes": -1}, {"status": "x"}, {"method": 7}, "text", [1]]
)
def test_invalid_request_values_are_left_out(given: object) -> None:
    (document,) = documents({"action_name": "view", "http": given})
    assert "http" not in document


def test_a_document_transformed_again_keeps_its_request() -> None:
    (document,) = documents({"action_name": "view", "http": {"method": "GET", "status": 404, "bytes": 7}})
    (again,) = documents(document)
    assert again["http"] == document["http"] == {"method": "GET", "status": 404, "bytes": 7}


def test_input_cannot_mark_its_properties_as_redacted() -> None:
    (document,) = documents({"action_name": "view", "clean_properties": {"mail": "jane@example.org"}})
    assert "jane@example.org" not in json.dumps(document)

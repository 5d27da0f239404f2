"""Vendors' own shapes: mapped or refused by name, without data of a person or place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.transform.runtime.formats import catalogue
from tests.transform.batches import document, reason, run

FOLDER = Path(__file__).with_name("formats")
VENDORS = sorted(
    {"amplitude", "clickstream", "cloudwatch_rum", "google_analytics", "google_analytics_export", "matomo", "mixpanel"}
    | {"pinpoint", "plausible", "posthog", "segment", "shopify", "snowplow", "tealium"}
)
PRIVATE = (
    "ann-4711",
    "ann@example.com",
    "198.51.100.7",
    "48.1",
    "11.5",
    "Munich",
    "phc_x",
    "Gecko",
    "Wilhelmina",
    "Hauptstr",
)
EVENT = {"event": "cart opened", "timestamp": "2025-03-12T08:00:01Z"}


def records(name: str) -> list[Any]:
    lines = (FOLDER / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["record"] for line in lines]


@pytest.mark.parametrize("name", VENDORS)
def test_no_data_of_a_person_or_place_is_kept(name: str) -> None:
    written = json.dumps(run(*records(name)).documents)
    assert [private for private in PRIVATE if private in written] == []


@pytest.mark.parametrize("name", VENDORS)
def test_no_vendors_event_is_read_as_the_last_format(name: str) -> None:
    assert "Shape_unmapped" not in run(*records(name)).metrics


@pytest.mark.parametrize(
    "own",
    [
        {"distinct_id": "d-1", "lat": 48.1},
        {"$device_id": "d-1", "$lat": 48.1},
        {"amplitude_id": 1},
        {"properties": {"distinct_id": "d-1"}},
        {"properties": {"$lib": "x", "$screen_width": 1}},
        {"user_pseudo_id": "1.2"},
        {"domain_userid": "x"},
        {"mpid": "1", "latitude": 48.1},
        {"external_user_id": "u", "event_type": "x"},
    ],
)
def test_an_unsupported_vendors_shape_is_refused_by_name(own: dict[str, Any]) -> None:
    assert reason(EVENT | own) == "Failed_unsupported_shape"


@pytest.mark.parametrize(
    "own", [{"$schema": "x"}, {"user": {"id": "u-1"}}, {"properties": {"plan": "gold"}}, {"lat": 1}]
)
def test_a_custom_event_is_not_refused(own: dict[str, Any]) -> None:
    assert document(EVENT | own)["action_name"] == "cart_opened"


@pytest.mark.parametrize("name", VENDORS)
def test_a_vendors_event_is_read_in_an_envelope_too(name: str) -> None:
    own = {"event_id", "fingerprint", "ingest"}
    for record in records(name):
        if not isinstance(record, dict):
            continue
        bare = run(record)
        wrapped = run({"log": json.dumps(record), "stream": "stdout"})
        assert wrapped.results == bare.results
        found, expected = (
            [{key: item for key, item in one.items() if key not in own} for one in outcome.documents]
            for outcome in (wrapped, bare)
        )
        assert found == expected


def test_every_vendor_is_a_format() -> None:
    assert set(VENDORS) <= catalogue.NAMES

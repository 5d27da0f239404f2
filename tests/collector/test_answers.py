"""The collector's answers and logs: rejected events, Retry-After, and metrics without private data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.collector.runtime.refusal import EVENTS, REQUESTS
from tests.collector.standin import KEYS, Kinesis, click, collector, posted, refused


def test_the_answer_lists_unstored_and_invalid_events(there: Kinesis) -> None:
    there.says = [refused] * 9
    answer, _ = collector(there).answer(posted([click(), {}, click()]))
    body = json.loads(answer["body"])
    assert answer["statusCode"] == 503
    assert [entry["reason"] for entry in body["rejected"]] == ["not_stored", "unknown_shape", "not_stored"]
    assert [entry["index"] for entry in body["rejected"]] == [0, 1, 2]


def test_the_answer_has_retry_after(there: Kinesis) -> None:
    there.says = [refused] * 9
    answer, _ = collector(there).answer(posted(click()))
    assert 2 <= int(answer["headers"]["retry-after"]) <= 8


def test_the_authentication_challenge_opens_no_browser_dialog(there: Kinesis) -> None:
    answer, _ = collector(there, keys=KEYS).answer(posted(click()))
    assert answer["headers"]["www-authenticate"] == "WriteKey"


def test_metrics_count_events_and_reasons(there: Kinesis) -> None:
    _, line = collector(there).answer(posted([click(), {}, click()]))
    metrics = json.loads(line)
    expected = {"Requests": 1, "Events": 3, "Stored": 2, "Rejected": 1, "NotStored": 0, "Rejected_unknown_shape": 1}
    assert {name: metrics[name] for name in expected} == expected
    names = [entry["Name"] for entry in metrics["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
    assert set(names) == expected.keys() | {"Bytes", "Duration"}


def test_logs_contain_no_body_and_no_address(there: Kinesis) -> None:
    events = [click(message="needle"), {"needle": "needle"}]
    for event in (posted(events), posted("needle"), posted(click(), headers={"origin": "https://needle.example"})):
        _, line = collector(there).answer(event)
        assert "needle" not in line
        assert "198.51.100.7" not in line


def test_an_unexpected_error_is_logged_without_its_text(there: Kinesis, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(event: Any) -> None:
        raise KeyError("needle")

    monkeypatch.setattr("constructs_lib.collector.runtime.shapes.check", fail)
    answer, line = collector(there).answer(posted(click()))
    assert answer["statusCode"] == 500
    assert "needle" not in line + answer["body"]
    assert json.loads(line)["InternalError"].startswith("KeyError@test_answers.py:")


def test_every_reason_is_explained() -> None:
    assert all(text for _, text in REQUESTS.values())
    assert all(EVENTS.values())

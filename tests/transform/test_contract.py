"""The contract with Firehose holds for any input: every record id once, valid documents, no effect on other records."""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs_lib.transform.runtime import handler, reasons
from constructs_lib.transform.runtime.settings import from_environment
from tests.transform.any_records import FIELDS, NESTED, actions, odd_texts, records
from tests.transform.batches import ARRIVAL, invocation, transform
from tests.transform.schemas import VALIDATORS


def check(given_batch: dict[str, Any], answer: dict[str, Any]) -> None:
    """What must hold of every answer."""
    wanted = Counter(record["recordId"] for record in given_batch["records"])
    assert Counter(one["recordId"] for one in answer["records"]) == wanted
    assert len(json.dumps(answer)) < 6 * 1024 * 1024
    for one in answer["records"]:
        assert one["result"] in {"Ok", "Dropped", "ProcessingFailed"}
        assert ("data" in one) == (one["result"] == "Ok")
        if one["result"] == "Ok":
            octets = base64.b64decode(one["data"], validate=True)
            assert b"\n" not in octets
            found = json.loads(octets.decode("utf-8"))
            for validator in VALIDATORS:
                validator.validate(found)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records, max_size=6))
def test_contract_holds_for_any_records(lines: list[bytes]) -> None:
    given_batch = invocation(lines)
    answer, line = transform.batch(given_batch)
    check(given_batch, answer)
    assert "\n" not in line
    assert "Failed_internal_error" not in json.loads(line)


@given(odd_texts)
def test_contract_holds_for_unusual_texts_in_every_place(odd: str) -> None:
    places: dict[str, Any] = dict.fromkeys(FIELDS, odd)
    nested = dict.fromkeys(NESTED, odd)
    page = {"url": odd, "referrer": odd, "path": odd}
    shaped = [
        places,
        places | {"action_name": "click"},
        {"action_name": "view", "timestamp": 1_767_225_600_000, "page": page, "user_id": odd, "message": odd},
        {"action_name": "click", "event_attributes": nested | {"object": nested}, "query_id": odd, "user_query": odd},
        {"type": "page", "userId": odd, "context": nested | {"page": page}, "properties": page | {"title": odd}},
        {"level": "info", "msg": odd, "time": 1_767_225_600_000, "request": odd},
    ]
    access = f'198.51.100.7 - {odd} [12/Mar/2025:08:00:01 +0000] "GET {odd} HTTP/1.1" 200 5 "{odd}" "{odd}"'
    lines = [json.dumps(event).encode() for event in shaped] + [access.encode("utf-8", "surrogatepass")]
    given_batch = invocation(lines)
    answer, line = transform.batch(given_batch)
    check(given_batch, answer)
    assert "Failed_internal_error" not in json.loads(line), line


@settings(max_examples=50, deadline=None)
@given(actions)
def test_contract_holds_for_any_fields_beside_an_action(event: dict[str, Any]) -> None:
    _, line = transform.batch(invocation([json.dumps(event).encode()]))
    assert "Failed_internal_error" not in json.loads(line), line


@settings(max_examples=40, deadline=None)
@given(actions)
def test_transforming_a_document_again_changes_nothing(event: dict[str, Any]) -> None:
    """What could not be indexed lies in the archive as a document: sent again, it must come out the same."""
    answer, _ = transform.batch(invocation([json.dumps(event).encode()]))
    for octets in [base64.b64decode(one["data"]) for one in answer["records"] if one["result"] == "Ok"]:
        again, _ = transform.batch(invocation([octets], arrival=ARRIVAL + 3_600_000))
        assert base64.b64decode(again["records"][0]["data"]) == octets


def test_an_empty_batch_is_answered() -> None:
    answer, line = transform.batch({"records": []})
    assert answer == {"records": []}
    assert json.loads(line)["Records"] == 0


def test_handler_prints_one_metrics_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(handler, "_transform", None)
    handler.handler(invocation([b'{"action_name": "click"}', b"broken"]), None)
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    (directive,) = found["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"] for metric in directive["Metrics"]} >= {"Records", "Ok", "Dropped", "ProcessingFailed"}
    assert all(name in found for metric in directive["Metrics"] for name in [metric["Name"]])
    assert len(directive["Metrics"]) <= 100
    assert found["DeliveryStream"] == "events"


def test_every_reason_is_listed_once() -> None:
    assert not set(reasons.DROPPED) & set(reasons.FAILED)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"CONSENT": "maybe"}, "CONSENT: 'maybe' is neither 'unless_denied' nor 'required'"),
        ({"BOTS": "keep"}, "BOTS: 'keep' is neither 'tag' nor 'drop'"),
        ({"IPV4_PREFIX": "33"}, "IPV4_PREFIX: '33' is not a number of bits between 0 and 32"),
    ],
)
def test_invalid_variables_are_reported(variables: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_environment(variables)

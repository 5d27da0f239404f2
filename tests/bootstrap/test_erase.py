"""The erase command: its call of the function, and its output."""

from __future__ import annotations

import io
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from constructs_lib.__main__ import main

ANSWER = {
    "action": "erase",
    "found": 3,
    "deleted": 3,
    "searched": {"values": {"client_id": 2}, "ignored": {}, "indices": ["events-0", "events-1"]},
    "objects": [{"kind": "index", "name": "events-1", "outcome": "updated", "reason": "3 documents deleted"}],
    "remaining": [
        {"place": "index events-0", "documents": 2, "why": "UltraWarm storage is read-only", "until": "2026-04-01"},
        {"place": "archive, delivered events", "documents": None, "why": "a copy", "until": "2028-01-01"},
    ],
}


class Lambda:
    """Lambda's API as far as the command uses it."""

    def __init__(self, answer: Any = ANSWER, error: str | None = None) -> None:
        self.answer, self.error = answer, error
        self.called: dict[str, Any] = {}

    def client(self, *_: Any, **__: Any) -> Lambda:
        return self

    def invoke(self, **given: Any) -> dict[str, Any]:
        self.called = given
        failed = {"FunctionError": self.error} if self.error else {}
        return {"Payload": io.BytesIO(json.dumps(self.answer).encode()), **failed}


def erase(monkeypatch: pytest.MonkeyPatch, aws: Lambda, *arguments: str) -> int:
    monkeypatch.setattr(boto3, "Session", lambda **_: aws)
    return main(["erase", "--function", "shop-bootstrap", *arguments])


def test_the_command_invokes_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Lambda()
    assert (
        erase(monkeypatch, aws, "--user-id", "4711", "--client-id", "phone", "--session-id", "visit", "--dry-run") == 0
    )
    assert (aws.called["FunctionName"], aws.called["Qualifier"]) == ("shop-bootstrap", "erase")
    assert json.loads(aws.called["Payload"]) == {
        "action": "erase",
        "dry_run": True,
        "user_ids": ["4711"],
        "client_ids": ["phone"],
        "session_ids": ["visit"],
        "pseudonyms": [],
    }


def test_the_output_lists_what_remains(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    erase(monkeypatch, Lambda(), "--client-id", "phone")
    assert capsys.readouterr().out.splitlines() == [
        "3 documents found, 3 deleted",
        "  events-1: 3 documents deleted",
        "what remains:",
        "  index events-0: 2 documents until 2026-04-01 (UltraWarm storage is read-only)",
        "  archive, delivered events: an unknown number of documents until 2028-01-01 (a copy)",
    ]


def test_an_empty_result_lists_what_was_searched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    searched = {
        "values": {"client_id": 2, "user_id": 1},
        "ignored": {"user_ids": 1},
        "indices": ["events-0", "events-1"],
    }
    answer = {**ANSWER, "found": 0, "deleted": 0, "objects": [], "remaining": [], "searched": searched}
    assert erase(monkeypatch, Lambda(answer), "--client-id", "phone") == 0
    assert capsys.readouterr().out.splitlines() == [
        "0 documents found, 0 deleted",
        "  searched for 3 values (client_id: 2, user_id: 1; an id counts once as given and once as a pseudonym)",
        "  in 2 indices: events-0, events-1",
        "  user_ids: 1 are placeholders (null, guest, zeros ...), which no document holds",
        "what remains:",
    ]


def test_a_call_without_ids_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert erase(monkeypatch, Lambda()) == 2


def test_a_failed_function_prints_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = Lambda({"errorMessage": "erase: 1 failed: no answer"}, "Unhandled")
    assert erase(monkeypatch, aws, "--client-id", "phone") == 1
    assert "erase: 1 failed: no answer" in capsys.readouterr().err


def test_an_unknown_function_prints_no_stack_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = Lambda()

    def refuse(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "Function not found"}}, "Invoke")

    monkeypatch.setattr(aws, "invoke", refuse)
    assert erase(monkeypatch, aws, "--client-id", "phone") == 1
    assert "Function not found" in capsys.readouterr().err

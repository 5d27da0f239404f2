"""The ledger of a rehearsal finds missing records."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal.delivery import Outcome, Record
from rehearsal.ledger import DocumentFile, Ledger, Settlement, settle

ADDRESS = ("events-2026-01-01", "1.0")


class Documents:
    """An engine with given documents."""

    def __init__(self, *addresses: tuple[str, str]) -> None:
        self._addresses = addresses

    def present(self, addresses: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        """Those that are there."""
        return {address: {} for address in addresses if address in self._addresses}


def record(sequence: str, data: bytes = b"line") -> Record:
    """A record of the stream."""
    return Record(data, "shardId-000000000000", "key", sequence, 0)


def error(data: bytes) -> dict[str, Any]:
    """A line of an error object."""
    return {"rawData": base64.b64encode(data).decode()}


INDEXED = Outcome("indexed", *ADDRESS)
DROPPED = Outcome("dropped")
FAILED = Outcome("processing-failed", code="Lambda.ProcessingFailedStatus", message="failed", key="failed/1")


def books(outcomes: dict[str, Outcome], put: list[str] | None = None, reason: str = "why") -> Ledger:
    """A ledger of records `put` (those with outcomes, unless given) and what was said to become of them."""
    ledger = Ledger(lambda _: ("text", reason))
    for sequence in put or list(outcomes):
        ledger.add(sequence, "input", b"line")
    for sequence, outcome in outcomes.items():
        ledger.report(record(sequence), outcome)
    return ledger


def settled(ledger: Ledger, *errors: bytes, engine: Documents | None = None) -> Settlement:
    """Compared with an engine (one that has the document, unless given) and error lines."""
    return settle(ledger, engine or Documents(ADDRESS), [error(data) for data in errors])


def test_a_balanced_ledger_has_no_problem() -> None:
    found = settled(books({"1": INDEXED, "2": DROPPED, "3": FAILED}), b"line")
    assert found.problems == []
    assert found.rows == {
        ("input", "text", "indexed", ""): 1,
        ("input", "text", "dropped", "why"): 1,
        ("input", "text", "processing-failed", "why"): 1,
    }


@pytest.mark.parametrize(
    ("ledger", "errors", "engine", "said"),
    [
        (books({"1": INDEXED}, put=["1", "2"]), [], None, "1 records have no outcome, first 2"),
        (books({"1": INDEXED, "9": DROPPED}, put=["1"]), [], None, "1 outcomes are of unknown records, first 9"),
        (books({"1": INDEXED}), [], Documents(), "1 documents were indexed and are not in the engine"),
        (books({"1": INDEXED, "2": INDEXED}), [], None, "2 records were indexed as 1 documents"),
        (books({"1": FAILED}), [], None, "the bucket lacks 1 failed records and has 0 unknown ones"),
        (books({"1": FAILED}), [b"line", b"line"], None, "the bucket lacks 0 failed records and has 1 unknown ones"),
        (books({"1": FAILED}), [b"other"], None, "the bucket lacks 1 failed records and has 1 unknown ones"),
        (books({"1": DROPPED}, reason=""), [], None, "record 1 was dropped without a reason"),
    ],
)
def test_a_missing_record_is_found(ledger: Ledger, errors: list[bytes], engine: Documents | None, said: str) -> None:
    assert any(problem.startswith(said) for problem in settled(ledger, *errors, engine=engine).problems)


def test_two_outcomes_of_one_record_are_found() -> None:
    ledger = books({"1": INDEXED})
    ledger.report(record("1"), DROPPED)
    assert settled(ledger).problems[0] == "1 records have two outcomes, first 1"


def test_a_refused_document_shows_the_engines_reason() -> None:
    refused = replace(FAILED, kind="AmazonOpenSearchService-failed", code="400", message="not a date")
    ((_, _, reason),) = settled(books({"1": refused}), b"line").mistakes
    assert reason == "400: not a date"


def test_a_file_of_documents_replaces_the_engine(tmp_path: Path) -> None:
    file = DocumentFile(tmp_path / "documents.ndjson")
    action = json.dumps({"index": {"_index": ADDRESS[0], "_id": ADDRESS[1]}}).encode()
    status, answer = file.request("POST", "/_bulk", action + b'\n{"a":1}\n', "application/x-ndjson")
    file.close()
    assert (status, answer["items"][0]["index"]["status"]) == (200, 201)
    assert file.present([ADDRESS, ("events", "other")]) == {ADDRESS: {"a": 1}}
    assert (tmp_path / "documents.ndjson").read_bytes() == b'{"a":1}\n'

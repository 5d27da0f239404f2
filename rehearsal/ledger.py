"""The ledger of a rehearsal: every record that was put, its reported outcome, and whether that is true.

A record is identified by its sequence number in the stream. The delivery loop reports the outcomes; `settle` verifies
them: in the engine by document id, in the bucket's error objects by the records' bytes.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from rehearsal.delivery import Outcome, Record

FAILED = ("processing-failed", "AmazonOpenSearchService-failed")


class Engine(Protocol):
    """The target of documents, which knows the ids that it has."""

    def present(self, addresses: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        """The existing documents at these (index, id), by address."""


@dataclass(frozen=True)
class Entry:
    """A record on the stream."""

    source: str
    """The input it came from."""
    data: bytes


@dataclass
class Ledger:
    """The records and their outcomes. ``explain`` gives kind and reason of a record, from the transform itself."""

    explain: Callable[[Record], tuple[str, str]]
    put: dict[str, Entry] = field(default_factory=dict)
    outcomes: dict[str, tuple[Record, Outcome]] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    """Lines that the stream refused, by reason."""

    def add(self, sequence: str, source: str, data: bytes) -> None:
        """Note a record on the stream."""
        self.put[sequence] = Entry(source, data)

    def report(self, record: Record, outcome: Outcome) -> None:
        """Note an outcome; called by the delivery loop."""
        if record.sequence in self.outcomes:
            self.twice.append(record.sequence)
        self.outcomes[record.sequence] = (record, outcome)

    def count(self, *kinds: str) -> int:
        """The number of records with an outcome of these kinds."""
        return sum(outcome.kind in kinds for _, outcome in self.outcomes.values())


@dataclass
class Settlement:
    """Results of the comparison with the engine and the bucket."""

    problems: list[str]
    """One sentence each; empty if all outcomes are true."""
    rows: Counter[tuple[str, str, str, str]]
    """Records by input, kind, outcome and reason."""
    mistakes: list[tuple[Record, str, str]]
    """Failed records with kind and reason, in the order of the stream."""
    documents: list[tuple[str, dict[str, Any]]]
    """The documents of the engine, with their kind."""


def settle(ledger: Ledger, engine: Engine, errors: Iterable[dict[str, Any]]) -> Settlement:
    """Compare reported outcomes with engine and bucket. ``errors`` are the lines of the bucket's error objects."""
    problems = []
    missing = ledger.put.keys() - ledger.outcomes.keys()
    if missing:
        problems.append(f"{len(missing)} records have no outcome, first {min(missing)}")
    if ledger.twice:
        problems.append(f"{len(ledger.twice)} records have two outcomes, first {ledger.twice[0]}")
    unknown = ledger.outcomes.keys() - ledger.put.keys()
    if unknown:
        problems.append(f"{len(unknown)} outcomes are of unknown records, first {min(unknown)}")
    rows: Counter[tuple[str, str, str, str]] = Counter()
    mistakes: list[tuple[Record, str, str]] = []
    wanted: dict[tuple[str, str], tuple[str, str]] = {}
    failed: Counter[bytes] = Counter()
    for sequence, (record, outcome) in sorted(ledger.outcomes.items()):
        kind, reason = ledger.explain(record)
        if outcome.kind == "indexed":
            wanted[str(outcome.index), str(outcome.document_id)] = (sequence, kind)
            reason = ""
        elif outcome.kind != "dropped":
            failed[record.data] += 1
            reason = reason if outcome.kind == FAILED[0] and reason else f"{outcome.code}: {outcome.message}"
            mistakes.append((record, kind, reason))
        elif not reason:
            problems.append(f"record {sequence} was dropped without a reason")
        source = ledger.put[sequence].source if sequence in ledger.put else "?"
        rows[source, kind, outcome.kind, reason] += 1
    there = engine.present(list(wanted))
    absent = wanted.keys() - there.keys()
    if absent:
        problems.append(f"{len(absent)} documents were indexed and are not in the engine, first {min(absent)}")
    if len(wanted) != ledger.count("indexed"):
        problems.append(f"{ledger.count('indexed')} records were indexed as {len(wanted)} documents")
    kept = Counter(base64.b64decode(line["rawData"]) for line in errors)
    if kept != failed:
        problems.append(
            f"the bucket lacks {(failed - kept).total()} failed records and has {(kept - failed).total()} unknown ones"
        )
    documents = [(wanted[address][1], document) for address, document in there.items()]
    return Settlement(problems, rows, mistakes, documents)


def error_lines(s3: Any, bucket: str, keys: Iterable[str]) -> list[dict[str, Any]]:
    """The lines of error objects, read back from the bucket."""
    lines = []
    for key in keys:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        content = gzip.decompress(body) if key.endswith(".gz") else body
        lines += [json.loads(line) for line in content.splitlines()]
    return lines


class SearchEngine:
    """The documents of a real engine."""

    def __init__(self, request: Callable[[str, str, bytes | None], tuple[int, Any]]) -> None:
        self._request = request

    def present(self, addresses: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        """The documents by multi-get, which finds them before the refresh too."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for begin in range(0, len(addresses), 500):
            body = {"docs": [{"_index": index, "_id": id_} for index, id_ in addresses[begin : begin + 500]]}
            status, answer = self._request("POST", "/_mget", json.dumps(body).encode())
            if status != 200:
                continue
            found |= {
                (entry["_index"], entry["_id"]): entry["_source"] for entry in answer["docs"] if entry.get("found")
            }
        return found


class DocumentFile:
    """A file of one document a line that replaces an engine and answers bulk requests like one."""

    def __init__(self, path: Any) -> None:
        self._file = path.open("wb")
        self._documents: dict[tuple[str, str], dict[str, Any]] = {}

    def request(
        self, method: str, path: str, body: bytes | None = None, kind: str = ""
    ) -> tuple[int, Any]:  # the shape of `SearchClient.request`
        """A bulk request."""
        if (method, path, kind) != ("POST", "/_bulk", "application/x-ndjson"):
            return 405, None
        lines = (body or b"").splitlines()
        items = []
        for action, document in zip(lines[::2], lines[1::2], strict=True):
            target = json.loads(action)["index"]
            id_ = target.get("_id") or f"line-{len(self._documents)}"
            self._documents[target["_index"], id_] = json.loads(document)
            self._file.write(document + b"\n")
            items.append({"index": {"_index": target["_index"], "_id": id_, "status": 201}})
        self._file.flush()
        return 200, {"errors": False, "items": items}

    def present(self, addresses: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        """The written documents."""
        return {address: self._documents[address] for address in addresses if address in self._documents}

    def close(self) -> None:
        """Close the file."""
        self._file.close()

"""The delivery loop: stream -> transform -> domain, and the bucket."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any, Protocol

from rehearsal.delivery.bucket import INDEXING_FAILED, PROCESSING_FAILED, Bucket, error_line
from rehearsal.delivery.bulk import Unreachable, bulk_body
from rehearsal.delivery.names import index_name
from rehearsal.delivery.records import Outcome, Record
from rehearsal.delivery.settings import DeliverySettings

INVOCATION_LIMIT = 6 * 1024 * 1024
"""Most bytes of a Lambda invocation in each direction."""

_TRY_AGAIN = {429, 500, 502, 503, 504}
"""Statuses of a document that are worth a retry."""

Transform = Callable[[dict[str, Any]], dict[str, Any]]
Report = Callable[[Record, Outcome], None]


class Source(Protocol):
    """A source of records."""

    def read(self) -> list[Record]:
        """The next records; empty if there are none."""


class Search(Protocol):
    """The target of documents: `rehearsal.delivery.bulk.SearchClient`, or an object with its methods."""

    def request(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, Any]:
        """Status and parsed answer of one request."""


class TransformFailed(Exception):  # noqa: N818 - names the event
    """An invocation gave no usable answer; ``code`` is the service's error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Delivery:
    """One delivery stream. ``transform`` takes the event and returns the function's answer (or raises
    `TransformFailed`); ``report`` is told the outcome of each record, once. ``pause`` waits between attempts, and
    ``most_retry_seconds`` shortens the configured time in which a busy domain is tried again.

    Buffers are flushed by size, and by interval as `run` goes on; `finish` flushes what is left.
    """

    def __init__(
        self,
        settings: DeliverySettings,
        source: Source,
        search: Search,
        bucket: Bucket,
        transform: Transform | None,
        *,
        report: Report,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        most_retry_seconds: float | None = None,
    ) -> None:
        self.settings = settings
        self._source, self._search, self._bucket = source, search, bucket
        self._transform, self._report = transform, report
        self._clock, self._pause = clock, pause
        self._retry_seconds = min(settings.retry_seconds, most_retry_seconds or settings.retry_seconds)
        lambda_settings = settings.transform
        self._incoming = _Buffer(
            min(lambda_settings.buffer_bytes, 3 * 1024 * 1024) if lambda_settings else 0,
            lambda_settings.buffer_seconds if lambda_settings else 0,
            clock,
        )
        self._outgoing = _Buffer(settings.buffer_bytes, settings.buffer_seconds, clock)
        self._backup = _Buffer(settings.bucket.buffer_bytes, settings.bucket.buffer_seconds, clock)
        self._invocations = 0

    def step(self) -> int:
        """Read once and flush buffers that are due; returns the number of records read."""
        records = self._source.read()
        for record in records:
            if self.settings.back_up_all:
                self._backup.add((record, record.data), len(record.data))
                if self._backup.full():
                    self._flush_backup()
            if self._transform is None:
                self._take(record, record.data)
                continue
            if self._incoming.would_overflow(len(record.data)):
                self._flush_incoming()
            self._incoming.add((record, record.data), len(record.data))
        if self._incoming.due():
            self._flush_incoming()
        if self._outgoing.due():
            self._flush_outgoing()
        if self._backup.due():
            self._flush_backup()
        return len(records)

    def drain(self, quiet: float = 2.0, most: float = 300.0) -> int:
        """Step until nothing new came for ``quiet`` seconds (at most ``most`` in all), then flush; returns how many."""
        total, begin = 0, self._clock()
        last = begin
        while self._clock() - last < quiet and self._clock() - begin < most:
            read = self.step()
            if read:
                total, last = total + read, self._clock()
            else:
                self._pause(0.2)
        self.finish()
        return total

    def finish(self) -> None:
        """Flush every buffer."""
        self._flush_incoming()
        self._flush_outgoing()
        self._flush_backup()

    def _flush_backup(self) -> None:
        entries = self._backup.take()
        if entries:
            self._bucket.put_backup([record for record, _ in entries])

    def _flush_incoming(self) -> None:
        entries = self._incoming.take()
        if not entries or self._transform is None:
            return
        records = [record for record, _ in entries]
        self._invocations += 1
        event = {
            "invocationId": f"{self._invocations:08d}-{records[0].record_id}",
            "deliveryStreamArn": self.settings.arn,
            "sourceKinesisStreamArn": self.settings.stream_arn,
            "region": self.settings.region,
            "records": [record.event() for record in records],
        }
        retries = self.settings.transform.retries if self.settings.transform else 0
        for attempt in range(1, retries + 2):
            try:
                results = _results(self._transform(event), records)
            except TransformFailed as failure:
                if attempt > retries:
                    self._fail_all(records, attempt, failure)
                    return
                self._pause(min(2.0 ** (attempt - 1), 5.0))
                continue
            break
        failed: list[tuple[Record, str, str]] = []
        for record in records:
            result = results[record.record_id]
            if result["result"] == "Dropped":
                self._report(record, Outcome("dropped"))
            elif result["result"] == "Ok":
                self._take(record, result["data"])
            else:
                failed.append((record, "Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record"))
        self._write_failed(failed, 1)

    def _fail_all(self, records: list[Record], attempts: int, failure: TransformFailed) -> None:
        self._write_failed([(record, failure.code, str(failure)) for record in records], attempts)

    def _write_failed(self, failed: list[tuple[Record, str, str]], attempts: int) -> None:
        if not failed:
            return
        function = self.settings.transform.function_arn if self.settings.transform else None
        lines = [error_line(record, attempts, code, message, lambdaArn=function) for record, code, message in failed]
        key = self._bucket.put_errors(lines, PROCESSING_FAILED)
        for record, code, message in failed:
            self._report(record, Outcome(PROCESSING_FAILED, code=code, message=message, key=key))

    def _take(self, record: Record, document: bytes) -> None:
        """Queue one document for the domain."""
        if self._outgoing.would_overflow(len(document)):
            self._flush_outgoing()
        self._outgoing.add((record, document), len(document))

    def _flush_outgoing(self) -> None:
        waiting = self._outgoing.take()
        begin, attempts = self._clock(), 0
        given_up: list[tuple[Record, str, str]] = []
        while waiting:
            attempts += 1
            again = []
            for (record, document), status, reason in self._index(waiting):
                if status in {200, 201}:
                    self._report(record, Outcome("indexed", self._address(record)[0], document_id=reason))
                elif status in _TRY_AGAIN:
                    again.append(((record, document), status, reason))
                else:
                    given_up.append((record, str(status), reason))
            left = self._retry_seconds - (self._clock() - begin)
            if again and left <= 0:
                given_up += [(record, str(status), reason) for (record, _), status, reason in again]
                again = []
            waiting = [entry for entry, _, _ in again]
            if waiting:
                self._pause(min(2.0 ** min(attempts - 1, 4), 10.0, left))
        if given_up:
            self._write_unindexed(given_up, attempts)

    def _address(self, record: Record) -> tuple[str, str | None]:
        index = index_name(self.settings.index_name, self.settings.rotation, record.arrival)
        return index, record.document_id if self.settings.with_document_id else None

    def _index(self, waiting: list[tuple[Record, bytes]]) -> list[tuple[tuple[Record, bytes], int, str]]:
        """One bulk request: each entry with its status and the document's id, or the reason of a failure."""
        body = bulk_body([(*self._address(record), document) for record, document in waiting])
        try:
            status, answer = self._search.request("POST", "/_bulk", body, "application/x-ndjson")
        except Unreachable as error:
            return [(entry, 503, str(error)) for entry in waiting]
        if status != 200 or not isinstance(answer, dict) or len(answer.get("items", ())) != len(waiting):
            return [(entry, status, json.dumps(answer)[:500]) for entry in waiting]
        outcomes = []
        for entry, item in zip(waiting, answer["items"], strict=True):
            detail = item["index"]
            said = detail["_id"] if detail["status"] in {200, 201} else _reason(detail.get("error"))
            outcomes.append((entry, detail["status"], said))
        return outcomes

    def _write_unindexed(self, failed: list[tuple[Record, str, str]], attempts: int) -> None:
        lines = []
        for record, code, message in failed:
            index, document_id = self._address(record)
            lines.append(
                error_line(record, attempts, code, message, esDocumentId=document_id, esIndexName=index, esTypeName="")
            )
        key = self._bucket.put_errors(lines, INDEXING_FAILED)
        for record, code, message in failed:
            index, document_id = self._address(record)
            self._report(record, Outcome(INDEXING_FAILED, index, document_id, code, message, key))


def _reason(problem: Any) -> str:
    """An item's error in one line: its type, its reason, and its cause."""
    if not isinstance(problem, dict):
        return str(problem or "")
    cause = (problem.get("caused_by") or {}).get("reason")
    return f"{problem.get('type')}: {problem.get('reason')}" + (f" ({cause})" if cause else "")


def _results(answer: Any, records: list[Record]) -> dict[str, dict[str, Any]]:
    """The function's results by record id, decoded; raises `TransformFailed` for an answer that the service would
    refuse."""
    try:
        given = answer["records"]
        results = {entry["recordId"]: {"result": entry["result"]} for entry in given}
        for entry in given:
            if entry["result"] == "Ok":
                results[entry["recordId"]]["data"] = base64.b64decode(entry["data"], validate=True)
            elif entry["result"] not in {"Dropped", "ProcessingFailed"}:
                raise TransformFailed("Lambda.InvalidResult", f"The result {entry['result']!r} is not known.")
    except (TypeError, KeyError, ValueError) as error:
        raise TransformFailed(
            "Lambda.JsonProcessingException", f"The function's answer has not the shape of the contract: {error!r}"
        ) from error
    if len(results) != len(given):
        raise TransformFailed("Lambda.DuplicatedRecordId", "The function returned multiple records with the same id.")
    if results.keys() != {record.record_id for record in records}:
        raise TransformFailed("Lambda.MissingRecordId", "One or more record Ids were not returned, or are not known.")
    return results


class _Buffer:
    """Entries up to a size or an age."""

    def __init__(self, most_bytes: int, most_seconds: float, clock: Callable[[], float]) -> None:
        self._most_bytes, self._most_seconds, self._clock = most_bytes, most_seconds, clock
        self._entries: list[tuple[Record, bytes]] = []
        self._bytes = 0
        self._since = 0.0

    def add(self, entry: tuple[Record, bytes], size: int) -> None:
        if not self._entries:
            self._since = self._clock()
        self._entries.append(entry)
        self._bytes += size

    def would_overflow(self, size: int) -> bool:
        return bool(self._entries) and self._bytes + size > self._most_bytes

    def full(self) -> bool:
        return self._bytes >= self._most_bytes

    def due(self) -> bool:
        return bool(self._entries) and (self.full() or self._clock() - self._since >= self._most_seconds)

    def take(self) -> list[tuple[Record, bytes]]:
        entries, self._entries, self._bytes = self._entries, [], 0
        return entries

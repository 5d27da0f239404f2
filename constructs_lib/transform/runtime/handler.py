"""The function that Firehose calls: records in, documents out, and for every record id exactly one answer.

A record is answered ``Ok`` with its document, ``Dropped`` where it is unwanted or ``ProcessingFailed`` where it is
broken (reasons.py has all reasons). Nothing that a record holds can fail its neighbours, and what would take the
answer past Lambda's 6 MiB is failed alone. Records that fail carry no data: Firehose keeps their raw bytes itself.

https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from binascii import Error as BinasciiError
from binascii import a2b_base64, b2a_base64
from collections import Counter
from typing import Any

from . import clock, metrics, pseudonym, settings
from .document import Writer
from .formats import catalogue
from .formats.format import Found
from .reasons import Broken, Unwanted

MOST_BYTES = 6 * 1024 * 1024 - 4096
"""Bytes of an answer: Lambda's 6 MiB less room for what encloses the records."""
SHARE = 1400
"""Bytes of the answer for each record below which a document does without its place in the stream: only a flood of
events that are shorter than that place's own name comes to so many."""
SMALL_SHARE = 620
"""Below this it does without its fingerprint and the whole of ``ingest``."""
REPLAYED = '{"replayed_arrival":'
"""How a record begins that `replay` put back on the stream: ``{"replayed_arrival":1767225600000,"record":"..."}``."""
_ENTRY = len('{"recordId": "", "result": "ProcessingFailed"}, ')
"""Bytes around an id, as Lambda writes an answer; those around a document's data are fewer."""
_GZIP = b"\x1f\x8b"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""UTF-16 with its byte order mark, as programs on Windows write files."""
MOST_UNPACKED = 8 * 1024 * 1024
"""Bytes that a compressed record may come to: eight times what a stream takes in a record."""


class Transform:
    """The transform with its settings and caches; one lives as long as its container."""

    def __init__(self, given: settings.Settings, key_source: pseudonym.KeySource | None = None) -> None:
        self.settings = given
        if key_source is None and given.pseudonym_key_id:
            key_source = pseudonym.from_kms(given.pseudonym_key_id, given.pseudonym_label)
        self.writer = Writer(given, key_source)

    def batch(self, event: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The answer to one invocation and its metrics line."""
        started = time.perf_counter()
        records = event.get("records") or []
        counts: Counter[str] = Counter(Records=len(records), Ok=0, Dropped=0, ProcessingFailed=0)
        places: Counter[str] = Counter()
        beside: Counter[str] = Counter()
        self.writer.counts = beside
        self.writer.pseudonymiser.next_batch()
        self.writer.brief = _brief(len(records))
        answers: list[dict[str, str]] = []
        room = MOST_BYTES - sum(len(record["recordId"]) + _ENTRY for record in records)
        bytes_in = bytes_out = 0
        for record in records:
            answer = {"recordId": record["recordId"], "result": "Ok"}
            answers.append(answer)
            try:
                data = record.get("data") or ""
                bytes_in += len(data)
                document = self.document(data, record, counts)
                encoded = b2a_base64(document.encode(), newline=False)
                room -= _fitting(len(encoded), room)
                bytes_out += len(encoded)
                answer["data"] = encoded.decode("ascii")
                counts["Ok"] += 1
            except Unwanted as reason:
                answer["result"] = "Dropped"
                counts["Dropped"] += 1
                counts[f"Dropped_{reason.args[0]}"] += 1
            except Broken as reason:
                answer["result"] = "ProcessingFailed"
                counts["ProcessingFailed"] += 1
                counts[f"Failed_{reason.args[0]}"] += 1
            except Exception as error:  # noqa: BLE001 - the promise: no record harms its neighbours
                answer["result"] = "ProcessingFailed"
                counts["ProcessingFailed"] += 1
                counts["Failed_internal_error"] += 1
                places[_place(error)] += 1
        counts.update(
            BytesIn=bytes_in,
            BytesOut=bytes_out,
            Bots=beside["bots"],
            WithoutTime=beside["without_time"],
            UserIdsLeftOut=beside["user_ids_left_out"],
            ReplacedInText=beside["replaced_in_text"],
            Duration=round((time.perf_counter() - started) * 1000),
        )
        stream = str(event.get("deliveryStreamArn") or "").rpartition("/")[2][:64] or "none"
        for name, count in (
            ("VisitIdsLeftOut", beside["visit_ids_left_out"]),
            ("ConsentNotUnderstood", beside["consent_not_understood"]),
        ):
            if count:
                counts[name] = count
        properties = {"InternalErrors": dict(places.most_common(10))} if places else {}
        return {"records": answers}, metrics.line(self.settings.metrics_namespace, stream, counts, properties)

    def document(self, data: str | bytes, record: dict[str, Any], counts: Counter[str] | None = None) -> str:
        """The document of one record's base64 data; raises Unwanted or Broken."""
        try:
            raw = a2b_base64(data)
        except (BinasciiError, ValueError, TypeError):
            raise Broken("invalid_base64") from None
        metadata = record.get("kinesisRecordMetadata")
        if metadata.__class__ is not dict:
            metadata = {}
        arrival = record.get("approximateArrivalTimestamp")
        if arrival.__class__ is not int or not 0 < arrival < 1 << 42:
            arrival = int(time.time() * 1000)
        if raw.startswith(_GZIP):
            raw = _unpacked(raw)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = _of_bytes(raw)
        text = text.strip("\ufeff \t\r\n\0")
        if text.startswith(REPLAYED):
            text, arrival = _unwrap(text, arrival)
        raw = text.encode("utf-8", "surrogatepass") if len(text) != len(raw) else raw
        if not text:
            raise Unwanted("empty")
        found = self._recognised(text)
        if counts is not None:
            counts[f"Shape_{found.format.name}"] += 1
        return self.writer.write(found, arrival, raw, metadata)

    def _recognised(self, text: str) -> Found:
        try:
            found = catalogue.of_text(text, self.settings)
        except RecursionError:
            raise Broken("nested_too_deeply") from None
        except Broken:
            _refuse_wide(text)
            raise
        if found is None:
            _refuse_wide(text)
            raise Broken("unrecognised")
        return found


def _of_bytes(raw: bytes) -> str:
    """The text of what is no UTF-8: UTF-16 with its mark, or a line of bytes in whatever encoding a client sent."""
    if raw.startswith(_WIDE):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise Broken("not_utf8") from None
    text = raw.decode("latin-1")
    if text.lstrip()[:1] in {"{", "["}:
        raise Broken("not_utf8")
    return text


def _refuse_wide(text: str) -> None:
    """Says of UTF-16 without its mark what it is."""
    if text[1:2] == "\0":
        raise Broken("not_utf8") from None


def _unpacked(raw: bytes) -> bytes:
    """A gzip file's content, as agents and CloudWatch Logs compress what they send."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(raw, MOST_UNPACKED)
    except zlib.error:
        raise Broken("unrecognised") from None
    if unpacking.unconsumed_tail:
        raise Broken("too_large")
    if not unpacking.eof:
        raise Broken("unrecognised")
    if unpacking.unused_data.startswith(_GZIP):
        raise Broken("several_events")
    return content


def _unwrap(text: str, arrival: int) -> tuple[str, int]:
    """What was sent again, and when it first arrived: its received time, and all that hangs on it, stays the same."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Broken("invalid_json") from None
    first, record = value.get("replayed_arrival"), value.get("record")
    if record.__class__ is not str:
        raise Broken("unrecognised")
    if first.__class__ is int and clock.EARLIEST <= first <= arrival:
        arrival = first
    return record.strip("\ufeff \t\r\n\0"), arrival


def _brief(records: int) -> int:
    """How much of each document must be left out, so that the shortest ones of so many records fit the answer."""
    share = MOST_BYTES // records if records else MOST_BYTES
    return (share < SHARE) + (share < SMALL_SHARE)


def _fitting(size: int, room: int) -> int:
    if size > room:
        raise Broken("response_full")
    return size


def _place(error: Exception) -> str:
    """Where an unforeseen mistake happened: its type, module and line; never its text, which may quote the record."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__}@{where}"


_transform: Transform | None = None


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """What Firehose invokes: see the module."""
    global _transform  # noqa: PLW0603 - one for the life of the container
    if _transform is None:
        _transform = Transform(settings.from_environment())
    answer, line = _transform.batch(event)
    sys.stdout.write(line + "\n")
    return answer

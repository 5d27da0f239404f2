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
from binascii import Error as BinasciiError
from binascii import a2b_base64, b2a_base64
from collections import Counter
from collections.abc import Callable
from typing import Any

from . import clock, metrics, pseudonym, settings
from .document import Writer
from .formats import Draft, recognise
from .formats.access_log import line as access_log_line
from .reasons import Broken, Unwanted

MOST_BYTES = 6 * 1024 * 1024 - 64 * 1024
"""Bytes of an answer: Lambda's 6 MiB less room for what encloses the records."""
REPLAYED = '{"replayed_arrival":'
"""How a record begins that `replay` put back on the stream: ``{"replayed_arrival":1767225600000,"record":"..."}``."""
_ENTRY = len('{"recordId":"","result":"ProcessingFailed","data":""},') + 16
_scan_json: Callable[[str, int], tuple[Any, int]] = vars(
    json.JSONDecoder(parse_constant=lambda _: None, strict=False)  # NaN and Infinity are absent values
)["scan_once"]


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
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
            if text.lstrip()[:1] in {"{", "["}:
                raise Broken("not_utf8") from None
        text = text.strip("\ufeff \t\r\n\0")
        if text.startswith(REPLAYED):
            text, arrival = _unwrap(text, arrival)
        raw = text.encode("utf-8", "surrogatepass") if len(text) != len(raw) else raw
        shape, draft = self._draft(text)
        if counts is not None:
            counts[f"Shape_{shape}"] += 1
        return self.writer.write(draft, arrival, raw, metadata)

    def _draft(self, text: str) -> tuple[str, Draft]:
        first = text[:1]
        if first != "{" and first != "[":  # noqa: PLR1714 - faster than a set
            if not text:
                raise Unwanted("empty")
            draft = access_log_line(text, self.settings)
            if draft is None:
                raise Broken("unrecognised")
            return "access_log", draft
        try:
            value, end = _scan_json(text, 0)
        except RecursionError:
            raise Broken("nested_too_deeply") from None
        except (ValueError, StopIteration):
            raise Broken("invalid_json") from None
        if end != len(text):
            raise Broken("several_events")
        if value.__class__ is list:
            if len(value) > 1:
                raise Broken("several_events")
            value = value[0] if value else {}
        if value.__class__ is not dict:
            raise Broken("unrecognised")
        known = recognise(value, self.settings)
        if known is None:
            raise Broken("several_events" if isinstance(value.get("batch"), list) else "unrecognised")
        return known


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

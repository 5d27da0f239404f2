"""Reads the records in Firehose's objects: unwraps error objects, splits backup objects.

An error object has one JSON object a line, with the record's bytes as base64 in ``rawData``: for ``processing-failed``
the original record, for ``elasticsearch-failed`` and ``AmazonOpenSearchService-failed`` the refused document. A backup
object has the records one after another, separated only by line ends that the records contain. Without line ends, JSON
records can still be separated (`splitting`), lines of text cannot.

https://docs.aws.amazon.com/firehose/latest/dev/retry.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from constructs_lib.replay.splitting import Part, split

LARGEST_OBJECT = 1 << 30
"""Most bytes of an unpacked object; Firehose's largest buffer is 128 MiB."""
NO_ERROR_RECORD = "is not an error record of Firehose"

_AT_ONCE = 262_144
"""Bytes to unpack at once."""
_NAME = re.compile(r"-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9a-f]{8}-[0-9a-f-]{27}")
_ERROR_KEY = re.compile(
    r"(?:processing|elasticsearch|AmazonOpenSearchService|AmazonOpenSearchServerless|format-conversion)-failed"
)
"""The kind of error in an error object's key, from its prefix (``!{firehose:error-output-type}``)."""
_ERROR_FIELDS = {
    "attemptsMade": int,
    "arrivalTimestamp": int,
    "errorCode": str,
    "errorMessage": str,
    "attemptEndingTimestamp": int,
    "rawData": str,
}
_KNOWN = (b'{"replayed_arrival":', b'{"schema_version":')
_PACKED_OTHERWISE = (b"PK\x03\x04", b"\xff\x06\x00\x00sNaPpY", b"\x82SNAPPY\x00")
_GZIP = b"\x1f\x8b"


class UnreadableObjectError(Exception):
    """The rest of an object cannot be read; the message says why."""


@dataclass(frozen=True)
class Record:
    """One record of an object.

    Attributes:
        data: its bytes, as put on the stream or as refused by the domain.
        arrival: epoch milliseconds of its arrival; None if unknown.
        error: Firehose's error code, such as ``Lambda.FunctionError``; None in a backup object.
        offset: its position in the object.
    """

    data: bytes
    arrival: int | None
    error: str | None
    offset: int = 0


def records(key: str, chunks: Iterable[bytes]) -> Iterator[Record | Part]:
    """The records of an object and its unreadable parts (with a reason), in order.

    Args:
        chunks: the object's bytes, compressed or not.
    """
    damaged: list[Part] = []
    errors = _ERROR_KEY.search(key) is not None
    arrival = arrival_of(key)
    for part in split(_up_to_damage(chunks, damaged)):
        if part.reason is not None:
            yield part
            continue
        record = _error_record(part, exactly=not errors)
        if record is not None:
            yield record
        elif errors:
            yield Part(part.offset, part.data, NO_ERROR_RECORD)
        else:
            yield Record(part.data, arrival, None, part.offset)
    yield from damaged


def _up_to_damage(chunks: Iterable[bytes], damaged: list[Part]) -> Iterator[bytes]:
    offset = 0
    try:
        for chunk in unpacked(chunks):
            offset += len(chunk)
            yield chunk
    except UnreadableObjectError as error:
        damaged.append(Part(offset, b"", str(error)))


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """An object's bytes, decompressed if it is gzip; several gzip members are concatenated.

    Raises:
        UnreadableObjectError: it is compressed in another format, damaged, truncated or too large.
    """
    source = iter(chunks)
    content = b""
    while len(content) < 10 and (more := next(source, None)) is not None:
        content += more
    if content.startswith(_PACKED_OTHERWISE):
        raise UnreadableObjectError(
            "is compressed as ZIP or Snappy: unpack it and put it back, uncompressed or as gzip"
        )
    if not content.startswith(_GZIP):
        yield content
        yield from source
        return
    room = LARGEST_OBJECT
    while content:
        if not content.startswith(_GZIP):
            raise UnreadableObjectError("is damaged: data after its gzip stream is not gzip")
        inflater = zlib.decompressobj(wbits=31)
        for out in _inflated(inflater, content, source):
            room -= len(out)
            if room < 0:
                raise UnreadableObjectError(f"is larger than {LARGEST_OBJECT:,} bytes when unpacked")
            yield out
        content = inflater.unused_data.lstrip(b"\0")  # padding between members is valid
        while len(content) < len(_GZIP) and (more := next(source, None)) is not None:
            content = (content + more).lstrip(b"\0")


def _inflated(inflater: Any, content: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    """One member of a gzip file, in pieces."""
    while not inflater.eof:
        if not content:
            more = next(source, None)
            if more is None:
                raise UnreadableObjectError("is truncated: its gzip stream has no end")
            content = more
        try:
            yield inflater.decompress(content, _AT_ONCE)
        except zlib.error as error:
            raise UnreadableObjectError(f"is damaged: {error}") from error
        content = inflater.unconsumed_tail


def _error_record(part: Part, *, exactly: bool) -> Record | None:
    """The original record in an error record.

    If the object's key does not mark it as an error object, only JSON with all of Firehose's fields counts, since an
    event may have some of these names.
    """
    if b'"rawData"' not in part.data:
        return None
    try:
        value: dict[str, Any] = json.loads(part.data)
        if exactly and not all(type(value.get(name)) is kind for name, kind in _ERROR_FIELDS.items()):
            return None
        data = base64.b64decode(value["rawData"], validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        return None
    arrival = value.get("arrivalTimestamp")
    known = arrival if isinstance(arrival, int) and arrival > 0 else None
    return Record(data, known, str(value.get("errorCode") or "unknown"), part.offset)


def arrival_of(key: str) -> int | None:
    """Arrival of a backup object's first record, from the time in the object's name."""
    match = _NAME.search(key)
    if match is None:
        return None
    try:
        moment = datetime(*(int(part) for part in match.groups()), tzinfo=timezone.utc)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return int(moment.timestamp() * 1000)


def carries_arrival(data: bytes) -> bool:
    """Whether a record contains its first arrival: a replayed record, or a document."""
    return data.strip().startswith(_KNOWN)


def wrapped(record: Record, *, largest: int) -> bytes:
    """The record to put on the stream: in an envelope with its first arrival, which the transform removes.

    The transform needs the first arrival to correct times in the same way again. Documents contain their arrival;
    records that are not text, or would become too large, go without an envelope."""
    if record.arrival is None or carries_arrival(record.data):
        return record.data
    try:
        text = record.data.decode("utf-8")
    except UnicodeDecodeError:
        return record.data
    envelope = json.dumps({"replayed_arrival": record.arrival, "record": text}, separators=(",", ":")).encode()
    return envelope if len(envelope) <= largest else record.data

"""What Firehose's objects hold: error objects unwrapped, backup objects taken apart, record by record.

An error object is a JSON object a line, with the record's bytes as base64 in ``rawData``, whatever the kind of error:
for ``processing-failed`` the record as it came, for ``elasticsearch-failed`` and ``AmazonOpenSearchService-failed``
the document that was not taken. A backup object is the records one after another, with a line end between them where
the records bring it, else without anything: JSON is told apart even so (`splitting`), lines of text are not.

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
"""Bytes of an unpacked object that are read; Firehose's largest buffer is 128 MiB."""
NO_ERROR_RECORD = "is no error record of Firehose"

_AT_ONCE = 262_144
"""Bytes that are unpacked at once."""
_NAME = re.compile(r"-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9a-f]{8}-[0-9a-f-]{27}")
_ERROR_KEY = re.compile(
    r"(?:processing|elasticsearch|AmazonOpenSearchService|AmazonOpenSearchServerless|format-conversion)-failed"
)
"""In the key of an error object: the kind of error, which its prefix names (``!{firehose:error-output-type}``)."""
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
    """An object that cannot be read any further; the message says why."""


@dataclass(frozen=True)
class Record:
    """One record of an object.

    Attributes:
        data: its bytes, as they were put on the stream or as they were refused by the domain.
        arrival: epoch milliseconds of its arrival, where that is known.
        error: Firehose's error code, such as ``Lambda.FunctionError``; None in a backup object.
        offset: where it lies in what it was read from.
    """

    data: bytes
    arrival: int | None
    error: str | None
    offset: int = 0


def records(key: str, chunks: Iterable[bytes]) -> Iterator[Record | Part]:
    """The records of an object, in order, and between them what cannot be read: parts with a reason.

    Args:
        chunks: the object's bytes as they come, packed or not.
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
    """An object's bytes, out of gzip where it is compressed; several members one after another are one.

    Raises:
        UnreadableObjectError: it is compressed in another way, damaged, cut off or too large.
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
            raise UnreadableObjectError("is damaged: what follows its gzip stream is none")
        inflater = zlib.decompressobj(wbits=31)
        for out in _inflated(inflater, content, source):
            room -= len(out)
            if room < 0:
                raise UnreadableObjectError(f"is larger than {LARGEST_OBJECT:,} bytes when unpacked")
            yield out
        content = inflater.unused_data.lstrip(b"\0")  # what pads a member is no damage
        while len(content) < len(_GZIP) and (more := next(source, None)) is not None:
            content = (content + more).lstrip(b"\0")


def _inflated(inflater: Any, content: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    """One member of a gzip file, a little at a time."""
    while not inflater.eof:
        if not content:
            more = next(source, None)
            if more is None:
                raise UnreadableObjectError("is cut off: its gzip stream has no end")
            content = more
        try:
            yield inflater.decompress(content, _AT_ONCE)
        except zlib.error as error:
            raise UnreadableObjectError(f"is damaged: {error}") from error
        content = inflater.unconsumed_tail


def _error_record(part: Part, *, exactly: bool) -> Record | None:
    """The record that an error record holds.

    In an object whose key does not say that it holds errors, only one with every field that Firehose writes counts: an
    event may have fields of such names.
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
    """When the first record of a backup object arrived, after the time that Firehose writes into the object's name."""
    match = _NAME.search(key)
    if match is None:
        return None
    try:
        moment = datetime(*(int(part) for part in match.groups()), tzinfo=timezone.utc)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return int(moment.timestamp() * 1000)


def carries_arrival(data: bytes) -> bool:
    """Whether a record says itself when it first arrived: one that was replayed before, or a document."""
    return data.strip().startswith(_KNOWN)


def wrapped(record: Record, *, largest: int) -> bytes:
    """The record as it goes back on the stream: in an envelope with its first arrival, which the transform takes off.

    Without it, a time that was corrected by the arrival would come out different. Documents carry their arrival
    themselves; what is no text, or would grow too large, goes back bare."""
    if record.arrival is None or carries_arrival(record.data):
        return record.data
    try:
        text = record.data.decode("utf-8")
    except UnicodeDecodeError:
        return record.data
    envelope = json.dumps({"replayed_arrival": record.arrival, "record": text}, separators=(",", ":")).encode()
    return envelope if len(envelope) <= largest else record.data

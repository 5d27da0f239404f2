"""What Firehose's objects hold: error objects unwrapped, backup objects taken apart, record by record.

An error object is a JSON object a line, with the record's bytes as base64 in ``rawData``, whatever the kind of error:
for ``processing-failed`` the record as it came, for ``elasticsearch-failed`` and ``AmazonOpenSearchService-failed``
the document that was not taken. A backup object is the records one after another, with a line end between them where
that is switched on or the records bring it, else without anything: JSON objects are told apart even so, lines are
not.

https://docs.aws.amazon.com/firehose/latest/dev/retry.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

LARGEST_OBJECT = 1 << 30
"""Bytes of an unpacked object; Firehose's largest buffer is 128 MiB."""

_NAME = re.compile(r"-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9a-f]{8}-[0-9a-f-]{27}")
_KNOWN = (b'{"replayed_arrival":', b'{"schema_version":')
_JSON = json.JSONDecoder(strict=False)


class UnreadableObjectError(Exception):
    """An object that is not what Firehose writes; the message says why."""


@dataclass(frozen=True)
class Record:
    """One record of an object.

    Attributes:
        data: its bytes, as they were put on the stream or as they were refused by the domain.
        arrival: epoch milliseconds of its arrival, where that is known.
        error: Firehose's error code, such as ``Lambda.FunctionError``; None in a backup object.
    """

    data: bytes
    arrival: int | None
    error: str | None


def records(key: str, content: bytes) -> Iterator[Record]:
    """The records of an object, in order.

    Raises:
        UnreadableObjectError: it is compressed in a way that is not gzip, damaged, or an error object with a line
        that is none.
    """
    content = unpacked(content)
    if not content.strip():
        return
    first = content.lstrip()[:65_536].partition(b"\n")[0]
    if first.startswith(b"{") and b'"rawData"' in first and b'"attemptsMade"' in first:
        yield from _errors(content)
    else:
        arrival = arrival_of(key)
        for data in split(content):
            yield Record(data, arrival, None)


def unpacked(content: bytes) -> bytes:
    """An object's bytes, out of gzip where it is compressed; several members one after another are one."""
    if content.startswith((b"PK\x03\x04", b"\xff\x06\x00\x00sNaPpY", b"\x82SNAPPY\x00")):
        raise UnreadableObjectError(
            "is compressed as ZIP or Snappy: unpack it and put it back, uncompressed or as gzip"
        )
    unpacked_bytes = bytearray()
    while content.startswith(b"\x1f\x8b"):
        inflater = zlib.decompressobj(wbits=31)
        try:
            unpacked_bytes += inflater.decompress(content, LARGEST_OBJECT - len(unpacked_bytes))
        except zlib.error as error:
            raise UnreadableObjectError(f"is damaged: {error}") from error
        if inflater.unconsumed_tail:
            raise UnreadableObjectError(f"is larger than {LARGEST_OBJECT:,} bytes when unpacked")
        if not inflater.eof:
            raise UnreadableObjectError("is cut off: its gzip stream has no end")
        content = inflater.unused_data
    return bytes(unpacked_bytes) if unpacked_bytes else content


def _errors(content: bytes) -> Iterator[Record]:
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value: dict[str, Any] = json.loads(line)
            data = base64.b64decode(value["rawData"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise UnreadableObjectError(
                f"line {number} is no error record of Firehose ({type(error).__name__})"
            ) from None
        arrival = value.get("arrivalTimestamp")
        yield Record(data, arrival if isinstance(arrival, int) else None, str(value.get("errorCode") or "unknown"))


def split(content: bytes) -> Iterator[bytes]:
    """Records that lie one after another: JSON values with or without anything between, else one a line."""
    text = content.decode("utf-8", "surrogateescape")
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        stop = -1
        if text[at] in "{[":
            try:
                _, stop = _JSON.raw_decode(text, at)
            except (ValueError, RecursionError):
                stop = -1  # a broken record: as far as its line goes
        if stop < 0:
            stop = text.find("\n", at)
            stop = end if stop < 0 else stop
        yield text[at:stop].encode("utf-8", "surrogateescape")
        at = stop


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

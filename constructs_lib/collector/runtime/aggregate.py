"""Several events as one record of the stream, in the format of the Kinesis Producer Library.

Firehose takes such records apart before it calls the transform, so each event becomes a document as if it had come
alone. A request's events then are stored all or not at all, count as one of the 1,000 records that a shard takes in a
second, and are billed by 25 KB of all of them, not of each.

https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
https://docs.aws.amazon.com/streams/latest/dev/kpl-with-firehose.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

MAGIC = b"\xf3\x89\x9a\xc2"
LARGEST_RECORD = 1_000_000
"""Bytes of one record: under the 1 MiB that a stream takes, its key and what encloses the events included."""

_AROUND_EVENT = 16
"""Bytes around an event at most: tags and lengths."""


def aggregated(events: Sequence[bytes], partition_key: str) -> Iterator[tuple[bytes, range]]:
    """Records that hold the events, each with the places of its events; a single event is its own record."""
    start = 0
    while start < len(events):
        size, end = 0, start
        while end < len(events) and (end == start or size + len(events[end]) + _AROUND_EVENT <= LARGEST_RECORD - 1024):
            size += len(events[end]) + _AROUND_EVENT
            end += 1
        group = events[start:end]
        yield (group[0] if len(group) == 1 else _message(group, partition_key)), range(start, end)
        start = end


def _message(events: Sequence[bytes], partition_key: str) -> bytes:
    key = partition_key.encode()
    parts = [b"\x0a", _varint(len(key)), key]
    for event in events:
        size = _varint(len(event))
        # Field 3, a record: field 1, the first partition key; field 3, the data.
        parts += (b"\x1a", _varint(len(event) + len(size) + 3), b"\x08\x00\x1a", size, event)
    message = b"".join(parts)
    return MAGIC + message + hashlib.md5(message, usedforsecurity=False).digest()


def _varint(number: int) -> bytes:
    """A number as protocol buffers write it: seven bits a byte, the lowest first."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)

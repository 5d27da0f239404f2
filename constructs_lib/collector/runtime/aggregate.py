"""Puts several events into one record of the stream, in the format of the Kinesis Producer Library.

Firehose splits such records before it calls the transform, so each event becomes a document as if sent alone. The
stream stores all events of a record or none, counts them as one of the 1,000 records that a shard takes in a second,
and AWS bills 25 KB units of their total size instead of one or more for each event.

https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
https://docs.aws.amazon.com/streams/latest/dev/kpl-with-firehose.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

MAGIC = b"\xf3\x89\x9a\xc2"
LARGEST_RECORD = 1_000_000
"""Most bytes of one record: below the 1 MiB that a stream accepts, with the key and the framing of the events."""

_AROUND_EVENT = 16
"""Most bytes of framing around an event: tags and lengths."""


def aggregated(events: Sequence[bytes], partition_key: str) -> Iterator[tuple[bytes, range]]:
    """Records with the events, each with the places of its events; a single event is not aggregated."""
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
    """A protocol buffers varint: seven bits a byte, the lowest first."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)

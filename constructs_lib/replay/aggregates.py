"""Records that the Kinesis Producer Library put together, taken apart.

An aggregate is a magic number, a protocol buffer and the MD5 of that. Firehose takes it apart before it calls the
transform, which is given the same when each record comes by itself: then with its first arrival, in an envelope of its
own, and whatever became of the shard that the aggregate was made for.

https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
https://docs.aws.amazon.com/streams/latest/dev/kpl-with-firehose.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

MAGIC = b"\xf3\x89\x9a\xc2"
_DIGEST = 16
_RECORDS = 3
"""Field of the aggregate that holds a record."""
_DATA = 3
"""Field of a record that holds its bytes."""
_LONGEST_VARINT = 10
"""Bytes that 64 bits take (https://protobuf.dev/programming-guides/encoding/#varints)."""
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
"""Kinds of values on the wire (https://protobuf.dev/programming-guides/encoding/)."""


def user_records(data: bytes) -> list[bytes]:
    """The records of an aggregate as the producer was given them; what is no aggregate, or a damaged one, as it is."""
    message, digest = data[len(MAGIC) : -_DIGEST], data[-_DIGEST:]
    if not data.startswith(MAGIC) or hashlib.md5(message, usedforsecurity=False).digest() != digest:
        return [data]
    try:
        return [next(_fields(record, _DATA)) for record in _fields(message, _RECORDS)]
    except (IndexError, StopIteration, ValueError):
        return [data]


def _fields(message: bytes, wanted: int) -> Iterator[bytes]:
    """What a message holds in one of its fields that are bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
            continue
        if kind == _BYTES:
            size, at = _varint(message, at)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"no kind of value: {kind}")
        if at + size > len(message):
            raise ValueError("a value ends beyond its message")
        if kind == _BYTES and field == wanted:
            yield message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where the next begins."""
    value = 0
    for shift in range(0, 7 * _LONGEST_VARINT, 7):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
    raise ValueError(f"a number of more than {_LONGEST_VARINT} bytes")

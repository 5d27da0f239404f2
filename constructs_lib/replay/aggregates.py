"""Splits records that the Kinesis Producer Library aggregated.

An aggregate is a magic number, a protocol buffer and its MD5. Firehose splits it before it calls the transform. Replay
sends each record separately, so that each has its first arrival in its own envelope, and the record does not depend on
the shard that the aggregate was made for.

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
"""Most bytes of a varint of 64 bits (https://protobuf.dev/programming-guides/encoding/#varints)."""
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
"""Wire types (https://protobuf.dev/programming-guides/encoding/)."""


def user_records(data: bytes) -> list[bytes]:
    """The user records of an aggregate. Other data, and a damaged aggregate, is returned unchanged as one record."""
    message, digest = data[len(MAGIC) : -_DIGEST], data[-_DIGEST:]
    if not data.startswith(MAGIC) or hashlib.md5(message, usedforsecurity=False).digest() != digest:
        return [data]
    try:
        return [next(_fields(record, _DATA)) for record in _fields(message, _RECORDS)]
    except (IndexError, StopIteration, ValueError):
        return [data]


def _fields(message: bytes, wanted: int) -> Iterator[bytes]:
    """The values of one bytes field of a message."""
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
            raise ValueError(f"unknown wire type {kind}")
        if at + size > len(message):
            raise ValueError("a value ends beyond its message")
        if kind == _BYTES and field == wanted:
            yield message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A varint (seven bits a byte, lowest first), and the offset after it."""
    value = 0
    for shift in range(0, 7 * _LONGEST_VARINT, 7):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
    raise ValueError(f"a number of more than {_LONGEST_VARINT} bytes")

"""Aggregates of the Kinesis Producer Library are split into their records."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.replay.aggregates import MAGIC, user_records
from tests.replay.samples import aggregate, text


@given(st.lists(st.binary(max_size=300)))
def test_records_of_an_aggregate_are_returned_unchanged(records: list[bytes]) -> None:
    assert user_records(aggregate(*records)) == records


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"a": 1}',
        MAGIC,
        aggregate(b"a")[:-1],
        aggregate(b"a") + b"\n",
        MAGIC + b"\x1a\xff" + hashlib.md5(b"\x1a\xff", usedforsecurity=False).digest(),
        MAGIC + b"\x1b\x00" + hashlib.md5(b"\x1b\x00", usedforsecurity=False).digest(),
        MAGIC + b"\xff" * 11 + hashlib.md5(b"\xff" * 11, usedforsecurity=False).digest(),
        MAGIC + text(3, b"\x08\x00") + hashlib.md5(text(3, b"\x08\x00"), usedforsecurity=False).digest(),
    ],
)
def test_other_records_stay_unchanged(data: bytes) -> None:
    assert user_records(data) == [data]


@given(st.binary())
def test_any_message_is_split_or_left_unchanged(message: bytes) -> None:
    data = MAGIC + message + hashlib.md5(message, usedforsecurity=False).digest()
    assert isinstance(user_records(data), list)


def test_an_endless_varint_is_read_only_once() -> None:
    message = b"\x80" * 1_000_000
    data = MAGIC + message + hashlib.md5(message, usedforsecurity=False).digest()
    begin = time.process_time()
    assert user_records(data) == [data]
    assert time.process_time() - begin < 1

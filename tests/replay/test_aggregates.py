"""Aggregates of the Kinesis Producer Library give back what they were made of."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.replay.aggregates import MAGIC, user_records
from tests.replay.samples import aggregate, text


@given(st.lists(st.binary(max_size=300)))
def test_records_come_out_as_they_went_in(records: list[bytes]) -> None:
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
def test_what_is_no_aggregate_stays_as_it_is(data: bytes) -> None:
    assert user_records(data) == [data]


@given(st.binary())
def test_any_message_is_read_or_left(message: bytes) -> None:
    data = MAGIC + message + hashlib.md5(message, usedforsecurity=False).digest()
    assert isinstance(user_records(data), list)


def test_a_number_without_end_is_read_in_one_look() -> None:
    message = b"\x80" * 1_000_000
    data = MAGIC + message + hashlib.md5(message, usedforsecurity=False).digest()
    begin = time.process_time()
    assert user_records(data) == [data]
    assert time.process_time() - begin < 1

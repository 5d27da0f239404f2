"""Records are read from Firehose's objects, byte for byte."""

from __future__ import annotations

import gzip

import pytest

from constructs_lib.replay import objects
from constructs_lib.replay.objects import Record, arrival_of, records, wrapped
from constructs_lib.replay.splitting import Part
from tests.replay.samples import KEY, error_line


def read(key: str, *chunks: bytes) -> list[Record]:
    """The records."""
    return [item for item in records(key, chunks) if isinstance(item, Record)]


def lost(key: str, *chunks: bytes) -> list[str]:
    """Why the rest is unreadable."""
    return [str(item.reason) for item in records(key, chunks) if isinstance(item, Part)]


def test_error_object_is_unwrapped() -> None:
    first, second = error_line(b"broken \xff"), error_line(b"{}", "Lambda.FunctionError")
    assert read(KEY, first + b"\n" + second + b"\n") == [
        Record(b"broken \xff", 1741766401000, "Lambda.ProcessingFailedStatus"),
        Record(b"{}", 1741766401000, "Lambda.FunctionError", len(first) + 1),
    ]


def test_error_records_are_told_apart_without_line_ends() -> None:
    assert [record.data for record in read(KEY, error_line(b"a") + error_line(b"b"))] == [b"a", b"b"]


@pytest.mark.parametrize(
    "damage",
    [
        b"{}",
        b'{"attemptsMade": 1, "rawData": "?"}',
        b'{"attemptsMade": 1, "rawData": 1}',
        b'["rawData"]',
        b'{"rawData": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"a line",
        error_line(b"a")[:-30],
    ],
)
def test_an_invalid_error_record_does_not_stop_others(damage: bytes) -> None:
    content = b"\n".join([error_line(b"a"), damage, error_line(b"b")])
    assert [record.data for record in read(KEY, content)] == [b"a", b"b"]
    assert len(lost(KEY, content)) == 1


@pytest.mark.parametrize(
    "event",
    [
        b'{"rawData": "e30=", "attemptsMade": 1, "action_name": "click"}',
        b'{"rawData": "e30=", "attemptsMade": 1, "arrivalTimestamp": 5, "errorCode": "x"}',
        b'{"message": "\\"rawData\\": \\"attemptsMade\\":"}',
        b'{"nested": ' + error_line(b"a") + b"}",
    ],
)
def test_an_event_with_the_words_of_an_error_record_is_an_event(event: bytes) -> None:
    assert [record.data for record in read("events/x", event + b'{"a": 1}')] == [event, b'{"a": 1}']


def test_an_error_object_is_recognised_under_another_key() -> None:
    assert read("again/x", error_line(b"a"))[0].data == b"a"


def test_backed_up_records_have_the_arrival_of_their_object() -> None:
    (record,) = read(KEY.replace("processing-failed", "all"), b'{"a": 1}')
    assert record == Record(b'{"a": 1}', 1741766401000, None)


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_gzip_with_several_members_is_decompressed(chunk: int) -> None:
    content = gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n') + b"\0" * 20
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    assert [record.data for record in read("events/x", *chunks)] == [b'{"a": 1}', b'{"a": 2}']


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b'{"a": 1}\n' * 1000, mtime=0)[:-12], "is truncated"),
        (gzip.compress(b'{"a": 1}\n', mtime=0) + b"\x1f\x8b\x08\x00broken.....", "is damaged"),
        (gzip.compress(b'{"a": 1}\n', mtime=0) + b"more", "is damaged: data after its gzip stream is not gzip"),
    ],
)
def test_records_before_damaged_gzip_are_read(content: bytes, message: str) -> None:
    assert read("events/x", content)[0].data == b'{"a": 1}'
    assert lost("events/x", content)[-1].startswith(message)


@pytest.mark.parametrize("content", [b"PK\x03\x04....", b"\xff\x06\x00\x00sNaPpY", b"\x82SNAPPY\x00"])
def test_another_compression_is_reported(content: bytes) -> None:
    assert lost(KEY, content) == ["is compressed as ZIP or Snappy: unpack it and put it back, uncompressed or as gzip"]


def test_decompression_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "LARGEST_OBJECT", 100_000)
    content = gzip.compress(b'{"a": 1}\n' * 20_000)
    assert lost("events/x", content)[-1] == "is larger than 100,000 bytes when unpacked"


def test_an_empty_object_has_no_records() -> None:
    assert list(records(KEY, [])) == list(records(KEY, [b""])) == []


def test_the_arrival_of_a_backup_is_read_from_its_key() -> None:
    assert arrival_of(KEY) == 1741766401000
    assert arrival_of("events/2025/03/12/08/other.gz") is None


def test_a_record_is_sent_with_its_arrival() -> None:
    data = wrapped(Record(b'{"a": 1}', 1741766401000, None), largest=1000)
    assert data == b'{"replayed_arrival":1741766401000,"record":"{\\"a\\": 1}"}'


@pytest.mark.parametrize(
    "record",
    [
        Record(b'{"a": 1}', None, None),
        Record(b"caf\xe9", 1741766401000, None),
        Record(b"x" * 990, 1741766401000, None),
        Record(b'{"schema_version":"1.0"}', 1741766401000, None),
        Record(b'{"replayed_arrival":1,"record":"a"}', 1741766401000, None),
    ],
)
def test_a_record_is_sent_unchanged_if_an_envelope_does_not_fit(record: Record) -> None:
    assert wrapped(record, largest=1000) == record.data

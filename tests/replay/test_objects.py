"""Firehose's objects give their records back, byte for byte."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.replay.objects import Record, UnreadableObjectError, arrival_of, records, split, wrapped

KEY = "failed/processing-failed/2025/03/12/08/shop-delivery-1-2025-03-12-08-00-01-7c1a9f0e-0000-4000-8000-000000000001"


def error_line(data: bytes, code: str = "Lambda.ProcessingFailedStatus") -> bytes:
    """A line of an error object."""
    return json.dumps(
        {
            "attemptsMade": 1,
            "arrivalTimestamp": 1741766401000,
            "errorCode": code,
            "errorMessage": "ProcessingFailed status set for record",
            "attemptEndingTimestamp": 1741766461000,
            "rawData": base64.b64encode(data).decode("ascii"),
            "lambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:shop-transform:live",
        }
    ).encode()


def test_error_object_is_unwrapped() -> None:
    content = error_line(b"broken \xff") + b"\n" + error_line(b"{}", "Lambda.FunctionError") + b"\n"
    assert list(records(KEY, content)) == [
        Record(b"broken \xff", 1741766401000, "Lambda.ProcessingFailedStatus"),
        Record(b"{}", 1741766401000, "Lambda.FunctionError"),
    ]


@pytest.mark.parametrize("delimiter", [b"", b"\n", b"\r\n", b" "])
def test_backed_up_json_is_told_apart_with_and_without_line_ends(delimiter: bytes) -> None:
    events = [b'{"action_name": "click", "message": "a}{b\\""}', b'[{"a": [1]}]', '{"q": "grün"}'.encode()]
    found = [record.data for record in records(KEY, delimiter.join(events))]
    assert found == events


def test_backed_up_lines_are_told_apart_at_line_ends() -> None:
    lines = [
        b'198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 5',
        b"caf\xe9",
        b"{broken",
        b'{"a": 1}',
    ]
    assert list(split(b"\n".join(lines) + b"\n")) == lines


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dictionaries(st.text(), st.one_of(st.text(), st.floats(allow_nan=False), st.none()))))
def test_any_json_objects_come_apart_as_they_were(values: list[dict[str, object]]) -> None:
    written = [json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") for value in values]
    assert list(split(b"".join(written))) == written


@given(st.binary())
def test_splitting_never_raises_and_loses_nothing_but_white_space(content: bytes) -> None:
    # Part by part: bytes on both sides of a line break may be a character once they touch.
    kept = "".join(part.decode("utf-8", "surrogateescape") for part in split(content))
    text = content.decode("utf-8", "surrogateescape")
    assert "".join(kept.split()) == "".join(text.split())


def test_gzip_is_unpacked_also_in_several_members() -> None:
    content = gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n')
    assert [record.data for record in records(KEY, content)] == [b'{"a": 1}', b'{"a": 2}']


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"x" * 1000, mtime=0)[:-12], "is cut off"),
        (b"\x1f\x8b\x08\x00broken.....", "is damaged"),
        (b"PK\x03\x04....", "is compressed as ZIP or Snappy"),
        (error_line(b"a") + b"\n{}\n", "line 2 is no error record"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, message: str) -> None:
    with pytest.raises(UnreadableObjectError, match=message):
        list(records(KEY, content))


def test_arrival_of_a_backup_is_in_its_name() -> None:
    assert arrival_of(KEY) == 1741766401000
    assert arrival_of("events/2025/03/12/08/other.gz") is None


def test_record_goes_back_with_its_arrival() -> None:
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
def test_record_goes_back_bare_where_an_envelope_would_not_do(record: Record) -> None:
    assert wrapped(record, largest=1000) == record.data

"""An answer stays within Lambda's limit: documents become shorter, and only those that do not fit fail."""

from __future__ import annotations

import base64
import json

import pytest

from constructs_lib.configuration.transform import ProcessorSettings
from constructs_lib.transform.runtime.handler import MOST_BYTES
from tests.transform.batches import invocation, transform
from tests.transform.schemas import VALIDATORS


def test_only_records_that_do_not_fit_fail() -> None:
    """5,000 documents of 2 KB are 13 MB of base64: those that fit are delivered, the others fail alone."""
    record = json.dumps({"action_name": "click", "message": "lamp " * 200, "user_query": "oak " * 200}).encode()
    given_batch = invocation([record] * 5000)
    answer, line = transform.batch(given_batch)
    assert len(json.dumps(answer)) <= 6 * 1024 * 1024
    metrics = json.loads(line)
    assert metrics["Failed_response_full"] == 5000 - metrics["Ok"]
    assert metrics["BytesOut"] > MOST_BYTES * 0.8


SHORTEST = [
    b'{"event":"a"}',
    b'{"action_name":"a"}',
    b'{"ts":1,"msg":"a"}',
    b'{"action_name":"a","ip":"1.1.1.1","url":"/","user_agent":"-"}',
    b'{"action_name":"a","user_id":"a","client_id":"b"}',
    b'{"event":"a","ip":"1.1.1.1","url":"/a","ua":"-"}',
    b'{"type":"page","userId":1}',
    b'a b c [12/Mar/2025:08:00:01 +0000] "-" 400 -',
    b'1.1.1.1 b c [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 1 "http://a/" "-"',
    b'{"action_name":"a","items":[{"object_id":"a"},{"object_id":"b"}]}',
]
MOST_REQUEST = 6 * 1024 * 1024
"""Bytes of a request to a function, as of its answer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


@pytest.mark.parametrize("record", SHORTEST, ids=lambda record: record.decode()[:24])
def test_a_full_buffer_of_shortest_events_fits_the_answer(record: bytes) -> None:
    """As many as the configured buffer takes, and a request: none fails for want of room."""
    whole = invocation([record])
    whole["records"][0]["recordId"] = "4" * 62  # as long as Firehose's
    entry = json.dumps(whole["records"][0])
    buffer = int(ProcessorSettings().buffer_size_mb * 1024 * 1024)
    count = min(buffer // len(record), MOST_REQUEST // len(entry))
    given_batch = {"records": [whole["records"][0] | {"recordId": f"{number:062d}"} for number in range(count)]}
    answer, line = transform.batch(given_batch)
    assert json.loads(line).get("Failed_response_full", 0) == 0
    assert len(json.dumps(answer)) <= MOST_REQUEST


def test_a_large_batch_leaves_out_optional_fields_and_stays_valid() -> None:
    record = b'{"action_name":"a"}'
    few, _ = transform.batch(invocation([record]))
    many, _ = transform.batch(invocation([record] * 11_000))
    whole, short = (json.loads(base64.b64decode(answer["records"][0]["data"])) for answer in (few, many))
    assert set(whole) - set(short) == {"fingerprint", "ingest"}
    for validator in VALIDATORS:
        validator.validate(short)


def test_a_smaller_batch_leaves_out_the_stream_positions() -> None:
    answer, _ = transform.batch(invocation([b'{"action_name":"a","client_id":"a-client"}'] * 5000))
    short = json.loads(base64.b64decode(answer["records"][0]["data"]))
    assert set(short["ingest"]) == {"transform_version"}
    assert "fingerprint" in short


def test_a_large_document_does_not_use_the_space_of_others() -> None:
    """A whole buffer of records that grow most, in front of short ones."""
    wide = json.dumps(
        {"action_name": "view", "page": {"url": "https://shop.example/" + "ä@b.example/" * 160}, "message": "ä" * 1024}
    ).encode()
    buffer = int(ProcessorSettings().buffer_size_mb * 1024 * 1024)
    records = [wide] * (buffer // 2 // len(wide)) + [b'{"action_name":"a"}'] * (buffer // 2 // 19)
    _, line = transform.batch(invocation(records))
    assert "Failed_response_full" not in json.loads(line)

"""The command replays failed and backed up records: it sends all readable ones, and keeps and reports the rest."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.replay import sending
from constructs_lib.replay.bucket import Bucket
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from tests.replay.command import BUCKET, on_stream, put, replay
from tests.replay.samples import KEY, error_line


def test_failed_and_backed_up_records_are_replayed(endpoint: str, aws: Any) -> None:
    s3, kinesis = aws
    document = b'{"schema_version":"1.0","event_id":"a"}'
    put(s3, KEY, error_line(b"broken line"))
    put(s3, "failed/AmazonOpenSearchService-failed/x.gz", gzip.compress(error_line(document, "es.IndexFailure")))
    put(s3, "events/2025/03/12/08/x", b'{"a": 1}{"a": 2}')
    assert replay(endpoint) == 0
    assert replay(endpoint, prefix="events/") == 0
    assert sorted(on_stream(kinesis)) == sorted(
        [b'{"replayed_arrival":1741766401000,"record":"broken line"}', document, b'{"a": 1}', b'{"a": 2}']
    )


def test_only_errors_of_the_given_code_are_sent(endpoint: str, aws: Any) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a") + b"\n" + error_line(b"b", "Lambda.FunctionError"))
    assert replay(endpoint, "--error-code", "Lambda.FunctionError", "--bare") == 0
    assert on_stream(kinesis) == [b"b"]


def test_dry_run_counts_and_sends_nothing(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a"))
    assert replay(endpoint, "--dry-run") == 0
    assert on_stream(kinesis) == []
    assert "would send 1 records of 1 objects" in capsys.readouterr().out


def test_unreadable_object_is_named_and_the_others_are_sent(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    s3, kinesis = aws
    put(s3, "failed/a", b"PK\x03\x04")
    put(s3, "failed/b", error_line(b"b"))
    assert replay(endpoint, "--bare") == 3
    assert on_stream(kinesis) == [b"b"]
    assert "replay: failed/a: byte 0: is compressed as ZIP or Snappy" in capsys.readouterr().err


def kept() -> list[dict[str, Any]]:
    """The lines of the file of what could not be read."""
    (file,) = Path("build", "replay").glob("*.unreadable.ndjson")
    assert file.stat().st_mode & 0o777 == 0o600
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_unreadable_records_are_kept_and_reported_until_their_file_is_removed(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    s3, kinesis = aws
    put(s3, "failed/a", b'{"broken' + b'{"a": 1}' * 3 + b"\xff\xfe\n" + b'{"a": 2}')
    assert replay(endpoint, "--bare") == 3
    assert on_stream(kinesis) == [b'{"a": 1}'] * 3 + [b'{"a": 2}']
    assert kept() == [
        {"from": "failed/a", "offset": 0, "bytes": 8, "reason": "is broken or truncated JSON", "text": '{"broken'},
        {
            "from": "failed/a",
            "offset": 32,
            "bytes": 2,
            "reason": "is neither JSON nor a line of text",
            "base64": "//4=",
        },
    ]
    first = capsys.readouterr().err
    assert "replay: failed/a: byte 0: is broken or truncated JSON" in first
    assert "replay: 2 parts could not be read and were not sent; they are kept in build/replay/" in first
    assert replay(endpoint, "--bare") == 3
    assert len(kept()) == 2
    next(Path("build", "replay").glob("*.unreadable.ndjson")).unlink()
    assert replay(endpoint, "--bare") == 0
    assert len(on_stream(kinesis)) == 4


def test_a_binary_line_is_kept_and_not_sent(endpoint: str, aws: Any) -> None:
    s3, kinesis = aws
    put(s3, "failed/a", b"text\n\x01\x02\ntext")
    assert replay(endpoint, "--bare") == 3
    assert on_stream(kinesis) == [b"text"] * 2
    assert [part["bytes"] for part in kept()] == [2]


@pytest.mark.parametrize("over", [0, 1])
def test_a_record_larger_than_the_streams_limit_is_kept(endpoint: str, aws: Any, over: int) -> None:
    s3, kinesis = aws
    huge = b"x" * (sending.LARGEST_RECORD - 1 + over)
    put(s3, KEY, error_line(huge) + error_line(b"a"))
    assert replay(endpoint, "--bare") == (3 if over else 0)
    assert sorted(on_stream(kinesis)) == ([b"a"] if over else [b"a", huge])
    if over:
        assert sum(part["bytes"] for part in kept()) == len(huge)


def test_a_dry_run_reports_unreadable_records_and_writes_nothing(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    s3, _ = aws
    put(s3, "failed/a", b'{"broken')
    assert replay(endpoint, "--dry-run") == 3
    assert "replay: 1 parts could not be read and were not sent\n" in capsys.readouterr().err
    assert not Path("build").exists()


def test_a_missing_object_does_not_stop_others(
    endpoint: str, aws: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    s3, kinesis = aws
    put(s3, "failed/a", error_line(b"a"))
    put(s3, "failed/b", error_line(b"b"))
    units = Bucket.units

    def expiring(self: Bucket) -> list[tuple[str, str]]:
        found = units(self)
        s3.delete_object(Bucket=BUCKET, Key="failed/a")
        return found

    monkeypatch.setattr(Bucket, "units", expiring)
    assert replay(endpoint, "--bare") == 1
    assert on_stream(kinesis) == [b"b"]
    assert "replay: failed/a: could not be read (NoSuchKey)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--bucket", "nobody-has-this"], "NoSuchBucket"),
        (["--prefix", "nothing/"], "no object of shop-archive-1 begins with 'nothing/'"),
        (["--stream", "dry"], "ResourceNotFound"),
    ],
)
def test_errors_are_one_line(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    s3, _ = aws
    put(s3, KEY, error_line(b"a"))
    assert replay(endpoint, *more) == 1
    assert message in capsys.readouterr().err


def test_replayed_records_become_the_same_documents(endpoint: str, aws: Any) -> None:
    """From failure to document: the ids, the times and the rest are those of the first try."""
    s3, kinesis = aws
    event = json.dumps(
        {"type": "track", "event": "A B", "anonymousId": "a", "sentAt": 1741766400500, "timestamp": 1741766400000}
    )
    record: dict[str, Any] = {
        "recordId": "1",
        "data": base64.b64encode(event.encode()).decode(),
        "approximateArrivalTimestamp": 1741766401000,
    }
    transform = Transform(Settings())
    first = transform.document(record["data"], record)
    put(s3, KEY, error_line(event.encode()))
    assert replay(endpoint) == 0
    (data,) = on_stream(kinesis)
    again: dict[str, Any] = {"data": base64.b64encode(data).decode(), "approximateArrivalTimestamp": 1741999999000}
    assert transform.document(again["data"], again) == first

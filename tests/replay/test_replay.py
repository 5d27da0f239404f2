"""The command against emulated S3 and Kinesis: everything arrives, nothing twice, and what was stopped goes on."""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from constructs_lib.__main__ import main
from constructs_lib.replay import sending
from constructs_lib.replay.bucket import Bucket
from constructs_lib.replay.sending import Sender, StreamRefusedError
from constructs_lib.replay.state import alone
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from tests.replay.test_aggregates import aggregate
from tests.replay.test_objects import KEY, error_line

BUCKET, STREAM = "shop-archive-1", "shop-events"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def session() -> boto3.session.Session:
    """One for all tests: each new one reads the service models anew."""
    return boto3.session.Session("testing", "testing", region_name="us-east-1")


@pytest.fixture
def aws(
    endpoint: str, session: boto3.session.Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Any]:
    """A bucket and a stream, and a working folder for the state."""
    monkeypatch.setattr(boto3.session, "Session", lambda **_: session)
    monkeypatch.chdir(tmp_path)
    s3 = session.client("s3", endpoint_url=endpoint)
    kinesis = session.client("kinesis", endpoint_url=endpoint)
    s3.create_bucket(Bucket=BUCKET)
    kinesis.create_stream(StreamName=STREAM, ShardCount=1)
    yield s3, kinesis
    kinesis.delete_stream(StreamName=STREAM)
    for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        s3.delete_object(Bucket=BUCKET, Key=item["Key"])


def replay(endpoint: str, *more: str, prefix: str = "failed/") -> int:
    return main(
        ["replay", "--bucket", BUCKET, "--prefix", prefix, "--stream", STREAM, "--endpoint-url", endpoint, *more]
    )


def on_stream(kinesis: Any) -> list[bytes]:
    """Everything that is on the stream."""
    (shard,) = kinesis.describe_stream(StreamName=STREAM)["StreamDescription"]["Shards"]
    iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    return [record["Data"] for record in kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]]


def put(s3: Any, key: str, content: bytes) -> None:
    s3.put_object(Bucket=BUCKET, Key=key, Body=content)


def test_failed_and_backed_up_records_come_back(endpoint: str, aws: Any) -> None:
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


def test_running_twice_sends_nothing_twice(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a"))
    assert replay(endpoint) == replay(endpoint) == 0
    assert len(on_stream(kinesis)) == 1
    assert "sent 0 records of 1 objects to shop-events (1 objects were done before)" in capsys.readouterr().out


def test_what_was_stopped_goes_on_where_it_ended(endpoint: str, aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    s3, kinesis = aws
    put(s3, KEY, b"\n".join(error_line(f"event {number}".encode()) for number in range(1200)))
    flush = Sender.flush
    calls: list[int] = []

    def stopping(self: Sender) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        flush(self)

    monkeypatch.setattr(Sender, "flush", stopping)
    assert replay(endpoint) == 1
    assert len(on_stream(kinesis)) == 500
    monkeypatch.setattr(Sender, "flush", flush)
    assert replay(endpoint) == 0
    numbers = sorted(int(json.loads(data)["record"].split()[1]) for data in on_stream(kinesis))
    assert numbers == list(range(1200))


def test_only_errors_of_the_asked_code_are_sent(endpoint: str, aws: Any) -> None:
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


def test_what_cannot_be_read_is_kept_and_told_until_somebody_has_seen_to_it(
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


def test_a_line_of_text_that_is_none_is_kept_and_not_sent(endpoint: str, aws: Any) -> None:
    s3, kinesis = aws
    put(s3, "failed/a", b"text\n\x01\x02\ntext")
    assert replay(endpoint, "--bare") == 3
    assert on_stream(kinesis) == [b"text"] * 2
    assert [part["bytes"] for part in kept()] == [2]


@pytest.mark.parametrize("over", [0, 1])
def test_a_record_larger_than_the_stream_takes_is_kept(endpoint: str, aws: Any, over: int) -> None:
    s3, kinesis = aws
    huge = b"x" * (sending.LARGEST_RECORD - 1 + over)
    put(s3, KEY, error_line(huge) + error_line(b"a"))
    assert replay(endpoint, "--bare") == (3 if over else 0)
    assert sorted(on_stream(kinesis)) == ([b"a"] if over else [b"a", huge])
    if over:
        assert sum(part["bytes"] for part in kept()) == len(huge)


def test_a_dry_run_tells_what_cannot_be_read_and_writes_nothing(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    s3, _ = aws
    put(s3, "failed/a", b'{"broken')
    assert replay(endpoint, "--dry-run") == 3
    assert "replay: 1 parts could not be read and were not sent\n" in capsys.readouterr().err
    assert not Path("build").exists()


def test_an_object_that_is_gone_stops_no_other(
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


def test_two_runs_at_once_are_one(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a"))
    with alone(Path("state.json")):
        assert replay(endpoint, "--state", "state.json") == 1
    assert on_stream(kinesis) == []
    assert capsys.readouterr().err == (
        "replay: state.json.lock: another run of this replay is in progress; wait until it ends, or stop it\n"
    )
    assert replay(endpoint, "--state", "state.json") == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"source": {}, "done": [], "key": "", "tag": "", "sent": 0}',
        b'{"source": {}, "done": {"a": 1}, "key": "", "tag": "", "sent": 0}',
        b'{"source": {}, "done": {}, "key": "", "tag": "", "sent": "1"}',
        b'{"source": {}, "done": {}, "key": "", "tag": "", "sent": -1}',
    ],
)
def test_a_damaged_state_is_one_line(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    Path("state.json").write_bytes(content)
    assert replay(endpoint, "--state", "state.json") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("replay: state.json: is damaged, or not a replay's state (")


@pytest.mark.parametrize("place", ["folder/file/state.json", "folder", "folder/file/deeper/state.json"])
def test_a_place_where_no_state_can_be_is_one_line(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a"))
    Path("folder").mkdir()
    Path("folder", "file").touch()
    assert replay(endpoint, "--state", place) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"replay: {place}")
    assert on_stream(kinesis) == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--bucket", "nobody-has-this"], "NoSuchBucket"),
        (["--prefix", "nothing/"], "no object of shop-archive-1 begins with 'nothing/'"),
        (["--stream", "dry"], "ResourceNotFound"),
    ],
)
def test_mistakes_are_told_in_one_line(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    s3, _ = aws
    put(s3, KEY, error_line(b"a"))
    assert replay(endpoint, *more) == 1
    assert message in capsys.readouterr().err


def test_state_of_another_replay_is_refused(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3, _ = aws
    put(s3, KEY, error_line(b"a"))
    assert replay(endpoint, "--state", "state.json") == 0
    assert replay(endpoint, "--state", "state.json", "--error-code", "x") == 1
    assert "is the state of another replay" in capsys.readouterr().err


def test_documents_of_a_replay_are_the_same(endpoint: str, aws: Any) -> None:
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


def from_stream(endpoint: str, *more: str, since: str = "2026-01-01T00:00:00Z") -> int:
    source = ["--from-stream", STREAM, "--since", since]
    return main(["replay", *source, "--stream", STREAM, "--endpoint-url", endpoint, *more])


def arrive(kinesis: Any, *records: bytes) -> list[int]:
    """Put records on the stream and wait until the service's clock, in whole seconds, is past them; their arrivals."""
    for data in records:
        kinesis.put_record(StreamName=STREAM, Data=data, PartitionKey="1")
    (shard,) = kinesis.list_shards(StreamName=STREAM)["Shards"]
    iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    found = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    time.sleep(1.01)
    return [round(record["ApproximateArrivalTimestamp"].timestamp() * 1000) for record in found]


def test_what_arrived_before_the_delivery_comes_back_with_its_arrival(endpoint: str, aws: Any) -> None:
    _, kinesis = aws
    replayed = b'{"replayed_arrival":1741766401000,"record":"b"}'
    first, *_ = arrive(kinesis, b"a", replayed, aggregate(b"c", b"\xff"))
    assert from_stream(endpoint) == 0
    sent = on_stream(kinesis)[3:]
    assert json.loads(sent[0]) == {"replayed_arrival": first, "record": "a"}
    assert sent[1] == replayed
    assert json.loads(sent[2])["record"] == "c"
    assert sent[3] == b"\xff"


def test_what_a_replay_put_back_is_not_read_by_it_or_by_the_next_run(endpoint: str, aws: Any) -> None:
    _, kinesis = aws
    arrive(kinesis, b"a", b"b")
    assert from_stream(endpoint) == from_stream(endpoint) == 0
    assert len(on_stream(kinesis)) == 4


def test_a_replay_from_the_stream_goes_on_where_it_was_stopped(
    endpoint: str, aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, kinesis = aws
    arrive(kinesis, aggregate(*(b"event %d" % number for number in range(1200))))
    flush = Sender.flush
    calls: list[int] = []

    def stopping(self: Sender) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        flush(self)

    monkeypatch.setattr(Sender, "flush", stopping)
    assert from_stream(endpoint) == 1
    assert len(on_stream(kinesis)) == 501
    monkeypatch.setattr(Sender, "flush", flush)
    assert from_stream(endpoint) == 0
    numbers = sorted(int(json.loads(data)["record"].split()[1]) for data in on_stream(kinesis)[1:])
    assert numbers == list(range(1200))


def test_a_dry_run_from_the_stream_counts_by_kind(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _, kinesis = aws
    arrive(kinesis, b"a", b'{"replayed_arrival":1,"record":"b"}', b"\xff")
    assert from_stream(endpoint, "--dry-run") == 0
    assert capsys.readouterr().out.splitlines() == [
        "would send 3 records of 1 shards to shop-events",
        "          2  as they arrived",
        "          1  replayed before",
        "          1  of them without their first arrival: not UTF-8, too large for an envelope, or arrival unknown",
    ]
    assert len(on_stream(kinesis)) == 3


def test_records_that_are_gone_are_told(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert from_stream(endpoint, since="2026-01-01") == 0
    assert "shop-events keeps 24 hours: records that arrived before" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        (
            ["--prefix", "a/", "--error-code", "x", "--since", "now"],
            [
                "--bucket is required (allowed: the archive's bucket, or --from-stream and --since)",
                "--since does not apply to this source (given now; allowed: with --from-stream)",
            ],
        ),
        (
            ["--from-stream", STREAM, "--bucket", BUCKET, "--prefix", "a/", "--error-code", "x", "--until", "now"],
            [
                "--bucket is a second source (given shop-archive-1; allowed: --bucket or --from-stream)",
                "--prefix does not apply to this source (given a/; allowed: with --bucket)",
                "--error-code does not apply to this source (given x; allowed: with --bucket)",
                "--since is required with --from-stream (allowed: a time such as 2026-01-02T03:04:05Z)",
                "--until is not a time (given now; allowed: a time such as 2026-01-02T03:04:05Z)",
            ],
        ),
        (
            ["--from-stream", STREAM, "--since", "2026-01-02T00:00+01:00", "--until", "2026-01-01T23:00Z"],
            ["--since is not before --until (given 2026-01-02T00:00+01:00; allowed: a time before 2026-01-01T23:00Z)"],
        ),
        (
            ["--from-stream", STREAM, "--since", "2026-01-02", "--until", "2999-01-01"],
            ["--until is in the future (given 2999-01-01; allowed: a time in the past)"],
        ),
    ],
)
def test_what_does_not_go_together_is_told_at_once(
    capsys: pytest.CaptureFixture[str], given: list[str], messages: list[str]
) -> None:
    assert main(["replay", "--stream", STREAM, *given]) == 2
    assert capsys.readouterr().err.splitlines() == [f"replay: {message}" for message in messages]


def test_a_stream_that_is_not_there_is_told(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert from_stream(endpoint, "--from-stream", "dry") == 1
    assert "ResourceNotFound" in capsys.readouterr().err


class Throttled:
    """A stream that takes every third record of a call."""

    def __init__(self, *, never: bool = False) -> None:
        self.taken: list[bytes] = []
        self.never = never

    def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002, N803
        answers = []
        for number, entry in enumerate(Records):
            taken = number % 3 == 0 and not self.never
            if taken:
                self.taken.append(entry["Data"])
            answers.append(
                {"SequenceNumber": "1"} if taken else {"ErrorCode": "ProvisionedThroughputExceededException"}
            )
        return {"Records": answers}


def test_records_that_were_refused_are_sent_again() -> None:
    client = Throttled()
    counted: list[int] = []
    pauses: list[float] = []
    sender = Sender(client, STREAM, counted.append, pause=pauses.append)
    wanted = [str(number).encode() for number in range(40)]
    for data in wanted:
        sender.put(data)
    sender.flush()
    assert sorted(client.taken) == sorted(wanted)
    assert counted == [40]
    assert pauses


def test_refusing_without_end_is_told() -> None:
    sender = Sender(Throttled(never=True), STREAM, lambda _: None, pause=lambda _: None)
    sender.put(b"a")
    with pytest.raises(StreamRefusedError, match=f"1 records were refused {sending.ATTEMPTS} times"):
        sender.flush()


def test_calls_stay_within_their_limits() -> None:
    calls = []

    class Client:
        def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002, N803
            calls.append((len(Records), sum(len(entry["Data"]) + len(entry["PartitionKey"]) for entry in Records)))
            return {"Records": [{"SequenceNumber": "1"}] * len(Records)}

    sender = Sender(Client(), STREAM, lambda _: None)
    for size in [100] * 700 + [1_000_000] * 12:
        sender.put(b"x" * size)
    sender.flush()
    assert sum(count for count, _ in calls) == 712
    assert all(count <= 500 and size <= sending.MOST_BYTES for count, size in calls)

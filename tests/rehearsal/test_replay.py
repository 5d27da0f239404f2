"""A replay from the stream turns records that no delivery stream read into the same documents."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from rehearsal.delivery import Outcome, Record
from rehearsal.delivery.aws import StreamSource, delivery
from rehearsal.emulator import ACCOUNT_ID, Emulator
from tests.replay.samples import aggregate

pytestmark = pytest.mark.rehearsal

STREAM = "missed-events"
ARN = f"arn:aws:kinesis:eu-west-1:{ACCOUNT_ID}:stream/{STREAM}"
EVENTS = [
    json.dumps(
        {"type": "track", "event": "Product Added", "anonymousId": f"a{number}", "sentAt": 1767308400500 + number}
    )
    for number in range(30)
]
"""Events without a time: their documents have that of the arrival, corrected by the client's clock."""
AGGREGATE = aggregate(*(event.encode() for event in EVENTS[:2]))
"""The first two, as the Kinesis Producer Library puts them on the stream."""


class Domain:
    """A search domain that keeps what is indexed."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []

    def request(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, Any]:  # noqa: ARG002
        """A bulk request."""
        lines = (body or b"").splitlines()
        self.documents += [json.loads(line) for line in lines[1::2]]
        return 200, {"items": [{"index": {"_id": str(number), "status": 201}} for number in range(len(lines) // 2)]}


def told(document: dict[str, Any]) -> dict[str, Any]:
    """A document without the place in the stream, which is that of the record it last came in."""
    return {name: value for name, value in document.items() if name != "ingest"}


def expected(aws: Emulator) -> list[dict[str, Any]]:
    """The documents of everything on the stream, had it been delivered as it arrived."""
    transform = Transform(Settings())
    records = StreamSource(aws.client("kinesis"), ARN, None).read()
    return [
        told(json.loads(transform.document(part.event()["data"], part.event())))
        for record in records
        for part in _parts(record)
    ]


def _parts(record: Record) -> list[Record]:
    """A record as Firehose takes it apart."""
    if record.data != AGGREGATE:
        return [record]
    return [Record(e.encode(), record.shard, record.partition_key, record.sequence, record.arrival) for e in EVENTS[:2]]


def test_records_from_before_the_delivery_stream_become_the_same_documents(
    aws: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    kinesis, firehose = aws.client("kinesis"), aws.client("firehose")
    kinesis.create_stream(StreamName=STREAM, ShardCount=2)
    put = [{"Data": data, "PartitionKey": str(data)} for data in (AGGREGATE, *(e.encode() for e in EVENTS[2:20]))]
    kinesis.put_records(StreamName=STREAM, Records=put)
    kinesis.update_shard_count(StreamName=STREAM, TargetShardCount=4, ScalingType="UNIFORM_SCALING")
    kinesis.put_records(StreamName=STREAM, Records=[{"Data": e.encode(), "PartitionKey": e} for e in EVENTS[20:]])
    wanted = expected(aws)
    time.sleep(1.1)

    role = f"arn:aws:iam::{ACCOUNT_ID}:role/delivery"
    firehose.create_delivery_stream(
        DeliveryStreamName="missed-delivery",
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={"KinesisStreamARN": ARN, "RoleARN": role},
        AmazonopensearchserviceDestinationConfiguration={
            "RoleARN": role,
            "DomainARN": f"arn:aws:es:eu-west-1:{ACCOUNT_ID}:domain/behaviour",
            "IndexName": "events",
            "S3Configuration": {"RoleARN": role, "BucketARN": "arn:aws:s3:::archive"},
        },
    )
    domain = Domain()
    outcomes: list[tuple[Record, Outcome]] = []
    transform = Transform(Settings())
    firehose_itself = delivery(
        aws,
        "missed-delivery",
        "eu-west-1",
        domain,
        report=lambda record, outcome: outcomes.append((record, outcome)),
        transform=lambda event: transform.batch(event)[0],
    )
    assert firehose_itself.drain(quiet=0.5) == 0

    asked = ["replay", "--from-stream", STREAM, "--since", "2026-01-01", "--stream", STREAM]
    assert main(asked) == 0
    assert "sent 30 records of 6 shards to missed-events" in capsys.readouterr().out
    assert firehose_itself.drain(quiet=0.5) == len(outcomes) == 30

    def order(document: dict[str, Any]) -> str:
        return str(document["event_id"])

    assert sorted(map(told, domain.documents), key=order) == sorted(wanted, key=order)

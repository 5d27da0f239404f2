"""The replay command before emulated S3 and Kinesis, what it finds there, and what it sent."""

from __future__ import annotations

import time
from typing import Any

from constructs_lib.__main__ import main

BUCKET, STREAM = "shop-archive-1", "shop-events"


def replay(endpoint: str, *more: str, prefix: str = "failed/") -> int:
    """Replay what lies in the archive below a prefix; the exit code."""
    return main(
        ["replay", "--bucket", BUCKET, "--prefix", prefix, "--stream", STREAM, "--endpoint-url", endpoint, *more]
    )


def on_stream(kinesis: Any) -> list[bytes]:
    """Everything that is on the stream."""
    (shard,) = kinesis.describe_stream(StreamName=STREAM)["StreamDescription"]["Shards"]
    iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    return [record["Data"] for record in kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]]


def put(s3: Any, key: str, content: bytes) -> None:
    """Put an object into the archive."""
    s3.put_object(Bucket=BUCKET, Key=key, Body=content)


def from_stream(endpoint: str, *more: str, since: str = "2026-01-01T00:00:00Z") -> int:
    """Replay what arrived on the stream since a time; the exit code."""
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

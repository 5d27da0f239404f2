"""The faults of `rehearsal.chaos`: a data path in which every part can fail."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from constructs_lib.collector.runtime.aggregate import aggregated
from constructs_lib.replay.objects import carries_arrival
from constructs_lib.transform.runtime import reasons
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from rehearsal.delivery.aws import StreamSource
from rehearsal.delivery.bucket import Bucket
from rehearsal.delivery.bulk import Unreachable
from rehearsal.delivery.loop import Delivery, TransformFailed
from rehearsal.delivery.records import Outcome, Record
from rehearsal.delivery.settings import DeliverySettings
from rehearsal.emulator import ACCOUNT_ID, REGION, Emulator

HOUR = 3_600_000
KINDS = ("function", "throttled", "key", "busy", "blocked", "mapping", "lost", "kill", "twice", "stream", "unread")
"""Frequent faults: calls of the function that crash or are throttled; no key for pseudonyms; a domain
that is busy, whose index is closed or whose mapping refuses; lost answers; a delivery that is killed, or delivers
again; a stream that refuses records, or that cannot be read because its key is disabled."""
MOST_DIVISIONS, MOST_REPLACEMENTS = 3, 2
"""Rare faults, of shards and of the delivery stream: they are slow in the emulator."""


class KilledError(BaseException):
    """A process was killed; only the code that starts the next one catches it."""


class World:
    """A stream, a delivery stream with its function, a domain and a bucket, and their faults in this round.

    Attributes:
        faults: number of faults by kind.
        brought_back: events in the index because of a replay.
        gaps: start and end of the times of records that only the stream has, because the delivery stream was replaced.
    """

    def __init__(self, aws: Emulator, rng: random.Random, name: str) -> None:
        self.aws, self.rng, self.name = aws, rng, name
        self.faults: Counter[str] = Counter()
        self.brought_back: set[str] = set()
        self.gaps: list[tuple[datetime, datetime]] = []
        self.bucket = name
        self.kinesis, self.s3 = aws.client("kinesis"), aws.client("s3")
        self._create(aws.client("firehose"))
        self._documents: dict[tuple[str, str], str] = {}
        self._containers = [Transform(Settings(), self._key) for _ in range(2)]
        self._reference = Transform(Settings(), lambda: b"k" * 32)
        self._wrong: set[str] = set()
        self._jump = self._now = 0.0
        self._red_until = 0.0
        self._source = StreamSource(self.kinesis, self._settings.stream_arn, None)
        self._pending: dict[str, Record] = {}
        self._done: list[Record] = []

    def _create(self, firehose: Any) -> None:
        self.kinesis.create_stream(StreamName=self.name, ShardCount=2)
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        role = f"arn:aws:iam::{ACCOUNT_ID}:role/delivery"
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}"
        firehose.create_delivery_stream(
            DeliveryStreamName=self.name,
            DeliveryStreamType="KinesisStreamAsSource",
            KinesisStreamSourceConfiguration={
                "KinesisStreamARN": f"arn:aws:kinesis:{REGION}:{ACCOUNT_ID}:stream/{self.name}",
                "RoleARN": role,
            },
            AmazonopensearchserviceDestinationConfiguration={
                "RoleARN": role,
                "DomainARN": f"arn:aws:es:{REGION}:{ACCOUNT_ID}:domain/behaviour",
                "IndexName": "events",
                "RetryOptions": {"DurationInSeconds": 7200},
                "ProcessingConfiguration": {
                    "Enabled": True,
                    "Processors": [{"Type": "Lambda", "Parameters": [
                        {"ParameterName": "LambdaArn", "ParameterValue": f"{arn}:function:transform:live"}
                    ]}],
                },
                "S3Configuration": {
                    "RoleARN": role,
                    "BucketARN": f"arn:aws:s3:::{self.bucket}",
                    "CompressionFormat": "GZIP",
                    "Prefix": "events/",
                    "ErrorOutputPrefix": "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/",
                },
            },
        )  # fmt: skip
        description = firehose.describe_delivery_stream(DeliveryStreamName=self.name)
        self._settings = DeliverySettings.from_description(description["DeliveryStreamDescription"])

    def begin_round(self) -> None:
        """Choose the faults from now on."""
        self.suffer(*(kind for kind in KINDS if self.rng.random() < 0.3))
        if self.rng.random() < 0.3:
            self.lose_the_domain(self.rng.choice([600, 6000, 10_000]))
        if self.rng.random() < 0.25:
            self._jump = self.rng.choice([0, -12, 24, 72]) * HOUR
            self._count("clock jumped")
        if self.rng.random() < 0.1 and self.faults["shards divided or joined"] < MOST_DIVISIONS:
            self.divide()

    def suffer(self, *kinds: str) -> None:
        """Inject only these faults (`KINDS`) from now on."""
        self._wrong = set(kinds)

    def lose_the_domain(self, seconds: float) -> None:
        """Make the domain unavailable for a time."""
        self._red_until = self._now + seconds
        self._count("domain away for some time")

    def divide(self) -> None:
        """Split two shards into four, or merge four into two."""
        shards = 4 if len(self._open_shards()) == 2 else 2
        self.kinesis.update_shard_count(StreamName=self.name, TargetShardCount=shards, ScalingType="UNIFORM_SCALING")
        self._count("shards divided or joined")

    def mend(self) -> None:
        """End all faults."""
        self.suffer()
        self._jump = 4 * 24 * HOUR
        self._red_until = 0.0

    def expected(self, record: Record) -> tuple[str | None, str, bool]:
        """A record's event id; or the reason why there is none, and whether it is broken rather than unwanted."""
        event = record.event()
        try:
            document = self._reference.document(event["data"], event)
        except reasons.Unwanted as unwanted:
            return None, str(unwanted.args[0]), False
        except reasons.Broken as broken:
            return None, str(broken.args[0]), True
        return str(json.loads(document)["event_id"]), "", False

    def put(self, records: list[bytes]) -> None:
        """Put records as two producers: both repeat refused records and records without an answer."""
        half = len(records) // 2
        self._put(records[:half])
        if self.faults["delivery stream replaced"] < MOST_REPLACEMENTS and self.rng.random() < 0.1:
            self.replace_delivery()
        self._put(records[half:])

    def _put(self, events: list[bytes]) -> None:
        records = events[:-5] + [data for data, _ in aggregated(events[-5:], "key")]
        if "stream" in self._wrong:
            self.aws.fail(stream=2)
            self._count("records refused by the stream", 2 * len(records))
        waiting = records
        while waiting:
            answer = self.kinesis.put_records(
                StreamName=self.name,
                Records=[
                    {"Data": data, "PartitionKey": hashlib.md5(data, usedforsecurity=False).hexdigest()}
                    for data in waiting
                ],
            )
            left = [data for data, each in zip(waiting, answer["Records"], strict=True) if each.get("ErrorCode")]
            if not left and self._happens("lost", 0.3, "answer to a producer lost"):
                left = waiting
            waiting = left

    def replace_delivery(self) -> None:
        """Replace the delivery stream: records that the old one had not delivered, and later ones, are only in the
        stream."""
        arrivals = [record.arrival for record in self._pending.values()]
        since = min([*arrivals, int(time.time() * 1000)]) / 1000 - 60
        self._pending.clear()
        time.sleep(1.1)  # arrivals and the start are told apart by whole seconds
        start = datetime.now(timezone.utc)
        self.gaps.append((datetime.fromtimestamp(since, timezone.utc), start))
        self._source = StreamSource(self.kinesis, self._settings.stream_arn, start)
        self._count("delivery stream replaced")

    def read(self) -> list[Record]:
        """The records that the delivery reads: a source's next records, and sometimes old ones again."""
        if self._happens("unread", 0.5, "stream not to be read: its key is disabled"):
            return []
        records = [replace(record, arrival=int(record.arrival + self._jump)) for record in self._source.read()]
        self._pending |= {record.record_id: record for record in records}
        if self._done and self._happens("twice", 0.2, "records delivered again"):
            records += self.rng.sample(self._done, min(20, len(self._done)))
        return records

    def deliver(self) -> None:
        """Deliver all records on the stream; a new delivery follows a killed one."""
        while True:
            left = list(self._pending.values())
            delivery = Delivery(
                self._settings,
                _Again(left, self),
                self,
                Bucket(self._settings, self.s3),
                self._transform,
                report=self._report,
                clock=lambda: self._now,
                pause=self._pause,
            )
            try:
                delivery.drain(quiet=0.5, most=1e12)
            except KilledError:
                continue
            return

    def _pause(self, seconds: float) -> None:
        self._now += seconds

    def _report(self, record: Record, outcome: Outcome) -> None:
        self._maybe_killed("delivery killed between two records", 0.002)
        if outcome.kind == "indexed" and carries_arrival(record.data):
            self.brought_back.add(self._documents[str(outcome.index), str(outcome.document_id)])
        if self._pending.pop(record.record_id, None) is not None:
            self._done.append(record)

    def _transform(self, event: dict[str, Any]) -> dict[str, Any]:
        """One of two containers."""
        if self._happens("throttled", 0.5, "call of the function throttled"):
            raise TransformFailed("Lambda.FunctionError", "Rate Exceeded")
        answer, _ = self.rng.choice(self._containers).batch(json.loads(json.dumps(event)))
        if self._happens("function", 0.4, "function killed before it answered"):
            raise TransformFailed("Lambda.FunctionError", "Task timed out")
        self._maybe_killed("delivery killed after a call", 0.05)
        return answer

    def _key(self) -> bytes:
        if self._happens("key", 0.7, "no key for pseudonyms"):
            raise OSError("KMS does not answer")
        return b"k" * 32

    def request(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, Any]:  # noqa: ARG002
        """The domain: a bulk request (`rehearsal.delivery.loop.Search`)."""
        if self._now < self._red_until:
            raise Unreachable("the domain is red")
        lines = (body or b"").splitlines()
        items = []
        for action, document in zip(lines[::2], lines[1::2], strict=True):
            target = json.loads(action)["index"]
            status, problem = self._verdict(target["_index"])
            if status == 201:
                self._documents[target["_index"], target["_id"]] = str(json.loads(document)["event_id"])
            items.append({"index": {"_id": target["_id"], "status": status, "error": problem}})
        if self._happens("lost", 0.2, "answer of the domain lost"):
            raise Unreachable("the connection broke after the documents were indexed")
        self._maybe_killed("delivery killed after a bulk request", 0.05)
        return 200, {"items": items}

    def _verdict(self, index: str) -> tuple[int, dict[str, str] | None]:
        if self._happens("blocked", 0.2, "index closed for writing"):
            return 403, {"type": "cluster_block_exception", "reason": f"index [{index}] blocked"}
        if self._happens("mapping", 0.05, "document refused by the mapping"):
            return 400, {"type": "mapper_parsing_exception", "reason": "failed to parse"}
        if self._happens("busy", 0.3, "document refused for now"):
            return 429, {"type": "rejected_execution_exception", "reason": "queue is full"}
        return 201, None

    @property
    def now(self) -> float:
        """Simulated seconds of waiting."""
        return self._now

    def indices(self) -> set[str]:
        """Names of indices that have documents."""
        return {index for index, _ in self._documents}

    def indexed(self) -> set[str]:
        """Event ids in the index."""
        return set(self._documents.values())

    def documents(self) -> int:
        """The number of documents."""
        return len(self._documents)

    def error_keys(self) -> list[str]:
        """Objects under the failed prefix."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="failed/")
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    @staticmethod
    def unwrapped(line: dict[str, Any]) -> bytes:
        """The producer's bytes from an error line and, after a replay, from its envelope."""
        data = base64.b64decode(line["rawData"])
        if data.startswith(b'{"replayed_arrival":'):
            data = str(json.loads(data)["record"]).encode()
        return data

    def _open_shards(self) -> list[str]:
        shards = self.kinesis.list_shards(StreamName=self.name)["Shards"]
        return [shard["ShardId"] for shard in shards if "EndingSequenceNumber" not in shard["SequenceNumberRange"]]

    def _happens(self, kind: str, chance: float, name: str) -> bool:
        happens = kind in self._wrong and self.rng.random() < chance
        if happens:
            self._count(name)
        return happens

    def _maybe_killed(self, name: str, chance: float) -> None:
        if self._happens("kill", chance, name):
            raise KilledError

    def _count(self, name: str, number: int = 1) -> None:
        self.faults[name] += number


class _Again:
    """The unfinished records of a killed delivery, then new ones."""

    def __init__(self, left: list[Record], world: World) -> None:
        self._left, self._world = left, world

    def read(self) -> list[Record]:
        left, self._left = self._left, []
        return left or self._world.read()

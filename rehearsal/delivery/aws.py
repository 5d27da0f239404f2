"""The services around a delivery stream, through the AWS API: the stream, the transform, the domain, the bucket."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from botocore.credentials import Credentials

from constructs_lib.replay.aggregates import user_records
from rehearsal.delivery.bucket import Bucket
from rehearsal.delivery.bulk import SearchClient
from rehearsal.delivery.loop import INVOCATION_LIMIT, Delivery, Report, Search, Transform, TransformFailed
from rehearsal.delivery.records import Record
from rehearsal.delivery.settings import DeliverySettings


class Clients(Protocol):
    """Makes boto3 clients."""

    def client(self, service: str, region: str) -> Any:
        """A client for a service in a region."""


class StreamSource:
    """The records of a Kinesis stream from a time on, shard after shard, through GetRecords.

    After the end of a closed shard it reads the child shards from their beginning.
    """

    def __init__(self, kinesis: Any, stream_arn: str, start: datetime | None) -> None:
        self._kinesis = kinesis
        self._stream_arn = stream_arn
        self._iterators: dict[str, str | None] = {}
        where: dict[str, Any] = {"ShardIteratorType": "TRIM_HORIZON"}
        if start is not None:
            where = {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": start}
        self._open(where)

    def _open(self, where: dict[str, Any]) -> None:
        for page in self._kinesis.get_paginator("list_shards").paginate(StreamARN=self._stream_arn):
            for shard in page["Shards"]:
                if shard["ShardId"] not in self._iterators:
                    self._iterators[shard["ShardId"]] = self._kinesis.get_shard_iterator(
                        StreamARN=self._stream_arn, ShardId=shard["ShardId"], **where
                    )["ShardIterator"]

    def read(self) -> list[Record]:
        """The next records of each shard."""
        records: list[Record] = []
        closed = False
        for shard, iterator in self._iterators.items():
            if iterator is None:
                continue
            answer = self._kinesis.get_records(ShardIterator=iterator, Limit=10_000)
            self._iterators[shard] = answer.get("NextShardIterator")
            closed = closed or self._iterators[shard] is None
            for entry in answer["Records"]:
                records += _taken_apart(entry, shard)
        if closed:
            self._open({"ShardIteratorType": "TRIM_HORIZON"})
        return records


def _taken_apart(entry: dict[str, Any], shard: str) -> list[Record]:
    """The records of one entry of GetRecords: several if the producer aggregated them; Firehose splits them before it
    calls the transform.
    """
    found = user_records(entry["Data"])
    alone = found == [entry["Data"]]
    return [
        Record(
            data=data,
            shard=shard,
            partition_key=entry["PartitionKey"],
            sequence=entry["SequenceNumber"],
            arrival=round(entry["ApproximateArrivalTimestamp"].timestamp() * 1000),
            place=None if alone else place,
        )
        for place, data in enumerate(found)
    ]


def lambda_transform(client: Any, function_arn: str) -> Transform:
    """The deployed function, called like Firehose: by the configured ARN, and within Lambda's limits."""

    def transform(event: dict[str, Any]) -> dict[str, Any]:
        payload = json.dumps(event).encode()
        if len(payload) > INVOCATION_LIMIT:
            raise TransformFailed("Lambda.RequestTooLarge", f"the invocation would carry {len(payload)} bytes")
        answer = client.invoke(FunctionName=function_arn, Payload=payload)
        content = answer["Payload"].read()
        if len(content) > INVOCATION_LIMIT:
            raise TransformFailed("Lambda.FunctionError", f"the answer has {len(content)} bytes")
        if answer.get("FunctionError"):
            raise TransformFailed("Lambda.FunctionError", content.decode(errors="replace")[:1000])
        result: dict[str, Any] = json.loads(content)
        return result

    return transform


def delivery(
    aws: Clients,
    name: str,
    region: str,
    search: Search,
    *,
    report: Report,
    transform: Transform | None = None,
    most_retry_seconds: float | None = None,
) -> Delivery:
    """The delivery stream ``name`` as it is configured, from the stream to ``search`` and the bucket.

    ``transform`` replaces the configured function, for a caller that inspects it.
    """
    description = aws.client("firehose", region).describe_delivery_stream(DeliveryStreamName=name)
    settings = DeliverySettings.from_description(description["DeliveryStreamDescription"])
    source = StreamSource(aws.client("kinesis", region), settings.stream_arn, settings.start)
    if transform is None and settings.transform is not None:
        transform = lambda_transform(aws.client("lambda", region), settings.transform.function_arn)
    return Delivery(
        settings,
        source,
        search,
        Bucket(settings, aws.client("s3", region)),
        transform,
        report=report,
        most_retry_seconds=most_retry_seconds,
    )


def front_door(aws: Clients, settings: DeliverySettings, trusted: Path | None = None) -> SearchClient:
    """A client for the domain's endpoint that signs with keys of the delivery role, like Firehose.

    ``trusted`` is the PEM file of the endpoint's certificate where the system does not know it.
    """
    keys = aws.client("sts", settings.region).assume_role(
        RoleArn=settings.role_arn, RoleSessionName="delivery", ExternalId=settings.arn.split(":")[4]
    )["Credentials"]
    if settings.cluster_endpoint is not None:
        url = settings.cluster_endpoint
    else:
        name = str(settings.domain_arn).rpartition("/")[2]
        status = aws.client("opensearch", settings.region).describe_domain(DomainName=name)["DomainStatus"]
        url = f"https://{status.get('Endpoint') or status['Endpoints']['vpc']}"
    return SearchClient(
        url,
        settings.region,
        Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]),
        trusted=trusted,
    )

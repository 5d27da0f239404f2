"""A record and its outcome."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Record:
    """One record of the stream as Firehose read it."""

    data: bytes
    shard: str
    partition_key: str
    sequence: str
    arrival: int
    """Approximate arrival in the stream, in milliseconds since 1970."""
    place: int | None = None
    """Position in its aggregate; None if it was not aggregated."""

    @property
    def record_id(self) -> str:
        """The id of the record in the transform and in errors: the sequence number and, for aggregates, the
        position."""
        return f"{self.sequence}{self.place or 0:06d}"

    @property
    def document_id(self) -> str:
        """The document id that Firehose generates, the same in every attempt."""
        return f"{self.record_id}.0"

    def event(self) -> dict[str, Any]:
        """The record as the transform gets it
        (https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html)."""
        return {
            "recordId": self.record_id,
            "approximateArrivalTimestamp": self.arrival,
            "data": base64.b64encode(self.data).decode(),
            "kinesisRecordMetadata": {
                "shardId": self.shard,
                "partitionKey": self.partition_key,
                "approximateArrivalTimestamp": self.arrival,
                "sequenceNumber": self.sequence,
                "subsequenceNumber": "" if self.place is None else self.place,
            },
        }


@dataclass(frozen=True)
class Outcome:
    """The outcome of a record: each record has exactly one."""

    kind: str
    """``indexed``, ``dropped``, ``processing-failed`` or ``AmazonOpenSearchService-failed``: the last two are the
    service's names of the errors (error-output-type)."""
    index: str | None = None
    """The index it is in, or should have been in."""
    document_id: str | None = None
    code: str | None = None
    """Error code of a failure."""
    message: str | None = None
    key: str | None = None
    """The object in the bucket that holds a failed record."""

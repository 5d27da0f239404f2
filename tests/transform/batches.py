"""Invocations in the form of Firehose, and their results."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings

ARRIVAL = 1_767_225_600_000
"""2026-01-01: after everything in the samples."""
KEY = b"a working key of 32 bytes ......"
transform = Transform(Settings(transform_version="0123456789ab"), lambda: b"key")
"""For whole invocations; :func:`run` makes one of its own."""


def invocation(lines: Iterable[bytes], *, arrival: int = ARRIVAL) -> dict[str, Any]:
    """One invocation with a record for each line."""
    return {
        "invocationId": "3f6b1c1e-0000-4000-8000-000000000000",
        "deliveryStreamArn": "arn:aws:firehose:eu-central-1:111122223333:deliverystream/events",
        "sourceKinesisStreamArn": "arn:aws:kinesis:eu-central-1:111122223333:stream/events",
        "region": "eu-central-1",
        "records": [
            {
                "recordId": f"{49_640_000_000 + number}",
                "data": base64.b64encode(line).decode("ascii"),
                "approximateArrivalTimestamp": arrival,
                "kinesisRecordMetadata": {
                    "shardId": "shardId-000000000000",
                    "partitionKey": "partition",
                    "sequenceNumber": f"4959033827149025660855969253836157109592157598913{number:07d}",
                    "subsequenceNumber": "",
                    "approximateArrivalTimestamp": arrival,
                },
            }
            for number, line in enumerate(lines)
        ],
    }


@dataclass(frozen=True)
class Outcome:
    """The result of one invocation."""

    answers: Sequence[dict[str, str]]
    metrics: dict[str, Any]
    printed: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The documents of the records that are Ok."""
        return [json.loads(base64.b64decode(answer["data"])) for answer in self.answers if answer["result"] == "Ok"]

    @property
    def results(self) -> list[str]:
        """Ok, Dropped or ProcessingFailed, record by record."""
        return [answer["result"] for answer in self.answers]


def run(
    *records: bytes | str | dict[str, Any] | list[Any],
    settings: Settings | None = None,
    key: bytes | None = KEY,
    arrival: int = ARRIVAL,
) -> Outcome:
    """Run records, given as bytes, as text or as what becomes JSON, through a fresh transform in one invocation."""
    lines = [
        record if isinstance(record, bytes) else (record if isinstance(record, str) else json.dumps(record)).encode()
        for record in records
    ]
    transform = Transform(settings or Settings(), (lambda: key) if key is not None else None)
    answer, printed = transform.batch(invocation(lines, arrival=arrival))
    return Outcome(answer["records"], json.loads(printed), printed)


def document(record: bytes | str | dict[str, Any] | list[Any], **options: Any) -> dict[str, Any]:
    """The document of a record that must be Ok."""
    outcome = run(record, **options)
    assert outcome.results == ["Ok"], outcome.printed
    return outcome.documents[0]


def reason(record: bytes | str | dict[str, Any] | list[Any], **options: Any) -> str:
    """Why a record did not become a document, as the metrics name it: ``Dropped_bot``."""
    outcome = run(record, **options)
    found = [name for name in outcome.metrics if name.startswith(("Dropped_", "Failed_"))]
    assert len(found) == 1, outcome.printed
    return found[0]

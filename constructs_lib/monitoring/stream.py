"""Alarms of the stream."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.monitoring.alarm import GT, Alarm


def stream_alarms(*, retention_hours: int) -> Iterator[Alarm]:
    """Alarms of a stream with this retention."""
    half = retention_hours * 3600 * 1000 / 2
    yield Alarm(
        "age",
        {"GetRecords.IteratorAgeMilliseconds": "Maximum"},
        GT,
        half,
        60,
        15,
        "The oldest unread event has spent half of its time in the stream; what gets older than the retention is lost. "
        "Insufficient data after a time with data: nothing reads the stream any more; look at the delivery stream.",
        silence_rings=True,
    )
    yield Alarm(
        "write-throttled",
        {"WriteProvisionedThroughputExceeded": "Sum"},
        GT,
        0,
        60,
        5,
        "Producers are refused: more shards, or records spread better over partition keys.",
        missing="notBreaching",
    )
    yield Alarm(
        "read-throttled",
        {"ReadProvisionedThroughputExceeded": "Sum"},
        GT,
        0,
        60,
        5,
        "Consumers are refused: too many of them read without enhanced fan-out.",
        missing="notBreaching",
    )
    yield Alarm(
        "put-failed",
        {"PutRecords.FailedRecords": "Sum"},
        GT,
        0,
        60,
        5,
        "Records failed inside the service; producers have to send them again.",
        missing="notBreaching",
    )

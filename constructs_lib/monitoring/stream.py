"""Alarms of the stream."""

from __future__ import annotations

from constructs_lib.monitoring.alarm import GT, Alarm


def stream_alarms(*, retention_hours: int) -> list[Alarm]:
    """Alarms of a stream with this retention."""
    half = retention_hours * 3600 * 1000 / 2
    return [
        Alarm(
            "age",
            {"GetRecords.IteratorAgeMilliseconds": "Maximum"},
            GT,
            half,
            60,
            15,
            "The oldest unread event is older than half of the stream's retention; events older than the retention are "
            "lost. In the state INSUFFICIENT_DATA nothing reads the stream. Look at the delivery stream.",
            silence_rings=True,
        ),
        Alarm(
            "write-throttled",
            {"WriteProvisionedThroughputExceeded": "Sum"},
            GT,
            0,
            60,
            5,
            "Kinesis throttles producers. Add shards, or spread records better over partition keys.",
            missing="notBreaching",
        ),
        Alarm(
            "read-throttled",
            {"ReadProvisionedThroughputExceeded": "Sum"},
            GT,
            0,
            60,
            5,
            "Kinesis throttles consumers: too many of them read without enhanced fan-out.",
            missing="notBreaching",
        ),
        Alarm(
            "put-failed",
            {"PutRecords.FailedRecords": "Sum"},
            GT,
            0,
            60,
            5,
            "Kinesis failed to store records (an internal error). Producers have to send them again.",
            missing="notBreaching",
        ),
    ]

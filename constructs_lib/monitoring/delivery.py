"""Alarms of the delivery stream."""

from __future__ import annotations

from typing import Final

from constructs_lib.monitoring.alarm import GE, GT, LT, Alarm

QUIET = 3600
"""Seconds without another loss after which an alarm about single losses ends, so that several notify once."""


_ALWAYS: Final = (
    Alarm(
        "failing",
        {"DeliveryToAmazonOpenSearchService.Success": "Average"},
        LT,
        1,
        60,
        5,
        "The domain refuses documents. After the retry duration they go to the archive's failed prefix, although the "
        "stream still holds their events. When the domain answers again, send them again: "
        "python -m constructs_lib replay --bucket BUCKET --prefix failed/ --stream STREAM",
        missing="notBreaching",
    ),
    Alarm(
        "refused",
        {"DeliveryToAmazonOpenSearchService.Success": "Average"},
        LT,
        1,
        60,
        QUIET // 60,
        "The domain refused a document. If its content is invalid, or retries failed for the retry duration, it is now "
        "under failed/AmazonOpenSearchService-failed/ in the archive; docs/loss.md says how to send it again.",
        breaches=1,
        missing="notBreaching",
    ),
    Alarm(
        "read-throttled",
        {"ThrottledGetRecords": "Sum"},
        GT,
        0,
        60,
        5,
        "Kinesis throttles Firehose's reads. Use fewer consumers, enhanced fan-out for others, or more shards.",
        missing="notBreaching",
    ),
)
"""Alarms of every delivery stream."""
_FAILURES_ONLY: Final = (
    # In this mode Firehose writes objects only for failures, and counts a put whether it succeeds or not.
    Alarm(
        "undelivered",
        {"DeliveryToS3.Success": "SampleCount"},
        GE,
        1,
        300,
        QUIET // 300,
        "Firehose wrote new objects under failed/ in the archive: records that the transform failed, or documents "
        "that the domain refused. docs/loss.md says how to send them again; failed_expiration_days deletes them.",
        breaches=1,
        missing="notBreaching",
    ),
)
"""Alarms where the archive takes failures only."""
_OF_THE_TRANSFORM: Final = (
    Alarm(
        "transform-failing",
        {"ExecuteProcessing.Success": "Average"},
        LT,
        1,
        60,
        5,
        "Calls of the transform fail, and whole batches go to failed/ in the archive. Look at the function's log.",
        missing="notBreaching",
    ),
    Alarm(
        "call-failed",
        {"ExecuteProcessing.Success": "Average"},
        LT,
        1,
        60,
        QUIET // 60,
        "A call of the transform failed. If its retries failed too, its whole batch is under "
        "failed/processing-failed/ in the archive; docs/loss.md says how to send it again.",
        breaches=1,
        missing="notBreaching",
    ),
)
"""Alarms where a transform is called."""


def delivery_alarms(
    *, buffering_interval: int, late_seconds: int, all_documents: bool, backup_interval: int, transforms: bool
) -> list[Alarm]:
    """Alarms of a delivery stream from Kinesis to a domain.

    ``ThrottledRecords`` counts direct puts only; with a stream as source it never fires, so it is left out.
    """
    late = buffering_interval + late_seconds
    return [
        Alarm(
            "late",
            {"DeliveryToAmazonOpenSearchService.DataFreshness": "Maximum"},
            GT,
            late,
            60,
            5,
            "Delivery is late: the oldest undelivered document is older than the buffering interval plus "
            f"{late_seconds} s. Look at the delivery stream's log and the domain's health.",
            missing="notBreaching",
        ),
        *_ALWAYS,
        *((_backup_late(backup_interval + late_seconds),) if all_documents else _FAILURES_ONLY),
        Alarm(
            "behind",
            {"KinesisMillisBehindLatest": "Maximum"},
            GT,
            late * 1000,
            60,
            5,
            "Firehose reads the stream too slowly and falls behind. Check the transform's duration and the domain's "
            "load.",
            missing="notBreaching",
        ),
        *(_OF_THE_TRANSFORM if transforms else ()),
    ]


def _backup_late(seconds: int) -> Alarm:
    return Alarm(
        "backup-late",
        {"DeliveryToS3.DataFreshness": "Maximum"},
        GT,
        seconds,
        60,
        5,
        "Firehose writes to the archive late. Check the bucket, its KMS key, the delivery role and Firehose's log.",
        missing="notBreaching",
    )

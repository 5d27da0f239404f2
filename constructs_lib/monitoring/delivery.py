"""Alarms of the delivery stream."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.monitoring.alarm import GE, GT, LT, Alarm

QUIET = 3600
"""Seconds without another one after which an alarm about single losses ends, so that a trickle is told once."""


def delivery_alarms(
    *, buffering_interval: int, late_seconds: int, all_documents: bool, backup_interval: int, transforms: bool
) -> Iterator[Alarm]:
    """Alarms of a delivery stream from Kinesis to a domain.

    ``ThrottledRecords`` is about direct puts and never rings for a stream as source, so it is left out.
    """
    late = buffering_interval + late_seconds
    yield Alarm(
        "late",
        {"DeliveryToAmazonOpenSearchService.DataFreshness": "Maximum"},
        GT,
        late,
        60,
        5,
        f"The oldest undelivered document is older than the buffering interval and {late_seconds} s. Look at the "
        "delivery's log and the domain's health.",
        missing="notBreaching",
    )
    yield Alarm(
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
    )
    yield Alarm(
        "refused",
        {"DeliveryToAmazonOpenSearchService.Success": "Average"},
        LT,
        1,
        60,
        QUIET // 60,
        "The domain refused a document. One that is refused for what it is, or for longer than the retry duration, is "
        "now under failed/AmazonOpenSearchService-failed/ in the archive: docs/loss.md says how it comes back.",
        breaches=1,
        missing="notBreaching",
    )
    if not all_documents:
        # Firehose puts objects for nothing else then, and a put is a sample whether it succeeds or not.
        yield Alarm(
            "undelivered",
            {"DeliveryToS3.Success": "SampleCount"},
            GE,
            1,
            300,
            QUIET // 300,
            "There is something new under failed/ in the archive: records that the transform, or documents that the "
            "domain did not take. docs/loss.md says how they come back; failed_expiration_days deletes them.",
            breaches=1,
            missing="notBreaching",
        )
    if all_documents:
        yield Alarm(
            "backup-late",
            {"DeliveryToS3.DataFreshness": "Maximum"},
            GT,
            backup_interval + late_seconds,
            60,
            5,
            "The archive is not being written.",
            missing="notBreaching",
        )
    yield Alarm(
        "behind",
        {"KinesisMillisBehindLatest": "Maximum"},
        GT,
        late * 1000,
        60,
        5,
        "Firehose reads the stream too slowly.",
        missing="notBreaching",
    )
    yield Alarm(
        "read-throttled",
        {"ThrottledGetRecords": "Sum"},
        GT,
        0,
        60,
        5,
        "Firehose's reads of the stream are refused.",
        missing="notBreaching",
    )
    if transforms:
        yield Alarm(
            "transform-failing",
            {"ExecuteProcessing.Success": "Average"},
            LT,
            1,
            60,
            5,
            "Calls of the transform fail; whole batches go to the archive's failed prefix.",
            missing="notBreaching",
        )
        yield Alarm(
            "call-failed",
            {"ExecuteProcessing.Success": "Average"},
            LT,
            1,
            60,
            QUIET // 60,
            "A call of the transform failed. If its repetitions failed too, its whole batch is under "
            "failed/processing-failed/ in the archive: docs/loss.md says how it comes back.",
            breaches=1,
            missing="notBreaching",
        )

"""Alarms of the delivery stream."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.monitoring.alarm import GT, LT, Alarm


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
        "Documents are refused; after the retry duration they go to the archive's failed prefix.",
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

"""Rules for capacity by traffic: each without a finding at its bound and with one past it."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import pipeline
from tests.rules.cases import DELIVERY, DOMAIN, STREAM, changed

TRAFFIC: dict[str, Any] = {
    "events_per_second": 100,
    "peak_events_per_second": 300,
    "event_bytes": 744,
    "document_bytes": 1099,
    "events_per_record": 1,
    "events_per_request": 5,
    "kept_percent": 100,
    "hot_days": 7,
    "warm_days": 0,
    "cold_days": 0,
    "searches_per_second": 1,
    "monthly_growth_percent": 0,
    "documents_per_vcpu": 1900,
    "recommendations_per_second": 1,
}
WHOLE: dict[str, Any] = {
    "stream": STREAM,
    "domain": DOMAIN,
    "delivery": DELIVERY,
    "bootstrap": {"number_of_shards": 1, "number_of_replicas": 1, "retention_days": 7},
    "transform": {"function": {"memory_size": 1769}, "processor": {"buffer_interval_seconds": 60}},
    "traffic": TRAFFIC,
}
"""A shard, and three r7g.large with 100 GiB each: 6 vCPUs, 165 GiB to fill, for 87 GiB of index in two copies."""
PEAK, AVERAGE, DAYS = "traffic.peak_events_per_second", "traffic.events_per_second", "traffic.hot_days"
RETRY = "delivery.opensearch_configuration.retry_duration"
AGE = "bootstrap.retention_days"
MASTERS = (
    ("domain.cluster_config.dedicated_master_enabled", True),
    ("domain.cluster_config.dedicated_master_count", 3),
    ("domain.cluster_config.dedicated_master_type", "m6g.large.search"),
)


def found(*changes: tuple[str, Any]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.path) for finding in pipeline.check(**changed(WHOLE, *changes))]


def test_a_file_with_headroom_gets_no_warning() -> None:
    assert found() == []


def test_without_traffic_there_are_no_findings() -> None:
    assert found(("traffic", None), ("domain.ebs_options.volume_size", 10)) == []


@pytest.mark.parametrize("key", ["events_per_second", "event_bytes", "hot_days"])
def test_invalid_traffic_gets_no_capacity_findings(key: str) -> None:
    assert found((f"traffic.{key}", -1)) == []


STREAM_FULL = ("warning", "stream.shard_count")
CASES: dict[str, tuple[list[tuple[str, Any]], list[tuple[str, Any]], tuple[str, str]]] = {
    "records of a shard": ([(PEAK, 816)], [(PEAK, 817)], STREAM_FULL),
    "bytes of a shard": (
        [("traffic.event_bytes", 2852), ("traffic.document_bytes", 1099)],
        [("traffic.event_bytes", 2853), ("traffic.document_bytes", 1099)],
        STREAM_FULL,
    ),
    "calls of the collector": (
        [("collector.throttle.rate", 200), ("collector.function.reserved_concurrent_executions", 6)],
        [("collector.throttle.rate", 200), ("collector.function.reserved_concurrent_executions", 5)],
        ("warning", "collector.function.reserved_concurrent_executions"),
    ),
    "requests to the recommender": (
        [("recommender.api.throttle.rate", 125), ("traffic.recommendations_per_second", 100)],
        [("recommender.api.throttle.rate", 122), ("traffic.recommendations_per_second", 100)],
        ("warning", "recommender.api.throttle.rate"),
    ),
    "calls of the recommender": (
        [("recommender.function.reserved_concurrent_executions", 10), ("traffic.recommendations_per_second", 100)],
        [("recommender.function.reserved_concurrent_executions", 9), ("traffic.recommendations_per_second", 100)],
        ("warning", "recommender.function.reserved_concurrent_executions"),
    ),
    "CPU for recommendations": (
        [("recommender.api", {}), ("traffic.recommendations_per_second", 310)],
        [("recommender.api", {}), ("traffic.recommendations_per_second", 330)],
        ("warning", "domain.cluster_config.instance_type"),
    ),
    "requests to the collector": (
        [("collector.throttle.rate", 74)],
        [("collector.throttle.rate", 73)],
        ("warning", "collector.throttle.rate"),
    ),
    "calls of the transform": (
        [("transform.function.memory_size", 128), ("transform.function.reserved_concurrent_executions", 5)],
        [("transform.function.memory_size", 128), ("transform.function.reserved_concurrent_executions", 0.2)],
        ("warning", "transform.function.reserved_concurrent_executions"),
    ),
    "active shards": (
        [("bootstrap.number_of_shards", 2)],
        [("bootstrap.number_of_shards", 3)],
        ("warning", "domain.cluster_config.instance_type"),
    ),
    "searches": (
        [("traffic.searches_per_second", 54)],
        [("traffic.searches_per_second", 56)],
        ("warning", "domain.cluster_config.instance_type"),
    ),
    "disk": ([(DAYS, 13), (AGE, 13)], [(DAYS, 14), (AGE, 14)], ("warning", "domain.ebs_options.volume_size")),
    "memory for the disk": (
        [("domain.ebs_options.volume_size", 1536), (DAYS, 237), (AGE, 237)],
        [("domain.ebs_options.volume_size", 1536), (DAYS, 238), (AGE, 238)],
        ("warning", "domain.cluster_config.instance_type"),
    ),
    "masters": (
        [*MASTERS, ("domain.cluster_config.instance_count", 9)],
        [*MASTERS, ("domain.cluster_config.instance_count", 11)],
        ("warning", "domain.cluster_config.dedicated_master_type"),
    ),
    "warm nodes": (
        [("traffic.warm_days", 100), (AGE, 107), *MASTERS, ("domain.cluster_config.warm_enabled", True),
         ("domain.cluster_config.warm_count", 2), ("domain.cluster_config.warm_type", "ultrawarm1.medium.search")],
        [("traffic.warm_days", 1000), (AGE, 1007), *MASTERS, ("domain.cluster_config.warm_enabled", True),
         ("domain.cluster_config.warm_count", 2), ("domain.cluster_config.warm_type", "ultrawarm1.medium.search")],
        ("warning", "domain.cluster_config.warm_count"),
    ),
    "an age": ([(AGE, 7)], [(AGE, 8)], ("warning", AGE)),
    "a retry": ([(RETRY, 7200)], [(RETRY, 7199)], ("warning", RETRY)),
    "the peak": ([(PEAK, 100)], [(PEAK, 99)], ("error", PEAK)),
    "cold days": ([("traffic.cold_days", 0)], [("traffic.cold_days", 1), (AGE, 8)], ("error", "traffic.cold_days")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_no_warning_at_the_bound_and_one_past_it(name: str) -> None:
    right, wrong, finding = CASES[name]
    assert finding not in found(*right)
    assert finding in found(*wrong)


def test_a_shard_that_grows_too_large_is_warned_of() -> None:
    big = [("stream.shard_count", 40), (AVERAGE, 8000), (PEAK, 24_000), ("bootstrap.number_of_shards", 9)]
    assert ("warning", "bootstrap.number_of_shards") in found(*big)
    assert ("warning", "bootstrap.number_of_shards") not in found(*big[:3], ("bootstrap.number_of_shards", 10))


def test_traffic_beyond_every_account_names_the_quota() -> None:
    findings = pipeline.check(**changed(WHOLE, (AVERAGE, 6e6), (PEAK, 18e6)))
    (error,) = [finding for finding in findings if finding.severity == "error"]
    assert error.path == AVERAGE
    assert "Kinesis Data Streams: Shards per Region" in error.message


def test_the_last_shard_of_the_quota_can_be_used() -> None:
    """20,000 shards take 16 million records a second with a fifth to spare."""
    at, beyond = (
        [item for item in pipeline.check(**changed(WHOLE, (AVERAGE, 1000), (PEAK, peak))) if item.severity == "error"]
        for peak in (16_000_000, 16_000_801)
    )
    assert at == []
    assert "needs 20,002 of the quota" in beyond[0].message


def test_days_beyond_every_account_name_the_quota() -> None:
    findings = pipeline.check(**changed(WHOLE, (AVERAGE, 3e6), (PEAK, 9e6), (DAYS, 3650), (AGE, 3650)))
    (error,) = [finding for finding in findings if finding.severity == "error"]
    assert "OpenSearch Service: Domains per Region" in error.message


def test_a_warning_has_the_numbers() -> None:
    (finding,) = pipeline.check(**changed(WHOLE, (PEAK, 2000)))
    assert "2,000 of 1,000 records/s (200 %, 80 % at most)" in finding.message
    assert finding.allowed == "3 shards or more"

"""The formulae compared with numbers computed by hand from AWS's rules."""

from __future__ import annotations

import pytest

from constructs_lib.limits.engines import parse
from constructs_lib.limits.instances import INSTANCE_TYPES
from constructs_lib.limits.quotas import ROTATION_DAYS
from constructs_lib.sizing import formulae
from constructs_lib.sizing.demand import Demand, step


def demand(events: float = 1000, **changes: float) -> Demand:
    values: dict[str, float] = {
        "average": events,
        "peak": 3 * events,
        "event_bytes": 744,
        "document_bytes": 1099,
        "events_per_record": 1,
        "events_per_request": 5,
        "kept": 1,
        "hot_days": 90,
        "warm_days": 0,
        "cold_days": 0,
        "searches": 1,
        "growth": 0,
    }
    return Demand(**(values | changes))


@pytest.mark.parametrize(
    ("events", "alone", "aggregated"),
    [(10, 1, 1), (1000, 4, 3), (50_000, 188, 134), (1_000_000, 3750, 2661)],
)
def test_shards_follow_from_records_and_bytes(events: float, alone: int, aggregated: int) -> None:
    assert formulae.shards(demand(events)).value == alone
    assert formulae.shards(demand(events, events_per_record=100)).value == aggregated


@pytest.mark.parametrize(("peak", "shards"), [(800, 1), (801, 2), (1600, 2), (1601, 3)])
def test_a_shard_carries_a_thousand_records_with_20_percent_headroom(peak: float, shards: int) -> None:
    assert formulae.shards(demand(100, peak=peak)).value == shards


def test_a_shard_carries_a_mebibyte_with_20_percent_headroom() -> None:
    full = demand(100, peak=100, event_bytes=0.8 * 1024**2 / 100)
    assert formulae.shards(full).value == 1
    assert formulae.shards(demand(100, peak=100, event_bytes=full.event_bytes + 1)).value == 2


@pytest.mark.parametrize(
    ("events", "rotation", "primaries", "vcpus"),
    [
        (10, "OneMonth", 1, 4.5),
        (1000, "OneDay", 2, 14.5),
        (50_000, "OneDay", 78, 722),
        (1_000_000, "OneDay", 1548, 14_443),
    ],
)
def test_primaries_and_vcpus_with_standby(events: float, rotation: str, primaries: int, vcpus: float) -> None:
    found = demand(events)
    name = formulae.rotation(found)
    count = formulae.primary_shards(found, ROTATION_DAYS[name]).value
    busy = formulae.cpu_busy(found, 3, count).value / 0.5 * 1.5
    assert (name, count) == (rotation, primaries)
    assert max(busy, formulae.active_shards(3, count).value) == pytest.approx(vcpus, rel=0.005)


def test_the_transform_takes_80_us_of_a_vcpu_for_an_event() -> None:
    assert formulae.transform_calls(demand(1000), 1769).value == pytest.approx(3000 * 80e-6)
    assert formulae.transform_calls(demand(1000), 1769 / 2).value == pytest.approx(3000 * 160e-6)
    assert formulae.transform_calls(demand(1000), 10_240).value == pytest.approx(3000 * 80e-6)


def test_storage_by_the_rule_of_aws_is_source_times_copies_times_1_45() -> None:
    # A day of 1,000 events of 1,099 bytes is 88.43 GiB.
    assert formulae.hot_gib_by_aws(demand(1000, hot_days=10), 2) == pytest.approx(88.43 * 10 * 2 * 1.45, rel=0.001)


@pytest.mark.parametrize(("disk", "usable"), [(20, 11), (100, 55), (200, 130), (1000, 730)])
def test_a_quarter_of_a_disk_and_the_reserve_of_aws_stay_free(disk: float, usable: float) -> None:
    assert formulae.usable_gib(disk, 0.25) == pytest.approx(usable)
    assert formulae.disk_gib(usable, 0.25) == pytest.approx(disk)


@pytest.mark.parametrize(
    ("kind", "engine", "shards"),
    [
        ("r7g.large.search", "OpenSearch_3.3", 200),
        ("r7g.2xlarge.search", "OpenSearch_3.3", 800),
        ("r7g.16xlarge.search", "OpenSearch_3.3", 800),
        ("t3.small.search", "OpenSearch_3.3", 25),
    ],
)
def test_a_node_carries_25_shards_for_each_gib_of_heap(kind: str, engine: str, shards: float) -> None:
    assert formulae.shards_a_node(INSTANCE_TYPES[kind], parse(engine)) == shards


@pytest.mark.parametrize(
    ("nodes", "shards", "kind"),
    [
        (10, 10_000, "m6g.large.search"),
        (11, 10_000, "c6g.2xlarge.search"),
        (10, 10_001, "c6g.2xlarge.search"),
        (31, 100, "r6g.xlarge.search"),
        (3, 40_001, "r6g.2xlarge.search"),
        (126, 100, "r6g.4xlarge.search"),
        (201, 100, None),
        (3, 75_001, None),
    ],
)
def test_masters_follow_the_table_of_aws(nodes: float, shards: float, kind: str | None) -> None:
    assert formulae.masters(nodes, shards, parse("OpenSearch_3.3")) == kind


def test_engines_before_graviton_get_older_masters() -> None:
    assert formulae.masters(3, 100, parse("Elasticsearch_7.1")) == "m5.large.search"
    assert formulae.masters(3, 100, parse("Elasticsearch_2.3")) == "m4.large.search"


@pytest.mark.parametrize(
    ("events", "days", "name"),
    [
        (200, 90, "OneDay"),
        (50, 90, "OneWeek"),
        (50, 7, "OneDay"),
        (10, 31, "OneWeek"),
        (10, 32, "OneMonth"),
        (10, 1, "OneHour"),
    ],
)
def test_the_rotation_follows_from_the_size_of_a_shard(events: float, days: float, name: str) -> None:
    assert formulae.rotation(demand(events, hot_days=days)) == name


@pytest.mark.parametrize("rate", [0.001, 0.37, 1, 9.5, 10, 99.9, 150_000, 3_000_000, 123_456_789])
def test_a_step_is_slightly_above_the_rate(rate: float) -> None:
    assert rate / 1.02 <= step(rate) <= rate * 1.15


def test_days_until_growth_uses_the_headroom() -> None:
    assert formulae.days_until(0.1, 2) == pytest.approx(218, abs=1)
    assert formulae.days_until(0, 2) is None
    assert formulae.days_until(0.1, 0.5) == 0


@pytest.mark.parametrize(("rate", "calls"), [(1, 10), (100, 10), (101, 11), (200, 20), (9000, 900), (9001, None)])
def test_a_collector_takes_a_tenth_of_a_second_for_each_request(rate: float, calls: int | None) -> None:
    assert formulae.collector_reserved(rate) == calls


def test_concurrent_calls_follow_from_requests() -> None:
    assert formulae.collector_calls(demand(1000)).value == pytest.approx(60)
    assert formulae.recommender_calls(demand(recommendations=30)).value == pytest.approx(3)


def test_a_recommender_takes_cpu_for_answers_and_for_folding() -> None:
    without, beside = (
        formulae.cpu_busy(demand(1000, recommendations=100), 2, 1, recommends=recommends).value
        for recommends in (False, True)
    )
    assert beside - without == pytest.approx(100 * 0.008 + 3000 / 3000)

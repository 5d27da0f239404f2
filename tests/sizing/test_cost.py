"""Quantities of a month, computed by hand."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.sizing import cost
from tests.sizing.drawn import BASE, deployment

MONTH = 86_400 * 30
GIB = 1024**3


def quantities(**changes: Any) -> dict[str, float]:
    found = deployment(BASE | {"traffic": {"events_per_second": 100}} | changes)
    vpc = "network" in changes
    return {item.name: item.quantity for item in cost.drivers(found.shape, found.demand, archived_days=30, vpc=vpc)}


def test_a_shard_costs_its_hours_and_its_records() -> None:
    found = quantities(stream={"shard_count": 3})
    assert found["stream.shard_hours"] == 3 * 730
    assert found["stream.million_put_units"] == pytest.approx(100 * MONTH / 1e6)
    assert found["stream.extended_retention_shard_hours"] == 3 * 730


def test_a_record_above_25_kib_is_two_units() -> None:
    traffic = {"events_per_second": 100, "event_bytes": 25 * 1024 + 1}
    assert quantities(traffic=traffic)["stream.million_put_units"] == pytest.approx(2 * 100 * MONTH / 1e6)


def test_aggregated_records_need_fewer_units() -> None:
    traffic = {"events_per_second": 100, "events_per_record": 30}
    assert quantities(traffic=traffic)["stream.million_put_units"] == pytest.approx(100 / 30 * MONTH / 1e6)


def test_a_day_of_retention_is_included_and_a_month_is_billed_by_size() -> None:
    assert "stream.extended_retention_shard_hours" not in quantities(stream={"retention_period": 24})
    assert "stream.long_retention_gib_months" not in quantities()
    month = quantities(stream={"retention_period": 31 * 24})
    assert month["stream.long_retention_gib_months"] == pytest.approx(100 * 86_400 * 744 / GIB * 24)


def test_on_demand_is_billed_by_size() -> None:
    found = quantities(stream={"stream_mode_details": {"stream_mode": "ON_DEMAND"}})
    assert found["stream.on_demand_gib_in"] == pytest.approx(100 * MONTH * 744 / GIB)
    assert "stream.shard_hours" not in found


def test_firehose_bills_steps_of_5_kib() -> None:
    assert quantities()["delivery.gib_in_5_kib_steps"] == pytest.approx(100 * MONTH * 5 * 1024 / GIB)
    larger = quantities(traffic={"events_per_second": 100, "event_bytes": 5 * 1024 + 1})
    assert larger["delivery.gib_in_5_kib_steps"] == pytest.approx(100 * MONTH * 10 * 1024 / GIB)


def test_nodes_are_billed_by_type_and_disks_by_size() -> None:
    cluster = {"instance_type": "r7g.xlarge.search", "instance_count": 6, "dedicated_master_enabled": True}
    found = quantities(domain={"cluster_config": cluster, "ebs_options": {"volume_size": 500}})
    assert found["domain.data_node_hours.r7g.xlarge.search"] == 6 * 730
    assert found["domain.master_hours.m7g.large.search"] == 3 * 730
    assert found["domain.disk_gib_months"] == 3000


def test_the_transform_is_billed_by_gib_seconds() -> None:
    assert quantities()["transform.gib_seconds"] == pytest.approx(100 * MONTH * 80e-6 * 1769 / 1024)


def test_warm_and_cold_days_are_stored_once() -> None:
    traffic = {"events_per_second": 100, "hot_days": 7, "warm_days": 30, "cold_days": 100}
    cluster = {"warm_enabled": True, "warm_count": 3, "warm_type": "ultrawarm1.medium.search"}
    found = quantities(traffic=traffic, domain={"cluster_config": cluster})
    daily = 100 * 86_400 * 1099 / GIB * 0.63
    assert found["domain.warm_gib_months"] == pytest.approx(daily * 30)
    assert found["domain.cold_gib_months"] == pytest.approx(daily * 100)


@pytest.mark.parametrize("name", [item for item in quantities() if item])
def test_every_quantity_can_have_a_price(name: str) -> None:
    assert cost.known(name)

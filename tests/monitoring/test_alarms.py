"""The alarms and their thresholds, derived from the configuration."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.configuration.domain import DomainSettings
from constructs_lib.limits.quotas import LAMBDA_TIMEOUT_S
from constructs_lib.monitoring import (
    Alarm,
    delivery_alarms,
    domain_alarms,
    function_alarms,
    node_count,
    rare_function_alarms,
    stream_alarms,
    transform_alarms,
)


def of_domain(percent: int = 25, **settings: Any) -> dict[str, Alarm]:
    arguments = DomainSettings.model_validate(settings).resource_arguments(
        name="shop", kms_key_id=None, master_user_arn=None, log_group_arn=lambda _: "arn", vpc_options=None
    )
    return {alarm.id: alarm for alarm in domain_alarms(arguments, free_storage_percent=percent)}


def of_transform(**changes: int) -> dict[str, Alarm]:
    return {alarm.id: alarm for alarm in transform_alarms(**{"failed_percent": 5, "buffer_interval": 60, **changes})}


def of_delivery(**changes: Any) -> dict[str, Alarm]:
    wanted = {
        "buffering_interval": 60,
        "late_seconds": 900,
        "all_documents": True,
        "backup_interval": 300,
        "transforms": True,
    }
    return {alarm.id: alarm for alarm in delivery_alarms(**{**wanted, **changes})}


MASTERS: dict[str, Any] = {
    "cluster_config": {"instance_type": "r7g.large.search", "instance_count": 3, "dedicated_master_enabled": True}
}


@given(st.integers(min_value=1, max_value=24576), st.integers(min_value=1, max_value=99))
def test_free_storage_threshold_is_a_share_of_one_nodes_disk(size: int, percent: int) -> None:
    alarm = of_domain(percent, ebs_options={"volume_size": size})["free-storage"]
    assert (alarm.threshold, alarm.comparison) == (size * 1024 * percent / 100, "LessThanOrEqualToThreshold")


def test_free_storage_threshold_of_200_gib_is_50_gib() -> None:
    assert of_domain(ebs_options={"volume_size": 200})["free-storage"].threshold == 50 * 1024


def test_a_disk_of_unknown_size_has_no_storage_alarm() -> None:
    cluster = {"instance_type": "i3.large.search", "instance_count": 2}
    assert "free-storage" not in of_domain(cluster_config=cluster)


def test_nodes_alarm_fires_if_one_of_three_nodes_and_three_masters_is_missing() -> None:
    alarm = of_domain(**MASTERS)["nodes"]
    assert (alarm.threshold, alarm.comparison) == (6, "LessThanThreshold")


@pytest.mark.parametrize(
    ("cluster", "nodes"),
    [
        ({"instance_count": 1}, 1),
        ({"instance_count": 3, "dedicated_master_enabled": True, "dedicated_master_count": 3}, 6),
        ({"instance_count": 3, "dedicated_master_enabled": False, "dedicated_master_count": 3}, 3),
        ({"instance_count": 2, "warm_enabled": True, "warm_count": 4}, 6),
        ({"instance_count": 2, "warm_enabled": False, "warm_count": 4}, 2),
        ({"instance_count": 2, "node_options": [{"node_config": {"enabled": True, "count": 5}}]}, 7),
        ({"instance_count": 2, "node_options": [{"node_config": {"enabled": False, "count": 5}}]}, 2),
    ],
)
def test_nodes_alarm_counts_every_kind_of_node(cluster: dict[str, Any], nodes: int) -> None:
    assert node_count(cluster) == nodes


def test_without_masters_there_are_no_alarms_for_masters() -> None:
    cluster = {"instance_type": "r7g.large.search", "instance_count": 1, "dedicated_master_enabled": False}
    assert not [id_ for id_ in of_domain(cluster_config=cluster) if id_.startswith("master")]


def test_with_masters_there_are_three_alarms_for_masters() -> None:
    assert len([id_ for id_ in of_domain(**MASTERS) if id_.startswith("master")]) == 3


def test_without_encryption_there_are_no_alarms_for_the_key() -> None:
    assert not [id_ for id_ in of_domain(encrypt_at_rest={"enabled": False}) if id_.startswith("key")]


@pytest.mark.parametrize(
    ("version", "metric"), [("OpenSearch_2.19", "OpenSearchRequests"), ("Elasticsearch_7.1", "ElasticsearchRequests")]
)
def test_requests_are_counted_under_the_engines_name(version: str, metric: str) -> None:
    assert list(of_domain(engine_version=version)["errors"].metrics) == ["5xx", metric]


# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
RECOMMENDED = {
    "red": ("Maximum", "GreaterThanOrEqualToThreshold", 1, 60, 1),
    "yellow": ("Maximum", "GreaterThanOrEqualToThreshold", 1, 60, 5),
    "writes-blocked": ("Maximum", "GreaterThanOrEqualToThreshold", 1, 300, 1),
    "snapshot": ("Maximum", "GreaterThanOrEqualToThreshold", 1, 60, 1),
    "cpu": ("Maximum", "GreaterThanOrEqualToThreshold", 80, 900, 3),
    "memory": ("Maximum", "GreaterThanOrEqualToThreshold", 95, 60, 3),
    "old-memory": ("Maximum", "GreaterThanOrEqualToThreshold", 80, 60, 3),
    "master-cpu": ("Maximum", "GreaterThanOrEqualToThreshold", 50, 900, 3),
    "master-memory": ("Maximum", "GreaterThanOrEqualToThreshold", 95, 60, 3),
    "master-reachable": ("Maximum", "LessThanThreshold", 1, 300, 1),
    "key-error": ("Maximum", "GreaterThanOrEqualToThreshold", 1, 60, 1),
    "key-inaccessible": ("Maximum", "GreaterThanOrEqualToThreshold", 1, 60, 1),
    "write-queue": ("Average", "GreaterThanOrEqualToThreshold", 100, 60, 1),
    "search-queue": ("Average", "GreaterThanOrEqualToThreshold", 500, 60, 1),
    "shards": ("Maximum", "GreaterThanOrEqualToThreshold", 30000, 60, 1),
}


@pytest.mark.parametrize("id_", RECOMMENDED)
def test_the_domains_alarms_are_those_that_aws_recommends(id_: str) -> None:
    alarm = of_domain(**MASTERS)[id_]
    found = (alarm.metric[1], alarm.comparison, alarm.threshold, alarm.period, alarm.evaluations)
    assert found == RECOMMENDED[id_]


@given(st.integers(min_value=24, max_value=8760))
def test_iterator_age_threshold_is_half_of_the_retention(hours: int) -> None:
    alarm = next(alarm for alarm in stream_alarms(retention_hours=hours) if alarm.id == "age")
    assert alarm.threshold == hours * 1_800_000


def test_an_alarm_fires_if_nothing_reads_the_stream() -> None:
    assert [alarm.id for alarm in stream_alarms(retention_hours=24) if alarm.silence_rings] == ["age"]


@given(st.integers(min_value=0, max_value=900), st.integers(min_value=0, max_value=86400))
def test_freshness_threshold_is_the_buffering_interval_plus_the_allowance(interval: int, late: int) -> None:
    alarm = of_delivery(buffering_interval=interval, late_seconds=late)["late"]
    assert (alarm.threshold, alarm.comparison) == (interval + late, "GreaterThanThreshold")


def test_the_archive_has_alarms_only_if_it_keeps_everything() -> None:
    assert "backup-late" not in of_delivery(all_documents=False)
    assert of_delivery(backup_interval=120)["backup-late"].threshold == 1020


SINGLE = [
    of_delivery(all_documents=False)["undelivered"],
    of_delivery()["refused"],
    of_delivery()["call-failed"],
    of_transform()["failed"],
]


@pytest.mark.parametrize("alarm", SINGLE, ids=lambda alarm: str(alarm.id))
def test_a_single_loss_keeps_its_alarm_for_an_hour(alarm: Alarm) -> None:
    assert (alarm.breaches, alarm.evaluations * alarm.period, alarm.missing) == (1, 3600, "notBreaching")


def test_one_lost_record_of_very_many_fires() -> None:
    rings = [(alarm.id, alarm.comparison, alarm.threshold) for alarm in SINGLE]
    assert rings == [
        ("undelivered", "GreaterThanOrEqualToThreshold", 1),
        ("refused", "LessThanThreshold", 1),
        ("call-failed", "LessThanThreshold", 1),
        ("failed", "GreaterThanOrEqualToThreshold", 1),
    ]


@pytest.mark.parametrize(("all_documents", "there"), [(True, False), (False, True)])
def test_the_undelivered_alarm_exists_only_if_the_bucket_holds_failures_alone(all_documents: bool, there: bool) -> None:
    assert ("undelivered" in of_delivery(all_documents=all_documents)) == there


def test_the_transforms_alarms_exist_only_with_a_transform() -> None:
    assert not {"transform-failing", "call-failed"} & of_delivery(transforms=False).keys()
    assert {"transform-failing", "call-failed"} <= of_delivery().keys()


@given(st.integers(min_value=1, max_value=900))
def test_duration_threshold_is_below_the_timeout(timeout: int) -> None:
    alarm = next(alarm for alarm in function_alarms(timeout_seconds=timeout) if alarm.id == "slow")
    assert 0 < alarm.threshold < timeout * 1000


@given(st.integers(min_value=1, max_value=100))
def test_failed_records_threshold_is_the_allowed_share(percent: int) -> None:
    alarm = of_transform(failed_percent=percent)["failed-share"]
    assert (alarm.comparison, alarm.threshold) == ("GreaterThanOrEqualToThreshold", percent)


def test_the_failed_share_is_of_all_records() -> None:
    alarm = of_transform()["failed-share"]
    assert (list(alarm.metrics), alarm.expression) == (["ProcessingFailed", "Records"], "m1 / m2 * 100")


def test_the_failed_share_is_evaluated_over_15_minutes() -> None:
    alarm = of_transform()["failed-share"]
    assert alarm.period * alarm.evaluations == 900


@given(st.integers(min_value=0, max_value=900))
def test_no_period_is_shorter_than_the_buffering_interval(interval: int) -> None:
    assert all(alarm.period >= interval for alarm in of_transform(buffer_interval=interval).values())


def test_one_record_without_a_pseudonym_fires() -> None:
    alarm = of_transform()["no-pseudonym-key"]
    assert (alarm.comparison, alarm.threshold, alarm.evaluations) == ("GreaterThanOrEqualToThreshold", 1, 1)


def test_a_transform_without_records_does_not_fire() -> None:
    assert {alarm.missing for alarm in of_transform().values()} == {"notBreaching"}


def test_one_failure_of_a_daily_function_fires() -> None:
    (alarm,) = rare_function_alarms()
    assert (alarm.metric, alarm.comparison, alarm.threshold, alarm.evaluations) == (
        ("Errors", "Sum"),
        "GreaterThanOrEqualToThreshold",
        1,
        1,
    )


def test_a_failure_fires_whatever_the_duration_of_the_call() -> None:
    (alarm,) = rare_function_alarms()
    assert alarm.period >= LAMBDA_TIMEOUT_S


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
@pytest.mark.parametrize(
    "alarm",
    [
        *of_domain(**MASTERS).values(),
        *stream_alarms(retention_hours=168),
        *of_delivery().values(),
        *function_alarms(timeout_seconds=60),
        *rare_function_alarms(),
        *of_transform().values(),
        *of_transform(buffer_interval=900).values(),
    ],
    ids=lambda alarm: f"{alarm.id}-{alarm.metric[0]}",
)
def test_cloudwatch_accepts_the_periods(alarm: Alarm) -> None:
    assert alarm.period % 60 == 0
    assert alarm.period * alarm.evaluations <= 86400

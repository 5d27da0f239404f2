"""The resources of the monitoring construct."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cdktf import App
from cdktf import Testing as Synthesis

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.judging import judge
from constructs_lib.monitoring.construct import Monitoring
from constructs_lib.stack import Stack
from tests.monitoring.metrics import KNOWN

PROD: dict[str, Any] = {
    "name": "shop",
    "region": "eu-west-1",
    "domain": {
        "engine_version": "OpenSearch_2.19",
        "cluster_config": {
            "instance_type": "r7g.large.search",
            "instance_count": 3,
            "dedicated_master_enabled": True,
        },
        "ebs_options": {"volume_size": 200},
    },
    "delivery": {"opensearch_configuration": {"s3_backup_mode": "AllDocuments"}},
}
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def environment(**monitoring: Any) -> Environment:
    return Environment.model_validate({**PROD, "monitoring": monitoring})


def synthesized(**monitoring: Any) -> dict[str, Any]:
    stack = Stack(App(), "shop", environment=environment(**monitoring))
    made: dict[str, Any] = json.loads(Synthesis.synth(stack))
    return made


@pytest.fixture(scope="module")
def watched() -> dict[str, Any]:
    """A stack with subscribers, and with the alerting plugin's role."""
    stack = Stack(
        App(), "shop", environment=environment(subscriptions=[{"protocol": "email", "endpoint": "a@b.example"}])
    )
    assert isinstance(stack.pipeline.monitoring, Monitoring)
    made: dict[str, Any] = json.loads(Synthesis.synth(stack))
    return made


@pytest.fixture(scope="module")
def resources(watched: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = watched["resource"]
    return found


def alarms(resources: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return list(resources["aws_cloudwatch_metric_alarm"].values())


def measured(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    if "metric_query" in alarm:
        return [query["metric"] for query in alarm["metric_query"] if "metric" in query]
    return [alarm]


def widgets(watched: dict[str, Any]) -> list[dict[str, Any]]:
    """The dashboard's."""
    assert (
        watched["resource"]["aws_cloudwatch_dashboard"]["dashboard"]["dashboard_body"]
        == "${jsonencode(local.dashboard)}"
    )
    found: list[dict[str, Any]] = watched["locals"]["dashboard"]["widgets"]
    return found


def test_every_metric_exists_in_cloudwatch(resources: dict[str, dict[str, Any]]) -> None:
    unknown = [
        metric["metric_name"]
        for alarm in alarms(resources)
        for metric in measured(alarm)
        if metric["metric_name"] not in KNOWN[metric["namespace"]][0]
    ]
    assert unknown == []


def test_every_metric_has_the_dimensions_of_its_namespace(resources: dict[str, dict[str, Any]]) -> None:
    wrong = [
        metric["metric_name"]
        for alarm in alarms(resources)
        for metric in measured(alarm)
        if set(metric["dimensions"]) != KNOWN[metric["namespace"]][1]
    ]
    assert wrong == []


def test_every_alarm_has_an_action(resources: dict[str, dict[str, Any]]) -> None:
    assert all(alarm["alarm_actions"] and alarm["ok_actions"] for alarm in alarms(resources))


def test_the_transforms_own_metrics_have_alarms(resources: dict[str, dict[str, Any]]) -> None:
    watched = {
        metric["metric_name"]
        for alarm in alarms(resources)
        for metric in measured(alarm)
        if metric["namespace"] == "BehaviourAnalytics"
    }
    assert watched == {"ProcessingFailed", "Records", "Failed_no_pseudonym_key"}


def test_the_transforms_metrics_have_the_delivery_streams_dimension(
    resources: dict[str, dict[str, Any]],
) -> None:
    (name,) = resources["aws_kinesis_firehose_delivery_stream"]
    streams = {
        value
        for alarm in alarms(resources)
        for metric in measured(alarm)
        for key, value in metric["dimensions"].items()
        if key == "DeliveryStream"
    }
    assert streams == {f"${{aws_kinesis_firehose_delivery_stream.{name}.name}}"}


def test_the_dashboard_shows_the_share_of_failed_records(watched: dict[str, Any]) -> None:
    (shown,) = [each for each in widgets(watched) if each["properties"]["title"] == "transform failed share"]
    assert shown["properties"]["metrics"][-1][0]["expression"] == "m1 / m2 * 100"


def test_without_a_transform_there_are_no_metrics_of_it() -> None:
    given = Environment.model_validate({**PROD, "transform": {"enabled": False}})
    made = json.loads(Synthesis.synth(Stack(App(), "shop", environment=given)))["resource"]
    assert not [name for name in made["aws_cloudwatch_metric_alarm"] if name.startswith("transform_")]


def test_missing_data_fires_no_alarm(resources: dict[str, dict[str, Any]]) -> None:
    assert {alarm["treat_missing_data"] for alarm in alarms(resources)} == {"missing", "notBreaching"}


def test_the_stream_age_alarm_notifies_on_insufficient_data(resources: dict[str, dict[str, Any]]) -> None:
    told = [alarm["alarm_name"] for alarm in alarms(resources) if alarm.get("insufficient_data_actions")]
    assert told == ["shop-stream-age"]


def test_names_of_alarms_are_unique(resources: dict[str, dict[str, Any]]) -> None:
    names = [alarm["alarm_name"] for alarm in alarms(resources)]
    assert len(set(names)) == len(names) == 39


def test_an_expression_has_exactly_one_result(resources: dict[str, dict[str, Any]]) -> None:
    for alarm in alarms(resources):
        if "metric_query" in alarm:
            assert [query["id"] for query in alarm["metric_query"] if query.get("return_data")] == ["result"]


def test_a_percentile_is_an_extended_statistic(resources: dict[str, dict[str, Any]]) -> None:
    slow = next(alarm for alarm in alarms(resources) if alarm["alarm_name"] == "shop-transform-slow")
    assert (slow["extended_statistic"], slow.get("statistic")) == ("p90", None)


def test_the_bootstrap_alarm_fires_only_for_a_failed_run(resources: dict[str, dict[str, Any]]) -> None:
    names = [alarm["alarm_name"] for alarm in alarms(resources) if "-bootstrap-" in alarm["alarm_name"]]
    assert names == ["shop-bootstrap-errors"]


def test_the_data_loss_alarm_combines_existing_alarms(resources: dict[str, dict[str, Any]]) -> None:
    (composite,) = resources["aws_cloudwatch_composite_alarm"].values()
    references = set(re.findall(r"aws_cloudwatch_metric_alarm\.([\w-]+)\.alarm_name", composite["alarm_rule"]))
    assert len(references) == 4
    assert references <= set(resources["aws_cloudwatch_metric_alarm"])


def test_the_topic_is_encrypted_with_the_deployments_key(resources: dict[str, dict[str, Any]]) -> None:
    (topic,) = resources["aws_sns_topic"].values()
    assert topic["kms_master_key_id"] == "${local.key_arn}"


def test_the_topic_refuses_unencrypted_messages(watched: dict[str, Any]) -> None:
    documents = watched["data"]["aws_iam_policy_document"]
    document = documents["alarms_permissions"]
    deny = next(statement for statement in document["statement"] if statement["effect"] == "Deny")
    assert deny["condition"] == [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}]


def test_only_this_deployments_alarms_publish(watched: dict[str, Any]) -> None:
    documents = watched["data"]["aws_iam_policy_document"]
    document = documents["alarms_permissions"]
    allow = next(statement for statement in document["statement"] if statement["effect"] == "Allow")
    sources = next(item["values"] for item in allow["condition"] if item["variable"] == "aws:SourceArn")
    assert sources[0].endswith(":alarm:shop-*")


def test_the_alerting_plugin_may_only_publish(watched: dict[str, Any]) -> None:
    documents = watched["data"]["aws_iam_policy_document"]
    document = documents["alerting_role_permissions"]
    actions = {action for statement in document["statement"] for action in statement["actions"]}
    assert actions == {"sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"}


def test_subscribers_are_on_the_topic(resources: dict[str, dict[str, Any]]) -> None:
    (subscription,) = resources["aws_sns_topic_subscription"].values()
    assert (subscription["protocol"], subscription["endpoint"]) == ("email", "a@b.example")


def test_the_dashboard_shows_every_metric_that_an_alarm_watches(
    watched: dict[str, Any], resources: dict[str, dict[str, Any]]
) -> None:
    shown = {
        metric[1]
        for widget in widgets(watched)
        for metric in widget["properties"]["metrics"]
        if isinstance(metric[0], str)
    }
    known = {metric["metric_name"] for alarm in alarms(resources) for metric in measured(alarm)}
    assert known - shown <= {"Errors", "Throttles", "Duration"}


def test_widgets_do_not_overlap(watched: dict[str, Any]) -> None:
    places = [(widget["x"], widget["y"]) for widget in widgets(watched)]
    assert len(set(places)) == len(places)


def test_a_given_topic_is_used_instead_of_a_new_one() -> None:
    made = synthesized(topic_arn=TOPIC)["resource"]
    assert "aws_sns_topic" not in made
    assert {tuple(alarm["alarm_actions"]) for alarm in made["aws_cloudwatch_metric_alarm"].values()} == {(TOPIC,)}


def test_disabled_monitoring_creates_nothing() -> None:
    made = synthesized(enabled=False)["resource"]
    assert not [kind for kind in made if kind.startswith(("aws_cloudwatch_metric", "aws_cloudwatch_comp", "aws_sns"))]


def test_ok_actions_can_be_disabled() -> None:
    made = synthesized(notify_when_ok=False)["resource"]
    assert not any("ok_actions" in alarm for alarm in made["aws_cloudwatch_metric_alarm"].values())


def test_the_dashboard_can_be_left_out() -> None:
    assert "aws_cloudwatch_dashboard" not in synthesized(dashboard=False)["resource"]


@pytest.mark.parametrize(
    ("monitoring", "path"),
    [
        ({"free_storage_percent": 0}, "monitoring.free_storage_percent"),
        ({"free_storage_percent": 100}, "monitoring.free_storage_percent"),
        ({"failed_percent": 0}, "monitoring.failed_percent"),
        ({"failed_percent": 101}, "monitoring.failed_percent"),
        ({"late_seconds": -1}, "monitoring.late_seconds"),
        ({"late_seconds": 86401}, "monitoring.late_seconds"),
        ({"topic_arn": "alarms"}, "monitoring.topic_arn"),
        ({"topic_arn": TOPIC.replace("eu-west-1", "us-east-1")}, "monitoring.topic_arn"),
        (
            {"topic_arn": TOPIC, "subscriptions": [{"protocol": "email", "endpoint": "a@b.example"}]},
            "monitoring.subscriptions",
        ),
        ({"runbook_url": "http://wiki.example/runbook"}, "monitoring.runbook_url"),
        ({"runbook_url": "https://wiki.example/runbook#top"}, "monitoring.runbook_url"),
        ({"runbook_url": "https://" + "w" * 301}, "monitoring.runbook_url"),
        ({"subscriptions": [{"protocol": "email", "endpoint": "nobody"}]}, "monitoring.subscriptions[0].endpoint"),
        ({"subscriptions": [{"protocol": "sqs", "endpoint": "queue"}]}, "monitoring.subscriptions[0].endpoint"),
    ],
)
def test_invalid_settings_are_refused(monitoring: dict[str, Any], path: str) -> None:
    assert path in [finding.path for finding in judge(environment(**monitoring)) if finding.severity == "error"]


def test_a_subscriber_that_needs_a_role_is_not_offered() -> None:
    firehose = {"protocol": "firehose", "endpoint": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/alarms"}
    with pytest.raises(ConfigurationError, match="protocol"):
        environment(subscriptions=[firehose])


@pytest.mark.parametrize(
    "monitoring",
    [
        {"free_storage_percent": 1},
        {"free_storage_percent": 99},
        {"failed_percent": 1},
        {"failed_percent": 100},
        {"late_seconds": 0},
        {"late_seconds": 86400},
        {"topic_arn": TOPIC},
        {"runbook_url": "https://wiki.example/runbook"},
        {"runbook_url": "https://" + "w" * 300},
        {"subscriptions": [{"protocol": "https", "endpoint": "https://pager.example/x"}]},
        {"subscriptions": [{"protocol": "sqs", "endpoint": "arn:aws:sqs:eu-west-1:111122223333:q"}]},
    ],
)
def test_valid_settings_are_accepted(monitoring: dict[str, Any]) -> None:
    paths = [finding.path for finding in judge(environment(**monitoring)) if finding.severity == "error"]
    assert not [path for path in paths if path.startswith("monitoring")]

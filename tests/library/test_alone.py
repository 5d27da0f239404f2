"""Functions and alarms are usable without a pipeline."""

from __future__ import annotations

import pytest
from cdktf import TerraformStack

from constructs_lib import (
    AlarmSettings,
    Archive,
    Bootstrap,
    ConfigurationError,
    Delivery,
    Encryption,
    EventStream,
    Monitoring,
    MonitoringSettings,
    SearchDomain,
    StreamSettings,
    Transform,
    TransformSettings,
)
from constructs_lib.bootstrap.runtime import settings as bootstrap_settings
from constructs_lib.transform.runtime import settings as transform_settings
from tests.library.apps import stack_with
from tests.stacks import Terraform, stack_of


def watched(**alarms: AlarmSettings) -> Terraform:
    """A stream with alarms that differ."""

    def make(scope: TerraformStack) -> None:
        key = Encryption(scope, "key", name="clicks")
        settings = MonitoringSettings(alarms={name.replace("_", "-"): each for name, each in alarms.items()})
        monitoring = Monitoring(scope, "monitoring", name="clicks", encryption=key, settings=settings)
        monitoring.watch_stream(EventStream(scope, "stream", name="clicks").name, StreamSettings())

    return stack_with(make)[1]


def test_alarms_of_one_service_need_no_other() -> None:
    stack = watched()
    assert all(name.startswith("stream_") for name in stack.all("aws_cloudwatch_metric_alarm"))
    assert stack.json["locals"]["dashboard"]["widgets"]


def test_changing_one_alarm_does_not_change_others() -> None:
    changed, before = watched(stream_put_failed=AlarmSettings(threshold=7, evaluations=2)), watched()
    alarms, usual = (each.all("aws_cloudwatch_metric_alarm") for each in (changed, before))
    assert (alarms["stream_put_failed"]["threshold"], alarms["stream_put_failed"]["evaluation_periods"]) == (7, 2)
    assert {name for name in usual if alarms[name] != usual[name]} == {"stream_put_failed"}


def test_an_alarm_can_be_disabled() -> None:
    gone = watched().ids("aws_cloudwatch_metric_alarm") - watched(stream_put_failed=AlarmSettings(enabled=False)).ids(
        "aws_cloudwatch_metric_alarm"
    )
    assert gone == {"stream_put_failed"}


def test_a_transform_works_with_any_delivery_stream() -> None:
    def make(scope: TerraformStack) -> Transform:
        key = Encryption(scope, "key", name="clicks")
        transform = Transform(
            scope, "transform", name="clicks", encryption=key, settings=TransformSettings(bots="drop"), shard_count=1
        )
        delivery = Delivery(
            scope,
            "delivery",
            name="clicks",
            stream=EventStream(scope, "stream", name="clicks", encryption=key),
            domain=SearchDomain(scope, "domain", name="clicks", encryption=key),
            archive=Archive(scope, "archive", name="clicks", encryption=key),
            processor=transform.processor,
        )
        transform.grant_invoke(delivery.role)
        return transform

    _, stack = stack_with(make)
    variables = stack.one("aws_lambda_function", "transform")["environment"]["variables"]
    assert transform_settings.from_environment(variables).drop_bots is True
    assert "InvokeTransform" in {each["sid"] for each in stack.document("delivery_role_permissions")}


def test_a_bootstrap_works_with_any_domain() -> None:
    def make(scope: TerraformStack) -> None:
        key = Encryption(scope, "key", name="clicks")
        bootstrap = Bootstrap(scope, "bootstrap", name="clicks", encryption=key)
        domain = SearchDomain(scope, "domain", name="clicks", encryption=key, master_user_arn=bootstrap.role.arn)
        bootstrap.install(domain)

    _, stack = stack_with(make)
    read = bootstrap_settings.from_environment(stack.one("aws_lambda_function")["environment"]["variables"])
    assert (read.index_name, read.replicas, read.fine_grained) == ("events", 1, True)


def test_an_unknown_alarm_of_a_pipeline_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"did you mean domain-red\?"):
        stack_of({"monitoring": {"alarms": {"domain-rde": {"threshold": 1}}}})

"""Constructs refuse invalid settings, all at once, without any environment file."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from constructs_lib import (
    Archive,
    Bootstrap,
    Collector,
    ConfigurationError,
    ConfigurationWarning,
    Delivery,
    DeliverySettings,
    DomainSettings,
    Encryption,
    Environment,
    EventStream,
    Monitoring,
    Network,
    Pipeline,
    Recommender,
    SearchDomain,
    Stack,
    StreamSettings,
    Transform,
)
from tests.library.apps import stack, stack_with


def paths(error: ConfigurationError) -> list[str]:
    return [problem.path for problem in error.problems if problem.severity == "error"]


def test_a_stream_reports_all_its_problems_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        EventStream(stack(), "stream", name="clicks", settings=StreamSettings(shard_count=0, retention_period=1))
    assert paths(caught.value) == ["retention_period", "shard_count"]
    assert {problem.file for problem in caught.value.problems} == {"shop/stream"}


def test_a_domain_on_an_unknown_engine_is_refused() -> None:
    scope = stack()
    key = Encryption(scope, "key", name="clicks")
    with pytest.raises(ConfigurationError) as caught:
        SearchDomain(
            scope, "domain", name="clicks", encryption=key, settings=DomainSettings(engine_version="OpenSearch_9.9")
        )
    assert "engine_version" in paths(caught.value)


def test_a_delivery_stream_is_checked_with_its_stream_and_domain() -> None:
    scope = stack()
    key = Encryption(scope, "key", name="clicks")
    options = {"opensearch_configuration": {"buffering_interval": 901, "retry_duration": 7201}}
    with pytest.raises(ConfigurationError) as caught:
        Delivery(
            scope,
            "delivery",
            name="clicks",
            stream=EventStream(scope, "stream", name="clicks"),
            domain=SearchDomain(scope, "domain", name="clicks", encryption=key),
            archive=Archive(scope, "archive", name="clicks", encryption=key),
            settings=DeliverySettings.model_validate(options),
        )
    assert paths(caught.value) == [
        "opensearch_configuration.buffering_interval",
        "opensearch_configuration.retry_duration",
    ]


def test_a_warning_is_shown_to_the_user() -> None:
    scope = stack()
    key = Encryption(scope, "key", name="clicks")
    settings = DomainSettings(engine_version="Elasticsearch_7.10")
    with pytest.warns(ConfigurationWarning, match="shop/domain: "):
        SearchDomain(scope, "domain", name="clicks", encryption=key, settings=settings)


def test_valid_settings_give_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, terraform = stack_with(lambda scope: EventStream(scope, "stream", name="clicks"))
    assert terraform.one("aws_kinesis_stream", "stream")["shard_count"] == 1


NONSENSE: dict[str, Any] = {
    "name": "shop",
    "region": "eu-west-1",
    "stream": {"shard_count": 0},
    "domain": {"engine_version": "OpenSearch_9.9"},
    "delivery": {"opensearch_configuration": {"buffering_interval": 901}},
}


def test_a_stack_reports_the_problems_of_all_its_constructs() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Stack(App(), "shop", environment=Environment.model_validate(NONSENSE))
    assert {path.partition(".")[0] for path in paths(caught.value)} == {"stream", "domain", "delivery"}


def test_overrides_are_checked_with_the_other_arguments() -> None:
    overrides = {"stream.shard_count": 0, "domain": {"cluster_config": {"instance_count": 0}}}
    with pytest.raises(ConfigurationError) as caught:
        Stack(
            App(),
            "shop",
            environment=Environment.model_validate({"name": "shop", "region": "eu-west-1", "overrides": overrides}),
        )
    assert {problem.path for problem in caught.value.problems} == {
        "overrides.stream.shard_count",
        "overrides.domain.cluster_config.instance_count",
    }


def settings_of(section: str, values: dict[str, Any]) -> Any:
    return type(getattr(Environment.model_validate(NAMED | {section: values}), section)).model_validate(values)


NAMED = {"name": "shop", "region": "eu-west-1"}
ALONE: dict[str, tuple[Any, dict[str, Any], str]] = {
    "archive": (Archive, {"bucket": "Shop_Archive"}, "bucket"),
    "encryption": (Encryption, {"deletion_window_in_days": 6}, "deletion_window_in_days"),
    "network": (
        Network,
        {"cidr_block": "10.0.0.0/8", "availability_zones": ["eu-west-1a", "eu-west-1b"]},
        "cidr_block",
    ),
    "monitoring": (Monitoring, {"free_storage_percent": 0}, "free_storage_percent"),
    "collector": (Collector, {"origins": ["*"]}, "origins[0]"),
    "recommender": (Recommender, {"parameters": {"neighbours": 0}}, "parameters.neighbours"),
    "bootstrap": (Bootstrap, {"number_of_shards": 0}, "number_of_shards"),
    "transform": (Transform, {"drop_extensions": ["css,js"]}, "drop_extensions[0]"),
}


@pytest.mark.parametrize("section", ALONE)
def test_a_construct_alone_checks_its_settings(section: str) -> None:
    construct, wrong, path = ALONE[section]
    scope = stack()
    key = Encryption(scope, "key", name="clicks")
    given: dict[str, Any] = {} if section == "encryption" else {"encryption": key}
    if section == "collector":
        given["stream"] = EventStream(scope, "stream", name="clicks")
    if section == "recommender":
        domain = SearchDomain(scope, "domain", name="clicks", encryption=key)
        given |= {"domain": domain, "index_name": "events"}
    with pytest.raises(ConfigurationError) as caught:
        construct(scope, section, name="clicks", settings=settings_of(section, wrong), **given)
    assert paths(caught.value) == [path]
    assert {problem.file for problem in caught.value.problems} == {f"shop/{section}"}


def test_a_pipeline_alone_checks_its_environment() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Pipeline(stack(), "europe", environment=Environment.model_validate(NONSENSE))
    assert {problem.file for problem in caught.value.problems} == {"shop/europe"}


def test_a_stacks_warning_points_at_the_calling_file() -> None:
    with pytest.warns(ConfigurationWarning, match="shop: access: ") as caught:
        Stack(App(), "shop", environment=Environment.model_validate(NAMED))
    assert {Path(warning.filename).name for warning in caught} == {"test_judging.py"}

"""Every argument of every resource can be changed, by the construct and by the environment file."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from constructs_lib import Archive, ConfigurationError, Encryption, EventStream
from tests.library.apps import ACCOUNT, stack_with
from tests.stacks import Terraform, stack_of


def archive(scope: TerraformStack) -> Archive:
    return Archive(scope, "archive", name="clicks", encryption=Encryption(scope, "key", name="clicks"))


def test_an_argument_of_the_main_resource_is_overridden() -> None:
    def make(scope: TerraformStack) -> None:
        EventStream(scope, "stream", name="clicks").override({"shard_count": 4})

    assert stack_with(make)[1].one("aws_kinesis_stream")["shard_count"] == 4


def test_an_argument_of_a_named_resource_is_overridden() -> None:
    def make(scope: TerraformStack) -> None:
        archive(scope).override({"versioning_configuration": {"status": "Suspended"}}, "versioning")

    bucket = stack_with(make)[1].one("aws_s3_bucket_versioning")
    assert bucket["versioning_configuration"] == {"status": "Suspended"}


def test_a_list_is_replaced_and_not_appended_to() -> None:
    def make(scope: TerraformStack) -> None:
        archive(scope).override({"rule": [{"id": "all", "status": "Disabled"}]}, "lifecycle")

    rules = stack_with(make)[1].one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rules == [{"id": "all", "status": "Disabled"}]


def test_a_mapping_is_merged() -> None:
    changed = stack_of({"overrides": {"domain": {"cluster_config": {"instance_count": 6}}}})
    before = stack_of({}).one("aws_opensearch_domain")["cluster_config"]
    assert changed.one("aws_opensearch_domain")["cluster_config"] == before | {"instance_count": 6}


def test_none_removes_an_argument() -> None:
    assert "force_destroy" not in stack_of({"overrides": {"archive": {"force_destroy": None}}}).one("aws_s3_bucket")


def test_a_constructs_resources_have_names() -> None:
    made, _ = stack_with(archive)
    assert {"resource", "versioning", "lifecycle", "policy", "encryption"} <= set(made.resources)


@pytest.mark.parametrize(
    ("overrides", "resource", "expected"),
    [
        ({"stream.shard_count": 3}, ("aws_kinesis_stream", "stream"), {"shard_count": 3}),
        ({"stream": {"shard_count": 3}}, ("aws_kinesis_stream", "stream"), {"shard_count": 3}),
        (
            {"archive.versioning": {"versioning_configuration.status": "Suspended"}},
            ("aws_s3_bucket_versioning", "archive_versioning"),
            {"versioning_configuration": {"status": "Suspended"}},
        ),
        (
            {"transform": {"function": {"memory_size": 3008}}},
            ("aws_lambda_function", "transform"),
            {"memory_size": 3008},
        ),
        (
            {"monitoring": {"domain-red": {"evaluation_periods": 3}}},
            ("aws_cloudwatch_metric_alarm", "domain_red"),
            {"evaluation_periods": 3},
        ),
        (
            {
                "domain.domain_endpoint_options.enforce_https": True,
                "domain.advanced_options": {"indices.fielddata.cache.size": "20"},
            },
            ("aws_opensearch_domain", "domain"),
            {"advanced_options": {"indices.fielddata.cache.size": "20"}},
        ),
    ],
    ids=["dotted", "nested", "of a named resource", "of an inner construct", "of an alarm", "several"],
)
def test_an_environment_file_can_override_every_resource(
    overrides: dict[str, Any], resource: tuple[str, str], expected: dict[str, Any]
) -> None:
    stack: Terraform = stack_of({"overrides": overrides})
    found = stack.one(*resource)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"straem.shard_count": 3}, "did you mean stream?"),
        ({"stream": {"shard_cout": 3}}, "did you mean shard_count?"),
        ({"archive": {"versionning": {"versioning_configuration": {}}}}, "did you mean versioning?"),
        ({"domain": {"cluster_config": {"instance_cout": 3}}}, "did you mean instance_count?"),
        ({"stream": 4}, "stream: has the wrong type"),
    ],
)
def test_an_unknown_path_is_refused_with_a_suggestion(overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said.replace("?", r"\?")):
        stack_of({"overrides": overrides})


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"stream.shard_count": "two"}, "overrides.stream.shard_count: has the wrong type"),
        ({"stream.shard_count": True}, "overrides.stream.shard_count: has the wrong type"),
        ({"stream.retention_period": float("inf")}, "overrides.stream.retention_period: has the wrong type"),
        ({"stream.tags": ["a"]}, "overrides.stream.tags: has the wrong type"),
        ({"stream.shard_level_metrics": "ALL"}, "overrides.stream.shard_level_metrics: has the wrong type"),
        ({"domain.cluster_config": 4}, "overrides.domain.cluster_config: has the wrong type"),
        ({"domain": {"cluster_config": [{}, {}]}}, "overrides.domain.cluster_config: has the wrong type"),
        ({"archive": None}, "overrides.archive: has the wrong type"),
        ({"archive.versioning": None}, "overrides.archive.versioning: has the wrong type"),
        ({"transform.function.memory_size": 127}, "overrides.transform.function.memory_size: is out of range"),
        ({"key.rotation_period_in_days": 89}, "overrides.key.rotation_period_in_days: is out of range"),
        ({"delivery-role.name": "a b"}, "overrides.delivery-role.name: has the wrong form"),
        (
            {"archive.versioning.versioning_configuration.status": "On"},
            "overrides.archive.versioning.versioning_configuration.status: is not an allowed value",
        ),
        (
            {"archive": {"lifecycle": {"rule": [{"id": "a", "stats": "Enabled"}]}}},
            "overrides.archive.lifecycle.rule[0].stats: unknown name; did you mean status?",
        ),
    ],
    ids=str,
)
def test_an_override_that_aws_would_refuse_is_refused(overrides: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        stack_of({"overrides": overrides})
    (problem,) = caught.value.problems
    assert f"{problem.path}: {problem.message}".startswith(expected)


def test_an_existing_resource_cannot_be_overridden() -> None:
    existing = {"stream": {"arn": f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/clicks"}}
    with pytest.raises(ConfigurationError, match=r"overrides\.stream\.shard_count: cannot be changed here"):
        stack_of({"existing": existing, "overrides": {"stream.shard_count": 3}})

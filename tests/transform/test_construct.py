"""The deployed transform."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from constructs_lib.configuration import ConfigurationError
from constructs_lib.transform.package import transform_archive
from constructs_lib.transform.runtime import settings as runtime_settings
from tests.stacks import Terraform, stack_of


@pytest.fixture(scope="module")
def stack() -> Terraform:
    return stack_of({})


def function_of(stack: Terraform) -> Any:
    return stack.one("aws_lambda_function", "transform")


def test_function_runs_on_arm_with_the_newest_runtime_its_packages_know(stack: Terraform) -> None:
    function = function_of(stack)
    assert (function["architectures"], function["runtime"]) == (["arm64"], "python3.13")


def test_function_is_published_and_its_code_is_known_by_its_hash(stack: Terraform) -> None:
    function = function_of(stack)
    assert function["publish"] is True
    assert function["source_code_hash"] == transform_archive().source_code_hash


def test_function_is_limited_traced_and_logged(stack: Terraform) -> None:
    function = function_of(stack)
    assert function["reserved_concurrent_executions"] == 10
    assert function["tracing_config"] == {"mode": "Active"}
    log = stack.one("aws_cloudwatch_log_group", "transform_log")
    assert (log["name"], log["retention_in_days"]) == ("/aws/lambda/test-behaviour-transform", 365)


def test_environment_and_log_are_encrypted_with_the_deployments_key(stack: Terraform) -> None:
    key = stack.one("aws_kinesis_stream")["kms_key_id"]
    assert function_of(stack)["kms_key_arn"] == key
    assert stack.one("aws_cloudwatch_log_group", "transform_log")["kms_key_id"] == key


def test_delivery_calls_the_alias(stack: Terraform) -> None:
    target = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    (processor,) = target["processing_configuration"]["processors"]
    parameters = {item["parameter_name"]: item["parameter_value"] for item in processor["parameters"]}
    assert set(parameters) == {
        "LambdaArn",
        "BufferSizeInMBs",
    }  # what equals Firehose's defaults would differ in every plan
    assert parameters["LambdaArn"] == "${aws_lambda_alias.transform_alias.arn}"
    assert parameters["BufferSizeInMBs"] == "0.2"


def test_processors_run_in_order_around_the_transform() -> None:
    types = ["AppendDelimiterToRecord", "Decompression", "CloudWatchLogProcessing"]
    processing = {"processing_configuration": {"processors": [{"type": type_} for type_ in types]}}
    stack = stack_of({"delivery": {"opensearch_configuration": processing}})
    target = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    found = [processor["type"] for processor in target["processing_configuration"]["processors"]]
    assert found == ["Decompression", "CloudWatchLogProcessing", "Lambda", "AppendDelimiterToRecord"]


def test_delivery_may_only_call_the_alias(stack: Terraform) -> None:
    (statement,) = [one for _, one in stack.statements() if one.get("sid") == "InvokeTransform"]
    assert statement["actions"] == ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"]
    assert statement["resources"] == ["${aws_lambda_alias.transform_alias.arn}"]


def test_alias_follows_the_newest_version(stack: Terraform) -> None:
    assert stack.one("aws_lambda_alias", "transform_alias")["function_version"].endswith(".version}")


def test_key_behind_the_pseudonyms_makes_macs_and_is_kept(stack: Terraform) -> None:
    key = stack.one("aws_kms_key", "transform_key")
    assert (key["key_usage"], key["customer_master_key_spec"]) == ("GENERATE_VERIFY_MAC", "HMAC_256")
    assert key["lifecycle"] == {"prevent_destroy": True}


def test_nobody_but_the_two_functions_may_use_that_key(stack: Terraform) -> None:
    statements = stack.document("transform_key_permissions")
    (users,) = [one["principals"][0]["identifiers"] for one in statements if "kms:GenerateMac" in one["actions"]]
    assert ["transform" in user or "bootstrap" in user for user in users] == [True, True]


def test_function_has_four_permissions(stack: Terraform) -> None:
    statements = {one["sid"]: one for one in stack.document("transform_role_permissions")}
    assert set(statements) == {"WriteLog", "DecryptEnvironment", "SendTraces", "DeriveWorkingKey"}
    assert statements["DeriveWorkingKey"]["actions"] == ["kms:GenerateMac"]


def test_the_function_reads_its_settings() -> None:
    section = {
        "consent": "required",
        "bots": "drop",
        "application": "shop",
        "drop_extensions": ["css"],
        "drop_paths": ["/up"],
        "drop_methods": [],
        "drop_levels": ["info"],
        "own_hosts": ["shop.example"],
        "trusted_proxies": ["198.51.100.0/28", "2001:db8::/48"],
        "w3c_fields": ["date", "cs(User-Agent)"],
        "ipv4_prefix": 16,
        "ipv6_prefix": 32,
        "user_ids": {"label": "user-id/v2"},
    }
    variables = function_of(stack_of({"transform": section}))["environment"]["variables"]
    read = runtime_settings.from_environment(variables)
    assert read == runtime_settings.Settings(
        transform_version=transform_archive().version,
        application="shop",
        consent_required=True,
        drop_bots=True,
        drop_extensions=frozenset({"css"}),
        drop_paths=("/up",),
        drop_methods=frozenset(),
        drop_levels=frozenset({"info"}),
        own_hosts=("shop.example",),
        trusted_proxies=("198.51.100.0/28", "2001:db8::/48"),
        w3c_fields=("date", "cs(User-Agent)"),
        ipv4_prefix=16,
        ipv6_prefix=32,
        pseudonym_key_id=variables["PSEUDONYM_KEY_ID"],
        pseudonym_label="user-id/v2",
    )


def test_defaults_of_the_environment_file_are_those_of_the_runtime(stack: Terraform) -> None:
    read = runtime_settings.from_environment(function_of(stack)["environment"]["variables"])
    given = {"transform_version": read.transform_version, "pseudonym_key_id": read.pseudonym_key_id}
    assert read == runtime_settings.Settings(**given)  # type: ignore[arg-type]


def test_environment_variables_contain_no_secrets(stack: Terraform) -> None:
    variables = function_of(stack)["environment"]["variables"]
    assert variables["PSEUDONYM_KEY_ID"] == "${aws_kms_key.transform_key.arn}"


def test_existing_key_is_used_without_changing_its_policy() -> None:
    arn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001"
    stack = stack_of({"transform": {"user_ids": {"kms_key_arn": arn}}})
    assert function_of(stack)["environment"]["variables"]["PSEUDONYM_KEY_ID"] == arn
    assert stack.ids("aws_kms_key") == {"key"}


def test_function_is_in_the_network_only_if_configured() -> None:
    network = {"cidr_block": "10.20.0.0/16", "availability_zones": ["eu-west-1a"]}
    outside = stack_of({"network": network, "domain": {"cluster_config": {"instance_count": 1}}})
    assert "vpc_config" not in function_of(outside)
    inside = stack_of(
        {"network": network, "domain": {"cluster_config": {"instance_count": 1}}, "transform": {"vpc": True}}
    )
    assert len(function_of(inside)["vpc_config"]["subnet_ids"]) == 1
    assert "ec2:CreateNetworkInterface" in json.dumps(inside.document("transform_role_permissions"))


def test_a_new_network_gets_a_kms_endpoint_for_the_function_and_its_key() -> None:
    network = {"cidr_block": "10.20.0.0/16", "availability_zones": ["eu-west-1a"]}
    domain = {"cluster_config": {"instance_count": 1}}
    inside = stack_of({"network": network, "domain": domain, "transform": {"vpc": True}})
    endpoint = inside.one("aws_vpc_endpoint")
    assert (endpoint["vpc_endpoint_type"], endpoint["private_dns_enabled"]) == ("Interface", True)
    (statement,) = inside.document("transform_kms_permissions")
    assert statement["actions"] == ["kms:GenerateMac"]
    assert statement["resources"] == ["${aws_kms_key.transform_key.arn}"]
    assert "transform_https_to_kms_endpoint" in inside.ids("aws_vpc_security_group_egress_rule")


@pytest.mark.parametrize(
    ("stream", "calls"),
    [
        ({}, 10),
        ({"shard_count": 1}, 10),
        ({"shard_count": 2}, 10),
        ({"shard_count": 3}, 15),
        ({"shard_count": 180}, 900),
        ({"shard_count": 181}, None),
        ({"stream_mode_details": {"stream_mode": "ON_DEMAND"}}, None),
    ],
)
def test_reserved_concurrency_is_the_number_of_calls_of_firehose(stream: dict[str, Any], calls: int | None) -> None:
    assert function_of(stack_of({"stream": stream})).get("reserved_concurrent_executions") == calls


@pytest.mark.parametrize(("given", "calls"), [(3, 3), (-1, -1), (None, None), ("by_shards", 20)])
def test_reserved_concurrency_can_be_set(given: object, calls: int | None) -> None:
    stack = stack_of(
        {
            "stream": {"shard_count": 4},
            "transform": {"function": {"reserved_concurrent_executions": given}},
        }
    )
    assert function_of(stack).get("reserved_concurrent_executions") == calls


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"vpc": True}, "transform.vpc: is true, but there is no network section"),
        ({"function": {"timeout": 301}}, "transform.function.timeout: is longer than Firehose waits (given 301"),
        (
            {"function": {"reserved_concurrent_executions": 0}},
            "reserved_concurrent_executions: stops the function from running",
        ),
        ({"function": {"reserved_concurrent_executions": "all"}}, 'given "all"; allowed: by_shards'),
        ({"user_ids": {"label": "x" * 4097}}, "transform.user_ids.label"),
        ({"drop_paths": ["/a,/b"]}, "transform.drop_paths[0]"),
        ({"own_hosts": ["https://shop.example"]}, "transform.own_hosts[0]"),
        (
            {"trusted_proxies": ["203.0.113.0/24", "proxy.example"]},
            "transform.trusted_proxies[1]: is not an address range",
        ),
        ({"trusted_proxies": ["2001:db8::/129"]}, "transform.trusted_proxies[0]: is not an address range"),
        ({"w3c_fields": ["date,time"]}, "transform.w3c_fields[0]"),
        ({"processor": {"buffer_size_mb": 3.5}}, "transform.processor.buffer_size_mb"),
    ],
)
def test_invalid_settings_are_refused(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        stack_of({"transform": section})


def test_without_a_transform_there_is_no_processor_and_no_function() -> None:
    stack = stack_of({"transform": {"enabled": False}})
    target = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    assert "processing_configuration" not in target
    assert stack.ids("aws_lambda_function") == {"bootstrap"}

"""Connections within a VPC, and outputs for other resources."""

from __future__ import annotations

import re
from typing import Any

import pytest

from constructs_lib.configuration import ConfigurationError
from tests.stacks import Terraform, shipped, stack_of

GROUP, RANGE = "sg-0eeeeeeeeeeeeeeee", "10.60.0.0/24"
EXISTING = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": ["subnet-0aaaaaaaaaaaaaaaa"]}
ONE_NODE = {"cluster_config": {"instance_count": 1}}


def existing(**network: Any) -> dict[str, Any]:
    return {"network": EXISTING | network, "domain": ONE_NODE, "transform": {"vpc": True}}


@pytest.fixture(scope="module")
def stack() -> Terraform:
    return stack_of(existing(aws_api_security_group_ids=[GROUP], aws_api_cidr_blocks=[RANGE]))


def egress(stack: Terraform, owner: str) -> list[dict[str, Any]]:
    rules = stack.all("aws_vpc_security_group_egress_rule")
    return [rule for name, rule in rules.items() if name.startswith(f"{owner}_https_to_")]


@pytest.mark.parametrize("function", ["transform", "bootstrap"])
def test_functions_reach_aws_only_as_the_network_section_allows(stack: Terraform, function: str) -> None:
    rules = [rule for rule in egress(stack, function) if "AWS" in rule["description"]]
    targets = [rule.get("referenced_security_group_id") or rule["cidr_ipv4"] for rule in rules]
    assert targets == [GROUP, RANGE]


def test_functions_reach_aws_by_https_only(stack: Terraform) -> None:
    rules = egress(stack, "transform") + egress(stack, "bootstrap")
    assert {(rule["from_port"], rule["to_port"]) for rule in rules} == {(443, 443)}


def test_the_delivery_stream_reaches_the_domain_only(stack: Terraform) -> None:
    assert len(egress(stack, "delivery")) == 1


def test_rules_of_existing_groups_are_not_changed(stack: Terraform) -> None:
    rules = stack.all("aws_vpc_security_group_ingress_rule").values()
    assert GROUP not in [rule["security_group_id"] for rule in rules]


def test_a_transform_that_cannot_reach_kms_is_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=re.escape("transform.vpc: is true, but the network has no way to KMS")
    ):
        stack_of(existing())


@pytest.mark.parametrize("key", [{"aws_api_security_group_ids": [GROUP]}, {"aws_api_cidr_blocks": ["0.0.0.0/0"]}])
def test_one_way_to_kms_is_enough(key: dict[str, list[str]]) -> None:
    assert len(egress(stack_of(existing(**key)), "transform")) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws_api_security_group_ids", "endpoints"),
        ("client_security_group_ids", "vpc-0a1b2c3d"),
        ("aws_api_cidr_blocks", "10.60.0.0"),
        ("aws_api_cidr_blocks", "10.60.0.0/33"),
        ("client_cidr_blocks", "10.256.0.0/16"),
        ("client_cidr_blocks", "fd00::/8"),
    ],
)
def test_values_that_are_neither_group_nor_range_are_refused(key: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(f"network.{key}[0]: has the wrong form")):
        stack_of({"network": EXISTING | {key: [value]}, "domain": ONE_NODE})


def test_groups_for_other_resources_are_outputs() -> None:
    outputs = shipped("prod").json["output"]
    assert re.fullmatch(r"\$\{aws_vpc\.\w+\.id\}", outputs["network_vpc_id"]["value"])
    assert len(outputs["domain_subnet_ids"]["value"]) == 3
    assert len(outputs["domain_security_group_ids"]["value"]) == 1


def test_existing_subnets_are_outputs(stack: Terraform) -> None:
    assert stack.json["output"]["domain_subnet_ids"]["value"] == EXISTING["subnet_ids"]


def test_without_a_network_there_are_no_network_outputs() -> None:
    assert not {"network_vpc_id", "domain_subnet_ids"} & set(stack_of({}).json["output"])


@pytest.mark.parametrize("source", ["network.vpc_id", "domain.subnet_ids", "domain.security_group_ids"])
def test_a_network_output_without_a_network_is_refused(source: str) -> None:
    with pytest.raises(
        ConfigurationError, match=re.escape("outputs.vpc: is about the network, but there is no network section")
    ):
        stack_of({"outputs": {"vpc": source}})

"""Changes outside Terraform, and differences only in notation after a refresh."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.plans.drift import canonical, drift
from tests.plans.made import plan_of

POLICY = json.dumps({"Statement": [{"Action": ["a", "b"], "Effect": "Allow"}]})
ROLE = {"id": "r", "name": "r", "inline_policy": []}
BUCKET: dict[str, Any] = {"id": "b", "bucket": "b", "policy": "", "versioning": [], "tags": None}
GROUP = {"id": "sg-1", "ingress": [], "egress": []}


def resource(type_: str, before: Any, after: Any, *actions: str, name: str = "a") -> dict[str, Any]:
    change = {"actions": list(actions or ("update",)), "before": before, "after": after}
    return {"address": f"{type_}.{name}", "type": type_, "change": change}


def there(type_: str, values: dict[str, Any], name: str = "x") -> dict[str, Any]:
    return resource(type_, values, values, "no-op", name=name)


def drifted(
    item: dict[str, Any], *others: dict[str, Any], written: dict[str, Any] | None = None
) -> list[tuple[str, list[str]]]:
    resources = [{"address": item["address"], "expressions": written or {}}]
    plan = {
        "format_version": "1.2",
        "resource_drift": [item],
        "resource_changes": list(others),
        "configuration": {"root_module": {"resources": resources}},
    }
    return [(each.address, [one.name for one in found]) for each, found in drift(plan_of(plan))]


@pytest.mark.parametrize("before", [None, "", [], {}, 0, False])
@pytest.mark.parametrize("after", [None, "", [], {}, 0, False])
def test_absent_empty_and_zero_are_equal(before: Any, after: Any) -> None:
    assert drifted(resource("aws_x", {"a": before}, {"a": after})) == []


def test_a_block_of_zeros_equals_no_block() -> None:
    assert drifted(resource("aws_x", {"a": []}, {"a": [{"enabled": False, "count": 0, "names": []}]})) == []


@pytest.mark.parametrize(("before", "after"), [(None, 1), (True, False), ([], ["x"]), ("a", "b"), ({}, {"k": "v"})])
def test_any_other_difference_is_drift(before: Any, after: Any) -> None:
    assert drifted(resource("aws_x", {"a": before}, {"a": after}))


def test_a_destroyed_resource_is_drift() -> None:
    assert drifted(resource("aws_x", {"a": 1}, None, "delete")) == [("aws_x.a", ["a"])]


def test_a_policy_in_another_order_is_equal() -> None:
    other = json.dumps({"Statement": {"Effect": "Allow", "Action": ["b", "a"]}})
    assert drifted(resource("aws_sqs_queue", {"policy": POLICY}, {"policy": other})) == []


def test_an_extended_policy_is_drift() -> None:
    other = json.dumps({"Statement": [{"Action": ["a", "b", "c"], "Effect": "Allow"}]})
    assert drifted(resource("aws_sqs_queue", {"policy": POLICY}, {"policy": other}))


def inline(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "policy": POLICY} for name in names]


def test_policies_of_separate_resources_are_not_drift_of_a_role() -> None:
    separate = there("aws_iam_role_policy", {"role": "r", "name": "permissions", "policy": POLICY})
    read_back = ROLE | {"inline_policy": inline("permissions")}
    assert drifted(resource("aws_iam_role", ROLE, read_back), separate) == []


def test_a_policy_without_a_resource_is_drift() -> None:
    separate = there("aws_iam_role_policy", {"role": "r", "name": "permissions", "policy": POLICY})
    read_back = ROLE | {"inline_policy": inline("permissions", "backdoor")}
    assert drifted(resource("aws_iam_role", ROLE, read_back), separate)


def test_a_policy_of_another_role_does_not_explain_drift() -> None:
    separate = there("aws_iam_role_policy", {"role": "other", "name": "permissions", "policy": POLICY})
    assert drifted(resource("aws_iam_role", ROLE, ROLE | {"inline_policy": inline("permissions")}), separate)


def test_an_attached_policy_is_not_drift() -> None:
    attachment = there("aws_iam_role_policy_attachment", {"role": "r", "policy_arn": "arn:p"})
    role = ROLE | {"managed_policy_arns": []}
    assert drifted(resource("aws_iam_role", role, role | {"managed_policy_arns": ["arn:p"]}), attachment) == []
    assert drifted(resource("aws_iam_role", role, role | {"managed_policy_arns": ["arn:p", "arn:q"]}), attachment)


@pytest.mark.parametrize(
    ("argument", "type_", "read_back"),
    [
        ("policy", "aws_s3_bucket_policy", POLICY),
        ("versioning", "aws_s3_bucket_versioning", [{"enabled": True}]),
        ("lifecycle_rule", "aws_s3_bucket_lifecycle_configuration", [{"id": "x", "enabled": True}]),
    ],
)
def test_settings_of_separate_resources_are_not_drift_of_a_bucket(argument: str, type_: str, read_back: Any) -> None:
    change = resource("aws_s3_bucket", BUCKET, BUCKET | {argument: read_back})
    assert drifted(change, there(type_, {"bucket": "b"})) == []
    assert drifted(change, there(type_, {"bucket": "other"}))
    assert drifted(change)


def test_a_change_of_an_inline_setting_is_drift() -> None:
    change = resource("aws_s3_bucket", BUCKET, BUCKET | {"policy": POLICY})
    assert drifted(change, there("aws_s3_bucket_policy", {"bucket": "b"}), written={"policy": {"references": ["x"]}})


def rule(**more: Any) -> dict[str, Any]:
    block = {
        "protocol": "tcp",
        "from_port": 443,
        "to_port": 443,
        "cidr_blocks": [],
        "security_groups": [],
        "self": False,
    }
    return block | more


@pytest.mark.parametrize(
    ("block", "type_", "separate"),
    [
        (
            {"security_groups": ["sg-2"]},
            "aws_vpc_security_group_ingress_rule",
            {"referenced_security_group_id": "sg-2"},
        ),
        ({"cidr_blocks": ["10.0.0.0/8"]}, "aws_vpc_security_group_ingress_rule", {"cidr_ipv4": "10.0.0.0/8"}),
        ({"self": True}, "aws_vpc_security_group_ingress_rule", {"referenced_security_group_id": "sg-1"}),
        (
            {"cidr_blocks": ["10.0.0.0/8"]},
            "aws_security_group_rule",
            {"type": "ingress", "cidr_blocks": ["10.0.0.0/8"]},
        ),
        ({"self": True}, "aws_security_group_rule", {"type": "ingress", "self": True}),
    ],
)
def test_rules_of_separate_resources_are_not_drift_of_a_security_group(
    block: dict[str, Any], type_: str, separate: dict[str, Any]
) -> None:
    ports = {"ip_protocol": "tcp"} if "vpc" in type_ else {"protocol": "tcp"}
    other = there(type_, {"security_group_id": "sg-1", "from_port": 443, "to_port": 443} | ports | separate)
    assert drifted(resource("aws_security_group", GROUP, GROUP | {"ingress": [rule(**block)]}), other) == []


def test_a_rule_without_a_resource_is_drift() -> None:
    values = {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
    other = there("aws_vpc_security_group_ingress_rule", values | {"cidr_ipv4": "10.0.0.0/8"})
    opened = [rule(cidr_blocks=["10.0.0.0/8", "0.0.0.0/0"])]
    assert drifted(resource("aws_security_group", GROUP, GROUP | {"ingress": opened}), other)


def test_a_rule_for_all_protocols_has_no_ports() -> None:
    values = {"security_group_id": "sg-1", "ip_protocol": "-1", "from_port": None, "to_port": None}
    other = there("aws_vpc_security_group_egress_rule", values | {"cidr_ipv4": "0.0.0.0/0"})
    opened = [rule(protocol="-1", from_port=0, to_port=0, cidr_blocks=["0.0.0.0/0"])]
    assert drifted(resource("aws_security_group", GROUP, GROUP | {"egress": opened}), other) == []


def test_a_counter_of_aws_is_not_drift() -> None:
    assert drifted(resource("aws_iam_policy", {"attachment_count": 0}, {"attachment_count": 1})) == []


@pytest.mark.parametrize("text", [None, 3, "", "{", "[" * 5000])
def test_text_that_is_not_json_is_not_normalized(text: Any) -> None:
    assert canonical(text) is None

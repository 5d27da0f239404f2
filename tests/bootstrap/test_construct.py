"""The function in the plan: called before the first delivery and after relevant changes, with least privilege."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stacks import Terraform, shipped, stack_of

WARM = {
    "cluster_config": {
        "instance_count": 3, "dedicated_master_enabled": True, "warm_enabled": True, "warm_count": 2,
        "warm_type": "ultrawarm1.medium.search", "cold_storage_options": {"enabled": True},
    }
}  # fmt: skip

OWN_NETWORK = {"cidr_block": "10.20.0.0/16", "availability_zones": ["eu-west-1a"]}
ONE_NODE = {"cluster_config": {"instance_count": 1}}


@pytest.fixture(scope="module")
def prod() -> Terraform:
    return shipped("prod")


def call(stack: Terraform) -> dict[str, Any]:
    found: dict[str, Any] = stack.one("aws_lambda_invocation")
    return found


def triggers(**settings: Any) -> dict[str, str]:
    found: dict[str, str] = call(stack_of({"bootstrap": settings}))["triggers"]
    return found


def test_the_delivery_stream_waits_for_the_call(prod: Terraform) -> None:
    (name,) = prod.all("aws_lambda_invocation")
    assert f"aws_lambda_invocation.{name}" in prod.one("aws_kinesis_firehose_delivery_stream")["depends_on"]


def test_the_call_waits_for_the_functions_permissions(prod: Terraform) -> None:
    assert any("bootstrap" in name and "policy" in name for name in call(prod)["depends_on"])


def test_the_call_is_of_the_newest_version(prod: Terraform) -> None:
    assert call(prod)["qualifier"].startswith("${aws_lambda_alias.")


def test_the_function_is_the_domains_master(prod: Terraform) -> None:
    (role,) = (name for name in prod.all("aws_iam_role") if "bootstrap" in name)
    master = prod.one("aws_opensearch_domain")["advanced_security_options"]["master_user_options"]
    assert master == {"master_user_arn": f"${{aws_iam_role.{role}.arn}}"}


def test_the_domain_does_not_wait_for_the_function() -> None:
    domain = json.dumps(shipped("prod").one("aws_opensearch_domain"))
    assert "aws_lambda" not in domain


def test_the_function_runs_in_the_domains_vpc(prod: Terraform) -> None:
    function = prod.one("aws_lambda_function", "bootstrap")
    assert function["vpc_config"]["subnet_ids"] == prod.one("aws_opensearch_domain")["vpc_options"]["subnet_ids"]


def test_the_function_reaches_only_the_domain(prod: Terraform) -> None:
    rules = {name: rule for name, rule in prod.all("aws_vpc_security_group_egress_rule").items() if "bootstrap" in name}
    assert list(rules) == ["bootstrap_https_to_domain"]
    rule = rules["bootstrap_https_to_domain"]
    assert (rule["from_port"], rule["to_port"]) == (443, 443)


def kms_egress(stack: Terraform, function: str) -> Any:
    return stack.one("aws_vpc_security_group_egress_rule", f"{function}_https_to_kms_endpoint")


def test_the_function_reaches_the_kms_endpoint_of_the_transform() -> None:
    stack = stack_of({"network": OWN_NETWORK, "domain": ONE_NODE, "transform": {"vpc": True}})
    of_transform, of_bootstrap = kms_egress(stack, "transform"), kms_egress(stack, "bootstrap")
    assert of_bootstrap["referenced_security_group_id"] == of_transform["referenced_security_group_id"]


def test_the_kms_endpoint_accepts_both_functions() -> None:
    stack = stack_of({"network": OWN_NETWORK, "domain": ONE_NODE, "transform": {"vpc": True}})
    rules = stack.all("aws_vpc_security_group_ingress_rule")
    peers = sorted(rule["description"] for name, rule in rules.items() if name.startswith("transform_kms_endpoint"))
    assert peers == ["HTTPS from bootstrap", "HTTPS from transform"]


def test_a_changed_installed_object_calls_the_function_again(prod: Terraform) -> None:
    before, after = triggers(), triggers(retention_days=30)
    assert {name for name in before if before[name] != after[name]} == {"DELETE_AFTER_DAYS"}


def test_an_upgraded_engine_calls_the_function_again() -> None:
    before, after = (
        call(stack_of({"domain": {"engine_version": version}}))["triggers"]
        for version in ("OpenSearch_3.1", "OpenSearch_3.3")
    )
    assert {name for name in before if before[name] != after[name]} == {"ENGINE"}


@pytest.mark.parametrize(
    ("domain", "told"),
    [
        ({}, "true"),
        ({"advanced_security_options": {"enabled": False}}, "false"),
        ({"log_publishing_options": [{"log_type": "ES_APPLICATION_LOGS"}]}, "false"),
        ({"log_publishing_options": [{"log_type": "AUDIT_LOGS", "enabled": False}]}, "false"),
    ],
    ids=["by default", "without access control", "others only", "off"],
)
def test_the_function_learns_whether_audit_logs_are_published(domain: dict[str, Any], told: str) -> None:
    assert call(stack_of({"domain": domain}))["triggers"]["AUDIT_LOGS"] == told


def test_settings_of_other_parts_do_not_call_the_function_again() -> None:
    before = call(stack_of({}))["triggers"]
    assert call(stack_of({"archive": {"lifecycle": {"expiration_days": 1000}}}))["triggers"] == before


def test_no_statement_of_the_function_covers_the_whole_domain(prod: Terraform) -> None:
    statements = [each for each in prod.document("bootstrap_role_permissions") if "es:" in str(each["actions"])]
    assert statements
    assert not [each for each in statements if any(resource.endswith("/*/*") for resource in each["resources"])]
    assert all(not resource.endswith("prod/*") for each in statements for resource in each["resources"])


@pytest.mark.parametrize(
    ("domain", "replicas"),
    [({"cluster_config": {"instance_count": 1}}, "0"), ({}, "1")],
)
def test_replicas_follow_from_the_number_of_nodes(domain: dict[str, Any], replicas: str) -> None:
    assert call(stack_of({"domain": domain}))["triggers"]["REPLICAS"] == replicas


def test_replicas_follow_from_the_standby_zones(prod: Terraform) -> None:
    assert call(prod)["triggers"]["REPLICAS"] == "2"


@pytest.mark.parametrize(("events", "shards"), [(None, "1"), (800, "1"), (900, "2"), (8000, "13"), (900_000, "1024")])
def test_shards_follow_from_the_traffic(events: float | None, shards: str) -> None:
    traffic = {"traffic": {"events_per_second": events}} if events else {}
    assert call(stack_of({"bootstrap": {"retention_days": 10}} | traffic))["triggers"]["SHARDS"] == shards


def test_the_domains_storage_tiers_reach_the_function() -> None:
    ages = {"warm_after_days": 7, "cold_after_days": 30}
    found = call(stack_of({"domain": WARM, "bootstrap": ages}))["triggers"]
    assert (found["WARM_AFTER_DAYS"], found["COLD_AFTER_DAYS"]) == ("7", "30")


def test_the_function_runs_daily_for_objects_that_need_documents(prod: Terraform) -> None:
    name = "bootstrap_schedule"
    assert prod.one("aws_cloudwatch_event_rule", name)["schedule_expression"] == "rate(1 day)"
    permission = prod.one("aws_lambda_permission", f"{name}_permission")
    assert permission["source_arn"] == f"${{aws_cloudwatch_event_rule.{name}.arn}}"


def test_without_a_schedule_only_terraform_calls_the_function() -> None:
    assert not stack_of({"bootstrap": {"schedule": None}}).ids("aws_lambda_permission")


def test_the_bootstrap_may_be_left_out() -> None:
    stack = stack_of({"bootstrap": {"enabled": False}})
    assert not stack.ids("aws_lambda_invocation")
    assert stack.ids("aws_lambda_function") == {"transform"}


def test_the_answer_is_an_output(prod: Terraform) -> None:
    (name,) = prod.all("aws_lambda_invocation")
    answer = prod.json["output"]["bootstrap_answer"]["value"]
    assert answer["counts"] == f"${{jsondecode(aws_lambda_invocation.{name}.result).counts}}"
    assert 'if each.outcome == "conflict"' in answer["conflicts"]


def test_erasing_has_an_alias_of_its_own(prod: Terraform) -> None:
    erase, live = (prod.one("aws_lambda_alias", name) for name in ("bootstrap_erase_alias", "bootstrap_alias"))
    assert (erase["name"], live["name"]) == ("erase", "live")
    assert erase["function_version"] == live["function_version"]

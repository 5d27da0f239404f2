"""How the services are connected, and corrections of the original request's sketch."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from constructs_lib.configuration.yaml_file import read_yaml
from rehearsal.delivery.names import prefix
from tests.stacks import ENVIRONMENTS, ROOT, Terraform, shipped, stack_of


@pytest.fixture(scope="module")
def seed() -> Terraform:
    return shipped("seed")


@pytest.fixture(scope="module")
def prod() -> Terraform:
    return shipped("prod")


def test_seed_is_the_original_request(seed: Terraform) -> None:
    domain = seed.one("aws_opensearch_domain")
    assert domain["domain_name"] == "ai-user-behavior"
    assert domain["engine_version"] == "Elasticsearch_7.1"
    assert domain["cluster_config"]["instance_type"] == "r5.large.search"
    assert domain["cluster_config"]["instance_count"] == 1
    assert domain["ebs_options"]["volume_size"] == 10
    assert seed.one("aws_kinesis_stream")["shard_count"] == 1


def test_stream_is_the_source_of_the_delivery(seed: Terraform) -> None:
    (stream,) = seed.all("aws_kinesis_stream")
    source = seed.one("aws_kinesis_firehose_delivery_stream")["kinesis_source_configuration"]
    assert source["kinesis_stream_arn"] == f"${{aws_kinesis_stream.{stream}.arn}}"


def test_domain_is_the_destination_of_the_delivery(seed: Terraform) -> None:
    (domain,) = seed.all("aws_opensearch_domain")
    target = seed.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    assert target["domain_arn"] == f"${{aws_opensearch_domain.{domain}.arn}}"


def test_delivery_role_trusts_firehose_for_this_delivery_only(seed: Terraform) -> None:
    (statement,) = seed.document("delivery_role_trust")
    assert statement["principals"] == [{"identifiers": ["firehose.amazonaws.com"], "type": "Service"}]
    assert [condition["variable"] for condition in statement["condition"]] == ["aws:SourceAccount", "aws:SourceArn"]


def test_access_policy_names_its_principals(seed: Terraform) -> None:
    for statement in seed.document("domain_access"):
        assert statement["principals"][0]["type"] == "AWS"
        assert all(identifier.startswith("${aws_iam_role.") for identifier in statement["principals"][0]["identifiers"])
        assert "es:*" not in statement["actions"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_access_policy_does_not_refer_to_its_own_domain(name: str) -> None:
    assert "aws_opensearch_domain" not in json.dumps(shipped(name).document("domain_access"))


def test_delivery_waits_for_its_roles_policy(seed: Terraform) -> None:
    depends_on = seed.one("aws_kinesis_firehose_delivery_stream")["depends_on"]
    assert "aws_iam_role_policy.delivery_role_policy" in depends_on


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_everything_at_rest_is_encrypted_with_the_deployments_key(name: str) -> None:
    stack = shipped(name)
    key = stack.one("aws_kinesis_stream")["kms_key_id"]
    assert stack.expanded(key).endswith(":key/${aws_kms_key_policy.key_policy.id}")
    assert stack.one("aws_opensearch_domain")["encrypt_at_rest"] == {"enabled": True, "kms_key_id": key}
    for group in stack.all("aws_cloudwatch_log_group").values():
        assert group["kms_key_id"] == key
    (rule,) = stack.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"]["kms_master_key_id"] == key
    backup = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]["s3_configuration"]
    assert backup["kms_key_arn"] == key


def test_keys_rotate(prod: Terraform) -> None:
    assert prod.one("aws_kms_key", "key")["enable_key_rotation"] is True


def test_endpoint_speaks_https_with_the_newest_policy(seed: Terraform) -> None:
    assert seed.one("aws_opensearch_domain")["domain_endpoint_options"] == {
        "enforce_https": True,
        "tls_security_policy": "Policy-Min-TLS-1-2-PFS-2023-10",
    }


def test_delivery_to_a_vpc_domain_uses_the_domains_subnets(prod: Terraform) -> None:
    domain = prod.one("aws_opensearch_domain")["vpc_options"]
    delivery = prod.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]["vpc_config"]
    assert len(domain["subnet_ids"]) == 3
    assert delivery["subnet_ids"] == domain["subnet_ids"]


def test_network_lets_services_reach_the_domains_https_and_nothing_else(prod: Terraform) -> None:
    domain_group = "domain_security_group"
    for rule in prod.all("aws_vpc_security_group_egress_rule").values():
        assert rule["referenced_security_group_id"] == f"${{aws_security_group.{domain_group}.id}}"
        assert (rule["from_port"], rule["to_port"], rule["ip_protocol"]) == (443, 443, "tcp")
    for rule in prod.all("aws_vpc_security_group_ingress_rule").values():
        assert rule["security_group_id"] == f"${{aws_security_group.{domain_group}.id}}"


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_partition_is_hard_coded(name: str) -> None:
    given = read_yaml(ROOT / "environments" / f"{name}.yaml", name).get("access", {})
    text = json.dumps(shipped(name).json)
    for arn in (each for arns in given.values() for each in arns):
        text = text.replace(arn, "")
    assert "arn:aws" not in text


def test_existing_network_makes_no_vpc() -> None:
    network = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"]}
    stack = stack_of({"network": network, "domain": {"cluster_config": {"instance_count": 1}}})
    assert not stack.ids("aws_vpc")
    assert stack.one("aws_opensearch_domain")["vpc_options"]["subnet_ids"] == ["subnet-0a1b2c3d"]


def test_existing_security_groups_are_used_and_opened_for_the_delivery() -> None:
    stack = stack_of(
        {
            "network": {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"]},
            "domain": {
                "cluster_config": {"instance_count": 1},
                "vpc_options": {"security_group_ids": ["sg-0a1b2c3d"]},
            },
        }
    )
    assert stack.one("aws_opensearch_domain")["vpc_options"]["security_group_ids"] == ["sg-0a1b2c3d"]
    rule = stack.one("aws_vpc_security_group_ingress_rule", "domain_https_from_delivery")
    assert rule["security_group_id"] == "sg-0a1b2c3d"


def test_existing_key_is_used_and_none_made() -> None:
    arn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000"
    stack = stack_of({"encryption": {"kms_key_arn": arn}})
    assert stack.ids("aws_kms_key") == {"transform_key"}
    assert stack.one("aws_kinesis_stream")["kms_key_id"] == arn


def test_delivery_keeps_the_given_buffers() -> None:
    options = {"buffering_size": 10, "buffering_interval": 120, "s3_configuration": {"buffering_size": 64}}
    stack = stack_of({"delivery": {"opensearch_configuration": options}})
    target = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    assert (target["buffering_size"], target["buffering_interval"]) == (10, 120)
    assert target["s3_configuration"]["buffering_size"] == 64


def test_lifecycles_use_the_fixed_beginning_of_prefixes() -> None:
    backup = {
        "prefix": "all/!{timestamp:yyyy/MM/dd}/",
        "error_output_prefix": "broken/!{firehose:error-output-type}/",
    }
    stack = stack_of({"delivery": {"opensearch_configuration": {"s3_configuration": backup}}})
    rules = stack.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert {rule["id"]: rule["filter"] for rule in rules} == {
        "events": [{"prefix": "all/"}],
        "failed": [{"prefix": "broken/"}],
        "incomplete-uploads": [{}],
    }


WHEN = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)


def test_failures_are_stored_by_kind_and_hour(seed: Terraform) -> None:
    target = seed.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    written = prefix(target["s3_configuration"]["error_output_prefix"], WHEN, "processing-failed")
    assert written == "failed/processing-failed/2026/01/02/03/"


UNIQUE_IN_AN_ACCOUNT = {
    "aws_cloudwatch_log_group": "name",
    "aws_cloudwatch_log_resource_policy": "policy_name",
    "aws_iam_policy": "name",
    "aws_iam_role": "name",
    "aws_kinesis_firehose_delivery_stream": "name",
    "aws_kinesis_stream": "name",
    "aws_kms_alias": "name",
    "aws_lambda_function": "function_name",
    "aws_opensearch_domain": "domain_name",
    "aws_s3_bucket": "bucket_prefix",
    "aws_security_group": "name",
    "aws_sns_topic": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cloudwatch_composite_alarm": "alarm_name",
    "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_cloudwatch_event_rule": "name",
}


def test_two_pipelines_in_one_account_have_different_names() -> None:
    network = {"cidr_block": "10.0.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]}
    stream = {"writers": {"managed_policy": True}}
    more: dict[str, Any] = {"network": network, "stream": stream, "recommender": {}}
    first, second = (stack_of({"name": name, **more}) for name in ("one-shop", "two-shop"))
    for type_, key in UNIQUE_IN_AN_ACCOUNT.items():
        names = {resource[key] for resource in first.all(type_).values()}
        assert not names & {resource[key] for resource in second.all(type_).values()}, type_


def test_every_named_resource_is_covered_above() -> None:
    named = {
        type_
        for type_, members in shipped("prod").json["resource"].items()
        for resource in members.values()
        if {"name", "policy_name", "function_name", "domain_name", "alarm_name", "dashboard_name"} & set(resource)
    }
    # These are named within a role, a log group, a function or an API of the deployment's own; an API's name is no key.
    within = {"aws_apigatewayv2_api", "aws_apigatewayv2_authorizer", "aws_apigatewayv2_stage", "aws_iam_role_policy"}
    within |= {"aws_cloudwatch_log_stream", "aws_lambda_alias", "aws_lambda_invocation"}
    within |= {"aws_lambda_function_event_invoke_config", "aws_lambda_permission"}
    assert named - within <= set(UNIQUE_IN_AN_ACCOUNT)


def test_service_linked_role_is_made_only_when_asked_for() -> None:
    assert not stack_of({}).ids("aws_iam_service_linked_role")
    assert stack_of({"domain": {"service_linked_role": True}}).one("aws_iam_service_linked_role")


def test_the_accounts_own_log_policy_can_be_used() -> None:
    assert not stack_of({"domain": {"log_resource_policy": False}}).ids("aws_cloudwatch_log_resource_policy")


def test_a_disabled_log_is_left_out() -> None:
    off = {"log_type": "AUDIT_LOGS", "enabled": False}
    stack = stack_of({"domain": {"log_publishing_options": [off, {"log_type": "ES_APPLICATION_LOGS"}]}})
    published = stack.one("aws_opensearch_domain")["log_publishing_options"]
    assert [options["log_type"] for options in published] == ["ES_APPLICATION_LOGS"]


def let_in(domain: dict[str, object]) -> list[str]:
    """Principals that the generated access policy names."""
    stack = stack_of({"domain": domain})
    return [
        identifier
        for statement in stack.document("domain_access")
        for principal in statement["principals"]
        for identifier in principal["identifiers"]
    ]


TOKENS = {"public_key": "-----BEGIN PUBLIC KEY-----", "roles_key": "roles"}


@pytest.mark.parametrize(
    ("domain", "through"),
    [
        ({"advanced_security_options": {"jwt_options": TOKENS}}, True),
        ({"advanced_security_options": {"jwt_options": {**TOKENS, "enabled": False}}}, False),
        ({"saml_options": {"enabled": False}}, False),
        ({}, False),
    ],
    ids=["tokens", "tokens off", "saml off", "neither"],
)
def test_browsers_are_allowed_only_with_a_sign_in(domain: dict[str, object], *, through: bool) -> None:
    assert ("*" in let_in(domain)) is through

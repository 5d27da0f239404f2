"""The Rego pack on a real plan of a production environment: it passes, and each policy can fail.

A failing plan is the real one with one thing changed, reduced to the resource types concerned.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.collector.api import ROUTES
from constructs_lib.review.rego import rego
from tests.stacks import ROOT, shipped_folder

pytestmark = pytest.mark.terraform

PACK = ROOT / "policies"
DOMAIN = "aws_opensearch_domain"
BUCKET = "aws_s3_bucket"
ALL_S3 = (BUCKET, "aws_s3_")
GONE = object()


@pytest.fixture(scope="module")
def production(planned: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """The plan of environments/prod.yaml."""
    return planned(shipped_folder("prod"))


def judge(document: Mapping[str, Any]) -> list[str]:
    return list(rego(dict(document), PACK, apply_exceptions=False).failures)


def reduced(plan: Mapping[str, Any], *types: str) -> dict[str, Any]:
    """A copy of a plan with only the resources whose type begins so."""

    def wanted(resource: Mapping[str, Any]) -> bool:
        return str(resource["type"]).startswith(types)

    configured = plan["configuration"]["root_module"]["resources"]
    return copy.deepcopy(
        {
            "resource_changes": [change for change in plan["resource_changes"] if wanted(change)],
            "configuration": {"root_module": {"resources": [each for each in configured if wanted(each)]}},
        }
    )


def test_a_production_plan_passes_every_policy(production: dict[str, Any]) -> None:
    assert judge(production) == []


@pytest.fixture(scope="module")
def with_collector(planned: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """The plan of environments/examples/browsers.yaml."""
    return planned(shipped_folder("browsers", "environments/examples"))


def test_a_plan_with_a_collector_passes_every_policy_except_one_exception(with_collector: dict[str, Any]) -> None:
    broken = judge(with_collector)
    assert {message.partition(" ")[0] for message in broken} == {"APIGateway.8"}
    assert len(broken) == len(ROUTES)
    assert rego(with_collector, PACK, apply_exceptions=True).failures == []


@pytest.mark.parametrize(
    ("type_", "attribute", "value", "control"),
    [
        ("aws_apigatewayv2_stage", "access_log_settings", [], "APIGateway.9"),
        ("aws_apigatewayv2_stage", "default_route_settings", [], "exposure"),
        ("aws_apigatewayv2_stage", "default_route_settings", [{"throttling_rate_limit": 0}], "exposure"),
        ("aws_lambda_permission", "source_arn", None, "Lambda.1"),
    ],
)
def test_a_public_api_without_protection_fails(
    type_: str, attribute: str, value: Any, control: str, with_collector: dict[str, Any]
) -> None:
    plan = reduced(with_collector, type_)
    assert judge(plan) == []
    for change in plan["resource_changes"]:
        change["change"]["after"][attribute] = value
        change["change"]["after_unknown"].pop(attribute, None)
    assert [message for message in judge(plan) if message.startswith(f"{control} {type_}.")]


def test_the_plan_in_the_format_of_hcp_terraform_gives_the_same_results(production: dict[str, Any]) -> None:
    plan = reduced(production, DOMAIN)
    plan["resource_changes"][0]["change"]["after"]["encrypt_at_rest"] = []
    assert judge({"plan": plan, "run": {"workspace": {"name": "prod"}}}) == judge(plan) != []


@dataclass(frozen=True)
class Broken:
    """One thing that is wrong: the resource type, the attribute and its value, and the control that must say so."""

    control: str
    type: str
    path: str
    value: Any
    keep: tuple[str, ...] = ()
    part: str = ""

    def __str__(self) -> str:
        shown = "gone" if self.value is GONE else re.sub(r"\W+", "-", str(self.value))[:20]
        return f"{self.control}-{self.type}-{self.path}-{shown}"

    def plan(self, production: Mapping[str, Any]) -> dict[str, Any]:
        plan = reduced(production, *(self.keep or (self.type,)))
        change = next(
            change
            for change in plan["resource_changes"]
            if change["type"] == self.type and self.part in change["address"]
        )
        if not self.path:
            plan["resource_changes"].remove(change)
            return plan
        place = change["change"]["after"]
        *above, last = self.path.split(".")
        for part in above:
            place = place[int(part)] if part.isdigit() else place[part]
        if self.value is GONE:
            place.pop(last, None)
        else:
            place[last] = self.value
        change["change"]["after_unknown"].pop(self.path.partition(".")[0], None)
        return plan


WEAK_TLS = "Policy-Min-TLS-1-2-2019-07"
STATEMENT = "statement.0"
DOCUMENT = "aws_iam_policy_document"
ROLE = "aws_iam_role_policy"
BROKEN = [
    Broken("Opensearch.1", DOMAIN, "encrypt_at_rest", []),
    Broken("Opensearch.1", DOMAIN, "encrypt_at_rest.0.enabled", False),
    Broken("Opensearch.3", DOMAIN, "node_to_node_encryption.0.enabled", False),
    Broken("Kinesis.1", "aws_kinesis_stream", "encryption_type", "NONE"),
    Broken("DataFirehose.1", "aws_kinesis_firehose_delivery_stream", "kinesis_source_configuration", []),
    Broken("S3.17", "aws_s3_bucket_server_side_encryption_configuration", "", GONE, ALL_S3),
    Broken("encryption", "aws_cloudwatch_log_group", "kms_key_id", None),
    Broken("encryption", "aws_sns_topic", "kms_master_key_id", None),
    Broken("KMS.4", "aws_kms_key", "enable_key_rotation", False),
    Broken("Opensearch.8", DOMAIN, "domain_endpoint_options.0.enforce_https", False),
    Broken("Opensearch.8", DOMAIN, "domain_endpoint_options.0.tls_security_policy", WEAK_TLS),
    Broken("Opensearch.8", DOMAIN, "domain_endpoint_options.0.tls_security_policy", GONE),
    Broken("IAM.21", DOCUMENT, f"{STATEMENT}.actions", ["es:*"], part="delivery_role_permissions"),
    Broken("IAM.21", DOCUMENT, f"{STATEMENT}.actions", ["*"], part="delivery_role_permissions"),
    Broken("access", DOCUMENT, f"{STATEMENT}.not_actions", ["iam:*"], part="delivery_role_permissions"),
    Broken("Opensearch.2", DOMAIN, "vpc_options", []),
    Broken("S3.8", "aws_s3_bucket_public_access_block", "", GONE, ALL_S3),
    *(
        Broken("S3.8", "aws_s3_bucket_public_access_block", setting, False)
        for setting in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    ),
    Broken("S3.12", "aws_s3_bucket_ownership_controls", "rule.0.object_ownership", "ObjectWriter", ALL_S3),
    Broken("EC2.18", "aws_vpc_security_group_ingress_rule", "cidr_ipv4", "0.0.0.0/0"),
    Broken("EC2.18", "aws_vpc_security_group_ingress_rule", "cidr_ipv6", "::/0"),
    Broken("EC2.18", "aws_security_group", "ingress", [{"cidr_blocks": ["0.0.0.0/0"]}]),
    Broken("EC2.2", "aws_default_security_group", "ingress", [{"protocol": "-1"}]),
    Broken("EC2.15", "aws_subnet", "map_public_ip_on_launch", True),
    Broken("EC2.6", "aws_flow_log", "", GONE, ("aws_flow_log", "aws_vpc")),
    Broken("Kinesis.3", "aws_kinesis_stream", "retention_period", 167),
    Broken("CloudWatch.16", "aws_cloudwatch_log_group", "retention_in_days", 364),
    Broken("retention", "aws_cloudwatch_log_group", "retention_in_days", 0),
    Broken("S3.13", "aws_s3_bucket_lifecycle_configuration", "", GONE, ALL_S3),
    Broken("S3.14", "aws_s3_bucket_versioning", "versioning_configuration.0.status", "Suspended", ALL_S3),
    Broken("KMS.3", "aws_kms_key", "deletion_window_in_days", 29),
    Broken("tags", DOMAIN, "tags_all.Deployment", GONE),
    Broken("tags", "aws_kinesis_stream", "tags_all", None),
    Broken("state", BUCKET, "force_destroy", True, ALL_S3),
    Broken("Opensearch.6", DOMAIN, "cluster_config.0.instance_count", 2),
    Broken("Opensearch.6", DOMAIN, "cluster_config.0.zone_awareness_enabled", False),
    Broken("Opensearch.11", DOMAIN, "cluster_config.0.dedicated_master_enabled", False),
    Broken("Opensearch.11", DOMAIN, "cluster_config.0.dedicated_master_count", 2),
    Broken("Opensearch.4", DOMAIN, "log_publishing_options", [{"log_type": "AUDIT_LOGS", "enabled": True}]),
    Broken("Opensearch.5", DOMAIN, "log_publishing_options", [{"log_type": "ES_APPLICATION_LOGS"}]),
    Broken("Opensearch.7", DOMAIN, "advanced_security_options.0.enabled", False),
    Broken("access", DOMAIN, "advanced_security_options.0.internal_user_database_enabled", True),
    Broken("Opensearch.10", DOMAIN, "software_update_options.0.auto_software_update_enabled", False),
    Broken("CloudWatch.15", "aws_cloudwatch_metric_alarm", "alarm_actions", []),
    Broken("CloudWatch.17", "aws_cloudwatch_metric_alarm", "actions_enabled", False),
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_broken_plan_fails_by_its_control(broken: Broken, production: dict[str, Any]) -> None:
    plan = broken.plan(production)
    if broken.keep:
        assert judge(reduced(production, *broken.keep)) == _baseline(production, broken.keep)
    found = judge(plan)
    assert any(message.startswith(f"{broken.control} ") for message in found), found


def _baseline(production: Mapping[str, Any], keep: tuple[str, ...]) -> list[str]:
    """What a reduced plan lacks because the policy documents are not in it."""
    return [message for message in judge(reduced(production, *keep)) if message.startswith("S3.5 ")]


def added(type_: str, values: dict[str, Any]) -> dict[str, Any]:
    """A plan that only creates one resource."""
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {}}
    return {"resource_changes": [{"address": f"{type_}.new", "mode": "managed", "type": type_, "change": change}]}


OPEN = '{"Statement": [{"Effect": "Allow", "Principal": %s, "Action": "sqs:SendMessage", "Resource": "x"}]}'
ADDED = [
    ("SQS.1", "aws_sqs_queue", {"kms_master_key_id": None, "sqs_managed_sse_enabled": False}),
    ("S3.5", BUCKET, {}),
    ("tls", "aws_sns_topic_subscription", {"protocol": "http"}),
    ("IAM.1", "aws_iam_role_policy_attachment", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("access", "aws_iam_user", {"name": "pipeline"}),
    ("access", ROLE, {"policy": '{"Statement": {"Action": ["s3:GetObject"], "Resource": "*"}}'}),
    ("access", ROLE, {"policy": '{"Statement": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "x"}]}'}),
    ("KMS.1", ROLE, {"policy": '{"Statement": [{"Action": "kms:Decrypt", "Resource": "*"}]}'}),
    ("exposure", "aws_sqs_queue_policy", {"policy": OPEN % '"*"'}),
    ("exposure", "aws_sqs_queue_policy", {"policy": OPEN % '{"AWS": "*"}'}),
    ("exposure", "aws_sqs_queue_policy", {"policy": OPEN % '{"AWS": ["*"]}'}),
    ("S3.12", "aws_s3_bucket_acl", {"acl": "private"}),
    ("Lambda.1", "aws_lambda_permission", {"principal": "*"}),
    ("Lambda.1", "aws_lambda_permission", {"principal": "firehose.amazonaws.com", "source_arn": None}),
    ("Lambda.1", "aws_lambda_function_url", {"authorization_type": "NONE"}),
    ("Lambda.2", "aws_lambda_function", {"runtime": "python3.8"}),
    ("APIGateway.8", "aws_apigatewayv2_route", {"route_key": "POST /collect", "authorization_type": "NONE"}),
    ("APIGateway.9", "aws_apigatewayv2_stage", {"name": "$default", "access_log_settings": []}),
]


@pytest.mark.parametrize(("control", "type_", "values"), ADDED, ids=lambda value: re.sub(r"\W+", "-", str(value))[:40])
def test_forbidden_resources_fail(control: str, type_: str, values: dict[str, Any]) -> None:
    assert any(message.startswith(f"{control} ") for message in judge(added(type_, values)))


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        (ROLE, {"policy": '{"Statement": [{"Action": "ec2:DescribeSubnets", "Resource": "*"}]}'}),
        (ROLE, {"policy": '{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'}),
        ("aws_kms_key", {"enable_key_rotation": True, "policy": OPEN % '{"AWS": "arn:aws:iam::111122223333:root"}'}),
        ("aws_lambda_permission", {"principal": "firehose.amazonaws.com", "source_account": "111122223333"}),
        ("aws_lambda_function", {"runtime": "python3.13"}),
        ("aws_sqs_queue", {"kms_master_key_id": "alias/x"}),
        ("aws_cloudwatch_log_group", {"kms_key_id": "x", "retention_in_days": 365}),
    ],
)
def test_valid_resources_pass(type_: str, values: dict[str, Any]) -> None:
    assert judge(added(type_, values)) == []


def exposed(plan: Mapping[str, Any]) -> list[str]:
    return [message for message in judge(plan) if message.startswith("exposure ")]


def test_a_domain_with_a_sign_in_may_allow_browsers(planned: Callable[[Path], dict[str, Any]]) -> None:
    plan = planned(shipped_folder("saml", "environments/examples"))
    assert exposed(plan) == []


@pytest.mark.parametrize("without", ["aws_opensearch_domain_saml_options", DOMAIN])
def test_a_domain_without_a_sign_in_may_not_allow_browsers(
    without: str, planned: Callable[[Path], dict[str, Any]]
) -> None:
    plan = copy.deepcopy(planned(shipped_folder("saml", "environments/examples")))
    plan["resource_changes"] = [each for each in plan["resource_changes"] if each["type"] != without]
    assert exposed(plan) != []


TOKENS = {"enabled": True, "jwt_options": [{"enabled": True}]}
HTTP = {"Action": ["es:ESHttpGet", "es:ESHttpPost"], "Resource": "arn:aws:es:eu-west-1:111122223333:domain/shop/*"}


def tokens(security: dict[str, Any], statement: dict[str, Any]) -> dict[str, Any]:
    """A plan of a domain with one statement for everybody."""
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*"} | statement]})
    values = {"domain_name": "shop", "access_policies": policy, "advanced_security_options": [security]}
    return added(DOMAIN, values)


def test_a_domain_with_jwt_may_allow_tokens() -> None:
    assert exposed(tokens(TOKENS, HTTP)) == []


@pytest.mark.parametrize(
    ("security", "statement"),
    [
        (TOKENS | {"enabled": False}, HTTP),
        (TOKENS | {"jwt_options": [{"enabled": False}]}, HTTP),
        (TOKENS | {"jwt_options": []}, HTTP),
        (TOKENS, HTTP | {"Action": "es:*"}),
        (TOKENS, HTTP | {"Action": "es:ESHttp*"}),
        (TOKENS, HTTP | {"Action": ["es:ESHttpGet", "es:DeleteDomain"]}),
        (TOKENS, HTTP | {"Resource": "*"}),
        (TOKENS, HTTP | {"Resource": "arn:aws:sqs:eu-west-1:111122223333:shop"}),
        (TOKENS, HTTP | {"Resource": "arn:aws:es:eu-west-1:111122223333:domain/shop"}),
        (TOKENS, HTTP | {"Resource": [HTTP["Resource"], "arn:aws:es:eu-west-1:111122223333:domain/other/*"]}),
        (TOKENS, {"NotAction": "es:ESHttpGet", "Resource": HTTP["Resource"]}),
        (TOKENS, {"Action": HTTP["Action"]}),
    ],
)
def test_other_public_access_fails(security: dict[str, Any], statement: dict[str, Any]) -> None:
    assert exposed(tokens(security, statement)) != []


@pytest.mark.parametrize(("actions", "word"), [(["delete"], "destroyed"), (["delete", "create"], "replaced"),
                                               (["create", "delete"], "replaced")])  # fmt: skip
def test_destroying_a_domain_needs_a_waiver(actions: list[str], word: str, production: dict[str, Any]) -> None:
    plan = reduced(production, DOMAIN)
    plan["resource_changes"][0]["change"] |= {"actions": actions, "replace_paths": [["encrypt_at_rest", 0, "enabled"]]}
    (message,) = [message for message in judge(plan) if message.startswith("state ")]
    assert f"would be {word} (encrypt_at_rest.enabled)" in message


@pytest.mark.parametrize("holds", [True, False])
def test_a_waiver_allows_one_destruction_until_its_last_day(
    production: dict[str, Any], tmp_path: Path, holds: bool
) -> None:
    plan = reduced(production, DOMAIN)
    plan["resource_changes"][0]["change"]["actions"] = ["delete", "create"]
    address = plan["resource_changes"][0]["address"]
    pack = tmp_path / "policies"
    shutil.copytree(PACK, pack)
    written = pack / "exceptions.rego"
    waiver = {"resource": address, "expires_ns": time.time_ns() + 10**12 * (1 if holds else -1)}
    text = written.read_text(encoding="utf-8").replace(
        "waivers := json.unmarshal(`[]`)", f"waivers := json.unmarshal(`{json.dumps([waiver])}`)"
    )
    written.write_text(text, encoding="utf-8")
    assert (not rego(plan, pack).failures) is holds


def test_a_stack_without_prevent_destroy_fails() -> None:
    stack = {"resource": {BUCKET: {"a": {}, "b": {"lifecycle": {"prevent_destroy": True}}}}}
    assert judge(stack) == [f"state {BUCKET}.a: no prevent_destroy"]


def expressions(plan: dict[str, Any], type_: str) -> dict[str, Any]:
    """The expressions of the first resource of a type in a plan's configuration."""
    resource = next(r for r in plan["configuration"]["root_module"]["resources"] if r["type"] == type_)
    found: dict[str, Any] = resource["expressions"]
    return found


def test_subnets_that_are_not_references_fail(production: dict[str, Any]) -> None:
    plan = reduced(production, DOMAIN, "aws_subnet")
    assert expressions(plan, DOMAIN)["vpc_options"][0]["subnet_ids"]["references"]
    expressions(plan, DOMAIN)["vpc_options"][0]["subnet_ids"] = {"constant_value": ["subnet-1"]}
    assert any("subnet_ids holds no reference" in message for message in judge(plan))


@pytest.mark.parametrize(
    ("type_", "attribute"),
    [("aws_s3_bucket_policy", "policy"), ("aws_kms_key_policy", "policy"), ("aws_sns_topic_policy", "policy"),
     ("aws_cloudwatch_log_resource_policy", "policy_document")],
)  # fmt: skip
def test_a_policy_that_is_not_a_document_fails(type_: str, attribute: str, production: dict[str, Any]) -> None:
    plan = reduced(production, type_)
    assert not judge(plan)
    expressions(plan, type_)[attribute] = {"constant_value": "{}"}
    assert any("does not come from a policy document" in message for message in judge(plan))


def test_the_exact_tls_policy_is_planned(production: dict[str, Any]) -> None:
    (domain,) = reduced(production, DOMAIN)["resource_changes"]
    options = domain["change"]["after"]["domain_endpoint_options"][0]
    assert options["tls_security_policy"] == "Policy-Min-TLS-1-2-PFS-2023-10"

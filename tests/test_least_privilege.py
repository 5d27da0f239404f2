"""Each role has exactly the permissions that its service needs, on its own resources.

The calls that Firehose makes: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.policies import ACCOUNT, REGION, Call, Policies
from tests.stacks import ENVIRONMENTS, shipped

PLACE = f"{REGION}:{ACCOUNT}"
STREAM = f"arn:aws:kinesis:{PLACE}:stream/behaviour-prod-events"
DOMAIN = f"arn:aws:es:{PLACE}:domain/behaviour-prod"
BUCKET = "arn:aws:s3:::archive"
KEY = f"arn:aws:kms:{PLACE}:key/key"
LOGS = f"arn:aws:logs:{PLACE}:log-group:/aws/kinesisfirehose/behaviour-prod-delivery"
TRANSFORM = f"arn:aws:lambda:{PLACE}:function:behaviour-prod-transform"
VIA_S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": f"{BUCKET}/events/a.gz"}
VIA_KINESIS = {"kms:ViaService": f"kinesis.{REGION}.amazonaws.com"}

FIREHOSE_CALLS = [
    *(Call(f"kinesis:{name}", STREAM) for name in ("DescribeStream", "GetShardIterator", "GetRecords", "ListShards")),
    Call("kms:Decrypt", KEY, VIA_KINESIS),
    *(Call(f"es:{name}", DOMAIN) for name in ("DescribeDomain", "DescribeDomains", "DescribeDomainConfig")),
    Call("es:ESHttpPost", f"{DOMAIN}/_bulk"),
    Call("es:ESHttpPut", f"{DOMAIN}/events-2026-01-31"),
    *(
        Call("es:ESHttpGet", f"{DOMAIN}/{path}")
        for path in (
            "_all/_settings",
            "_cluster/stats",
            "events-2026-01-31/_mapping/_doc",
            "events/_mapping",
            "_nodes",
            "_nodes/stats",
            "_nodes/a/stats",
            "_stats",
            "events-2026-01-31/_stats",
        )
    ),
    *(Call(f"s3:{name}", BUCKET) for name in ("GetBucketLocation", "ListBucket", "ListBucketMultipartUploads")),
    *(Call(f"s3:{name}", f"{BUCKET}/events/a.gz") for name in ("AbortMultipartUpload", "GetObject", "PutObject")),
    Call("lambda:InvokeFunction", f"{TRANSFORM}:live"),
    Call("lambda:GetFunctionConfiguration", f"{TRANSFORM}:live"),
    Call("kms:GenerateDataKey", KEY, VIA_S3),
    Call("kms:Decrypt", KEY, VIA_S3),
    Call("logs:PutLogEvents", f"{LOGS}:log-stream:domain"),
    Call("logs:PutLogEvents", f"{LOGS}:log-stream:archive"),
    *(
        Call(f"ec2:{name}", f"arn:aws:ec2:{PLACE}:network-interface/eni-1")
        for name in ("CreateNetworkInterface", "CreateNetworkInterfacePermission", "DeleteNetworkInterface")
    ),
    *(
        Call(f"ec2:Describe{name}", "*")
        for name in ("Vpcs", "VpcAttribute", "Subnets", "SecurityGroups", "NetworkInterfaces")
    ),
]

NOBODYS_CALLS = [
    Call("es:DeleteDomain", DOMAIN),
    Call("es:UpdateDomainConfig", DOMAIN),
    Call("es:ESHttpDelete", f"{DOMAIN}/events-2026-01-31"),
    Call("es:ESHttpGet", f"{DOMAIN}/events-2026-01-31/_search"),
    Call("es:ESHttpPost", f"arn:aws:es:{PLACE}:domain/other/_bulk"),
    Call("es:ESHttpPost", f"{DOMAIN}-other/_bulk"),
    Call("kinesis:PutRecord", STREAM),
    Call("kinesis:DeleteStream", STREAM),
    Call("kinesis:GetRecords", f"{STREAM}-other"),
    Call("s3:DeleteObject", f"{BUCKET}/events/a.gz"),
    Call("s3:PutBucketPolicy", BUCKET),
    Call("s3:PutObject", "arn:aws:s3:::other/a.gz"),
    Call("kms:Decrypt", KEY, {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}),
    Call("kms:Decrypt", KEY),
    Call("kms:Decrypt", KEY, VIA_S3 | {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other/a.gz"}),
    Call("kms:ScheduleKeyDeletion", KEY),
    Call("kms:Decrypt", f"{KEY}-other", VIA_KINESIS),
    Call("logs:PutLogEvents", f"arn:aws:logs:{PLACE}:log-group:other:log-stream:domain"),
    Call("logs:DeleteLogGroup", LOGS),
    Call("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/other"),
    Call("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/behaviour-prod-delivery"),
    Call("lambda:UpdateFunctionCode", TRANSFORM),
    Call("lambda:InvokeFunction", f"{TRANSFORM}-other:live"),
    Call("ec2:RunInstances", "*"),
    Call("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/other"),
]

PSEUDONYM_KEY = f"arn:aws:kms:{PLACE}:key/transform_key"
DERIVE = Call("kms:GenerateMac", PSEUDONYM_KEY, {"kms:MacAlgorithm": "HMAC_SHA_256"})


def _function_calls(name: str) -> list[Call]:
    """What Lambda does under the role of any function: logs, traces, the environment's decryption."""
    function = f"arn:aws:lambda:{PLACE}:function:behaviour-prod-{name}"
    log = f"arn:aws:logs:{PLACE}:log-group:/aws/lambda/behaviour-prod-{name}:log-stream:2026/01/31"
    decrypt = {
        "kms:ViaService": f"lambda.{REGION}.amazonaws.com",
        "kms:EncryptionContext:aws:lambda:FunctionArn": function,
    }
    return [
        Call("logs:CreateLogStream", log),
        Call("logs:PutLogEvents", log),
        Call("kms:Decrypt", KEY, decrypt),
        Call("xray:PutTraceSegments", "*"),
    ]


def _in_network() -> list[Call]:
    """What Lambda does under the role of a function in a VPC."""
    return [
        *(
            Call("ec2:CreateNetworkInterface", f"arn:aws:ec2:{PLACE}:{resource}")
            for resource in ("network-interface/eni-1", "security-group/sg-1", "subnet/subnet-1")
        ),
        Call("ec2:DeleteNetworkInterface", f"arn:aws:ec2:{PLACE}:network-interface/eni-1"),
        *(Call(f"ec2:Describe{name}", "*") for name in ("NetworkInterfaces", "Subnets")),
    ]


def _posts(*paths: str) -> list[Call]:
    """Requests to the domain."""
    return [Call("es:ESHttpPost", f"{DOMAIN}/{path}") for path in paths]


OTHER_ROLES = {
    "recommender_role": [
        *_function_calls("recommender"),
        *_in_network(),
        *_posts("events.sessions/_search", "events.profiles/_mget", "events.items/_search", "events.items/_bulk"),
    ],
    "recommender_fold_role": [
        *_function_calls("fold"),
        *_in_network(),
        *_posts("events-*/_search", "events.sessions/_bulk", "events.profiles/_mget", "events.items/_bulk"),
        Call("es:ESHttpGet", f"{DOMAIN}/events.recommender/_doc/watermark"),
        Call("es:ESHttpPut", f"{DOMAIN}/events.recommender/_doc/watermark"),
    ],
    "transform_role": [*_function_calls("transform"), DERIVE],
    "bootstrap_role": [
        *_function_calls("bootstrap"),
        DERIVE,
        *_in_network(),
        *(Call("es:ESHttpGet", f"{DOMAIN}/{path}") for path in ("", "_cluster/health", "events-2026-01-31/_mapping")),
        *(
            Call(action, f"{DOMAIN}/{path}")
            for action in ("es:ESHttpGet", "es:ESHttpPut")
            for path in (
                "_component_template/events",
                "_index_template/events",
                "_plugins/_ism/policies/events",
                "_plugins/_security/api/roles/events_delivery",
                "_plugins/_security/api/rolesmapping/events_delivery",
            )
        ),
        Call("es:ESHttpPatch", f"{DOMAIN}/_plugins/_security/api/rolesmapping/events_delivery"),
        Call("es:ESHttpPost", f"{DOMAIN}/_dashboards/api/saved_objects/_import"),
        Call("es:ESHttpPost", f"{DOMAIN}/events-2026-01-31/_delete_by_query"),
        Call("es:ESHttpDelete", f"{DOMAIN}/_plugins/_alerting/monitors/a"),
        Call(
            "iam:PassRole",
            f"arn:aws:iam::{ACCOUNT}:role/behaviour-prod-alerting",
            {"iam:PassedToService": "es.amazonaws.com"},
        ),
    ],
    "alerting_role": [
        Call("sns:Publish", f"arn:aws:sns:{PLACE}:behaviour-prod-alarms"),
        Call("kms:GenerateDataKey", KEY, {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}),
    ],
    "network_flow_log_role": [
        Call("logs:PutLogEvents", f"arn:aws:logs:{PLACE}:log-group:/behaviour-analytics/behaviour-prod/vpc-flow-log:*"),
    ],
}
"""What the services behind the other roles do, by the role's logical id."""

BEYOND_EVERY_ROLE = [
    *(call for call in NOBODYS_CALLS if call.resource != f"{DOMAIN}/events-2026-01-31/_search"),
    Call("es:ESHttpPut", f"{DOMAIN}/other-index"),
    Call("es:ESHttpPost", f"{DOMAIN}/other-index/_delete_by_query"),
    Call("es:ESHttpPut", f"{DOMAIN}/_cluster/settings"),
    Call("kms:GenerateMac", KEY, {"kms:MacAlgorithm": "HMAC_SHA_256"}),
    Call("kms:VerifyMac", PSEUDONYM_KEY, {"kms:MacAlgorithm": "HMAC_SHA_256"}),
    Call("sns:Publish", f"arn:aws:sns:{PLACE}:other"),
    Call("kinesis:GetRecords", STREAM),
    Call("s3:GetObject", f"{BUCKET}/failed/a"),
]

UNSCOPED = {
    "ManageNetworkInterfaces": "Lambda makes the interface itself, and nothing names it before",
    "SendTraces": "X-Ray's write actions know no resource",
    "DeriveWorkingKey": "in a key's policy the resource is the key itself",
    "DescribeNetwork": "EC2's describe actions know no resource",
    "Administration": "in a key's policy the resource is the key itself",
    "UseThroughServices": "in a key's policy the resource is the key itself",
    "GrantToServices": "in a key's policy the resource is the key itself",
    "EncryptLogGroups": "in a key's policy the resource is the key itself",
    "EncryptAlarms": "in a key's policy the resource is the key itself",
}
"""Statements whose resource is ``*``, each with the reason."""


@pytest.fixture(scope="module")
def prod() -> Policies:
    return Policies(shipped("prod"))


@pytest.fixture(scope="module")
def delivery(prod: Policies) -> list[dict[str, Any]]:
    return prod.role("delivery_role")


def name(call: Call) -> str:
    return f"{call.action} {call.resource.rpartition(':')[2]}"


@pytest.mark.parametrize("call", FIREHOSE_CALLS, ids=name)
def test_delivery_may_do_what_firehose_does(prod: Policies, delivery: list[dict[str, Any]], call: Call) -> None:
    assert prod.allows(delivery, call)


@pytest.mark.parametrize("call", NOBODYS_CALLS, ids=name)
def test_delivery_may_do_nothing_else(prod: Policies, delivery: list[dict[str, Any]], call: Call) -> None:
    assert not prod.allows(delivery, call)


@pytest.mark.parametrize(
    ("role", "call"),
    [(role, call) for role, calls in OTHER_ROLES.items() for call in calls],
    ids=lambda value: value if isinstance(value, str) else name(value),
)
def test_every_other_role_may_do_what_its_service_does(prod: Policies, role: str, call: Call) -> None:
    assert prod.allows(prod.role(role), call)


@pytest.mark.parametrize("role", OTHER_ROLES)
@pytest.mark.parametrize("call", BEYOND_EVERY_ROLE, ids=name)
def test_no_other_role_may_do_more(prod: Policies, role: str, call: Call) -> None:
    assert not prod.allows(prod.role(role), call)


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_every_statement_of_other_roles_is_needed(prod: Policies, role: str) -> None:
    for statement in prod.role(role):
        assert any(prod.allows([statement], call) for call in OTHER_ROLES[role]), statement["sid"]


def test_every_role_is_simulated() -> None:
    assert shipped("prod").ids("aws_iam_role") == {"delivery_role", *OTHER_ROLES}


def test_every_statement_of_delivery_is_needed(prod: Policies, delivery: list[dict[str, Any]]) -> None:
    for statement in delivery:
        needed = [call for call in FIREHOSE_CALLS if prod.allows([statement], call)]
        assert needed, statement["sid"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_allowed_action_has_a_wildcard(name: str) -> None:
    for document, statement in shipped(name).statements():
        if statement.get("effect", "Allow") == "Allow":
            assert not [action for action in statement["actions"] if "*" in action], document


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_unscoped_resources_are_explained(name: str) -> None:
    for document, statement in shipped(name).statements():
        if "*" in statement.get("resources", []):
            assert statement["sid"] in UNSCOPED, document


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_trust_policies_guard_against_the_confused_deputy(name: str) -> None:
    for document, statement in shipped(name).statements():
        if "sts:AssumeRole" in statement["actions"]:
            variables = {condition["variable"] for condition in statement["condition"]}
            assert "aws:SourceAccount" in variables, document


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_policy_is_public(name: str) -> None:
    for document, statement in shipped(name).statements():
        if statement.get("effect", "Allow") == "Allow":
            assert '"*"' not in json.dumps(statement.get("principals", [])), document


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_service_principals_are_bound_to_the_account(name: str) -> None:
    for document, statement in shipped(name).statements():
        for principal in statement.get("principals", []):
            if principal["type"] == "Service":
                assert statement.get("condition"), document


@pytest.mark.parametrize("name", ["prod", "examples/browsers", "examples/recommendations", "examples/saml"])
def test_the_key_encrypts_only_the_deployments_log_groups(name: str) -> None:
    folder, _, stem = f"environments/{name}".rpartition("/")
    stack = shipped(stem, folder)
    (logs,) = [each for each in stack.document("key_permissions") if each["sid"] == "EncryptLogGroups"]
    (condition,) = logs["condition"]
    named = {group["name"] for group in stack.all("aws_cloudwatch_log_group").values()}
    assert condition["test"] == "ArnEquals"
    assert {value.partition(":log-group:")[2] for value in condition["values"]} == named


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_grants_on_keys_are_for_services_only(name: str) -> None:
    granting = [each for _, each in shipped(name).statements() if "kms:CreateGrant" in each["actions"]]
    assert granting
    for statement in granting:
        conditions = {each["variable"]: each["values"] for each in statement["condition"]}
        assert conditions["kms:GrantIsForAWSResource"] == ["true"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_roles_are_passed_to_named_services_only(name: str) -> None:
    passing = [each for _, each in shipped(name).statements() if "iam:PassRole" in each["actions"]]
    for statement in passing:
        assert "iam:PassedToService" in {each["variable"] for each in statement["condition"]}


def _by_principal(name: str) -> dict[str, list[dict[str, Any]]]:
    """Statements of the domain's own policy, by the one principal that each names."""
    found: dict[str, list[dict[str, Any]]] = {}
    for statement in Policies(shipped(name)).document("domain_access"):
        (principal,) = statement["principals"][0]["identifiers"]
        found.setdefault(principal.rpartition("/")[2], []).append(statement)
    return found


@pytest.mark.parametrize(("role", "owner"), [("delivery_role", "delivery"), ("bootstrap_role", "bootstrap")])
def test_the_domains_policy_allows_a_role_no_more_than_its_own_policy(prod: Policies, role: str, owner: str) -> None:
    # In one account either of the two policies is enough, so the wider one counts.
    by_domain = _by_principal("prod")[f"behaviour-prod-{owner}"]
    own = [each for each in prod.role(role) if any(action.startswith("es:ESHttp") for action in each["actions"])]
    assert _reach(by_domain) <= _reach(own)


def _reach(statements: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(action, path) for each in statements for action in each["actions"] for path in each["resources"]}


@pytest.mark.parametrize("path", ["events_eu", "eventsource", "events_eu-2026-01-31/_doc/1"])
def test_another_index_with_the_same_beginning_is_not_allowed(prod: Policies, path: str) -> None:
    assert not prod.allows(prod.role("bootstrap_role"), Call("es:ESHttpPut", f"{DOMAIN}/{path}"))

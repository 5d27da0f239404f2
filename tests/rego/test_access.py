"""Permissions of identities, in every notation of a plan."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.rego.plans import Judged, allow, configured, data, judged, module, plan, resource, statements

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:queue"

WILD_ACTIONS: list[tuple[Any, str]] = [
    ("*", "IAM.21"),
    ("**", "IAM.21"),
    ("sqs:*", "IAM.21"),
    ("SQS:*", "IAM.21"),
    ("sqs:**", "IAM.21"),
    ("s3:?*", "IAM.21"),
    ("s3:*?", "IAM.21"),
    ("s*:*", "IAM.21"),
    ("*:*", "IAM.21"),
    ("*:GetObject", "IAM.21"),
    ("iam:*", "IAM.21"),
    (["sqs:SendMessage", "iam:*"], "IAM.21"),
    ("es:ESHttp*", "access"),
    ("ES:eshttp*", "access"),
    ("es:*Http*", "access"),
    ("kms:*crypt*", "access"),
    ("kms:Decryp?", "access"),
    ("s3:Get*", "access"),
    ("iam:Pass*", "access"),
    ("ec2:D*", "access"),
    ("logs:Describe*", "access"),
    ("ecr:Get*", "access"),
]
KNOWN_ACTIONS = ["sqs:SendMessage", "SQS:sendmessage", ["sqs:SendMessage", "sqs:ReceiveMessage"]]

WIDE_RESOURCES = [
    ("s3:GetObject", "*"),
    ("s3:GetObject", "**"),
    ("s3:GetObject", "arn:aws:s3:::*"),
    ("s3:GetObject", "arn:aws:s3:::*/*"),
    ("s3:GetObject", "arn:*:s3:::*"),
    ("s3:GetObject", "arn:aws:s3:*:*:*"),
    ("s3:GetObject", ["arn:aws:s3:::mine/*", "arn:aws:s3:::*"]),
    ("sqs:SendMessage", "arn:aws:sqs:*:*:*"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:*"),
    ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*"),
    ("kinesis:PutRecord", "arn:aws:kinesis:eu-west-1:*:stream/*"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/*"),
    ("sts:AssumeRole", "arn:aws:iam::*:role/*"),
]
NARROW_RESOURCES = [
    ("s3:GetObject", "arn:aws:s3:::mine/*"),
    ("s3:GetObject", "arn:aws:s3:::mine-*/logs/*"),
    ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/mine:*"),
    ("ec2:CreateNetworkInterface", "arn:aws:ec2:eu-west-1:111122223333:network-interface/*"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/mine"),
    ("logs:CreateLogGroup", "arn:aws:logs:eu-west-1:111122223333:*"),
]
KEYS = [
    ("kms:Decrypt", "*"),
    ("KMS:DECRYPT", "*"),
    ("kms:*crypt*", "arn:aws:kms:*:*:key/*"),
    ("kms:ReEncrypt*", "arn:aws:kms:eu-west-1:111122223333:key/*"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:*"),
    ("kms:Decrypt", "arn:aws-cn:kms:cn-north-1:*:key/*"),
]
NO_RESOURCE = [
    "ecr:GetAuthorizationToken",
    "ec2:Describe*",
    "ec2:DescribeInstances",
    "ec2:DescribeVpcAttribute",
    "cloudwatch:GetMetricData",
    "cloudwatch:PutMetricData",
    "autoscaling:Describe*",
    "elasticloadbalancing:DescribeLoadBalancers",
    "logs:DescribeLogGroups",
    "s3:ListAllMyBuckets",
    "sts:GetCallerIdentity",
    "tag:GetResources",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "ce:GetCostAndUsage",
    "iam:ListRoles",
    "kms:ListAliases",
    "ssmmessages:CreateControlChannel",
]
NEGATED = [
    {"NotAction": "iam:*", "Resource": QUEUE},
    {"Action": "sqs:SendMessage", "NotResource": QUEUE},
    {"notaction": "iam:*", "resource": QUEUE},
]
OF_AWS = {
    "AdministratorAccess": "IAM.1",
    "AdministratorAccess-Amplify": "IAM.1",
    "PowerUserAccess": "access",
    "IAMFullAccess": "access",
    "AmazonS3FullAccess": "access",
    "AmazonOpenSearchServiceFullAccess": "access",
    "AWSLambda_FullAccess": "access",
    "ReadOnlyAccess": "access",
    "job-function/SystemAdministrator": "access",
    "job-function/DatabaseAdministrator": "access",
}
ATTACHMENTS = {
    "aws_iam_role_policy_attachment": "policy_arn",
    "aws_iam_user_policy_attachment": "policy_arn",
    "aws_iam_group_policy_attachment": "policy_arn",
    "aws_iam_policy_attachment": "policy_arn",
    "aws_iam_role_policy_attachments_exclusive": "policy_arns",
    "aws_iam_user_policy_attachments_exclusive": "policy_arns",
    "aws_iam_group_policy_attachments_exclusive": "policy_arns",
    "aws_iam_role": "managed_policy_arns",
    "aws_ssoadmin_managed_policy_attachment": "managed_policy_arn",
}
PLACES: dict[str, dict[str, Any]] = {
    "aws_iam_policy": {"policy": None},
    "aws_iam_role_policy": {"policy": None},
    "aws_iam_group_policy": {"policy": None},
    "aws_iam_user_policy": {"policy": None},
    "aws_iam_role": {"inline_policy": [{"name": "x", "policy": None}]},
    "aws_ssoadmin_permission_set_inline_policy": {"inline_policy": None},
    "aws_transfer_user": {"policy": None},
    "aws_iot_policy": {"policy": None},
    "aws_somebodys_new_thing": {"rules_document": None},
}


def _filled(values: Any, document: str) -> Any:
    if isinstance(values, dict):
        return {key: _filled(value, document) for key, value in values.items()}
    if isinstance(values, list):
        return [_filled(value, document) for value in values]
    return document if values is None else values


def _policy(document: str) -> dict[str, Any]:
    return {"values": {"policy": document}}


def address(kind: str, number: int, type_: str = "aws_iam_role_policy") -> str:
    return f"{type_}.{kind}_{number}"


@pytest.fixture(scope="module")
def found() -> Judged:
    """Every case in one plan."""
    cases: dict[str, dict[str, Any]] = {}
    for number, (action, _) in enumerate(WILD_ACTIONS):
        cases[address("wild", number)] = _policy(allow(action, QUEUE))
    for number, known in enumerate(KNOWN_ACTIONS):
        cases[address("known", number)] = _policy(allow(known, QUEUE))
    for kind, pairs in (("wide", WIDE_RESOURCES), ("narrow", NARROW_RESOURCES), ("key", KEYS)):
        for number, (action, on) in enumerate(pairs):
            cases[address(kind, number)] = _policy(allow(action, on))
    for number, unscoped in enumerate(NO_RESOURCE):
        cases[address("unscoped", number)] = _policy(allow(unscoped, "*"))
    for number, negated in enumerate(NEGATED):
        cases[address("negated", number)] = _policy(statements({"Effect": "Allow", **negated}))
    for number, name in enumerate(OF_AWS):
        values = {"policy_arn": f"arn:aws:iam::aws:policy/{name}"}
        cases[address("attached", number, "aws_iam_role_policy_attachment")] = {"values": values}
    for type_, name in ATTACHMENTS.items():
        arn = "arn:aws-us-gov:iam::aws:policy/PowerUserAccess"
        cases[f"{type_}.attaches"] = {"values": {name: [arn] if name.endswith("s") else arn}}
    for type_, form in PLACES.items():
        cases[f"{type_}.place"] = {"values": _filled(form, allow("iam:*", QUEUE))}
    return Judged(cases)


@pytest.mark.parametrize("number", range(len(WILD_ACTIONS)), ids=[str(action) for action, _ in WILD_ACTIONS])
def test_a_wildcard_in_an_action_fails(number: int, found: Judged) -> None:
    assert WILD_ACTIONS[number][1] in found.controls(address("wild", number))


@pytest.mark.parametrize("number", range(len(KNOWN_ACTIONS)))
def test_actions_by_their_names_pass(number: int, found: Judged) -> None:
    assert found.controls(address("known", number)) == set()


@pytest.mark.parametrize("number", range(len(WIDE_RESOURCES)), ids=[str(case) for case in WIDE_RESOURCES])
def test_every_resource_fails_however_it_is_written(number: int, found: Judged) -> None:
    assert "access" in found.controls(address("wide", number))


@pytest.mark.parametrize("number", range(len(NARROW_RESOURCES)), ids=[str(case) for case in NARROW_RESOURCES])
def test_some_resources_pass(number: int, found: Judged) -> None:
    assert found.controls(address("narrow", number)) == set()


@pytest.mark.parametrize("number", range(len(KEYS)), ids=[str(case) for case in KEYS])
def test_decryption_with_every_key_fails(number: int, found: Judged) -> None:
    assert "KMS.1" in found.controls(address("key", number))


@pytest.mark.parametrize("number", range(len(NO_RESOURCE)), ids=NO_RESOURCE)
def test_an_action_that_knows_no_resource_takes_a_wildcard(number: int, found: Judged) -> None:
    assert found.controls(address("unscoped", number)) == set()


@pytest.mark.parametrize("number", range(len(NEGATED)))
def test_not_action_and_not_resource_fail(number: int, found: Judged) -> None:
    assert "access" in found.controls(address("negated", number))


@pytest.mark.parametrize("name", OF_AWS)
def test_an_aws_managed_policy_with_full_access_fails(name: str, found: Judged) -> None:
    number = list(OF_AWS).index(name)
    assert found.controls(address("attached", number, "aws_iam_role_policy_attachment")) == {OF_AWS[name]}


@pytest.mark.parametrize("type_", ATTACHMENTS)
def test_full_access_fails_wherever_it_is_attached(type_: str, found: Judged) -> None:
    assert "PowerUserAccess" in found.texts(f"{type_}.attaches")


@pytest.mark.parametrize("type_", PLACES)
def test_a_policy_is_checked_in_every_resource_type(type_: str, found: Judged) -> None:
    assert "IAM.21" in found.controls(f"{type_}.place")


@pytest.mark.parametrize("name", ["AmazonSSMManagedInstanceCore", "service-role/AWSLambdaBasicExecutionRole"])
def test_a_narrow_aws_managed_policy_passes(name: str) -> None:
    values = {"policy_arn": f"arn:aws:iam::aws:policy/{name}"}
    answer = judged(plan(resource("aws_iam_role_policy_attachment.x", values)))
    assert (answer.failures, answer.not_judged) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "\n  " + allow("iam:*"),
        allow("iam:*").replace("Statement", "statement"),
        allow("iam:*").replace('"Effect"', '"effect"').replace('"Action"', '"ACTION"'),
        json.dumps({"Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": QUEUE}}),
        allow("iam:*").replace("iam:*", "\\u0069am:*"),
        allow("iam:*").replace('"Allow"', '"allow"'),
        allow("iam:*").replace('"Allow"', '"deny"'),
    ],
    ids=["blanks", "lower-case", "mixed-case", "no-list", "escaped", "effect", "no-denial"],
)
def test_every_spelling_of_a_document_is_checked(text: str) -> None:
    answer = judged(plan(resource("aws_iam_policy.x", {"policy": text})))
    assert [message for message in answer.failures if message.startswith("IAM.21")]


@pytest.mark.parametrize(
    ("type_", "document"),
    [
        ("aws_kms_key_policy", allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::111122223333:root"})),
        ("aws_sqs_queue_policy", allow("sqs:*", QUEUE, Principal={"AWS": "arn:aws:iam::111122223333:role/x"})),
        (
            "aws_opensearch_domain_policy",
            allow("es:*", "arn:aws:es:eu-west-1:111122223333:domain/x/*", Principal={"AWS": "111122223333"}),
        ),
    ],
)
def test_a_resources_own_policy_may_allow_its_account_everything(type_: str, document: str) -> None:
    answer = judged(plan(resource(f"{type_}.x", {"policy": document})))
    assert [message for message in answer.failures if re.match("IAM.21|access|KMS.1", message)] == []


@pytest.mark.parametrize(
    "type_", ["aws_organizations_policy", "aws_vpc_endpoint", "aws_sns_topic_data_protection_policy"]
)
def test_a_document_that_grants_nothing_passes(type_: str) -> None:
    document = statements({"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"})
    answer = judged(plan(resource(f"{type_}.x", {"policy": document, "content": document})))
    assert (answer.failures, answer.not_judged) == ([], [])


@pytest.mark.parametrize("type_", ["aws_iam_user", "aws_iam_access_key", "aws_iam_user_login_profile"])
def test_permanent_credentials_fail(type_: str) -> None:
    assert judged(plan(resource(f"{type_}.x"))).failures


# What a plan does not show.


def calling(expression: dict[str, Any]) -> dict[str, Any]:
    """A child module whose role policy is unknown, written so."""
    inner = module(
        {
            "address": "aws_iam_role_policy.x",
            "type": "aws_iam_role_policy",
            "expressions": {"policy": expression, "role": {"constant_value": "r"}},
        },
        configured("data.aws_iam_policy_document.x", statement=[{}]),
    )
    return module(inner={"module": inner, "expressions": {}})


UNKNOWN = resource("module.inner.aws_iam_role_policy.x", {"name": "x"}, {"policy": True})
DOCUMENT = data("aws_iam_policy_document.x", {"statement": [{"actions": ["iam:*"], "resources": [None]}]},
                {"json": True, "statement": [{"actions": [False], "resources": [True]}]})  # fmt: skip


def test_an_unknown_policy_by_jsonencode_is_reported_as_not_judged() -> None:
    configuration = calling({"references": ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"]})
    answer = judged(plan(UNKNOWN, configuration=configuration))
    assert answer.not_judged == ["access module.inner.aws_iam_role_policy.x: not judged: policy is unknown until apply"]


def _in_module(change: dict[str, Any]) -> dict[str, Any]:
    return {**change, "address": f"module.inner.{change['address']}"}


def test_a_policy_from_a_document_is_checked_by_the_document() -> None:
    references = ["data.aws_iam_policy_document.x.json", "data.aws_iam_policy_document.x"]
    answer = judged(plan(UNKNOWN, _in_module(DOCUMENT), configuration=calling({"references": references})))
    assert answer.not_judged == []
    assert answer.failures == ["IAM.21 module.inner.data.aws_iam_policy_document.x: allows the wildcard action iam:*"]


def test_a_document_of_a_module_is_checked() -> None:
    read = {"mode": "data", "type": "aws_iam_policy_document", "address": "module.a.data.aws_iam_policy_document.x",
            "values": {"json": allow("iam:*"), "statement": []}}  # fmt: skip
    document = plan()
    document["prior_state"] = {"values": {"root_module": {"child_modules": [{"resources": [read]}]}}}
    assert [message for message in judged(document).failures if message.startswith("IAM.21 module.a.data.")]


@pytest.mark.parametrize(
    "unknown",
    [
        {"json": True, "statement": True},
        {"json": True, "statement": [{"actions": True}]},
        {"json": True, "statement": [{"actions": [True]}]},
        {"json": True, "statement": [True]},
        {"json": True, "statement": [], "source_policy_documents": [True]},
        {"json": True, "statement": [], "override_policy_documents": True},
    ],
)
def test_unknown_parts_of_a_document_are_reported(unknown: dict[str, Any]) -> None:
    assert judged(plan(data("aws_iam_policy_document.x", {}, unknown))).not_judged


def test_nested_documents_are_checked() -> None:
    values = {"statement": [], "source_policy_documents": [allow("iam:*")]}
    answer = judged(plan(data("aws_iam_policy_document.x", values, {"json": True})))
    assert [message for message in answer.failures if message.startswith("IAM.21 ")]


@pytest.mark.parametrize(
    ("type_", "values", "unknown"),
    [
        ("aws_iam_role", {"inline_policy": [{"name": "x"}]}, {"inline_policy": [{"policy": True}]}),
        ("aws_iam_role_policy_attachment", {}, {"policy_arn": True}),
        ("aws_iam_role_policy_attachments_exclusive", {"policy_arns": [None]}, {"policy_arns": [True]}),
        ("aws_iam_role_policy_attachment", {"policy_arn": "arn:aws:iam::111122223333:policy/theirs"}, {}),
        ("aws_iam_role_policies_exclusive", {"policy_names": ["theirs"]}, {}),
        ("aws_iam_policy", {"policy": "no JSON"}, {}),
        ("aws_sqs_queue_policy", {}, {"policy": True}),
        ("aws_cloudwatch_log_destination_policy", {}, {"access_policy": True}),
        ("aws_iam_policy", {}, True),
    ],
)
def test_hidden_policies_are_reported(type_: str, values: dict[str, Any], unknown: Any) -> None:
    answer = judged(plan(resource(f"{type_}.x", values, unknown)))
    assert [message for message in answer.not_judged if message.startswith(f"access {type_}.x: not judged: ")]


def test_an_unset_policy_is_not_reported() -> None:
    configuration = module(configured("aws_sqs_queue.x"))
    answer = judged(plan(resource("aws_sqs_queue.x", {}, {"policy": True}), configuration=configuration))
    assert [message for message in answer.not_judged if "policy" in message] == []


def test_an_attached_policy_of_the_same_plan_is_not_reported() -> None:
    attachment = resource("aws_iam_role_policy_attachment.x", {}, {"policy_arn": True})
    configuration = module(configured("aws_iam_role_policy_attachment.x", policy_arn="aws_iam_policy.x.arn"))
    policy = resource("aws_iam_policy.x", {"policy": allow("sqs:SendMessage")})
    answer = judged(plan(attachment, policy, configuration=configuration))
    assert (answer.failures, answer.not_judged) == ([], [])


def handed(expression: dict[str, Any], *documents: dict[str, Any], **variables: Any) -> list[str]:
    """What is not judged of a module's policy that is a variable, and what the module is handed."""
    inner = module(
        {
            "address": "aws_iam_role_policy.x",
            "type": "aws_iam_role_policy",
            "expressions": {
                "policy": {"references": ["var.policy", *(f"var.{name}" for name in variables)]},
                "role": {"constant_value": "r"},
            },
        }
    )
    inner["variables"] = {name: {"default": value} for name, value in variables.items()}
    calls = {"inner": {"module": inner, "expressions": {"policy": expression}}}
    configuration = module(configured("data.aws_iam_policy_document.x", statement=[{}]), **calls)
    return list(judged(plan(UNKNOWN, *documents, configuration=configuration)).not_judged)


BY_DOCUMENT = {"references": ["data.aws_iam_policy_document.x.json", "data.aws_iam_policy_document.x"]}


def test_a_document_passed_to_a_module_is_followed() -> None:
    assert handed(BY_DOCUMENT, DOCUMENT) == []


def test_an_unknown_string_passed_to_a_module_is_reported() -> None:
    assert len(handed({"constant_value": allow("iam:*")})) == 1


def test_a_boolean_variable_beside_the_document_is_ignored() -> None:
    assert handed(BY_DOCUMENT, DOCUMENT, attached=True, others=[]) == []


def test_a_string_variable_beside_the_document_is_reported() -> None:
    assert len(handed(BY_DOCUMENT, DOCUMENT, other=allow("iam:*"))) == 1

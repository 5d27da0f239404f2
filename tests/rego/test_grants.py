"""Principals in resource policies and trust policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rego.plans import ACCOUNT, OTHER, Judged, allow, data, judged, plan, resource, statements

QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:queue"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sender"

ANYBODY: list[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": ["*"]},
    {"AWS": [ROLE, "*"]},
    {"*": "*"},
    {"AWS": "arn:aws:iam::*:root"},
]

EXCLUDES_NOBODY: list[dict[str, Any]] = [
    {"StringLike": {"aws:SourceArn": "*"}},
    {"StringLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
    {"ArnLike": {"AWS:SourceArn": "arn:aws:sns:*:*:*"}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/sender"}},
    {"StringLike": {"aws:SourceAccount": "*"}},
    {"StringLike": {"aws:SourceAccount": "?*"}},
    {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    {"StringLike": {"aws:PrincipalOrgPaths": "*"}},
    {"StringNotEquals": {"aws:PrincipalAccount": OTHER}},
    {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}},
    {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-0123456789"}},
    {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ["o-abcdefghij"]}},
    {"Null": {"aws:PrincipalArn": "false"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
    {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0::/0"]}},
    {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    {"StringLike": {"aws:UserAgent": "*"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    {"StringEquals": {"aws:PrincipalOrgID": []}},
]
KEEPS_OUT: list[dict[str, Any]] = [
    {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:topic"}},
    {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{ACCOUNT}:*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::mine"}},
    {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-0123456789"}},
    {"StringEquals": {"kms:CallerAccount": ACCOUNT}},
    {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/r-1/*"}},
]
SERVICES_WITHOUT_A_SOURCE: list[tuple[str, str, dict[str, Any]]] = [
    ("aws_sqs_queue_policy", "sns.amazonaws.com", {}),
    ("aws_sns_topic_policy", "cloudwatch.amazonaws.com", {"Bool": {"aws:SecureTransport": "true"}}),
    ("aws_cloudwatch_log_resource_policy", "es.amazonaws.com", {}),
    ("aws_kms_key_policy", "logs.eu-west-1.amazonaws.com", {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "*"}}),
    ("aws_sqs_queue_policy", "s3.amazonaws.com", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}),
    ("aws_s3_bucket_policy", "cloudtrail.amazonaws.com", {}),
]
TRUSTS_THAT_ANYBODY_MAY_USE: list[dict[str, Any]] = [
    {"Principal": {"Service": "firehose.amazonaws.com"}},
    {"Principal": {"Service": ["firehose.amazonaws.com", "lambda.amazonaws.com"]}},
    {"Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Condition": {"StringLike": {"aws:SourceAccount": "*"}}},
    {"Principal": {"AWS": "*"}},
    {"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"sts:ExternalId": "shared"}}},
    {"Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}},
    {
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
        "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}},
    },
    *(
        {
            "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
            "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": subject}},
        }
        for subject in ("*", "repo:*", "repo:*/app:*", ["repo:acme/app:*", "*"])
    ),
    {
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB"},
        "Condition": {"StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/AB:sub": "system:serviceaccount:*"}},
    },
    {"Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/people"}, "Action": "sts:AssumeRoleWithSAML"},
]
TRUSTS_OF_SOMEBODY: list[dict[str, Any]] = [
    {"Principal": {"Service": "lambda.amazonaws.com"}},
    {"Principal": {"Service": "ec2.amazonaws.com"}},
    {
        "Principal": {"Service": "firehose.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    },
    {"Principal": {"Service": "firehose.amazonaws.com"}, "Condition": {"StringEquals": {"sts:ExternalId": ACCOUNT}}},
    {
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
        "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/app:*"}},
    },
    {
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.circleci.com/org/1b2c"},
        "Condition": {"StringEquals": {"oidc.circleci.com/org/1b2c:aud": "1b2c"}},
    },
    {
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}},
    },
    {
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/people"},
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        "Action": "sts:AssumeRoleWithSAML",
    },
]


def _queue(principal: Any, condition: dict[str, Any] | None = None) -> dict[str, Any]:
    more = {} if condition is None else {"Condition": condition}
    return {"values": {"policy": allow("sqs:SendMessage", QUEUE, Principal=principal, **more)}}


def _trust(statement: dict[str, Any]) -> dict[str, Any]:
    action = "sts:AssumeRoleWithWebIdentity" if "Federated" in statement["Principal"] else "sts:AssumeRole"
    return {"values": {"assume_role_policy": statements({"Effect": "Allow", "Action": action, **statement})}}


@pytest.fixture(scope="module")
def found() -> Judged:
    """Every case in one plan."""
    cases: dict[str, dict[str, Any]] = {}
    for number, principal in enumerate(ANYBODY):
        cases[f"aws_sqs_queue_policy.anybody_{number}"] = _queue(principal)
    for kind, conditions in (("nobody", EXCLUDES_NOBODY), ("some", KEEPS_OUT)):
        for number, condition in enumerate(conditions):
            cases[f"aws_sqs_queue_policy.{kind}_{number}"] = _queue("*", condition)
    for number, (type_, service, condition) in enumerate(SERVICES_WITHOUT_A_SOURCE):
        document = allow("x:Y", QUEUE, Principal={"Service": service}, Condition=condition)
        name = "policy_document" if type_ == "aws_cloudwatch_log_resource_policy" else "policy"
        cases[f"{type_}.service_{number}"] = {"values": {name: document}}
    for kind, trusts in (("open", TRUSTS_THAT_ANYBODY_MAY_USE), ("closed", TRUSTS_OF_SOMEBODY)):
        for number, statement in enumerate(trusts):
            cases[f"aws_iam_role.{kind}_{number}"] = _trust(statement)
    return Judged(cases)


@pytest.mark.parametrize("number", range(len(ANYBODY)), ids=map(json.dumps, ANYBODY))
def test_every_spelling_of_a_public_principal_fails(number: int, found: Judged) -> None:
    assert "exposure" in found.controls(f"aws_sqs_queue_policy.anybody_{number}")


@pytest.mark.parametrize("number", range(len(EXCLUDES_NOBODY)), ids=map(json.dumps, EXCLUDES_NOBODY))
def test_a_condition_without_effect_fails(number: int, found: Judged) -> None:
    assert "exposure" in found.controls(f"aws_sqs_queue_policy.nobody_{number}")


@pytest.mark.parametrize("number", range(len(KEEPS_OUT)), ids=map(json.dumps, KEEPS_OUT))
def test_an_effective_condition_passes(number: int, found: Judged) -> None:
    assert found.controls(f"aws_sqs_queue_policy.some_{number}") == set()


@pytest.mark.parametrize("number", range(len(SERVICES_WITHOUT_A_SOURCE)))
def test_a_service_principal_without_a_source_condition_fails(number: int, found: Judged) -> None:
    type_ = SERVICES_WITHOUT_A_SOURCE[number][0]
    assert "exposure" in found.controls(f"{type_}.service_{number}")


@pytest.mark.parametrize("number", range(len(TRUSTS_THAT_ANYBODY_MAY_USE)))
def test_a_public_trust_fails(number: int, found: Judged) -> None:
    assert found.controls(f"aws_iam_role.open_{number}") & {"trust", "exposure"}


@pytest.mark.parametrize("number", range(len(TRUSTS_OF_SOMEBODY)))
def test_a_trust_of_a_named_principal_passes(number: int, found: Judged) -> None:
    assert found.controls(f"aws_iam_role.closed_{number}") == set()


OWN = data("aws_caller_identity.me", {"account_id": ACCOUNT})
STRANGERS: list[Any] = [
    {"AWS": OTHER},
    {"AWS": f"arn:aws:iam::{OTHER}:root"},
    {"AWS": [ROLE, f"arn:aws:iam::{OTHER}:user/x"]},
]
DESTINATION = f"arn:aws:logs:eu-west-1:{ACCOUNT}:destination:events"
PLACES = {
    "aws_cloudwatch_log_destination_policy": ("access_policy", DESTINATION),
    "aws_cloudwatch_log_resource_policy": ("policy_document", DESTINATION),
    "aws_kms_key_policy": ("policy", "*"),
    "aws_lambda_permission_of_nobody": ("policy", QUEUE),
    "aws_opensearch_domain": ("access_policies", f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/x/*"),
    "aws_s3_bucket_policy": ("policy", "arn:aws:s3:::mine/*"),
    "aws_secretsmanager_secret_policy": ("policy", "*"),
    "aws_sns_topic_policy": ("policy", f"arn:aws:sns:eu-west-1:{ACCOUNT}:topic"),
    "aws_sqs_queue_policy": ("policy", QUEUE),
}


def strangers(type_: str, principal: Any, *more: Any, **statement: Any) -> list[str]:
    name, on = PLACES[type_]
    document = allow("x:Y", on, Principal=principal, **statement)
    answer = judged(plan(resource(f"{type_}.x", {name: document}), *more))
    return [message for message in (*answer.failures, *answer.not_judged) if "account" in message]


@pytest.mark.parametrize("type_", PLACES)
def test_a_grant_to_another_account_fails(type_: str) -> None:
    assert strangers(type_, {"AWS": OTHER}, OWN) == [f"exposure {type_}.x: grants to another account ({OTHER})"]


@pytest.mark.parametrize("principal", STRANGERS)
def test_every_spelling_of_another_account_fails(principal: Any) -> None:
    assert strangers("aws_sqs_queue_policy", principal, OWN)


def test_the_resources_arn_gives_its_own_account() -> None:
    (message,) = strangers("aws_sqs_queue_policy", {"AWS": OTHER})
    assert "not judged" not in message


def test_an_unknown_own_account_is_reported() -> None:
    (message,) = strangers("aws_s3_bucket_policy", {"AWS": OTHER})
    assert "not judged: grants to the account" in message


def test_a_grant_to_the_own_account_passes() -> None:
    assert strangers("aws_sqs_queue_policy", {"AWS": [ROLE, ACCOUNT]}, OWN) == []


def test_accounts_of_one_organization_may_be_let_in() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    assert strangers("aws_sqs_queue_policy", {"AWS": OTHER}, OWN, Condition=condition) == []


def test_the_providers_allowed_account_is_the_own_account() -> None:
    document = plan(resource("aws_s3_bucket_policy.x", {"policy": allow("s3:x", "*", Principal={"AWS": OTHER})}))
    document["configuration"] = {
        "provider_config": {"aws": {"expressions": {"allowed_account_ids": {"constant_value": [ACCOUNT]}}}}
    }
    assert f"exposure aws_s3_bucket_policy.x: grants to another account ({OTHER})" in judged(document).failures


@pytest.mark.parametrize(("condition", "fails"), [
    ({}, True),
    ({"Condition": {"StringEquals": {"sts:ExternalId": "b2c4"}}}, False),
    ({"Condition": {"StringLike": {"sts:ExternalId": "*"}}}, True),
    ({"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, True),
])  # fmt: skip
def test_another_account_needs_an_external_id_to_assume_a_role(condition: dict[str, Any], fails: bool) -> None:
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
        **condition,
    }
    answer = judged(plan(resource("aws_iam_role.x", {"assume_role_policy": statements(trust)}), OWN))
    assert (
        f"trust aws_iam_role.x: grants to another account ({OTHER}) without sts:ExternalId" in answer.failures
    ) is fails


def test_an_unknown_condition_is_reported() -> None:
    statement = {
        "actions": ["sqs:SendMessage"], "resources": [QUEUE], "principals": [{"type": "*", "identifiers": ["*"]}],
        "condition": [{"test": "ArnEquals", "variable": "aws:SourceArn", "values": [None]}],
    }  # fmt: skip
    answer = judged(plan(data("aws_iam_policy_document.x", {"statement": [statement]}, {"json": True})))
    assert (answer.failures, len(answer.not_judged)) == ([], 1)


@pytest.mark.parametrize(
    ("values", "fails"),
    [
        ({"principal": "*"}, True),
        ({"principal": "*", "principal_org_id": "o-abcdefghij"}, False),
        ({"principal": "s3.amazonaws.com"}, True),
        ({"principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::*"}, True),
        ({"principal": "sns.amazonaws.com", "source_arn": "arn:aws:sns:*:*:*"}, True),
        ({"principal": "s3.amazonaws.com", "source_arn": "*"}, True),
        ({"principal": "s3.amazonaws.com.cn"}, True),
        ({"principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::mine"}, False),
        ({"principal": "events.amazonaws.com", "source_account": ACCOUNT}, False),
    ],
)
def test_lambda_permissions_are_checked(values: dict[str, Any], fails: bool) -> None:
    answer = judged(plan(resource("aws_lambda_permission.x", values)))
    assert bool(answer.failures) is fails

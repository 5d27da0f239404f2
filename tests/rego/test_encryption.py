"""Encryption at rest with customer managed keys."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rego.plans import configured, data, judged, module, plan, resource

DOMAIN = "aws_opensearch_domain"
DELIVERY = "aws_kinesis_firehose_delivery_stream"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"
OF_AWS = ["alias/aws/kinesis", "arn:aws:kms:eu-west-1:111122223333:alias/aws/es"]


def named(type_: str, key: Any) -> dict[str, Any]:
    """Values of a resource with a key."""
    return {
        "aws_kinesis_stream": {"encryption_type": "KMS", "kms_key_id": key, "retention_period": 168},
        DOMAIN: {"encrypt_at_rest": [{"enabled": True, "kms_key_id": key}]},
        DELIVERY: {"server_side_encryption": [{"enabled": True, "key_type": "CUSTOMER_MANAGED_CMK", "key_arn": key}]},
        "aws_cloudwatch_log_group": {"kms_key_id": key, "retention_in_days": 365},
        "aws_sns_topic": {"kms_master_key_id": key},
        "aws_s3_bucket_server_side_encryption_configuration": {
            "bucket": "x",
            "rule": [
                {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": key}]}
            ],
        },
    }[type_]


TYPES = [
    "aws_kinesis_stream", DOMAIN, DELIVERY, "aws_cloudwatch_log_group", "aws_sns_topic",
    "aws_s3_bucket_server_side_encryption_configuration",
]  # fmt: skip


def encryption(document: dict[str, Any]) -> list[str]:
    return [message for message in judged(document).failures if message.startswith("encryption ")]


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("key", OF_AWS)
def test_an_aws_managed_key_fails(type_: str, key: str) -> None:
    (message,) = encryption(plan(resource(f"{type_}.x", named(type_, key))))
    assert "a key that AWS manages" in message


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("key", [None, ""])
def test_no_key_fails(type_: str, key: str | None) -> None:
    assert encryption(plan(resource(f"{type_}.x", named(type_, key))))


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("key", [KEY, "alias/ours", "alias/aws-events"])
def test_a_customer_managed_key_passes(type_: str, key: str) -> None:
    answer = judged(plan(resource(f"{type_}.x", named(type_, key))))
    assert [message for message in (*answer.failures, *answer.not_judged) if message.startswith("encryption ")] == []


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("aws_sqs_queue", {"kms_master_key_id": "alias/aws/sqs"}),
        ("aws_dynamodb_table", {"server_side_encryption": [{"enabled": True, "kms_key_arn": "alias/aws/dynamodb"}]}),
        ("aws_ebs_volume", {"encrypted": True, "kms_key_id": "alias/aws/ebs"}),
        ("aws_secretsmanager_secret", {"kms_key_id": "alias/aws/secretsmanager"}),
    ],
)
def test_disabled_encryption_fails_even_with_a_key(type_: str, values: dict[str, Any]) -> None:
    assert encryption(plan(resource(f"{type_}.x", values)))


GROUP = resource("aws_cloudwatch_log_group.x", {"retention_in_days": 365}, {"kms_key_id": True})


def by_reference(
    reference: str, *more: dict[str, Any], state: dict[str, Any] | None = None
) -> tuple[list[str], list[str]]:
    written = configured("aws_cloudwatch_log_group.x", kms_key_id=reference)
    document = plan(GROUP, *more, configuration=module(written))
    if state is not None:
        document["prior_state"] = {"values": {"root_module": {"resources": [state]}}}
    answer = judged(document)
    return list(answer.failures), list(answer.not_judged)


@pytest.mark.parametrize(
    "reference", ["aws_kms_key.k.arn", "aws_kms_replica_key.k.arn", "aws_kms_alias.k.target_key_arn"]
)
def test_a_key_of_the_same_plan_passes(reference: str) -> None:
    assert by_reference(reference) == ([], [])


@pytest.mark.parametrize("reference", ["local.key.arn", "var.key.arn", "data.aws_ssm_parameter.key.value"])
def test_an_unknown_key_is_reported(reference: str) -> None:
    unseen = "encryption aws_cloudwatch_log_group.x: not judged: kms_key_id is unknown until apply"
    assert by_reference(reference) == ([], [unseen])


def test_a_key_found_by_an_aws_alias_fails() -> None:
    alias = data("aws_kms_alias.a", {"name": "alias/aws/logs"}, {"target_key_arn": True})
    failures, _ = by_reference("data.aws_kms_alias.a.target_key_arn", alias)
    assert len(failures) == 1


def test_a_key_found_by_an_aws_alias_fails_with_a_known_arn_too() -> None:
    known = resource("aws_cloudwatch_log_group.x", {"retention_in_days": 365, "kms_key_id": KEY})
    state = {"mode": "data", "address": "data.aws_kms_alias.a", "type": "aws_kms_alias",
             "values": {"name": "alias/aws/logs", "target_key_arn": KEY}}  # fmt: skip
    written = configured("aws_cloudwatch_log_group.x", kms_key_id="data.aws_kms_alias.a.target_key_arn")
    document = plan(known, configuration=module(written))
    document["prior_state"] = {"values": {"root_module": {"resources": [state]}}}
    assert len(judged(document).failures) == 1


def test_a_key_found_by_the_customers_alias_passes() -> None:
    alias = data("aws_kms_alias.a", {"name": "alias/ours"}, {"target_key_arn": True})
    assert by_reference("data.aws_kms_alias.a.target_key_arn", alias) == ([], [])


@pytest.mark.parametrize("value", [False, "false", "False", None, "", "yes"])
def test_a_disabled_flag_fails(value: Any) -> None:
    answer = judged(plan(resource(f"{DOMAIN}.x", {"encrypt_at_rest": [{"enabled": value}]})))
    assert any(message.startswith("Opensearch.1 ") for message in answer.failures)


@pytest.mark.parametrize("value", [True, "true", "TRUE"])
def test_a_flag_may_be_a_string(value: Any) -> None:
    answer = judged(plan(resource(f"{DOMAIN}.x", {"encrypt_at_rest": [{"enabled": value}]})))
    assert not any(message.startswith("Opensearch.1 ") for message in answer.failures)


@pytest.mark.parametrize(
    "unknown",
    [{"encrypt_at_rest": True}, {"encrypt_at_rest": [True]}, {"encrypt_at_rest": [{"enabled": True}]}, True],
    ids=str,
)
def test_an_unknown_block_is_reported(unknown: Any) -> None:
    answer = judged(plan(resource(f"{DOMAIN}.x", {}, unknown)))
    assert not any(message.startswith("Opensearch.1 ") for message in answer.failures)
    assert f"Opensearch.1 {DOMAIN}.x: not judged: encrypt_at_rest.enabled is unknown until apply" in answer.not_judged


def test_a_missing_block_fails() -> None:
    """The provider calls it unknown, as it will read AWS's default back."""
    configuration = module(configured(f"{DOMAIN}.x", domain_name={"constant_value": "x"}))
    answer = judged(plan(resource(f"{DOMAIN}.x", {}, {"encrypt_at_rest": True}), configuration=configuration))
    assert any(message.startswith("Opensearch.1 ") for message in answer.failures)


@pytest.mark.parametrize(
    ("values", "unknown", "fails"),
    [
        ({}, {}, True),
        ({"server_side_encryption": [{"enabled": False}]}, {}, True),
        ({"server_side_encryption": [{"enabled": "false"}]}, {}, True),
        ({"kinesis_source_configuration": [{"kinesis_stream_arn": "x"}]}, {}, False),
        ({"msk_source_configuration": [{"msk_cluster_arn": "x"}]}, {}, False),
        ({"msk_source_configuration": [{}]}, {"msk_source_configuration": [{"msk_cluster_arn": True}]}, False),
        ({}, {"kinesis_source_configuration": True}, False),
        (named(DELIVERY, KEY), {}, False),
    ],
)
def test_a_delivery_stream_with_direct_put_needs_encryption(values: Any, unknown: Any, fails: bool) -> None:
    answer = judged(plan(resource(f"{DELIVERY}.x", values, unknown)))
    assert any(message.startswith("DataFirehose.1 ") for message in answer.failures) is fails


def test_a_delivery_stream_with_an_aws_owned_key_fails() -> None:
    values = {"server_side_encryption": [{"enabled": True, "key_type": "AWS_OWNED_CMK"}]}
    assert encryption(plan(resource(f"{DELIVERY}.x", values)))


@pytest.mark.parametrize(
    ("options", "fails"),
    [
        ([], True),
        ([{}], True),
        ([{"subnet_ids": []}], True),
        ([{"subnet_ids": [""]}], True),
        ([{"subnet_ids": None, "security_group_ids": ["sg-0a"]}], True),
        ([{"subnet_ids": ["subnet-0a"], "security_group_ids": ["sg-0a"]}], False),
    ],
)
def test_a_domain_without_subnets_is_public(options: Any, fails: bool) -> None:
    answer = judged(plan(resource(f"{DOMAIN}.x", {"vpc_options": options})))
    assert any(message.startswith("Opensearch.2 ") for message in answer.failures) is fails


def test_a_domain_in_the_default_security_group_fails() -> None:
    answer = judged(plan(resource(f"{DOMAIN}.x", {"vpc_options": [{"subnet_ids": ["subnet-0a"]}]})))
    assert any("default security group" in message for message in answer.failures)


def vpc(**expressions: Any) -> tuple[list[str], list[str]]:
    unknown = {"vpc_options": [{"subnet_ids": True, "security_group_ids": True}]}
    configuration = module(configured(f"{DOMAIN}.x", vpc_options=[expressions]))
    answer = judged(plan(resource(f"{DOMAIN}.x", {"vpc_options": [{}]}, unknown), configuration=configuration))
    return tuple(  # type: ignore[return-value]
        [message for message in messages if "vpc_options" in message]
        for messages in (answer.failures, answer.not_judged)
    )


def test_subnets_of_the_same_plan_are_not_reported() -> None:
    subnets = {"references": ["aws_subnet.a.id", "aws_subnet.a"]}
    groups = {"references": ["aws_security_group.a.id", "aws_security_group.a"]}
    assert vpc(subnet_ids=subnets, security_group_ids=groups) == ([], [])


def test_unknown_subnets_are_reported() -> None:
    unseen = {"references": ["local.subnets"]}
    failures, not_judged = vpc(subnet_ids=unseen, security_group_ids=unseen)
    assert (failures, len(not_judged)) == ([], 2)

"""Producers and consumers of the stream besides the deployment's own services."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies import ACCOUNT, REGION, Call, Policies
from tests.stacks import Terraform, stack_of

STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/shop-events"
OTHERS = "arn:aws:iam::444455556666:role/web"
VIA_KINESIS = {"kms:ViaService": f"kinesis.{REGION}.amazonaws.com"}


def stack_with(stream: dict[str, Any], **others: Any) -> Terraform:
    return stack_of({"name": "shop", "stream": stream, **others})


def key_statements(stack: Terraform) -> dict[str, dict[str, Any]]:
    """Statements of the key's policy, by their ids."""
    return {statement["sid"]: statement for statement in stack.document("key_permissions")}


SHARED = [
    ("writers", "Write", ["kinesis:PutRecord", "kinesis:PutRecords"], "kinesis:GetRecords", ["kms:GenerateDataKey"]),
    ("readers", "Read", ["kinesis:GetRecords", "kinesis:GetShardIterator"], "kinesis:PutRecord", ["kms:Decrypt"]),
]


@pytest.mark.parametrize(("key", "sid", "may", "may_not", "uses"), SHARED, ids=["writers", "readers"])
def test_the_streams_policy_allows_given_principals(
    key: str, sid: str, may: list[str], may_not: str, uses: list[str]
) -> None:
    (statement,) = stack_with({key: {"principals": [OTHERS]}}).document("stream_permissions")
    assert statement["sid"] == sid
    assert statement["principals"] == [{"identifiers": [OTHERS], "type": "AWS"}]
    assert set(may) <= set(statement["actions"])
    assert may_not not in statement["actions"]


@pytest.mark.parametrize(("key", "sid", "may", "may_not", "uses"), SHARED, ids=["writers", "readers"])
def test_given_principals_may_use_the_key_through_kinesis(
    key: str, sid: str, may: list[str], may_not: str, uses: list[str]
) -> None:
    statement = key_statements(stack_with({key: {"principals": [OTHERS]}}))[f"Stream{sid}"]
    assert statement["principals"] == [{"identifiers": [OTHERS], "type": "AWS"}]
    assert statement["actions"] == uses
    (condition,) = statement["condition"]
    assert condition["variable"] == "kms:ViaService"
    assert condition["values"][0].startswith("kinesis.")


def test_producers_and_consumers_are_in_one_policy() -> None:
    stack = stack_with({"readers": {"principals": ["444455556666"]}, "writers": {"principals": [OTHERS]}})
    assert [statement["sid"] for statement in stack.document("stream_permissions")] == ["Read", "Write"]
    assert stack.one("aws_kinesis_resource_policy")


def test_by_default_there_are_no_other_principals() -> None:
    stack = stack_with({})
    assert not stack.ids("aws_kinesis_resource_policy")
    assert not stack.ids("aws_iam_policy")
    assert not {sid for sid in key_statements(stack) if sid.startswith("Stream")}


@pytest.mark.parametrize("stream", [{"encryption_type": "NONE"}, {"kms_key_id": "alias/aws/kinesis"}])
def test_a_key_that_the_stream_does_not_use_allows_no_principals(stream: dict[str, Any]) -> None:
    stack = stack_with({**stream, "writers": {"principals": [OTHERS]}})
    assert "StreamWrite" not in key_statements(stack)


def test_roles_of_the_account_can_attach_a_policy() -> None:
    stack = stack_with({"writers": {"managed_policy": True}}, iam={"path": "/behaviour/"})
    policy = stack.one("aws_iam_policy")
    assert (policy["name"], policy["path"]) == ("shop-stream-writer", "/behaviour/")
    (output,) = (value["value"] for name, value in stack.json["output"].items() if name == "stream_writer_policy_arn")
    (address,) = stack.all("aws_iam_policy")
    assert output == f"${{aws_iam_policy.{address}.arn}}"


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        (Call("kinesis:PutRecords", STREAM), True),
        (Call("kinesis:PutRecord", STREAM), True),
        (Call("kinesis:PutRecords", f"{STREAM}-other"), False),
        (Call("kinesis:GetRecords", STREAM), False),
        (Call("kms:GenerateDataKey", "KEY", VIA_KINESIS), True),
        (Call("kms:GenerateDataKey", "KEY"), False),
        (Call("kms:Decrypt", "KEY", VIA_KINESIS), False),
    ],
    ids=lambda value: value.action if isinstance(value, Call) else str(value),
)
def test_the_managed_policy_allows_only_writing(call: Call, *, allowed: bool) -> None:
    stack = stack_with({"writers": {"managed_policy": True}})
    policies = Policies(stack)
    resource = call.resource.replace("KEY", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/key")
    statements = policies.document("writer_policy_permissions")
    assert policies.allows(statements, Call(call.action, resource, call.context)) is allowed


def test_an_adopted_keys_policy_is_not_changed() -> None:
    adopt = {"key": "0a1b2c3d-0000-4000-8000-000000000000"}
    stack = stack_with({"writers": {"principals": [OTHERS]}}, adopt=adopt)
    assert stack.ids("aws_kms_key_policy") == {"transform_key_policy"}
    assert stack.expanded(stack.one("aws_kinesis_stream")["kms_key_id"]) == "${aws_kms_key.key.arn}"

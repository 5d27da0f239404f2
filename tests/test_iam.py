"""A role's permissions: whatever is granted, in its order, in one policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from cdktf import App, TerraformStack

from constructs_lib.aws import AwsProvider, DataAwsIamPolicyDocument
from constructs_lib.iam import ServiceRole
from tests.stacks import Terraform, synthesize

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:shop"


def role_after(grants: Callable[[ServiceRole], None], output: Path) -> tuple[ServiceRole, Terraform]:
    """A role that got these grants, and its stack."""
    app = App(outdir=str(output))
    stack = TerraformStack(app, "shop")
    AwsProvider(stack, "aws", region="eu-west-1")
    role = ServiceRole(
        stack,
        "role",
        name="shop",
        description="Of a test",
        service="lambda.amazonaws.com",
        account_id="111122223333",
    )
    grants(role)
    return role, synthesize(stack, app)


def granted(terraform: Terraform) -> list[str]:
    """The statements' ids in the one policy."""
    assert len(terraform.all("aws_iam_role_policy")) == 1
    return [statement["sid"] for statement in terraform.document("permissions")]


def allow(role: ServiceRole, *sids: str) -> None:
    for sid in sids:
        role.grant(sid, ["sqs:SendMessage"], [QUEUE])


def test_a_role_without_grants_has_no_policy(tmp_path: Path) -> None:
    def nothing(role: ServiceRole) -> None:
        with role.granting():
            pass

    role, terraform = role_after(nothing, tmp_path)
    assert role.policy is None
    assert terraform.all("aws_iam_role_policy") == {}


def test_a_grant_is_there_at_once(tmp_path: Path) -> None:
    def one(role: ServiceRole) -> None:
        allow(role, "One")
        assert role.policy is not None

    assert granted(role_after(one, tmp_path)[1]) == ["One"]


def test_grants_keep_their_order_inside_and_outside(tmp_path: Path) -> None:
    def some(role: ServiceRole) -> None:
        allow(role, "One")
        with role.granting():
            allow(role, "Two", "Three")
        allow(role, "Four")

    assert granted(role_after(some, tmp_path)[1]) == ["One", "Two", "Three", "Four"]


def test_what_is_granted_inside_is_written_once_when_the_outermost_ends(tmp_path: Path) -> None:
    def nested(role: ServiceRole) -> None:
        with role.granting():
            allow(role, "One")
            with role.granting():
                allow(role, "Two")
            allow(role, "Three")
            assert role.policy is None
        with patch.object(DataAwsIamPolicyDocument, "put_statement") as written, role.granting():
            pass
        written.assert_not_called()
        assert role.policy is not None

    assert granted(role_after(nested, tmp_path)[1]) == ["One", "Two", "Three"]


def test_a_grant_after_a_failure_inside_is_there_at_once(tmp_path: Path) -> None:
    def failing(role: ServiceRole) -> None:
        with pytest.raises(LookupError), role.granting():
            raise LookupError
        allow(role, "One")
        assert role.policy is not None

    assert granted(role_after(failing, tmp_path)[1]) == ["One"]

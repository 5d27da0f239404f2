"""A role's permissions: all grants in their order, in one policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cdktf import App, TerraformStack

from constructs_lib.aws import AwsProvider
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
    return [statement["sid"] for statement in terraform.document("role_permissions")]


def allow(role: ServiceRole, *sids: str) -> None:
    for sid in sids:
        role.grant(sid, ["sqs:SendMessage"], [QUEUE])


def test_a_role_without_grants_has_no_policy(tmp_path: Path) -> None:
    role, terraform = role_after(allow, tmp_path)
    assert role.policy is None
    assert not terraform.ids("aws_iam_role_policy")


def test_the_policy_exists_from_the_first_grant(tmp_path: Path) -> None:
    def one(role: ServiceRole) -> None:
        allow(role, "One")
        assert role.policy is not None

    assert granted(role_after(one, tmp_path)[1]) == ["One"]


def test_all_grants_become_one_policy_in_their_order(tmp_path: Path) -> None:
    role, terraform = role_after(lambda role: allow(role, "One", "Two", "Three"), tmp_path)
    assert granted(terraform) == ["One", "Two", "Three"]
    assert role.resources.keys() == {"resource", "trust", "permissions", "policy"}

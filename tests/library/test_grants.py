"""Permissions go to roles of the library, to any role of the app, and to a role by its ARN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cdktf import App, TerraformStack

from constructs_lib import Archive, Bootstrap, Encryption, EventStream, SearchDomain, ServiceRole
from constructs_lib.aws import AwsProvider, IamRole
from constructs_lib.iam import Role
from tests.library.apps import ACCOUNT, stack_with
from tests.stacks import Terraform, synthesize

ARN = f"arn:aws:iam::{ACCOUNT}:role/team/reader"


def of_the_library(scope: TerraformStack) -> Role:
    return ServiceRole(
        scope,
        "role",
        name="reader",
        description="Reads",
        service="lambda.amazonaws.com",
        account_id=ACCOUNT,
    )


def of_the_app(scope: TerraformStack) -> Role:
    role: Role = IamRole(scope, "their-role", name="reader", assume_role_policy="{}")
    return role


def by_arn(_scope: TerraformStack) -> Role:
    return ARN


DOCUMENTS = {
    of_the_library: "role_permissions",
    of_the_app: "granted_their_role_permissions",
    by_arn: "granted_reader_permissions",
}
ROLES = {of_the_library: "${aws_iam_role.role.name}", of_the_app: "${aws_iam_role.their-role.name}", by_arn: "reader"}
Kind = Callable[[TerraformStack], Role]


def granted(kind: Kind, grant: Callable[[TerraformStack, Role], None]) -> tuple[list[str], Terraform]:
    """The statements' ids of what a role of this kind is granted, and the stack."""
    _, stack = stack_with(lambda scope: grant(scope, kind(scope)))
    return [statement["sid"] for statement in stack.document(DOCUMENTS[kind])], stack


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)
def test_a_role_of_every_kind_is_granted_the_stream_and_its_key(kind: Kind) -> None:
    def grant(scope: TerraformStack, role: Role) -> None:
        key = Encryption(scope, "key", name="clicks")
        EventStream(scope, "stream", name="clicks", encryption=key).grant_read_write(role)

    sids, stack = granted(kind, grant)
    assert sids == ["ReadStream", "DecryptStream", "WriteStream", "EncryptStream"]
    (policy,) = stack.all("aws_iam_role_policy").values()
    assert policy["role"] == ROLES[kind]


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)
def test_the_domains_policy_allows_a_role_of_every_kind(kind: Kind) -> None:
    def grant(scope: TerraformStack, role: Role) -> None:
        key = Encryption(scope, "key", name="clicks")
        SearchDomain(scope, "domain", name="clicks", encryption=key).grant_read(role)

    sids, stack = granted(kind, grant)
    assert sids == ["ReadDomain"]
    (statement,) = stack.document("domain_access")
    assert statement["actions"] == ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"]
    (principal,) = statement["principals"][0]["identifiers"]
    assert principal == (ARN if kind is by_arn else ROLES[kind].replace(".name", ".arn"))


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)
def test_all_grants_of_a_stack_to_a_role_are_one_policy(kind: Kind) -> None:
    def grant(scope: TerraformStack, role: Role) -> None:
        key = Encryption(scope, "key", name="clicks")
        EventStream(scope, "stream", name="clicks", encryption=key).grant_read(role)
        Archive(scope, "archive", name="clicks", encryption=key).grant_read(role)

    sids, stack = granted(kind, grant)
    assert len(stack.all("aws_iam_role_policy")) == 1
    assert sids == ["ReadStream", "DecryptStream", "ReadArchiveBucket", "ReadArchiveObjects", "DecryptArchive"]


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)
def test_a_grant_to_erase_allows_only_that_alias(kind: Kind) -> None:
    def grant(scope: TerraformStack, role: Role) -> None:
        Bootstrap(scope, "bootstrap", name="clicks", encryption=Encryption(scope, "key", name="clicks")).grant_erase(
            role
        )

    sids, stack = granted(kind, grant)
    assert sids == ["ErasePeople"]
    (statement,) = stack.document(DOCUMENTS[kind])
    (erase,) = (name for name, alias in stack.all("aws_lambda_alias").items() if alias["name"] == "erase")
    assert statement["actions"] == ["lambda:InvokeFunction"]
    assert statement["resources"] == [f"${{aws_lambda_alias.{erase}.arn}}"]


def granted_two(first: str, second: str) -> Terraform:
    """A stream that two roles, by their paths, may read and write."""

    def make(scope: TerraformStack) -> None:
        stream = EventStream(scope, "stream", name="clicks")
        stream.grant_read(f"arn:aws:iam::{ACCOUNT}:role/{first}")
        stream.grant_write(f"arn:aws:iam::{ACCOUNT}:role/{second}")

    return stack_with(make)[1]


def test_roles_of_one_name_are_one_role() -> None:
    statements = granted_two("reader", "team/reader").document("granted_reader_permissions")
    assert [item["sid"] for item in statements] == ["ReadStream", "WriteStream"]


def test_roles_whose_ids_are_alike_have_a_policy_each() -> None:
    policies = granted_two("a.b", "a_b").all("aws_iam_role_policy")
    assert {name: policy["role"] for name, policy in policies.items()} == {"granted_a_b": "a.b", "granted_a_b_2": "a_b"}


def test_a_role_of_another_stack_has_its_policy_there(tmp_path: Path) -> None:
    """Else the stack of a stream and the stack of what reads it would need each other."""
    app = App(outdir=str(tmp_path))
    shop, readers = (TerraformStack(app, name) for name in ("shop", "readers"))
    for scope in (shop, readers):
        AwsProvider(scope, "aws", region="eu-west-1")
    stream = EventStream(shop, "stream", name="clicks")
    reader = IamRole(readers, "reader", name="reader", assume_role_policy="{}", description=stream.name)
    stream.grant_read(reader)
    assert not synthesize(shop, app).ids("aws_iam_role_policy")
    (policy,) = synthesize(readers, app).all("aws_iam_role_policy").values()
    assert policy["role"] == "${aws_iam_role.reader.name}"

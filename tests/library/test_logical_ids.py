"""Logical ids are plain, stable, and never given twice in a stack."""

from __future__ import annotations

import pytest
from cdktf import TerraformStack
from constructs import Construct

from constructs_lib import Encryption, Environment, EventStream, Pipeline
from constructs_lib.aws import KmsAlias
from tests.library.apps import stack_with


def ids(type_: str, scope_ids: list[str]) -> set[str]:
    """Logical ids of streams that are made in these scopes, one inside the other."""

    def make(scope: Construct) -> None:
        for each in scope_ids[:-1]:
            scope = Construct(scope, each)
        EventStream(scope, scope_ids[-1], name="clicks")

    return stack_with(make)[1].ids(type_)


@pytest.mark.parametrize(
    ("scope_ids", "expected"),
    [
        (["stream"], "stream"),
        (["web-stream"], "web_stream"),
        (["shop", "stream"], "shop_stream"),
        (["shop", "web", "stream"], "shop_web_stream"),
        (["3rd"], "_3rd"),
    ],
)
def test_an_id_is_the_path_of_the_construct(scope_ids: list[str], expected: str) -> None:
    assert ids("aws_kinesis_stream", scope_ids) == {expected}


def test_two_pipelines_in_one_stack_have_different_ids() -> None:
    def make(scope: TerraformStack) -> None:
        Pipeline(scope, "pipeline", environment=Environment(name="shop-north", region="eu-west-1"))
        Pipeline(scope, "south", environment=Environment(name="shop-south", region="eu-west-1"))

    _, stack = stack_with(make)
    for type_, members in stack.json["resource"].items():
        south = {name for name in members if name.startswith("south_")}
        assert {name.removeprefix("south_") for name in south} == set(members) - south, type_


def test_two_constructs_with_one_id_are_refused() -> None:
    def make(scope: TerraformStack) -> None:
        EventStream(scope, "web-stream", name="clicks")
        EventStream(Construct(scope, "web"), "stream", name="others")

    with pytest.raises(ValueError, match=r"web/stream: .*aws_kinesis_stream\.web_stream"):
        stack_with(make)


def test_another_resource_with_a_constructs_id_is_refused() -> None:
    def make(scope: TerraformStack) -> None:
        Encryption(scope, "key", name="clicks")
        KmsAlias(scope, "key_alias", name="alias/other", target_key_id="0a1b2c3d")

    with pytest.raises(RuntimeError, match=r"shop/key/alias and shop/key_alias both make aws_kms_alias\.key_alias"):
        stack_with(make)

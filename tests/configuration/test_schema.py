"""The published JSON Schema matches the models and the table of limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from constructs_lib.configuration.schema import environment_schema
from constructs_lib.configuration.yaml_file import read_yaml
from tests.stacks import ENVIRONMENTS, ROOT

PUBLISHED = ROOT / "schema" / "environment.schema.json"
VALIDATOR = Draft202012Validator(environment_schema())


def accepts(document: dict[str, Any]) -> bool:
    """Whether an editor would be content."""
    return bool(VALIDATOR.is_valid({"name": "shop", "region": "eu-west-1"} | document))


def test_published_schema_is_current() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == environment_schema(), "make schema renews it"


def test_schema_is_valid_itself() -> None:
    Draft202012Validator.check_schema(environment_schema())


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_shipped_environments_name_and_follow_the_schema(name: str) -> None:
    file = ROOT / "environments" / f"{name}.yaml"
    assert file.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=../schema/environment.schema.json\n"
    )
    assert not list(VALIDATOR.iter_errors(read_yaml(file, name)))


@pytest.mark.parametrize(("hours", "accepted"), [(23, False), (24, True), (8760, True), (8761, False)])
def test_limits_are_in_the_schema(hours: int, *, accepted: bool) -> None:
    assert accepts({"stream": {"retention_period": hours}}) is accepted


def test_unknown_keys_are_refused() -> None:
    assert not accepts({"stream": {"shards": 1}})


def test_fields_are_described() -> None:
    assert environment_schema()["properties"]["region"]["description"].startswith("AWS region")


@pytest.mark.parametrize(
    ("document", "accepted"),
    [
        ({"name": "shop-prod"}, True),
        ({"name": "Shop"}, False),
        ({"region": "eusc-de-east-1"}, True),
        ({"region": "eu-west-9"}, False),
        ({"account_id": "1234"}, False),
        ({"encryption": {"kms_key_arn": "arn:aws-cn:kms:cn-north-1:111122223333:key/1"}}, True),
        ({"encryption": {"kms_key_arn": "alias/shop"}}, False),
        ({"iam": {"permissions_boundary": "arn:aws:iam::111122223333:role/boundary"}}, False),
        ({"stream": {"readers": {"principals": ["111122223333"]}}}, True),
        ({"stream": {"readers": {"principals": ["somebody"]}}}, False),
    ],
)
def test_names_regions_and_arns_have_their_patterns(document: dict[str, Any], *, accepted: bool) -> None:
    assert accepts(document) is accepted

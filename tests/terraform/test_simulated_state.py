"""A simulated state, to plan a change without AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.plans.simulated_state import plan_since, state_of
from constructs_lib.plans.terraform import Terraform
from tests.stacks import shipped_folder

SCHEMA = {
    "aws_x": {
        "version": 3,
        "block": {
            "attributes": {
                "id": {"type": "string"},
                "arn": {"type": "string"},
                "size": {"type": "number"},
                "on": {"type": "bool"},
                "names": {"type": ["list", "string"]},
                "tags": {"type": ["map", "string"]},
                "note": {"type": "string"},
                "policy": {"type": "string"},
            },
            "block_types": {"part": {"block": {"attributes": {"role_arn": {"type": "string"}}}}},
        },
    }
}


def attributes(after: dict[str, Any], unknown: dict[str, Any]) -> dict[str, Any]:
    change = {
        "address": "aws_x.a",
        "mode": "managed",
        "type": "aws_x",
        "name": "a",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown},
    }
    (resource,) = state_of({"resource_changes": [change]}, SCHEMA)["resources"]
    (instance,) = resource["instances"]
    assert instance["schema_version"] == 3
    found: dict[str, Any] = instance["attributes"]
    return found


def test_known_values_are_kept() -> None:
    assert attributes({"note": "x", "size": 3}, {}) == {"note": "x", "size": 3}


def test_unknown_values_get_a_value_of_their_type() -> None:
    unknown = dict.fromkeys(("id", "arn", "size", "on", "names", "tags", "note", "policy"), True)
    found = attributes({}, unknown)
    assert found["arn"].startswith("arn:aws:")
    assert found["id"] == "simulated-aws-x-a-id"
    assert json.loads(found["policy"])["Statement"] == []
    assert {name: found[name] for name in ("size", "on", "names", "tags", "note")} == {
        "size": 0, "on": False, "names": [], "tags": {}, "note": "",
    }  # fmt: skip


def test_invented_values_can_be_used_in_expressions() -> None:
    change = {
        "address": "aws_lambda_invocation.x",
        "mode": "managed",
        "type": "aws_lambda_invocation",
        "name": "x",
        "change": {"actions": ["create"], "before": None, "after": {}, "after_unknown": {"result": True}},
    }
    schema = {"aws_lambda_invocation": {"version": 0, "block": {"attributes": {"result": {"type": "string"}}}}}
    (resource,) = state_of({"resource_changes": [change]}, schema)["resources"]
    assert json.loads(resource["instances"][0]["attributes"]["result"]) == {"counts": {}, "objects": []}


def test_unknown_values_in_blocks_lists_and_mappings_are_invented_too() -> None:
    unknown = {"part": [{"role_arn": True}], "names": [False, True], "tags": {"b": True}}
    found = attributes({"part": [{"role_arn": None}], "names": ["x", None], "tags": {"a": "y"}}, unknown)
    assert found["part"][0]["role_arn"].startswith("arn:aws:")
    assert found["names"] == ["x", ""]
    assert found["tags"] == {"a": "y", "b": ""}


STACK: dict[str, Any] = {
    "terraform": {"required_providers": {"aws": {"source": "aws", "version": ">= 5.100.0, < 7.0.0"}}},
    "provider": {"aws": [{"region": "eu-west-1"}]},
    "resource": {
        "aws_kms_key": {"key": {"description": "k", "lifecycle": {"prevent_destroy": True}}},
        "aws_kinesis_stream": {
            "stream": {
                "name": "events",
                "shard_count": 1,
                "encryption_type": "KMS",
                "kms_key_id": "${aws_kms_key.key.arn}",
                "lifecycle": {"prevent_destroy": True},
            }
        },
        "aws_cloudwatch_log_group": {"log": {"name_prefix": "log", "kms_key_id": "${aws_kms_key.key.arn}"}},
    },
}


def written(folder: Path, stack: dict[str, Any]) -> Path:
    folder.mkdir()
    (folder / "cdk.tf.json").write_text(json.dumps(stack), encoding="utf-8")
    return folder


def changed(**arguments: Any) -> dict[str, Any]:
    stack: dict[str, Any] = json.loads(json.dumps(STACK))
    stack["resource"]["aws_kinesis_stream"]["stream"].update(arguments)
    return stack


def actions(plan: dict[str, Any]) -> dict[str, list[str]]:
    return {
        change["address"]: change["change"]["actions"]
        for change in plan["resource_changes"]
        if change["change"]["actions"] != ["no-op"]
    }


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, {}),
        ({"shard_count": 2}, {"aws_kinesis_stream.stream": ["update"]}),
        ({"name": "others"}, {"aws_kinesis_stream.stream": ["delete", "create"]}),
    ],
)
def test_terraform_plans_a_change_without_aws(
    arguments: dict[str, Any], expected: dict[str, list[str]], terraform: Terraform, tmp_path: Path
) -> None:
    before, after = written(tmp_path / "before", STACK), written(tmp_path / "after", changed(**arguments))
    assert actions(plan_since(terraform, before, after, tmp_path / "work")) == expected


@pytest.mark.terraform
def test_everything_is_new_without_an_earlier_stack(terraform: Terraform, tmp_path: Path) -> None:
    plan = plan_since(terraform, None, written(tmp_path / "after", STACK), tmp_path / "work")
    assert set(map(tuple, actions(plan).values())) == {("create",)}


@pytest.mark.terraform
def test_a_whole_environment_has_no_changes_against_itself(terraform: Terraform, tmp_path: Path) -> None:
    prod = shipped_folder("prod")
    assert actions(plan_since(terraform, prod, prod, tmp_path / "work")) == {}

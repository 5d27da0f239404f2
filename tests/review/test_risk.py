"""Effects of changes, by type and setting."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from constructs_lib.plans.document import ResourceChange
from constructs_lib.review.consequences import DATA_PATH, HARMLESS, HOLDS_DATA, RETAINED, SWITCHED_OFF, rego
from constructs_lib.review.risk import Effect, Risk, effects
from tests.stacks import ROOT


def effects_of(type_: str, before: Any, after: Any, *actions: str) -> list[Effect]:
    change = {"actions": list(actions), "before": before, "after": after}
    document = {"address": f"{type_}.a", "type": type_, "change": change}
    return effects(msgspec.json.decode(msgspec.json.encode(document), type=ResourceChange))


def risk_of(type_: str, before: Any, after: Any, *actions: str) -> Risk:
    return max((effect.risk for effect in effects_of(type_, before, after, *actions)), default=Risk.NONE)


@pytest.mark.parametrize(
    "type_", ["aws_sagemaker_domain", "aws_lb", "aws_s3_bucket_public_access_block", "google_x", "terraform_data"]
)
@pytest.mark.parametrize("actions", [("delete",), ("delete", "create"), ("create", "delete")])
def test_an_unknown_type_is_an_interruption_and_named(type_: str, actions: tuple[str, ...]) -> None:
    (effect,) = effects_of(type_, {"id": "a"}, None if actions == ("delete",) else {"id": "b"}, *actions)
    assert effect.risk == Risk.HOURS
    assert type_ in effect.text


@pytest.mark.parametrize(
    "type_", ["aws_db_instance", "aws_secretsmanager_secret", "aws_dynamodb_table", "aws_efs_file_system"]
)
def test_replacing_a_store_loses_its_data(type_: str) -> None:
    assert risk_of(type_, {"id": "a"}, None, "delete") == Risk.LOSS


def test_a_security_group_rule_stops_traffic() -> None:
    assert risk_of("aws_vpc_security_group_ingress_rule", {"id": "a"}, None, "delete") == Risk.HOURS


def test_no_type_is_in_two_tables() -> None:
    tables = (HOLDS_DATA, DATA_PATH, HARMLESS)
    assert sum(map(len, tables)) == len({type_ for table in tables for type_ in table})


@pytest.mark.parametrize(("type_", "path"), sorted(SWITCHED_OFF))
def test_disabling_a_resource_is_an_interruption(type_: str, path: str) -> None:
    values, _, _ = SWITCHED_OFF[type_, path]
    on: Any = {bool: True, int: 5, str: "Enabled"}[type(values[0])]

    def nested(value: Any) -> Any:
        for name in reversed(path.split(".")[1:]):
            value = [{name: value}]
        return {path.partition(".")[0]: value}

    assert risk_of(type_, nested(on), nested(values[0]), "update") == Risk.HOURS
    assert risk_of(type_, nested(values[0]), nested(on), "update") == Risk.NONE


def test_a_key_that_is_disabled_is_an_outage() -> None:
    (effect,) = effects_of("aws_kms_key", {"is_enabled": True}, {"is_enabled": False}, "update")
    assert effect.text.startswith("outage: ")


def test_an_unknown_action_is_named() -> None:
    (effect,) = effects_of("aws_x", {"a": 1}, {"a": 2}, "transmogrify")
    assert (effect.risk, effect.trigger) == (Risk.HOURS, "transmogrify")


def test_the_pack_has_the_same_list_of_types_with_data() -> None:
    assert (ROOT / "policies" / "aws" / "holding.rego").read_text(encoding="utf-8") == rego()


def test_retained_resources_of_a_stack_hold_data() -> None:
    assert set(HOLDS_DATA) > RETAINED

"""Comparing values, attribute by attribute."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.plans.differences import KNOWN_LATER, MOST, differences
from constructs_lib.plans.document import DEEPEST
from constructs_lib.plans.plan_file import PlanError
from constructs_lib.plans.redaction import SENSITIVE
from tests.plans.made import change_of


def changes(before: Any, after: Any, **more: Any) -> dict[str, tuple[str | None, str | None]]:
    found = differences(change_of(before, after, **more))
    return {difference.name: (difference.before, difference.after) for difference in found}


def test_a_changed_value_has_its_path() -> None:
    assert changes({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1, "c": 3}]}) == {"a[0].c": ("2", "3")}


def test_true_and_one_are_different() -> None:
    assert changes({"a": True}, {"a": 1}) == {"a": ("true", "1")}


def test_null_and_an_empty_string_are_equal() -> None:
    assert changes({"a": None, "b": ""}, {"a": "", "b": None}) == {}


def test_json_strings_are_compared_by_content() -> None:
    before, after = json.dumps({"x": 1, "y": [1]}), json.dumps({"y": [2], "x": 1})
    assert changes({"policy": before}, {"policy": after}) == {"policy.y[0]": ("1", "2")}


def test_a_value_known_after_the_apply_is_a_change() -> None:
    assert changes({"a": "x"}, {}, after_unknown={"a": True}) == {"a": ("x", KNOWN_LATER)}


def test_a_marked_value_is_hidden_on_both_sides() -> None:
    found = changes({"a": "one"}, {"a": "two"}, before_sensitive={"a": True}, after_sensitive={"a": True})
    assert found == {"a": (SENSITIVE, SENSITIVE)}


def test_a_mark_on_a_block_hides_all_of_it() -> None:
    assert changes({}, {"a": [{"b": "x"}]}, after_sensitive={"a": True}) == {"a": (None, SENSITIVE)}


def test_a_value_that_was_sensitive_before_is_hidden_before() -> None:
    assert changes({"a": "x"}, {"a": "y"}, before_sensitive={"a": True}) == {"a": (SENSITIVE, "y")}


def test_a_field_called_token_in_an_index_template_is_shown() -> None:
    before, after = json.dumps({"token": {"type": "text"}}), json.dumps({"token": {"type": "keyword"}})
    assert changes({"body": before}, {"body": after}) == {"body.token.type": ("text", "keyword")}


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_null_and_an_empty_block_are_equal(empty: Any) -> None:
    assert changes({"a": None}, {"a": empty}) == {}


def test_a_policy_that_is_known_after_the_apply_is_one_difference() -> None:
    policy = json.dumps({"Statement": [{"Action": ["a", "b"], "Resource": ["c", "d"], "Effect": "Allow"}]})
    assert changes({"policy": policy}, {}, after_unknown={"policy": True}) == {"policy": (policy, KNOWN_LATER)}


def test_a_block_that_is_known_after_the_apply_is_one_difference() -> None:
    before = {"block": [{"a": 1, "b": [2, 3]}]}
    assert changes(before, {}, after_unknown={"block": True}) == {"block": ('[{"a": 1, "b": [2, 3]}]', KNOWN_LATER)}


def test_a_secret_inside_a_block_that_is_known_later_is_hidden() -> None:
    before = {"block": [{"password": "correct-Horse"}]}
    found = changes(before, {}, after_unknown={"block": True})
    assert found == {"block": ('[{"password": "(sensitive)"}]', KNOWN_LATER)}


def test_a_value_of_another_type_is_shown_on_both_sides() -> None:
    assert changes({"a": {"b": 1}}, {"a": [2]}) == {"a.b": ("1", None), "a[0]": (None, "2")}


def test_unknown_marks_of_another_type_than_the_value_are_ignored() -> None:
    assert changes({"a": None}, {"a": {"b": 1}}, after_unknown={"a": [True]}) == {"a.b": (None, "1")}


def test_equal_sides_are_not_read() -> None:
    assert changes({"a": 1}, {"a": 1}) == {}


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_the_deepest_value_is_compared() -> None:
    (name,) = changes({"a": nested(DEEPEST - 1)}, {})
    assert name == "a" + "[0]" * (DEEPEST - 1)


def test_a_deeper_value_is_refused() -> None:
    with pytest.raises(PlanError, match="nested more than"):
        changes({"a": nested(DEEPEST)}, {})


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_the_number_of_changed_attributes_is_limited(more: int, refused: bool) -> None:
    change = change_of({}, {"a": list(range(1, MOST + 1 + more))})
    if refused:
        with pytest.raises(PlanError, match=f"more than {MOST} attributes"):
            differences(change)
    else:
        assert len(differences(change)) == MOST

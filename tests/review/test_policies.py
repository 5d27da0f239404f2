"""Evaluation of the pack for plans of any size and shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.review import policies
from constructs_lib.review.policies import evaluate, policy_input, rego_apart
from constructs_lib.review.rego import PolicyError, rego
from tests.plans.made import plan_of
from tests.review.recorded import NAMES, document, plan
from tests.stacks import ROOT

PACK = ROOT / "policies"


@pytest.mark.parametrize("name", NAMES)
def test_the_reduced_input_gives_the_same_results_as_the_whole_plan(name: str) -> None:
    whole = rego(document(name), PACK, apply_exceptions=False)
    assert rego_apart(policy_input(plan(name)), PACK) == whole


def with_value(length: int) -> dict[str, Any]:
    change = {"actions": ["create"], "after": {"a": "x" * length}}
    return {"format_version": "1.2", "resource_changes": [{"address": "a", "type": "t", "change": change}]}


def test_a_plan_up_to_the_limit_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(json.dumps({"a": ""})) + len("a") + len("false") + len("null")
    monkeypatch.setattr(policies, "LARGEST_INPUT", size + 100)
    assert policy_input(plan_of(with_value(100)))
    with pytest.raises(PolicyError, match="for the Rego pack"):
        policy_input(plan_of(with_value(101)))


def test_a_plan_that_takes_too_long_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "MOST_SECONDS", 1)
    big = document("create")
    big["resource_changes"] = [
        {**item, "address": f"{item['address']}_{number}"} for item in big["resource_changes"] for number in range(400)
    ]
    with pytest.raises(PolicyError, match="could not evaluate this plan") as error:
        rego_apart(policy_input(plan_of(big)), PACK)
    assert "\n" not in str(error.value)


def test_a_deeply_nested_value_does_not_crash_the_review() -> None:
    deep = with_value(1)
    value: Any = 1
    for _ in range(500):
        value = [value]
    deep["resource_changes"][0]["change"]["after"] = {"a": value}
    try:
        messages = rego_apart(policy_input(plan_of(deep)), PACK).failures
    except PolicyError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert isinstance(messages, list)


def test_a_pack_that_does_not_compile_is_reported(tmp_path: Path) -> None:
    (tmp_path / "broken.rego").write_text("package behaviour.broken\ndeny contains {")
    with pytest.raises(PolicyError, match="the policies cannot be evaluated"):
        evaluate(plan("create"), tmp_path, None)

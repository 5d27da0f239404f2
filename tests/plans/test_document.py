"""Reading plans: what is refused, and how that is said."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.__main__ import main
from constructs_lib.plans.document import DEEPEST, PlanError, parse, read
from constructs_lib.review import html, markdown
from constructs_lib.review.report import build
from tests.review.recorded import NAMES, PLANS, document

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 200_000, "not JSON: nested too deeply"),
        ("[]", "the JSON is a list"),
        ("null", "the JSON is a null"),
        ("3.5", "the JSON is a number"),
        ("{}", "no format_version"),
        ('{"format_version": "2.0"}', "format_version 2.0; version 1.x is read"),
        ('{"format_version": "1.0", "values": {}}', "a state, not a plan"),
        ('{"format_version": "1.2", "resource_changes": 3}', "resource_changes: Input should be a valid list"),
        (
            '{"format_version": "1.2", "resource_changes": [{}]}',
            "resource_changes.0.address: Field required (and 2 more)",
        ),
        (
            '{"format_version":"1.2","resource_changes":[{"address":"a","type":"t","change":{"actions":[]}}]}',
            "a has no action",
        ),
        ('{"format_version": "1.2", "x": ' + "[" * DEEPEST + "]" * DEEPEST + "}", "nested more than"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(content: str, message: str) -> None:
    with pytest.raises(PlanError) as error:
        parse(content, "plan.json")
    assert str(error.value).startswith("plan.json: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(PlanError, match="not JSON"):
        parse(b'{"format_version": "\xff\xfe"}', "plan.json")


def test_a_binary_plan_says_how_to_turn_it_into_json(tmp_path: Path) -> None:
    (tmp_path / "plan.bin").write_bytes(b"PK\x03\x04...")
    with pytest.raises(PlanError, match=r"terraform show -json plan\.bin > plan\.json"):
        read(tmp_path / "plan.bin")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"absent\.json: No such file or directory"):
        read(tmp_path / "absent.json")


def test_a_folder_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="Is a directory"):
        read(tmp_path)


def test_the_command_answers_2_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.json").write_text("[1]")
    assert main(["review", str(tmp_path / "plan.json"), "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert not said.out


def test_the_command_says_that_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["review", str(PLANS / "create.json"), "--out", str(tmp_path / "taken")]) == 2
    assert capsys.readouterr().err.startswith(f"review: {tmp_path / 'taken'}: ")


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in children for found in _paths(child, (*path, key)))]


def _small() -> dict[str, Any]:
    plan = document("loss")
    return {key: plan[key] for key in ("format_version", "resource_changes", "variables", "timestamp")} | {
        "checks": [{"address": {"to_display": "x"}, "status": "fail"}],
        "output_changes": {"x": {"actions": ["create"], "after": "y", "after_sensitive": False}},
        "resource_drift": plan["resource_changes"][:1],
    }


SMALL = json.dumps(_small())
PLACES = _paths(_small())[1:]


@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3), value=VALUES)
def test_whatever_stands_anywhere_in_a_plan_there_is_a_report_or_a_line(places: list[Any], value: Any) -> None:
    plan = json.loads(SMALL)
    for place in places:
        at = plan
        try:
            for step in place[:-1]:
                at = at[step]
            at[place[-1]] = deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        report = build(parse(json.dumps(plan), "plan.json"), title="plan.json", policies=None)
    except PlanError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    assert markdown.render(report).startswith("## Plan review")
    assert html.render(report).endswith("</html>\n")


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_plan_is_read(name: str) -> None:
    assert read(PLANS / f"{name}.json").managed

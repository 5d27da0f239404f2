"""Reading plans: refused files, and the messages."""

from __future__ import annotations

import codecs
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.__main__ import main
from constructs_lib.plans import document as plan_document
from constructs_lib.plans import plan_file, reading
from constructs_lib.plans.plan_file import PlanError
from constructs_lib.plans.reading import parse, read
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
        ("", "is not JSON: it is empty"),
        ("{", "is not JSON: it is truncated"),
        ('{"format_version": "1.2", "resource_chan', "is not JSON: it is truncated"),
        ("[" * 200_000, "is not a plan: expected `object`, got `array`"),
        ('{"format_version": ' + "[" * 200_000, "is nested too deeply"),
        ("[]", "is not a plan: expected `object`, got `array`"),
        ("null", "is not a plan: expected `object`, got `null`"),
        ("3.5", "is not a plan: expected `object`, got `float`"),
        ("{}", "it has no format_version"),
        ('{"format_version": 3}', "it has no format_version"),
        ('{"format_version": "2.0"}', "unsupported format_version (given 2.0; allowed: 1.x)"),
        ('{"format_version": "1.0", "values": {}}', "is a state, not a plan"),
        ('{"format_version": "1.0"}', "it has neither resource_changes nor planned_values"),
        ('{"format_version": "1.2", "resource_changes": 3}', "resource_changes: expected `array | null`, got `int`"),
        (
            '{"format_version": "1.2", "resource_changes": [{}]}',
            "resource_changes[0]: object missing required field `address`",
        ),
        (
            '{"format_version": "1.2", "resource_changes": [{"address": "a", "type": "t", "change": 1}]}',
            "resource_changes[0].change: expected `object`, got `int`",
        ),
        (
            '{"format_version":"1.2","resource_changes":[{"address":"a","type":"t","change":{"actions":[]}}]}',
            "resource_changes[0].change.actions: is empty",
        ),
        ('{"@level":"info","@message":"Terraform 1.11.4"}\n{}', "has the messages of terraform plan -json"),
        ("[command]/usr/bin/terraform show\n{}", "setup-terraform with terraform_wrapper: false"),
    ],
)
def test_invalid_plans_are_refused_in_one_line(content: str, message: str) -> None:
    with pytest.raises(PlanError) as error:
        parse(content)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        *((b"", name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")),
        (b"", "utf-32-be"),
        (b"", "cp1252"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_plan_is_read_in_every_encoding_that_a_shell_writes(mark: bytes, encoding: str, tmp_path: Path) -> None:
    """PowerShell's ``>`` writes UTF-16 with a mark, ``Set-Content`` the code page, other tools any of the rest."""
    plan = '{"format_version": "1.2", "terraform_version": "größer", "planned_values": {}}'
    (tmp_path / "plan.json").write_bytes(mark + plan.encode(encoding))
    assert read(tmp_path / "plan.json").terraform_version == "größer"


def test_a_cut_off_character_is_reported(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(codecs.BOM_UTF16_LE + '{"a"'.encode("utf-16-le") + b"\x00\xd8")
    with pytest.raises(PlanError):
        read(tmp_path / "plan.json")


def test_a_binary_plan_is_refused_with_the_command_to_convert_it(tmp_path: Path) -> None:
    (tmp_path / "plan.bin").write_bytes(b"PK\x03\x04...")
    with pytest.raises(PlanError, match=r"terraform show -json plan\.bin > plan\.json"):
        read(tmp_path / "plan.bin")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="No such file or directory"):
        read(tmp_path / "absent.json")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="Is a directory"):
        read(tmp_path)


def test_the_command_exits_2_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.json").write_text("[1]")
    assert main(["review", str(tmp_path / "plan.json"), "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert not said.out


def test_the_command_reports_that_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["review", str(PLANS / "create.json"), "--out", str(tmp_path / "taken")]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'taken'}: ")


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in children for found in _paths(child, (*path, key)))]


def _drifted(type_: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    change = {"actions": ["update"], "before": before, "after": before | after}
    return {"address": f"{type_}.a", "type": type_, "change": change}


RULE = {"protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_blocks": ["10.0.0.0/8"], "self": True}
DRIFTED = [
    _drifted("aws_iam_role", {"id": "r", "inline_policy": []}, {"inline_policy": [{"name": "p", "policy": "{}"}]}),
    _drifted("aws_iam_role_policy", {"role": "r", "name": "p", "policy": "{}"}, {"policy": "[1]"}),
    _drifted("aws_security_group", {"id": "g", "ingress": []}, {"ingress": [RULE]}),
    _drifted("aws_security_group_rule", {"security_group_id": "g", "type": "ingress", **RULE}, {"to_port": 3}),
    _drifted("aws_s3_bucket", {"id": "b", "policy": ""}, {"policy": "{}"}),
    _drifted("aws_s3_bucket_policy", {"bucket": "b", "policy": "{}"}, {"policy": "[]"}),
]


def _small() -> dict[str, Any]:
    plan = document("loss")
    return {key: plan[key] for key in ("format_version", "resource_changes", "variables", "timestamp")} | {
        "checks": [{"address": {"to_display": "x"}, "status": "fail"}],
        "output_changes": {"x": {"actions": ["create"], "after": "y", "after_sensitive": False}},
        "resource_drift": [*plan["resource_changes"][:1], *DRIFTED],
    }


SMALL = json.dumps(_small())
PLACES = _paths(_small())[1:]


@settings(max_examples=150, deadline=None)
@given(places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3), value=VALUES)
def test_any_plan_gives_a_report_or_one_line(places: list[Any], value: Any) -> None:
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
        report = build(parse(json.dumps(plan)), title="plan.json", policies=None)
    except PlanError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    assert markdown.render(report).startswith("## Plan review")
    assert html.render(report).endswith("</html>\n")


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_plan_is_read(name: str) -> None:
    assert read(PLANS / f"{name}.json").managed


# The limits: each at its bound and one past it.

EMPTY = '{"format_version": "1.2", "planned_values": {}, "x": %s}'


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_the_size_of_a_file_is_limited(
    more: int, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_file, "LARGEST", 1000)
    (tmp_path / "plan.json").write_text((EMPTY % 1).ljust(1000 + more))
    if refused:
        with pytest.raises(PlanError, match=r"is too large \(allowed: 1000 bytes"):
            read(tmp_path / "plan.json")
    else:
        assert read(tmp_path / "plan.json").managed == []


@pytest.mark.parametrize(("values", "refused"), [(10, False), (11, True)])
def test_the_number_of_values_is_limited(values: int, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_VALUES", 10)
    plan = EMPTY % json.dumps([0] * (values - 1))
    if refused:
        with pytest.raises(PlanError, match=r"has too many values \(allowed: 10"):
            parse(plan)
    else:
        assert parse(plan).managed == []


@pytest.mark.parametrize(("number", "refused"), [(3, False), (4, True)])
def test_the_number_of_resources_is_limited(number: int, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_RESOURCES", 3)
    item = {"address": "a", "type": "t", "change": {"actions": ["create"]}}
    plan = json.dumps({"format_version": "1.2", "resource_changes": [item] * number})
    if refused:
        with pytest.raises(PlanError, match=r"resource_changes: has too many entries \(given 4; allowed: 3"):
            parse(plan)
    else:
        assert len(parse(plan).managed) == number


@pytest.mark.parametrize(("length", "refused"), [(10, False), (11, True)])
def test_the_size_of_a_resource_is_limited(length: int, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_document, "LARGEST_VALUE", 12)
    change = {"actions": ["create"], "after": "x" * length}
    plan = parse(
        json.dumps({"format_version": "1.2", "resource_changes": [{"address": "a", "type": "t", "change": change}]})
    )
    if refused:
        with pytest.raises(PlanError, match=r"one resource is too large \(given 13 bytes; allowed: 12"):
            print(plan.managed[0].change.after)
    else:
        assert plan.managed[0].change.after == "x" * length

"""Plans of existing resources, after a real apply, a refresh and a change, get no false findings."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from constructs_lib.plans.document import Plan
from constructs_lib.plans.drift import drift
from constructs_lib.plans.judge import judge
from constructs_lib.plans.reading import parse
from constructs_lib.plans.terraform import Terraform, TerraformError
from constructs_lib.review.report import build
from constructs_lib.review.risk import Risk
from tests.apply.later import Later, later, somebodys
from tests.stacks import ENVIRONMENTS, EXAMPLES

NAMES = [*ENVIRONMENTS, *(f"examples/{name}" for name in EXAMPLES)]
STEPS = ("again", "refreshed", "changed")


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Later]:
    """By environment, what came of it; several beside each other, as most of an apply is waiting."""
    try:
        Terraform.find()
    except TerraformError as error:
        pytest.skip(f"needs Terraform: {error}")
    folders = [tmp_path_factory.mktemp(name.replace("/", "-")) for name in NAMES]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(NAMES, pool.map(later, NAMES, folders), strict=True))


def plan(applied: dict[str, Later], name: str, step: str) -> Plan:
    found = applied[name]
    assert step in found.plans, found.output[-3000:]
    return parse(json.dumps(found.plans[step]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", STEPS)
def test_values_chosen_by_aws_are_accepted(applied: dict[str, Later], name: str, step: str) -> None:
    found = [
        (address, finding.path) for address, finding in judge(plan(applied, name, step)) if finding.severity == "error"
    ]
    assert found == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", STEPS)
def test_no_drift_is_reported(applied: dict[str, Later], name: str, step: str) -> None:
    found = [(item.address, [each.name for each in changed]) for item, changed in drift(plan(applied, name, step))]
    assert found == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", ["again", "refreshed"])
def test_no_change_is_planned(applied: dict[str, Later], name: str, step: str) -> None:
    report = build(plan(applied, name, step), title=name, policies=None)
    assert (report.entries, report.drift, report.risk) == ([], [], Risk.NONE)


@pytest.mark.parametrize("name", NAMES)
def test_a_change_in_place_is_not_a_risk(applied: dict[str, Later], name: str) -> None:
    report = build(plan(applied, name, "changed"), title=name, policies=None)
    assert report.risk == Risk.NONE, [(effect.text, entry.address) for effect, entry in report.attention]
    touched: Any = {entry.type for entry in report.entries if entry.action == "update"}
    owned = set() if name == "examples/existing" else {"aws_opensearch_domain", "aws_kinesis_stream"}
    assert touched >= owned | {"aws_kinesis_firehose_delivery_stream"}


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Later]:
    try:
        return {"somebodys": somebodys(tmp_path_factory.mktemp("somebodys"))}
    except TerraformError as error:
        pytest.skip(f"needs Terraform: {error}")


@pytest.mark.parametrize("step", ["again", "refreshed"])
def test_other_modules_get_no_false_findings(others: dict[str, Later], step: str) -> None:
    report = build(plan(others, "somebodys", step), title="somebodys", policies=None)
    errors = [refusal.where for refusal in report.refusals if refusal.finding.severity == "error"]
    assert ([each.address for each in report.drift], errors, report.risk) == ([], [], Risk.NONE)
    test_values_chosen_by_aws_are_accepted(others, "somebodys", step)

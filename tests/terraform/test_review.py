"""The plans that the report's tests read, against what Terraform says today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from constructs_lib.plans.terraform import Terraform
from tests.review.configurations import PIPELINE
from tests.review.record import CHANGES
from tests.review.recorded import document
from tests.review.terraform import Workspace, state_of


def actions(plan: dict[str, Any]) -> dict[str, Any]:
    return {
        change["address"]: (change["change"]["actions"], change["change"].get("replace_paths"))
        for change in plan["resource_changes"]
    }


@pytest.mark.terraform
def test_terraform_still_plans_what_was_recorded(terraform: Terraform, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, terraform)
    applied = document("unchanged")
    assert actions(workspace.plan(CHANGES["loss"], state_of(applied))) == actions(document("loss"))


def test_the_recorded_pipeline_is_the_one_described() -> None:
    (domain,) = (
        r for r in document("create")["planned_values"]["root_module"]["resources"] if "domain_name" in r["values"]
    )
    given = PIPELINE["resource"]["aws_opensearch_domain"]["domain"]
    assert {key: domain["values"][key] for key in ("domain_name", "engine_version")} == {
        key: given[key] for key in ("domain_name", "engine_version")
    }

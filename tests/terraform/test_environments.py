"""Real Terraform accepts every shipped environment, without AWS, without an error, a warning or a deprecation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import ENVIRONMENTS, EXAMPLES, shipped_folder


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_is_valid(validated: Callable[[Path], None], name: str) -> None:
    validated(shipped_folder(name))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_plans_without_aws(planned: Callable[[Path], dict[str, Any]], name: str) -> None:
    changes = planned(shipped_folder(name))["resource_changes"]
    managed = [change for change in changes if change["mode"] == "managed"]
    assert managed
    assert {tuple(change["change"]["actions"]) for change in managed} == {("create",)}


@pytest.mark.terraform
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_valid(validated: Callable[[Path], None], name: str) -> None:
    validated(shipped_folder(name, "environments/examples"))


@pytest.mark.terraform
@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.startswith("adopt")])
def test_example_plans_without_aws(planned: Callable[[Path], dict[str, Any]], name: str) -> None:
    assert planned(shipped_folder(name, "environments/examples"))["resource_changes"]

"""Real Terraform accepts every shipped environment, without AWS, without an error, a warning or a deprecation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.plans.terraform import Terraform
from tests.stacks import ENVIRONMENTS, EXAMPLES, shipped, shipped_folder


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_is_valid(validated: Callable[[Path], None], name: str) -> None:
    validated(shipped_folder(name))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_plans_without_aws(terraform: Terraform, tmp_path: Path, name: str) -> None:
    folder = terraform.prepare(shipped_folder(name), tmp_path)
    terraform.init(folder)
    changes = terraform.write_plan(folder)
    managed = {f"{type_}.{id_}" for type_, found in shipped(name).json["resource"].items() for id_ in found}
    assert {address for address, action in changes.items() if action == "create"} == managed
    assert {address.partition(".")[0] for address in set(changes) - managed} <= {"data"}


@pytest.mark.terraform
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_valid(validated: Callable[[Path], None], name: str) -> None:
    validated(shipped_folder(name, "environments/examples"))


@pytest.mark.terraform
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_plans_without_aws(planned: Callable[[Path], dict[str, Any]], name: str) -> None:
    assert planned(shipped_folder(name, "environments/examples"))["resource_changes"]

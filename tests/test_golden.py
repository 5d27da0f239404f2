"""The shipped environments' Terraform changes only when somebody means it to (`make golden` renews the files)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.golden import FOLDER, render
from tests.stacks import ENVIRONMENTS, shipped


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_stack_is_the_golden_one(name: str) -> None:
    assert render(shipped(name).json) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def test_every_golden_file_has_its_environment() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == ENVIRONMENTS


def logical_ids(stack: Any) -> list[str]:
    """Addresses of a stack's resources."""
    return sorted(f"{kind}.{id_}" for kind, members in stack["resource"].items() for id_ in members)


def test_logical_ids_are_pinned() -> None:
    """A changed id is a destroyed resource; a rename comes with `move_to`."""
    pinned = json.loads((FOLDER.parent / "logical_ids.json").read_text(encoding="utf-8"))
    assert set(pinned) <= set(logical_ids(shipped("prod").json))

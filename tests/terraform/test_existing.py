"""Real Terraform plans every combination of existing and new resources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from constructs_lib.configuration.load import parse_environment
from constructs_lib.stack import Stack
from tests.library.test_existing import COMBINATIONS, MANAGED, PARTS

pytestmark = pytest.mark.terraform

NETWORK = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": ["subnet-0a1b2c3d", "subnet-0a1b2c3e", "subnet-0a1b2c3f"]}
GROUPS = {"security_group_ids": ["sg-0a1b2c3d"]}


@pytest.mark.parametrize("chosen", COMBINATIONS, ids=lambda chosen: "+".join(chosen) or "none")
@pytest.mark.parametrize("network", [False, True], ids=["public", "in a VPC"])
def test_a_combination_is_planned(
    chosen: tuple[str, ...], tmp_path: Path, planned: Callable[[Path], dict[str, Any]], *, network: bool
) -> None:
    existing = {name: PARTS[name] | (GROUPS if network and name == "domain" else {}) for name in chosen}
    document = {"name": "shop", "region": "eu-west-1", "existing": existing}
    document |= {"network": NETWORK} if network else {}
    environment, _ = parse_environment(document, "shop.yaml")
    app = App(outdir=str(tmp_path))
    Stack(app, "shop", environment=environment)
    app.synth()
    plan = planned(tmp_path / "stacks" / "shop")
    made = {change["type"] for change in plan["resource_changes"] if change["change"]["actions"] == ["create"]}
    assert {name for name, type_ in MANAGED.items() if type_ in made} == set(PARTS) - set(chosen)

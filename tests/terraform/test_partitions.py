"""Other partitions plan as cleanly, with their own ARNs and service names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from constructs_lib.configuration.load import parse_environment
from constructs_lib.stack import Stack

ACCOUNT = "111122223333"


def planned_policies(plan: dict[str, Any]) -> str:
    """The text of every policy that the plan knows already."""
    resources = plan["planned_values"]["root_module"]["resources"] + plan["prior_state"]["values"]["root_module"].get(
        "resources", []
    )
    return json.dumps([resource.get("values", {}) for resource in resources])


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-east-1", "aws-us-gov", "amazonaws.com")],
)
def test_partition_follows_from_the_region(
    planned: Callable[[Path], dict[str, Any]], tmp_path: Path, region: str, partition: str, suffix: str
) -> None:
    document = {"name": "shop", "region": region, "account_id": ACCOUNT}
    environment, _ = parse_environment(document, "shop.yaml")
    app = App(outdir=str(tmp_path))
    Stack(app, "shop", environment=environment)
    app.synth()
    policies = planned_policies(planned(tmp_path / "stacks" / "shop"))
    assert f"arn:{partition}:iam::{ACCOUNT}:root" in policies
    assert "arn:aws:" not in policies
    assert f"kinesis.{region}.{suffix}" in policies

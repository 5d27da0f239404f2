"""Cost of a review of the largest plans: ``make bench``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.processes import cost
from tests.benchmarks.test_synth import report
from tests.review.recorded import document

pytestmark = pytest.mark.bench

SIZE = 256 * 1000 * 1000
"""Bytes, just below what is read (256 MiB)."""


def large(path: Path) -> None:
    """A plan of this size with many resources of each kind, a third of them changed."""
    plan = document("blue_green")
    changes, planned = plan.pop("resource_changes"), plan["planned_values"]["root_module"]["resources"]
    unit = len(json.dumps([changes, planned], separators=(",", ":")))
    copies = range(SIZE // unit)
    numbered = ({**each, "address": f"{each['address']}_{copy}"} for copy in copies for each in changes)
    twice = ({**each, "address": f"{each['address']}_{copy}"} for copy in copies for each in planned)
    plan["planned_values"]["root_module"]["resources"] = list(twice)
    path.write_text(json.dumps(plan | {"resource_changes": list(numbered)}, separators=(",", ":")), encoding="utf-8")


def test_the_largest_plan(tmp_path: Path) -> None:
    large(tmp_path / "plan.json")
    size = (tmp_path / "plan.json").stat().st_size / 2**20
    arguments = ("review", str(tmp_path / "plan.json"), "--policies", "none", "--out", str(tmp_path), "--accept", "5")
    measured = cost("-m", "constructs_lib", *arguments, memory=True)
    report(f"a plan of {size:.0f} MiB reviewed", measured.seconds, 60, "s")
    report("the same in memory", measured.mebibytes, 2000, "MiB")

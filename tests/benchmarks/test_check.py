"""Cost of checking a hundred plans, as a ratio to reading their JSON in the same run: ``make bench``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.benchmarks.processes import medians
from tests.benchmarks.test_synth import report
from tests.stacks import ROOT

pytestmark = pytest.mark.bench

FILES = 100
READING = "import json, pathlib, sys; [json.loads(pathlib.Path(name).read_bytes()) for name in sys.argv[1:]]"


def test_checking_a_hundred_plans(tmp_path: Path) -> None:
    folder = ROOT / "tests" / "review" / "plans"
    recorded = [folder / f"{name}.json" for name in ("create", "in_place", "blue_green", "unchanged")]
    plans = [tmp_path / f"{number}.json" for number in range(FILES)]
    for number, plan in enumerate(plans):
        shutil.copy(recorded[number % len(recorded)], plan)
    names = [str(plan) for plan in plans]
    runs = {"reading": ("-c", READING, *names), "checking": ("-m", "constructs_lib", "check", *names)}
    seconds = medians(3, runs)
    reading, checking = seconds["reading"], seconds["checking"]
    size = sum(plan.stat().st_size for plan in plans) / 2**20
    report(f"{FILES} plans ({size:.0f} MiB) checked, to reading their JSON", checking / reading, 6)
    report("the same in seconds", checking, 5, "s")
    assert checking <= 6 * reading

"""Cost of a synth, as ratios to an empty cdktf app measured in the same run: ``make bench``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.benchmarks.processes import cost, medians
from tests.stacks import ROOT

pytestmark = pytest.mark.bench

EMPTY = """
import tempfile
from cdktf import App, TerraformStack
with tempfile.TemporaryDirectory() as outdir:
    app = App(outdir=outdir)
    TerraformStack(app, "empty")
    app.synth()
"""
"""The floor: an app without a provider."""

ORDINARY = """
import cdktf_cdktf_provider_aws
import runpy, sys
sys.argv = ["main.py", "prod"]
runpy.run_path("main.py", run_name="__main__")
"""
"""The same app with the bindings imported the documented way."""

PIPELINES = """
import sys, time
from constructs_lib.synth.startup import start_framework
start_framework()
from pathlib import Path
from tempfile import TemporaryDirectory
from constructs_lib import Stack, load_environment
from constructs_lib.aws import SnsTopic
from cdktf import App, TerraformStack
environment, _ = load_environment(Path("environments/prod.yaml"))
with TemporaryDirectory() as outdir:
    app = App(outdir=outdir)
    bare = TerraformStack(App(outdir=f"{outdir}/bare"), "bare")
    building = topics = 0
    for number in range(int(sys.argv[1])):
        started = time.perf_counter()
        Stack(app, f"pipeline-{number}", environment=environment)
        built = time.perf_counter()
        for topic in range(25):
            SnsTopic(bare, f"topic-{number}-{topic}", name="bare")
        building += built - started
        topics += time.perf_counter() - built
    started = time.perf_counter()
    app.synth()
    seconds = building + time.perf_counter() - started
    import json
    stacks = [json.loads(file.read_bytes()) for file in Path(outdir).glob("stacks/*/cdk.tf.json")]
kinds = [kind for stack in stacks for part in ("resource", "data") for kind in stack[part].values()]
resources = sum(map(len, kinds))
print(json.dumps([resources, seconds, building / resources * 25 * int(sys.argv[1]) / topics]))
"""
"""So many pipelines; what the numbers are is in `_Pipelines`."""

BUSY = os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)
"""Whether the machine had other work when this began: figures are then printed, and no bar is held against them."""


def say(what: str, measured: float, bar: float, unit: str = "x") -> None:
    """One line a figure."""
    busy = ", not held: the machine is busy" if BUSY else ""
    sys.stdout.write(f"\n  {what:<58} {measured:8.3f} {unit:<4} (at most {bar:g}{busy})")


def report(what: str, measured: float, bar: float, unit: str = "x") -> None:
    """One line a figure, and the bar it has to meet."""
    say(what, measured, bar, unit)
    assert BUSY or measured <= bar, f"{what}: {measured:.3f} {unit}, at most {bar:g}"


@pytest.fixture(scope="module")
def seconds() -> dict[str, float]:
    """Medians of the whole processes, warm."""
    runs = {"empty": ["-c", EMPTY], "prod": ["main.py", "prod"], "all": ["main.py"]}
    for arguments in runs.values():
        cost(*arguments)
    return medians(7, runs)


def test_one_environment_against_an_empty_app(seconds: dict[str, float]) -> None:
    sys.stdout.write(f"\n  empty cdktf app: {seconds['empty']:.2f} s, main.py prod: {seconds['prod']:.2f} s")
    report("main.py prod / empty cdktf app", seconds["prod"] / seconds["empty"], 1.7)


def test_three_environments_against_an_empty_app(seconds: dict[str, float]) -> None:
    report("main.py, all environments / empty cdktf app", seconds["all"] / seconds["empty"], 3.5)


def test_one_environment_against_ordinary_imports() -> None:
    # What follows a process of more than a gigabyte has to fetch the machine's memory back first, and is not counted.
    runs = {"ordinary": ["-c", ORDINARY], "after it": ["main.py", "prod"], "prod": ["main.py", "prod"]}
    cost(*runs["ordinary"])
    taken = medians(3, runs)
    sys.stdout.write(f"\n  the same with ordinary imports, warm: {taken['ordinary']:.2f} s")
    report("main.py prod / the same with ordinary imports", taken["prod"] / taken["ordinary"], 0.065)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from Linux's /proc")
@pytest.mark.parametrize("arguments", [["main.py", "prod"], ["main.py"]], ids=["prod", "all"])
def test_peak_memory_of_the_process_tree(arguments: list[str]) -> None:
    peak = max(cost(*arguments, memory=True).mebibytes for _ in range(3))
    report(f"{' '.join(arguments)}, peak memory of the process tree", peak, 260, "MiB")


def test_many_pipelines_in_one_app() -> None:
    # In turn, so that they meet the same machine, and the best of the rounds: what else it does can only add.
    rounds = [{count: _pipelines(count) for count in (1, 10, 50, 100)} for _ in range(3)]
    best = {count: min((each[count] for each in rounds), key=lambda measured: measured.seconds) for count in rounds[0]}
    one = best[1]
    sys.stdout.write(f"\n  1 pipeline, {one.resources} resources: {one.seconds:.2f} s, its first calls included")
    marginal = {
        count: (best[count].seconds - best[fewer].seconds) / (best[count].resources - best[fewer].resources) * 1000
        for fewer, count in pairwise(best)
    }
    for count, milliseconds in marginal.items():
        say(f"{count} pipelines, {best[count].resources} resources, each further one", milliseconds, 2, "ms")
    # Milliseconds are the machine's, this ratio is the constructs': it stays where it is in a slow minute too.
    ratio = min(each[100].bare for each in rounds)
    say("100 pipelines, building a resource / a bare resource", ratio, 3)
    assert BUSY or (ratio <= 3 and max(marginal.values()) <= 2)


class _Pipelines(NamedTuple):
    """An app with some pipelines, each in a stack of its own."""

    resources: int
    seconds: float
    bare: float
    """What building one of the resources costs, in bare ones built in turn with them."""


def _pipelines(count: int) -> _Pipelines:
    run = subprocess.run(
        [sys.executable, "-c", PIPELINES, str(count)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return _Pipelines(*json.loads(run.stdout))

"""Time and memory of whole processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from constructs_lib.synth.node import packaged_node
from tests.stacks import ROOT


class Cost(NamedTuple):
    """What one process cost: seconds from start to end, and the most memory it and its children had at once."""

    seconds: float
    mebibytes: float


def cost(*arguments: str, environment: Mapping[str, str] | None = None, memory: bool = False) -> Cost:
    """Run this Python with arguments, in the repository, as a warm machine would: bytecode is written and read."""
    variables = {**os.environ, "JSII_NODE": str(packaged_node() or "node"), **(environment or {})}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        peak = _Peak(process.pid)
        if memory:
            peak.start()
        _, said = process.communicate()
        seconds = time.perf_counter() - started
        peak.ended.set()
    assert process.returncode == 0, said.decode()
    if memory:
        peak.join()
    return Cost(seconds, peak.kibibytes / 1024)


def medians(rounds: int, runs: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Median seconds of each run, all of them taken in turn so that they meet the same machine."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, arguments in runs.items():
            times[name].append(cost(*arguments).seconds)
    return {name: statistics.median(each) for name, each in times.items()}


class _Peak(threading.Thread):
    """Watches the proportional memory (PSS: shared pages are counted once) of a process and its descendants."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.kibibytes = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.02):
            self.kibibytes = max(self.kibibytes, sum(map(_proportional, _tree(self.root))))


def _tree(root: int) -> list[int]:
    found = [root]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, _read(task).split())
    return found


def _proportional(process: int) -> int:
    lines = _read(Path(f"/proc/{process}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _read(file: Path) -> str:
    """What a file says, or nothing if its process ended meanwhile."""
    try:
        return file.read_text(encoding="ascii")
    except OSError:
        return ""

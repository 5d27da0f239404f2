"""The saving of each startup trick: the same synth without it, in the same run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.processes import cost, medians
from tests.benchmarks.test_synth import report

pytestmark = pytest.mark.bench

SYNTH = """
import runpy, sys
sys.argv = ["main.py", "prod"]
runpy.run_path("main.py", run_name="__main__")
"""

WITHOUT = {
    "generated code compiled without type checks": """
import marshal, os
os.environ["BEHAVIOUR_BINDINGS_CACHE"] = {cache!r}
from importlib.util import MAGIC_NUMBER, source_hash
from constructs_lib.synth import compiled_modules, slim_bindings
def plain(source, compiled):
    text = source.read_bytes()
    compiled.parent.mkdir(parents=True, exist_ok=True)
    code = marshal.dumps(compile(text, str(source), "exec", dont_inherit=True))
    compiled.write_bytes(MAGIC_NUMBER + compiled_modules._UNCHECKED + source_hash(text) + code)
slim_bindings.compile_module = plain
""",
    "jsii's kernel as one process": """
from constructs_lib.synth import jsii_kernel
jsii_kernel.install = lambda program: None
""",
    "Node started while files are read": """
from constructs_lib.synth import startup
startup.load_assembly = lambda: None
""",
    "answers that can wait": """
from constructs_lib.synth import jsii_kernel
jsii_kernel.MOST_UNREAD = 0
""",
    "no teardown of Python": """
import threading
threading.active_count = lambda: 2
""",
    "values of a stack alone evaluated once": """
import os
os.environ["BEHAVIOUR_BINDINGS_CACHE"] = {cache!r} + "/twice"
from constructs_lib.synth import slim_bindings
slim_bindings.EVALUATED_ONCE = ""
""",
    "no collection of garbage": """
import gc
gc.disable = lambda: None
""",
}
"""Code that undoes one of them, run before the synth."""

MOST = 0.98
"""Smallest saving that justifies the code: a fiftieth of a synth."""


def test_each_startup_trick_saves_enough_time(tmp_path: Path) -> None:
    runs = {"all": ["-c", SYNTH]}
    runs |= {name: ["-c", code.replace("{cache!r}", repr(str(tmp_path))) + SYNTH] for name, code in WITHOUT.items()}
    for arguments in runs.values():
        cost(*arguments)
    taken = medians(9, runs)
    sys.stdout.write(f"\n  main.py prod: {taken['all']:.2f} s")
    for name in WITHOUT:
        report(f"with / without: {name}", taken["all"] / taken[name], MOST)

"""The framework starts in the background while the environment files are read."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.stacks import ROOT


def run(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


STARTED = "from constructs_lib.early import await_framework, start_framework\nstart_framework()\n"


def test_after_waiting_the_framework_is_there() -> None:
    script = STARTED + "import sys\nawait_framework()\nprint('App' in vars(sys.modules['cdktf']))\n"
    assert run(script).stdout == "True\n"


def test_an_import_without_waiting_waits_too() -> None:
    assert run(STARTED + "from cdktf import App\nprint(App)\n").stdout == "<class 'cdktf.App'>\n"


def test_a_program_that_ends_at_once_ends_quietly() -> None:
    ended = run(STARTED + "raise SystemExit(3)\n")
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "", "")


def test_a_missing_node_is_told_where_it_is_needed() -> None:
    ended = run(STARTED + "await_framework()\nimport cdktf\n", JSII_NODE="no-such-node")
    assert ended.returncode == 1
    assert "NodeError: there is no program no-such-node" in ended.stderr

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


def test_an_import_waits_for_what_the_background_loads() -> None:
    script = "from constructs_lib.early import start_framework\nstart_framework()\nfrom cdktf import App\nprint(App)\n"
    assert run(script).stdout == "<class 'cdktf.App'>\n"


def test_a_program_that_ends_at_once_ends_quietly() -> None:
    ended = run("from constructs_lib.early import start_framework\nstart_framework()\nraise SystemExit(3)\n")
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "", "")


def test_a_missing_node_is_told_where_it_is_needed() -> None:
    script = "from constructs_lib.early import start_framework\nstart_framework()\nimport cdktf\n"
    ended = run(script, JSII_NODE="no-such-node")
    assert ended.returncode == 1
    assert "No such file or directory: 'no-such-node'" in ended.stderr

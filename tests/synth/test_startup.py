"""Node starts and loads the framework while Python continues."""

from __future__ import annotations

import shlex
from pathlib import Path

from constructs_lib.synth.node import packaged_node
from tests.programs import run_python

STARTED = "from constructs_lib.synth.startup import start_framework\nstart_framework()\n"


def test_starting_node_does_not_block(tmp_path: Path) -> None:
    """Node begins when Python writes a file, after the framework's import: whoever waited would never end."""
    node, ready = tmp_path / "node", tmp_path / "ready"
    waiting = f"while [ ! -e {shlex.quote(str(ready))} ]; do sleep 0.01; done"
    node.write_text(f'#!/bin/sh\n{waiting}\nexec {shlex.quote(str(packaged_node()))} "$@"\n')
    node.chmod(0o755)
    script = f"from cdktf import App\nopen({str(ready)!r}, 'w').close()\nprint(App().node.path == '')\n"
    assert run_python("-c", STARTED + script, JSII_NODE=str(node)).stdout == "True\n"


def test_a_program_that_ends_at_once_prints_nothing() -> None:
    ended = run_python("-c", STARTED + "raise SystemExit(3)\n")
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "", "")


def test_a_missing_node_is_reported_when_it_is_needed() -> None:
    ended = run_python("-c", STARTED + "import cdktf\n", JSII_NODE="no-such-node")
    assert ended.returncode == 1
    assert "NodeError: there is no program no-such-node" in ended.stderr

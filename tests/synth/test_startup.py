"""The framework starts in the background while the environment files are read."""

from __future__ import annotations

from tests.programs import run_python

STARTED = "from constructs_lib.synth.startup import await_framework, start_framework\nstart_framework()\n"


def test_after_waiting_the_framework_is_there() -> None:
    script = STARTED + "import sys\nawait_framework()\nprint('App' in vars(sys.modules['cdktf']))\n"
    assert run_python("-c", script).stdout == "True\n"


def test_an_import_without_waiting_waits_too() -> None:
    assert run_python("-c", STARTED + "from cdktf import App\nprint(App)\n").stdout == "<class 'cdktf.App'>\n"


def test_a_program_that_ends_at_once_ends_quietly() -> None:
    ended = run_python("-c", STARTED + "raise SystemExit(3)\n")
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "", "")


def test_a_missing_node_is_told_where_it_is_needed() -> None:
    ended = run_python("-c", STARTED + "await_framework()\nimport cdktf\n", JSII_NODE="no-such-node")
    assert ended.returncode == 1
    assert "NodeError: there is no program no-such-node" in ended.stderr

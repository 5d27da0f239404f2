"""Exit of programs: exit codes, cleanup and messages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.programs import run_python
from tests.stacks import ROOT

PROGRAM = "import os, signal, sys\nfrom constructs_lib.synth.exit import run\ndef program():\n    {}\nrun(program)\n"


def test_the_exit_code_of_the_program_is_kept() -> None:
    assert run_python("-c", PROGRAM.format("return 3")).returncode == 3


def test_atexit_handlers_run_and_their_output_is_shown() -> None:
    body = "import atexit\n    atexit.register(print, 'last')\n    sys.stdout.write('first ')\n    return 0"
    assert run_python("-c", PROGRAM.format(body)).stdout == "first last\n"


def test_exit_waits_for_running_threads() -> None:
    later = "threading.Thread(target=lambda: (time.sleep(0.2), print('done'))).start()"
    body = f"import threading, time\n    {later}\n    return 0"
    assert run_python("-c", PROGRAM.format(body)).stdout == "done\n"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_runs_cleanup_and_exits_130(name: str) -> None:
    body = (
        f"try:\n        os.kill(os.getpid(), signal.{name})\n        return 0\n    finally:\n        print('cleared')"
    )
    ended = run_python("-c", PROGRAM.format(body))
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "cleared\n", "")


def test_a_missing_package_is_reported_in_one_line() -> None:
    ended = run_python("-c", PROGRAM.format("import no_such_package"))
    remedy = "run make .venv/.test, which installs what is needed"
    assert ended.returncode == 2
    assert ended.stderr == f"the Python package no_such_package is missing: {remedy}\n"


def test_a_closed_output_pipe_is_not_an_error() -> None:
    script = PROGRAM.format("print('line\\n' * 100_000)\n    return 1")
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(5)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0

"""How programs end: by their exit code, in words of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.programs import run_python
from tests.stacks import ROOT

PROGRAM = "import os, signal, sys\nfrom constructs_lib.synth.exit import run\ndef program():\n    {}\nrun(program)\n"


def test_the_exit_code_is_the_programs() -> None:
    assert run_python("-c", PROGRAM.format("return 3")).returncode == 3


def test_what_was_registered_for_the_exit_is_called_and_seen() -> None:
    body = "import atexit\n    atexit.register(print, 'last')\n    sys.stdout.write('first ')\n    return 0"
    assert run_python("-c", PROGRAM.format(body)).stdout == "first last\n"


def test_a_thread_that_runs_is_waited_for() -> None:
    later = "threading.Thread(target=lambda: (time.sleep(0.2), print('done'))).start()"
    body = f"import threading, time\n    {later}\n    return 0"
    assert run_python("-c", PROGRAM.format(body)).stdout == "done\n"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_who_is_stopped_clears_away_and_says_nothing(name: str) -> None:
    body = (
        f"try:\n        os.kill(os.getpid(), signal.{name})\n        return 0\n    finally:\n        print('cleared')"
    )
    ended = run_python("-c", PROGRAM.format(body))
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "cleared\n", "")


def test_a_missing_package_is_one_line() -> None:
    ended = run_python("-c", PROGRAM.format("import no_such_package"))
    remedy = "run make .venv/.test, which installs what is needed"
    assert ended.returncode == 2
    assert ended.stderr == f"the Python package no_such_package is missing: {remedy}\n"


def test_a_reader_who_has_seen_enough_is_no_mistake() -> None:
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

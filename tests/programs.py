"""Python in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.stacks import ROOT


def hear_interrupts() -> None:
    """Have a new process hear interrupts, also where the tests themselves run in the background and hear none."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What Python with these arguments ends with, in the project's folder, with these variables beside the others."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=hear_interrupts,
    )

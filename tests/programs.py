"""Python in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.stacks import ROOT


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
    )

"""Ends a program with its exit code, without a stack trace for errors of the user or the system."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
"""Exit code after a keyboard interrupt: 128 plus the signal's number, as in shells."""


def run(program: Callable[[], int]) -> NoReturn:
    """Run a program and exit with its code, also if it is interrupted, its output is closed, or a package is missing.

    SIGTERM and SIGHUP act like a keyboard interrupt, so that cleanup code runs. Functions registered with `atexit` are
    called as usual.
    """
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        code = program()
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe; avoid Python's final flush.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except ModuleNotFoundError as error:
        print(f"the Python package {error.name} is missing: {_how_to_install()}", file=sys.stderr)
        code = 2
    if threading.active_count() == 1:
        # Python would now delete its objects one by one, which takes a sixth of a synth.
        atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter does
        _flush()
        os._exit(code)
    sys.exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()


def _how_to_install() -> str:
    """How to install a missing package: in this project with make, else with pip."""
    here = Path(__file__).resolve().parents[2] / "Makefile"
    return "run make .venv/.test, which installs what is needed" if here.is_file() else "install it with pip"


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt

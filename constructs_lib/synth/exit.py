"""How a program of this project ends: with its exit code, and without a stack trace for what the user or system did."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
"""128 and the number of an interrupt from the keyboard, as shells count."""


def run(program: Callable[[], int]) -> NoReturn:
    """Run a program to its exit code, also when it is stopped, has nobody to write to, or is not installed whole.

    A system that stops it (SIGTERM, SIGHUP) is heard like a person at the keyboard, so that whoever has something to
    clear away does.
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
        # Whoever read the output has seen enough of it; Python would flush once more at the end.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except ModuleNotFoundError as error:
        print(f"the Python package {error.name} is missing: {_how_to_install()}", file=sys.stderr)
        code = 2
    sys.exit(code)


def _how_to_install() -> str:
    """What brings a missing package: in this project a make target, else pip."""
    here = Path(__file__).resolve().parents[2] / "Makefile"
    return "run make .venv/.test, which installs what is needed" if here.is_file() else "install it with pip"


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt

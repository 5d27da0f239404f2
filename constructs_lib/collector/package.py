"""The content of the collector's archive."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from constructs_lib.lambda_archive import FunctionArchive, function_archive

FOLDER = "collector"
HANDLER = f"{FOLDER}.handler.handler"
RUNTIME = Path(__file__).with_name("runtime")


@cache
def collector_archive() -> FunctionArchive:
    """The collector's archive: its own modules; built once in a process."""
    return function_archive(RUNTIME, folder=FOLDER)

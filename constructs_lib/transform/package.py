"""What travels in the transform's archive."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from constructs_lib.lambda_archive import FunctionArchive, Package, function_archive

FOLDER = "transform"
HANDLER = f"{FOLDER}.handler.handler"
RUNTIME = Path(__file__).with_name("runtime")
SHARED = ("privacy",)
PACKAGES = (
    Package("ua-parser", ("ua_parser/*.py",)),
    # Of three forms of the same expressions, the one that is compiled when used.
    Package("ua-parser-builtins", ("ua_parser_builtins/__init__.py", "ua_parser_builtins/lazy.py")),
    Package("crawler-user-agents", ("crawleruseragents/__init__.py", "crawleruseragents/crawler-user-agents.json")),
)


@cache
def transform_archive() -> FunctionArchive:
    """The transform's archive, about a megabyte; made once in a process."""
    return function_archive(RUNTIME, folder=FOLDER, shared=SHARED, packages=PACKAGES)

"""Documents from files: one JSON object a line, search hits or the transform's output for a file, ``.gz`` too.

Raw records, such as those of an archive of all events, are refused: they were not checked for consent, and contain
personal data.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from constructs_lib.personalization.malformed import problems

MOST_TOLD = 20
"""Mistakes that are told before the rest is no longer read."""
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
"""What the error handler ``surrogateescape`` makes of bytes that are not UTF-8."""


class UnreadableError(Exception):
    """Lines that are no documents; the message says of which file and why, a line each."""


def read(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Documents of files, of standard input where there are none.

    Raises:
        UnreadableError: lines are no documents; raised when their file was read, or `MOST_TOLD` of them.
        OSError: a file cannot be read.
    """
    given = list(paths)
    if not given:
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
        yield from lines(sys.stdin, "standard input")
    for path in given:
        with opened(path) as source:
            yield from lines(source, str(path))


def opened(path: Path) -> TextIO:
    """A file of text, compressed or plain; bytes that are not UTF-8 are escaped, so that `lines` tells their line."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", errors="surrogateescape")
    return path.open(encoding="utf-8", errors="surrogateescape")


def lines(source: Iterable[str], name: str, *, first: int = 1) -> Iterator[dict[str, Any]]:
    """Documents of lines; ``first`` is the number of the first one.

    Raises:
        UnreadableError: as `read` does.
    """
    number = first - 1
    wrong: list[str] = []
    try:
        for number, line in enumerate(source, first):
            if not line.strip():
                continue
            document, found = _document(line)
            wrong += [f"{name}:{number}: {problem}" for problem in found]
            if len(wrong) >= MOST_TOLD:
                raise UnreadableError("\n".join([*wrong[:MOST_TOLD], f"{name}: the rest was not read"]))
            if not found:
                yield document
    except (EOFError, UnicodeDecodeError, gzip.BadGzipFile, zlib.error) as error:
        wrong.append(f"{name}:{number + 1}: cannot be read: {error}")
    if wrong:
        raise UnreadableError("\n".join(wrong))


def _document(line: str) -> tuple[dict[str, Any], list[str]]:
    """A document, and what is wrong with it."""
    if _NOT_UTF8.search(line):
        return {}, ["is not UTF-8"]
    try:
        value = json.loads(line)
    except RecursionError:
        return {}, ["is nested too deeply"]
    except ValueError as error:
        return {}, [f"is not JSON: {error}"]
    if isinstance(value, dict):
        value = value.get("_source", value)
    if not isinstance(value, dict) or not isinstance(value.get("timestamp"), str):
        return {}, ["is no document: a JSON object with a timestamp is needed"]
    if "schema_version" not in value:
        return {}, ["did not pass the transform: it has no schema_version"]
    return value, list(problems(value))

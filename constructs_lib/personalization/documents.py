"""Documents from files: one JSON object a line, search hits or what the transform made of a file, ``.gz`` too.

Records as they came, such as an archive of all events holds, are refused: nobody has asked them for consent or taken a
person's name out.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO


class UnreadableError(Exception):
    """A line that is no document; the message says of which file and why."""


def read(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Documents of files, of standard input where there are none.

    Raises:
        UnreadableError: a line is no document.
        OSError: a file cannot be read.
    """
    given = list(paths)
    if not given:
        yield from lines(sys.stdin, "standard input")
    for path in given:
        with opened(path) as source:
            yield from lines(source, str(path))


def opened(path: Path) -> TextIO:
    """A file of text, compressed or plain."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def lines(source: Iterable[str], name: str, *, first: int = 1) -> Iterator[dict[str, Any]]:
    """Documents of lines; ``first`` is the number of the first one.

    Raises:
        UnreadableError: a line is no document.
    """
    number = first - 1
    try:
        for number, line in enumerate(source, first):
            if line.strip():
                yield _document(line, f"{name}:{number}")
    except (EOFError, UnicodeDecodeError, gzip.BadGzipFile) as error:
        raise UnreadableError(f"{name}:{number + 1}: cannot be read: {error}") from None


def _document(line: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{where}: is no JSON: {error}") from None
    if isinstance(value, dict):
        value = value.get("_source", value)
    if not isinstance(value, dict) or not isinstance(value.get("timestamp"), str):
        raise UnreadableError(f"{where}: is no document: a JSON object with a timestamp is needed")
    if "schema_version" not in value:
        raise UnreadableError(f"{where}: did not pass the transform: it has no schema_version")
    return value

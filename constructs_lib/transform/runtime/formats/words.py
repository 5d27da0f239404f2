"""Words of a log line: bare, in quotes or in square brackets."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 65_536
_WORD = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"|\[([^\]\[]{0,1000})\]|([^ ]+)', re.DOTALL)


class Word(NamedTuple):
    """One word, and whether it stood in quotes."""

    text: str
    quoted: bool


def of(line: str, most: int) -> list[Word]:
    """The first words of a line, at most so many; none where the line is longer than any server writes."""
    found: list[Word] = []
    if len(line) > LONGEST:
        return found
    for match in _WORD.finditer(line):
        quoted, bracketed, bare = match.groups()
        found.append(
            Word(quoted if quoted is not None else bracketed if bracketed is not None else bare, quoted is not None)
        )
        if len(found) == most:
            break
    return found

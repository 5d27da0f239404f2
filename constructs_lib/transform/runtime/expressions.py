"""Matches many regular expressions at once: runs only those whose literal texts are in the subject (`literals`).

ua-parser and crawler-user-agents together are some 2,800 expressions. Each is filed under three characters of a text
that it cannot match without; a subject of a few hundred characters has as many groups of three, and so a lookup finds
the few expressions that can match. The number of expressions for a subject is limited: no real user agent needs half of
that, and an invented one costs no more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from . import literals

SIZE = 3
"""Characters of a group."""

Matcher = Callable[[str], Any]


class Subject(NamedTuple):
    """A text to be matched, prepared once for all lists of expressions."""

    text: str
    lower: str
    groups: frozenset[str]


def subject(text: str) -> Subject:
    """Prepare a text."""
    lower = text.lower()
    return Subject(text, lower, frozenset(_groups(lower)))


class Allowance:
    """How many expressions may still be run for a subject."""

    def __init__(self, runs: int) -> None:
        self.left = runs

    def take(self) -> bool:
        """Whether one more may be run."""
        self.left -= 1
        return self.left >= 0


class Expressions:
    """Expressions in the order in which they are asked, with what makes something of a match.

    Args:
        matchers: patterns with functions that give None where the pattern does not match.
    """

    def __init__(self, matchers: Iterable[tuple[str, Matcher]]) -> None:
        self.raised = 0
        """How often an expression's function raised: libraries read parts of a match that it may lack."""
        self._matchers: list[Matcher] = []
        texts: list[tuple[int, str]] = []
        self._always: list[int] = []
        for number, (pattern, matcher) in enumerate(matchers):
            self._matchers.append(matcher)
            required = literals.required(pattern)
            if "" in required:
                self._always.append(number)
            else:
                texts += [(number, text.lower()) for text in required]
        self._short = [(number, text) for number, text in texts if len(text) < SIZE]
        self._filed = _filed([(number, text) for number, text in texts if len(text) >= SIZE])
        self._keys = frozenset(self._filed)

    def candidates(self, given: Subject) -> list[int]:
        """Numbers of the expressions that can match, in order."""
        lower = given.lower
        found = {*self._always, *(number for number, text in self._short if text in lower)}
        for key in self._keys & given.groups:
            for number, text in self._filed[key]:
                if number not in found and text in lower:
                    found.add(number)
        return sorted(found)

    def first(self, given: Subject, allowance: Allowance) -> Any:
        """What the first expression that matches makes of the subject, None where none does or the allowance is spent.

        An expression whose function raises ends the search.
        """
        for number in self.candidates(given):
            if not allowance.take():
                return None
            try:
                found = self._matchers[number](given.text)
            except Exception:  # noqa: BLE001 - whatever a library makes of an invented text
                self.raised += 1
                return None
            if found is not None:
                return found
        return None


def _filed(texts: Sequence[tuple[int, str]]) -> dict[str, list[tuple[int, str]]]:
    """Texts by the rarest of their groups."""
    counts = Counter(group for _, text in texts for group in _groups(text))
    counts.update(dict.fromkeys(_groups(literals.USUAL), 1000))
    filed: dict[str, list[tuple[int, str]]] = {}
    for number, text in texts:
        rarest = min(_groups(text), key=lambda group: (counts[group], group))
        filed.setdefault(rarest, []).append((number, text))
    return filed


def _groups(text: str) -> list[str]:
    return [text[at : at + SIZE] for at in range(len(text) - SIZE + 1)]


def searcher(pattern: str) -> Matcher:
    """Asks a pattern, without case and at the beginning of a word; it is compiled when first asked, and kept."""
    if pattern[:1].isalnum() and "|" not in pattern:
        pattern = f"(?<![a-zA-Z0-9]){pattern}"
    compiled = cache(lambda: re.compile(pattern, re.IGNORECASE))
    return lambda text: compiled().search(text)

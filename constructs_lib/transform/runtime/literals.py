"""Texts of which every match of a regular expression must contain at least one: asking for them first saves compiling
and running the expression.

ua-parser and crawler-user-agents together are some 2,800 expressions. Compiled at once they would cost a cold start
most of a second; with their literals at hand a user agent is compared with as many short texts and run through the
few that can match."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<run>(?:[^\\\[\](){}|.^$*+?]|\\[^0-9A-Za-z])+)(?![*?{+])"  # text without a quantifier behind it
    r"|(?P<bar>\|)"
    r"|(?P<close>\))(?P<times>[*+?]|\{[0-9,]*\})?\??"
    r"|(?P<group>\((?:\?:)?(?!\?))"
    r"|(?P<set>\[\^?\]?(?:[^\]\\]|\\.)*\]|\\[dDwWsSbBAZ]|[.^$]|[^\\\[\](){}|.^$*+?]|\\[^0-9A-Za-z])"
    r"(?:[*+?]|\{[0-9,]*\})?\??",
    re.DOTALL,
)
NOTHING = ("",)
"""No promise: the empty text is in every text."""
_MOST = 256
Literals = tuple[str, ...]


def required(pattern: str) -> Literals:
    """Texts of which every match of the pattern contains at least one; `NOTHING` where none is certain."""
    levels: list[tuple[Literals, Literals | None]] = []
    best: Literals = NOTHING
    others: Literals | None = None
    at, end = 0, len(pattern)
    while at < end:
        token = _TOKEN.match(pattern, at)
        if token is None:  # an expression of a kind not foreseen
            return NOTHING
        at = token.end()
        kind = token.lastgroup
        if kind == "run":
            best = _better(best, (_plain(token.group()),))
        elif kind == "bar":
            others, best = _either(others, best), NOTHING
        elif kind == "group":
            levels.append((best, others))
            best, others = NOTHING, None
        elif kind in {"close", "times"}:
            if not levels:
                return NOTHING
            inner = NOTHING if (token["times"] or "+")[0] in "*?{" else _either(others, best)
            best, others = levels.pop()
            best = _better(best, inner)
    return NOTHING if levels else _either(others, best)


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    return text.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")


def _either(others: Literals | None, best: Literals) -> Literals:
    """What two alternatives need together: nothing for certain as soon as one needs nothing."""
    if others is None:
        return best
    if NOTHING in (others, best) or len(others) + len(best) > _MOST:
        return NOTHING
    return others + best


def _better(one: Literals, other: Literals) -> Literals:
    """The promise that fewer texts keep by chance: whose shortest literal is longer, or that has fewer of them."""
    a, b = min(map(len, one)), min(map(len, other))
    if a != b:
        return one if a > b else other
    return one if len(one) <= len(other) else other

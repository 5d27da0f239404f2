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
USUAL = (
    "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/131.0.0.0 safari/537.36\n"
    "mozilla/5.0 (linux; u; android 4.0.4; en-us; build/up1a; wv) version/4.0 chrome/131.0.0.0 mobile safari/537.36\n"
    "mozilla/5.0 (iphone; cpu iphone os 17_5 like mac os x) version/17.5 mobile/15e148 safari/604.1"
)
"""User agents as most are, in lower case: what stands in them tells little."""
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
    """The promise that fewer texts keep by chance: whose weakest literal tells more, or that has fewer."""
    a, b = min(map(_tells, one)), min(map(_tells, other))
    if a != b:
        return one if a > b else other
    return one if len(one) <= len(other) else other


def _tells(text: str) -> float:
    """How telling a text is: its length, but less than any other for what stands in most user agents."""
    return min(len(text), 9) / 10 if text.lower() in USUAL else len(text)

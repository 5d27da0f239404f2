"""A text that every match of a regular expression must contain: asking for it first saves compiling and running the
expression.

ua-parser and crawler-user-agents together are some 3,000 expressions. Compiled at once they would cost a cold start
most of a second; with their literals at hand a user agent is compared with 3,000 short texts and run through the few
that can match.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<run>(?:[^\\\[\](){}|.^$*+?]|\\[^0-9A-Za-z])+)(?![*?{+])"  # text without a quantifier behind it
    r"|(?P<bar>\|)"
    r"|(?P<close>\))(?P<times>[*+?]|\{[0-9,]*\})?\??"
    r"|(?P<group>\((?:\?:)?(?!\?))"
    r"|(?P<set>\[\^?\]?(?:[^\]\\]|\\.)*\]|\\[dDwWsSbBAZ]|[.^$]|[^\\\[\](){}|.^$*+?]|\\[^0-9A-Za-z])(?:[*+?]|\{[0-9,]*\})?\??",
    re.DOTALL,
)


def required(pattern: str) -> str:
    """The longest text that every match of the pattern contains, or an empty text where none is certain."""
    levels: list[tuple[str, bool]] = []
    best, alternatives = "", False
    at, end = 0, len(pattern)
    while at < end:
        token = _TOKEN.match(pattern, at)
        if token is None:  # an expression of a kind not foreseen: no promise
            return ""
        at = token.end()
        kind = token.lastgroup
        if kind == "run":
            text = token.group()
            if "\\" in text:
                text = text.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")
            if len(text) > len(best):
                best = text
        elif kind == "bar":
            alternatives = True
        elif kind == "group":
            levels.append((best, alternatives))
            best, alternatives = "", False
        elif kind in {"close", "times"}:
            if not levels:
                return ""
            inner = "" if alternatives or (token["times"] or "+")[0] in "*?{" else best
            best, alternatives = levels.pop()
            if len(inner) > len(best):
                best = inner
    return "" if alternatives or levels else best

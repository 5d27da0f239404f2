"""A text that every match of a regular expression must contain: asking for it first saves compiling and running the
expression.

ua-parser and crawler-user-agents together are some 3,000 expressions. Compiled at once they would cost a cold start
most of a second; with their literals at hand a user agent is compared with 3,000 short texts and run through the few
that can match.
"""

from __future__ import annotations

_CLASSES = frozenset("dDwWsSbBAZ")


def required(pattern: str) -> str:
    """The longest text that every match of the pattern contains, or an empty text where none is certain."""
    try:
        best, _ = _sequence(pattern, 0)
    except IndexError:  # an expression of a kind not foreseen: no promise
        return ""
    return best


def _sequence(pattern: str, at: int) -> tuple[str, int]:
    """The longest certain text from one place to the end of its group, and where that is."""
    best = run = ""
    alternatives = False
    end = len(pattern)
    while at < end and pattern[at] != ")":
        char = pattern[at]
        piece = ""
        if char == "|":
            alternatives = True
            at += 1
        elif char == "[":
            at = _after_class(pattern, at)
        elif char == "(":
            inner, at = _group(pattern, at)
            if not _optional(pattern, at) and len(inner) > len(best):
                best = inner
        elif char == "\\":
            escaped = pattern[at + 1]
            at += 2
            if escaped not in _CLASSES and not escaped.isalnum():
                piece = escaped
        else:
            at += 1
            if char not in ".^$":
                piece = char
        if piece and not _optional(pattern, at):
            run += piece
            if len(run) > len(best):
                best = run
            if at >= end or pattern[at] not in "+{":
                continue
        run = ""
        at = _after_quantifier(pattern, at)
    return ("" if alternatives else best), at


def _group(pattern: str, at: int) -> tuple[str, int]:
    """The certain text of a group, and the place behind its closing bracket."""
    plain = True
    at += 1
    if pattern[at] == "?":
        plain = pattern[at + 1] == ":"
        at += 2
    inner, at = _sequence(pattern, at)
    if pattern[at] != ")":
        raise IndexError
    return (inner if plain else ""), at + 1


def _after_class(pattern: str, at: int) -> int:
    at += 1
    if pattern[at] == "^":
        at += 1
    if pattern[at] == "]":
        at += 1
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _optional(pattern: str, at: int) -> bool:
    return at < len(pattern) and (pattern[at] in "?*" or pattern.startswith(("{0", "{,"), at))


def _after_quantifier(pattern: str, at: int) -> int:
    if at < len(pattern) and pattern[at] == "{":
        at = pattern.index("}", at) + 1
    elif at < len(pattern) and pattern[at] in "?*+":
        at += 1
    if at < len(pattern) and pattern[at] == "?":
        at += 1
    return at

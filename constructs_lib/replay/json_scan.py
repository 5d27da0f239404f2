"""Finds the end of a JSON object or array in a byte stream, or the place where it stops being JSON.

The grammar is that of Python's parser, which the transform uses: RFC 8259, ``NaN`` and ``Infinity``, and control
characters in strings. A line feed in a string is refused, because it separates records and an unclosed string is the
most common damage.
"""

from __future__ import annotations

import re
from array import array
from enum import Enum

LONGEST_NUMBER = 65_536
"""Most bytes of a number; a longer one is not JSON."""
_LITERAL_TAIL = 9
"""Bytes needed to recognise the end of a number or a literal: the length of ``-Infinity``."""

_TOKEN = re.compile(
    rb"[ \t\n\r]*(?:(\"[^\"\\\n]*\")|(,)|(:)|([{\[])|([}\]])|"
    rb"((?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|-?Infinity|NaN|true|false|null)(?![\w./:+-]))|"
    rb"(\"))"
)
_STRING, _COMMA, _COLON, _OPEN, _CLOSE, _SCALAR, _QUOTE = range(1, 8)
_BLANK = re.compile(rb"[ \t\n\r]*")
_SPECIAL = re.compile(rb"[\"\\\n]")
_UNICODE = re.compile(rb"[0-9a-fA-F]{4}")
_OPENER = re.compile(rb"[{\[]")

_FIRST_KEY, _KEY, _BEFORE_VALUE, _FIRST_VALUE, _VALUE, _AFTER = range(6)
"""Expected next token: a key or ``}``, a key, a colon, a value or ``]``, a value, a comma or the end."""
_NEXT: dict[tuple[int, int], int] = {
    (_FIRST_KEY, _STRING): _BEFORE_VALUE,
    (_KEY, _STRING): _BEFORE_VALUE,
    (_FIRST_VALUE, _STRING): _AFTER,
    (_VALUE, _STRING): _AFTER,
    (_FIRST_VALUE, _SCALAR): _AFTER,
    (_VALUE, _SCALAR): _AFTER,
    (_BEFORE_VALUE, _COLON): _VALUE,
}
_AFTER_COMMA = {b"{"[0]: _KEY, b"["[0]: _VALUE}
_AFTER_OPENER = {b"{"[0]: _FIRST_KEY, b"["[0]: _FIRST_VALUE}
_CLOSED = {b"}"[0]: (b"{"[0], _FIRST_KEY), b"]"[0]: (b"["[0], _FIRST_VALUE)}


class Outcome(Enum):
    """Result of a scan."""

    COMPLETE = 1
    """The value is complete; `Scan.at` is its end."""
    FAILED = 2
    """At `Scan.at` it stops being JSON."""
    MORE = 3
    """The value is valid so far and needs more bytes."""


class Scan:
    """Scans one value that begins with ``{`` or ``[``, as its bytes arrive.

    Attributes:
        start: offset of its first byte in the whole input.
        deepest: most levels of nesting.
        at: offset up to which it is scanned.
        nested: start and end of the last complete inner value, if only whitespace follows it.
        last_string: start and end of the last string.
        strings: start and end of each string that contains ``{`` or ``[``, if a list was given.
    """

    def __init__(self, start: int, deepest: int, strings: list[tuple[int, int]] | None = None) -> None:
        self.start = self.at = start
        self.deepest = deepest
        self.nested: tuple[int, int] | None = None
        self.last_string = (start, start)
        self.strings = strings
        self._kinds = bytearray()
        self._starts = array("I")
        self._expected = _VALUE
        self._string: int | None = None

    @property
    def begun(self) -> bool:
        """Whether more than an array's first byte is JSON."""
        return self._expected != _FIRST_VALUE or len(self._kinds) > 1 or self.last_string[0] > self.start

    def run(  # noqa: PLR0911, PLR0912 - one loop: a call a token would cost a third more
        self, content: bytearray, base: int, end: int, *, final: bool
    ) -> Outcome:
        """Scan ``content``, whose first byte has the offset ``base``, up to the offset ``end``.

        A token that may continue beyond ``end`` is left to the next call, which must get its bytes again; ``final``
        says that the input ends at ``end``.
        """
        stop = end - base
        while True:
            if self._string is not None:
                outcome = self._read_string(content, base, stop, final=final)
                if outcome is not None:
                    return outcome
            at, expected = self.at - base, self._expected
            while True:
                token = _TOKEN.match(content, at, stop)
                if token is None:
                    return self._unfinished(content, base, at, stop, final=final)
                kind = token.lastindex or 0
                begin, after = token.start(kind), token.end()
                if kind == _STRING:
                    if self.strings is not None and _OPENER.search(content, begin, after):
                        self.strings.append((begin + base, after + base))
                    self.last_string = (begin + base, after + base)
                elif kind == _SCALAR:
                    if after - begin > LONGEST_NUMBER:
                        return self._failed(begin + base)
                    if after > stop - _LITERAL_TAIL and not final:
                        return Outcome.MORE
                elif kind == _QUOTE:
                    if (expected, _STRING) not in _NEXT:
                        return self._failed(begin + base)
                    break
                following = _NEXT.get((expected, kind))
                if following is None:
                    following = self._nest(kind, content[begin], expected, begin + base)
                    if following is None:
                        return self._failed(begin + base)
                self.nested = None if kind != _CLOSE else self.nested
                at, expected = after, following
                self.at, self._expected = at + base, expected
                if kind == _CLOSE and not self._kinds:
                    return Outcome.COMPLETE
            self.nested = None
            self._string = begin + base
            self.at = after + base

    def _nest(self, kind: int, byte: int, expected: int, at: int) -> int | None:
        """The expected token after a bracket or a comma; None if it is not allowed here."""
        kinds = self._kinds
        if kind == _COMMA and expected == _AFTER:
            return _AFTER_COMMA[kinds[-1]]
        if kind == _OPEN and expected in {_VALUE, _FIRST_VALUE} and len(kinds) < self.deepest:
            kinds.append(byte)
            self._starts.append(at - self.start)
            return _AFTER_OPENER[byte]
        if kind == _CLOSE and kinds[-1] == _CLOSED[byte][0] and expected in {_AFTER, _CLOSED[byte][1]}:
            kinds.pop()
            self.nested = (self._starts.pop() + self.start, at + 1)
            return _AFTER
        return None

    def _failed(self, at: int) -> Outcome:
        self.at = at
        return Outcome.FAILED

    def _unfinished(self, content: bytearray, base: int, at: int, stop: int, *, final: bool) -> Outcome:
        """Result where no token matches: only whitespace, the beginning of a token, or no JSON."""
        blank = _BLANK.match(content, at, stop)
        at = blank.end() if blank else stop
        self.at = at + base
        if final:
            return Outcome.FAILED
        # A number may be long; other tokens are recognised by their first bytes.
        undecided = stop - at < _LITERAL_TAIL or (content[at] in b"-0123456789" and stop - at <= LONGEST_NUMBER)
        return Outcome.MORE if undecided else Outcome.FAILED

    def _read_string(self, content: bytearray, base: int, stop: int, *, final: bool) -> Outcome | None:
        """Continue a string; None at its end."""
        at = self.at - base
        outcome = Outcome.FAILED
        while True:
            special = _SPECIAL.search(content, at, stop)
            if special is None:
                at = stop
                outcome = Outcome.FAILED if final else Outcome.MORE
                break
            at = special.start()
            byte = content[at]
            if byte == b'"'[0]:
                self._end_string(content, base, at)
                self.at = at + 1 + base
                self._expected = _NEXT[self._expected, _STRING]
                return None
            if byte == b"\n"[0]:
                break
            escape = content[at + 1 : at + 2] if at + 1 < stop else b""
            if escape == b"u":
                if stop - at < 6 and not final:
                    outcome = Outcome.MORE
                    break
                if at + 6 > stop or not _UNICODE.match(content, at + 2, at + 6):
                    break
                at += 6
            elif not escape:
                outcome = Outcome.FAILED if final else Outcome.MORE
                break
            elif escape in b'"\\/bfnrt':
                at += 2
            else:
                break
        if outcome is Outcome.FAILED:
            self._end_string(content, base, at)
        self.at = at + base
        return outcome

    def _end_string(self, content: bytearray, base: int, at: int) -> None:
        self.last_string = (self.at if self._string is None else self._string, at + base)
        self._string = None
        if self.strings is not None and _OPENER.search(content, self.last_string[0] - base, at):
            self.strings.append(self.last_string)

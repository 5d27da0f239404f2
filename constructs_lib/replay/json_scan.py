"""A JSON object or array among other bytes: where it ends, or where it stops being JSON.

The grammar is Python's, which the transform reads with: RFC 8259, ``NaN`` and ``Infinity``, and control characters in
strings. A line feed in a string is refused all the same: it is what parts records, and a string that never ends is the
commonest damage.
"""

from __future__ import annotations

import re
from array import array
from enum import Enum

LONGEST_NUMBER = 65_536
"""Bytes of a number that is read; a longer one ends the JSON."""
_LITERAL_TAIL = 9
"""Bytes that must follow a number or a literal before it is known to be over: as many as ``-Infinity`` has."""

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
"""What may come next: a key or ``}``, a key, a colon, a value or ``]``, a value, a comma or the end."""
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
    """What became of a scan."""

    COMPLETE = 1
    """The value is whole; `Scan.at` is where it ends."""
    FAILED = 2
    """It is no JSON from `Scan.at` on."""
    MORE = 3
    """So far it is; more bytes will tell."""


class Scan:
    """One value that begins with ``{`` or ``[``, read as its bytes come.

    Attributes:
        start: where it begins, in bytes of the whole.
        deepest: how many values may lie in one another.
        at: how far it is read.
        nested: start and end of the value inside it that ended last, if nothing but blanks came after it.
        last_string: start and end of the string that was read last.
        strings: start and end of each string that holds ``{`` or ``[``, where a list was given.
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
        """Whether more of an array than its first byte is JSON."""
        return self._expected != _FIRST_VALUE or len(self._kinds) > 1 or self.last_string[0] > self.start

    def run(  # noqa: PLR0911, PLR0912 - one loop: a call a token would cost a third more
        self, content: bytearray, base: int, end: int, *, final: bool
    ) -> Outcome:
        """Read on in ``content``, whose first byte is the ``base``-th of the whole, up to ``end`` of the whole.

        What may go on beyond ``end`` is left to the next call, which must be given it again; ``final`` says that
        nothing comes after ``end``.
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
        """What comes after a bracket or a comma; none where it does not fit."""
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
        """No token: blanks to the end, the beginning of one, or none."""
        blank = _BLANK.match(content, at, stop)
        at = blank.end() if blank else stop
        self.at = at + base
        if final:
            return Outcome.FAILED
        # A number may go on for long; anything else is told by its first bytes.
        undecided = stop - at < _LITERAL_TAIL or (content[at] in b"-0123456789" and stop - at <= LONGEST_NUMBER)
        return Outcome.MORE if undecided else Outcome.FAILED

    def _read_string(self, content: bytearray, base: int, stop: int, *, final: bool) -> Outcome | None:
        """On in a string; none when it is over."""
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

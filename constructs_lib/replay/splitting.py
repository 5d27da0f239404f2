"""Splits concatenated records in one pass, and finds damaged parts.

Records are JSON objects and arrays, with or without separators, and lines of text. A damaged part ends where the next
record begins: at a line end, or at a ``{`` or ``[`` that begins valid JSON, also inside an unclosed string. For any
input, each byte is read only a few times, and only a few records are in memory.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from constructs_lib.replay.json_scan import Outcome, Scan

MOST = 2 * 1024 * 1024
"""Most bytes of a record. Kinesis accepts 1 MiB by default; in an error object base64 adds a third, and the reason is
added."""
PIECE = 65_536
"""Most bytes of one piece of an unreadable part."""

BROKEN = "is broken or truncated JSON"
NO_RECORD = "is neither JSON nor a line of text"
SEVERAL_LINES = "is several access log lines without a line end between them"
TOO_LARGE = f"is larger than {MOST:,} bytes"

_OPENS = (
    rb"\{(?=[ \t\r\n]{0,64}(?:[\"}]|\Z)|[ \t\r\n]{64})|\[(?=[ \t\r\n]{0,64}(?:[\"{\[\]\-0-9tfnNI]|\Z)|[ \t\r\n]{64})"
)
"""Matches the beginning of a value."""
_LOOKS_AHEAD = 66
"""Bytes needed to recognise the beginning of a value."""
_OPENER = re.compile(_OPENS)
_NEXT = re.compile(rb"\n|" + _OPENS)
_BLANKS = re.compile(rb"[ \t\r\n\f\v\0]*(?:\xef\xbb\xbf[ \t\r\n\f\v\0]*)*")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ASCII = bytes(range(128))
_FRAGMENT = re.compile(rb"[}\],:]|\[\Z|\"[^\"]*\"[ \t\r]*:|[^\s\"]*\"[ \t\r]*:")
"""Matches the beginning of a line that is a fragment of JSON."""
_ALONE = re.compile(rb"[ \t\r]*(?:[{\[\n]|\Z)|[^ \t\r]")
_NO_TEXT = b'{["}],:'
_JOINED = b" \t=:,(|'\"<>"
"""Characters before JSON that is part of a line of text, such as ``payload={...}``."""
_QUOTED = re.compile(rb'"[^"]*"')
_ACCESS_TIME = re.compile(rb"\[\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d ")


@dataclass(frozen=True)
class Part:
    """A record, or a piece of an unreadable part.

    Attributes:
        offset: position of its first byte in the whole input.
        reason: why it is not a record; empty for a record.
        first: whether it is the first piece of an unreadable part, which comes in pieces of at most `PIECE` bytes.
    """

    offset: int
    data: bytes
    reason: str | None = None
    first: bool = True


class _Mode(Enum):
    """Where reading continues."""

    LINE = 1
    """At the start of a line or of the input."""
    JOINED = 2
    """Right after a record."""
    LOST = 3
    """In an unreadable part: up to the next line or value."""


_Step = Generator[Part, None, "tuple[int, _Mode]"]


def split(chunks: Iterable[bytes]) -> Iterator[Part]:
    """All parts of the input except whitespace, in order; chunk boundaries do not matter."""
    return _Splitter(chunks).parts()


def _is_text(line: bytes) -> bool:
    """Whether a line is text: no control characters, and UTF-8 or mostly ASCII, such as Latin-1."""
    if _CONTROL.search(line):
        return False
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return len(line.translate(None, _ASCII)) * 2 < len(line)
    return True


class _Splitter:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._content = bytearray()
        self._base = 0
        self._ended = False
        self._given = 0
        """Offset before which all bytes are returned or whitespace."""
        self._reason: str | None = None
        self._continues = False
        self._line_ends = False
        """Whether line ends have separated records so far."""

    @property
    def _end(self) -> int:
        return self._base + len(self._content)

    def parts(self) -> Iterator[Part]:
        """See `split`."""
        at, mode = 0, _Mode.LINE
        while True:
            if mode is _Mode.LOST:
                at = yield from self._to_next(at)
            else:
                at, lines = self._past_blanks(at)
                mode = _Mode.LINE if lines else mode
                self._line_ends = self._line_ends or lines
            if not self._fill(at + 1):
                yield from self._unreadable(self._end)
                return
            byte = self._content[at - self._base]
            if byte == b"\n"[0]:
                yield from self._unreadable(at)
                mode = _Mode.LINE
            elif byte in b"{[":
                at, mode = yield from self._json(at, mode)
            else:
                at, mode = self._text(at, mode)
                if mode is not _Mode.LOST:
                    yield from self._record(self._given, at)

    def _json(self, at: int, mode: _Mode) -> _Step:
        scan = Scan(at, MOST // 2)
        outcome = self._read(scan)
        if outcome is Outcome.MORE:
            return (yield from self._beyond(scan))
        whole = outcome is Outcome.COMPLETE
        # Lines of text may begin with a bracket: "[Wed Oct 11 14:32:52 2000] [error] ...", "[1234] started".
        bracket = mode is not _Mode.LOST and self._content[at - self._base] == b"["[0]
        if bracket and not (self._stands_alone(scan.at) if whole else scan.begun):
            end, mode = self._text(at, mode)
            if mode is not _Mode.LOST:
                yield from self._record(at, end)
            return end, mode
        if whole:
            yield from self._record(at, scan.at)
            return scan.at, _Mode.JOINED
        return (yield from self._broken(scan))

    def _broken(self, scan: Scan) -> _Step:
        """Handle invalid JSON: return the records in it, and the place where the next may begin."""
        failed: Scan | None = scan
        at = max(scan.start, self._given)
        found: list[tuple[int, int]] = []
        while failed is not None:
            found, at, failed = self._recover(failed, at)
            for begin, stop in found:
                yield from self._record(begin, stop)
            if failed is not None:
                yield from self._pieces(failed.start)
        if found and found[-1][1] == at:
            return at, _Mode.JOINED
        # A line of text after JSON that was truncated between two values.
        line = self._content.rfind(b"\n", max(self._given, scan.start) - self._base, at - self._base) + self._base
        if line >= max(self._given, scan.start):
            blanks = _BLANKS.match(self._content, line + 1 - self._base, at - self._base)
            first = self._content[blanks.end() : blanks.end() + 1] if blanks else b""
            if first and first not in _NO_TEXT:
                yield from self._unreadable(line)
                return line, _Mode.LINE
        return at, _Mode.LOST

    def _beyond(self, scan: Scan) -> _Step:
        """Read a value that is larger than any record to its end, in pieces."""
        self._reason = self._reason or TOO_LARGE
        outcome = Outcome.MORE
        while outcome is Outcome.MORE:
            # Keep the last bytes: they may contain records if this turns out not to be JSON.
            yield from self._pieces(scan.at - MOST)
            self._fill(self._end + 1)
            outcome = scan.run(self._content, self._base, self._end, final=self._ended)
        if outcome is Outcome.COMPLETE:
            yield from self._unreadable(scan.at)
            return scan.at, _Mode.JOINED
        return (yield from self._broken(scan))

    def _recover(
        self, failed: Scan, cursor: int, stop: int | None = None
    ) -> tuple[list[tuple[int, int]], int, Scan | None]:
        """Find complete values from ``cursor`` on within invalid JSON, and where and how to continue.

        Records after damage are hidden in it in two ways: as an inner value, the last one before the failure; or inside
        an unclosed string. A scan from inside a string reads every quote with the opposite meaning, so at most one scan
        of each kind is needed at any place.
        """
        found: list[tuple[int, int]] = []
        given, limit = max(failed.start, self._given), failed.at
        inner = failed.nested if failed.nested and failed.nested[0] >= given else None
        longer: Scan | None = None
        for start in self._openers(failed, cursor):
            if start < cursor:
                continue
            if inner and start >= inner[0]:
                break
            scan = Scan(start, MOST // 2)
            if self._read(scan, stop) is Outcome.COMPLETE:
                found.append((start, scan.at))
                given = cursor = scan.at
                if cursor >= limit:
                    return found, cursor, None
                continue
            if scan.at >= limit:
                longer = scan
                break
            if scan.nested and scan.nested[0] >= given:
                found.append(scan.nested)
                given = scan.nested[1]
            cursor = scan.at
        if inner and inner[0] >= given:
            found.append(inner)
            given = inner[1]
        return found, max(limit, given), longer

    def _openers(self, failed: Scan, cursor: int) -> Iterator[int]:
        """Offsets at which values may begin inside strings of invalid JSON."""
        strings: list[tuple[int, int]] = []
        if failed.start < self._base:
            strings.append(failed.last_string)
        else:
            Scan(failed.start, MOST // 2, strings).run(self._content, self._base, failed.at, final=True)
        for begin, until in strings:
            at = max(begin, cursor)
            while at < until:
                opener = _OPENER.search(self._content, at - self._base, until - self._base)
                if opener is None:
                    break
                at = opener.start() + self._base
                yield at
                at += 1

    def _text(self, at: int, mode: _Mode) -> tuple[int, _Mode]:
        """Read a line of text that is a record, or else an unreadable part."""
        line_end = self._line_end(at)
        if line_end is None:
            self._reason = self._reason or NO_RECORD
            return at, _Mode.LOST
        line = bytes(self._content[at - self._base : line_end - self._base]).rstrip(b" \t\r\f\v\0")
        last = line_end == self._end and self._ended
        if not _is_text(line):
            self._reason = NO_RECORD
        elif _FRAGMENT.match(line) or self._holds_records(at, at + len(line), glued=last and not self._line_ends):
            self._reason = BROKEN
        elif len(_ACCESS_TIME.findall(_QUOTED.sub(b"", line))) > 1:
            self._reason = SEVERAL_LINES
        elif last and mode is not _Mode.LINE:
            self._reason = NO_RECORD
        else:
            return at + len(line), _Mode.JOINED
        return at, _Mode.LOST

    def _holds_records(self, at: int, end: int, *, glued: bool) -> bool:
        """Whether a line contains JSON records of its own; ``glued``: any JSON in it is one."""
        cursor = at
        while True:
            opener = _OPENER.search(self._content, cursor - self._base, end - self._base)
            if opener is None:
                return False
            start = opener.start() + self._base
            scan = Scan(start, MOST // 2)
            if self._read(scan, end) is Outcome.COMPLETE:
                found, cursor = [(start, scan.at)], scan.at
            else:
                found, cursor = [], start
                failed: Scan | None = scan
                while failed is not None:
                    more, cursor, failed = self._recover(failed, cursor, end)
                    found += more
            for begin, stop in found:
                value = self._content[begin - self._base : stop - self._base]
                joined = not glued and self._content[begin - 1 - self._base] in _JOINED
                if value.startswith(b"{") and b'"' in value and not joined:
                    return True
            cursor = max(cursor, start + 1)

    def _stands_alone(self, at: int) -> bool:
        """Whether only whitespace follows on the line."""
        self._fill(at + 1)
        while not (alone := _ALONE.match(self._content, at - self._base)) and self._content[-1:] in b" \t\r":
            if not self._fill(self._end + 1):
                return True
        return alone is not None

    def _line_end(self, at: int) -> int | None:
        """End of the line that begins here; None if it is longer than any record."""
        start = at
        while True:
            found = self._content.find(b"\n", start - self._base, at + MOST - self._base)
            if found >= 0:
                return found + self._base
            start = self._end
            if start >= at + MOST:
                return None
            if not self._fill(start + 1):
                return start

    def _past_blanks(self, at: int) -> tuple[int, bool]:
        """Offset of the first byte that is not whitespace, and whether a line end precedes it."""
        lines = False
        while True:
            self._fill(at + 3)
            blanks = _BLANKS.match(self._content, at - self._base)
            end = at if blanks is None else blanks.end() + self._base
            if end == at:
                return at, lines
            lines = lines or b"\n" in self._content[at - self._base : end - self._base]
            at = self._given = end

    def _to_next(self, at: int) -> Generator[Part, None, int]:
        """Skip to the next line end or beginning of a value; the bytes before are unreadable."""
        while True:
            found = _NEXT.search(self._content, at - self._base)
            at = self._end if found is None else found.start() + self._base
            yield from self._pieces(at)
            if found is None:
                if not self._fill(at + 1):
                    return at
                continue
            self._fill(at + _LOOKS_AHEAD)
            if _NEXT.match(self._content, at - self._base):
                return at
            at += 1

    def _read(self, scan: Scan, stop: int | None = None) -> Outcome:
        """Scan a value to its end, to ``stop``, or to the most bytes of a record."""
        limit = scan.start + MOST if stop is None else stop
        while True:
            if self._end < limit:
                self._fill(self._end + 1)
            end = min(self._end, limit)
            final = end == stop or (self._ended and end == self._end)
            outcome = scan.run(self._content, self._base, end, final=final)
            if outcome is not Outcome.MORE or end == limit:
                return outcome

    def _fill(self, end: int) -> bool:
        """Read bytes up to ``end``; False if the input ends before."""
        while self._end < end and not self._ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
            else:
                used = self._given - self._base
                if used > PIECE:
                    del self._content[:used]
                    self._base = self._given
                self._content += chunk
        return self._end >= end

    def _record(self, begin: int, end: int) -> Iterator[Part]:
        yield from self._unreadable(begin)
        if end - begin > MOST:
            self._reason = TOO_LARGE
            yield from self._unreadable(end)
            return
        yield Part(begin, bytes(self._content[begin - self._base : end - self._base]))
        self._given = end

    def _unreadable(self, end: int) -> Iterator[Part]:
        """Return the remaining bytes before ``end`` as the last pieces of an unreadable part."""
        yield from self._pieces(end)
        rest = bytes(self._content[self._given - self._base : end - self._base])
        if self._continues or rest.strip(b" \t\r\n\f\v\0"):
            yield self._piece(rest)
        self._given = max(self._given, end)
        self._reason, self._continues = None, False

    def _pieces(self, end: int) -> Iterator[Part]:
        """Return the remaining bytes before ``end`` that fill whole pieces."""
        while end - self._given >= PIECE:
            begin = self._given - self._base
            yield self._piece(bytes(self._content[begin : begin + PIECE]))
            self._given += PIECE

    def _piece(self, data: bytes) -> Part:
        piece = Part(self._given, data, self._reason or BROKEN, first=not self._continues)
        self._continues = True
        return piece

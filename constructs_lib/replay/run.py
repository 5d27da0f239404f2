"""One replay: reads a source's records, counts and sends them, and keeps the progress."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from constructs_lib.replay.objects import Record, carries_arrival, wrapped
from constructs_lib.replay.sending import LARGEST_RECORD, Sender
from constructs_lib.replay.splitting import Part
from constructs_lib.replay.state import State
from constructs_lib.replay.unreadable import Kept

DONE, AGAIN, UNREADABLE = 0, 1, 3
"""Exit codes: all sent; nothing found, or run again to continue; some records cannot be read."""
TOO_LARGE = f"is larger than the {LARGEST_RECORD - 1:,} bytes that a stream takes"
_MOST_SAID = 10
"""Most lines printed about unreadable parts and objects; the file has all of them."""


class UnitError(Exception):
    """An object or shard cannot be read now; the message says why."""


@dataclass(frozen=True)
class Found:
    """A record or an unreadable part, its category in the counts, and the progress after it."""

    content: Record | Part
    kind: str
    tag: str
    sent: int


class Source(Protocol):
    """Where records come from."""

    unit: str
    """Name of its units: objects, shards."""
    nothing: str
    """Message for a source without units."""

    def units(self) -> Sequence[tuple[str, str]]:
        """Each object or shard: its key, and the tag that identifies its version."""

    def records(self, key: str, tag: str) -> Iterator[Found]:
        """The records of one unit that are not sent yet.

        Raises:
            UnitError: the unit cannot be read; the run continues with the others.
        """


class Replay:
    """Sends the records of a source.

    Args:
        kinesis: a client for the target stream.
        bare: send records without envelopes.
        dry_run: read and count only.
    """

    def __init__(
        self, source: Source, state: State, kinesis: Any, *, stream: str, bare: bool = False, dry_run: bool = False
    ) -> None:
        self._source = source
        self._state = state
        self._kept = Kept(state)
        self._kinesis = kinesis
        self._stream = stream
        self._bare = bare
        self._dry_run = dry_run
        self._counts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._told: list[str] = []
        self._said = 0.0
        self._total = 0

    def run(self) -> int:
        """`DONE`, `AGAIN` or `UNREADABLE`.

        Raises:
            StreamRefusedError: the stream refused records; the next run continues there.
            StateError: the progress cannot be written.
        """
        units = self._source.units()
        self._total = len(units)
        if not units:
            sys.stderr.write(f"replay: {self._source.nothing}\n")
            return AGAIN
        if not self._dry_run:
            self._kept.begin()
            self._state.begin()
        for key, tag in units:
            if self._state.done.get(key) == tag:
                self._counts["done before"] += 1
            else:
                self._send(key, tag)
            self._counts["units"] += 1
            self._say()
        self._summary()
        if self._counts["not had"]:
            return AGAIN
        return UNREADABLE if self._unreadable() else DONE

    def _unreadable(self) -> int:
        return self._counts["unreadable"] if self._dry_run else self._state.unreadable

    def _send(self, key: str, tag: str) -> None:
        last: Found | None = None

        def on_stream(count: int) -> None:
            self._counts["sent"] += count
            if last is not None:
                self._state.progress(key, last.tag, last.sent)
            self._say()

        sender = Sender(self._kinesis, self._stream, on_stream)
        try:
            for found in self._source.records(key, tag):
                data = self._data(key, found)
                if data is not None and not self._dry_run:
                    sender.put(data)
                last = found
        except UnitError as error:
            sender.flush()
            self._counts["not had"] += 1
            self._tell(f"{key}: {error}")
            return
        sender.flush()
        if not self._dry_run:
            self._state.finish(key, tag)

    def _data(self, key: str, found: Found) -> bytes | None:
        """The data to send; None for an unreadable part, which is kept in the file."""
        content = found.content
        if isinstance(content, Record) and len(content.data) >= LARGEST_RECORD:
            content = Part(content.offset, content.data, TOO_LARGE)
        if isinstance(content, Part):
            if content.first:
                self._counts["unreadable"] += 1
                self._tell(f"{key}: byte {content.offset:,}: {content.reason}")
            if not self._dry_run:
                self._kept.add(key, content)
            return None
        self._kinds[found.kind] += 1
        if self._bare:
            return content.data
        data = wrapped(content, largest=LARGEST_RECORD - 32)
        if data is content.data and not carries_arrival(data):
            self._counts["without arrival"] += 1
        return data

    def _tell(self, problem: str) -> None:
        if len(self._told) < _MOST_SAID:
            self._told.append(problem)

    def _say(self) -> None:
        """Progress, at most every other second."""
        if time.monotonic() - self._said > 2:
            self._said = time.monotonic()
            done, sent = self._counts["units"], self._counts["sent"]
            sys.stderr.write(f"replay: {done:,} of {self._total:,} {self._source.unit}, {sent:,} records sent\n")

    def _summary(self) -> None:
        verb = "would send" if self._dry_run else "sent"
        count = sum(self._kinds.values()) if self._dry_run else self._counts["sent"]
        unit, before = self._source.unit, self._counts["done before"]
        already = f" ({before:,} {unit} were done before)" if before else ""
        sys.stdout.write(f"{verb} {count:,} records of {self._total:,} {unit} to {self._stream}{already}\n")
        for kind, number in self._kinds.most_common():
            sys.stdout.write(f"  {number:>9,}  {kind}\n")
        if self._counts["without arrival"]:
            reason = "without their first arrival: not UTF-8, too large for an envelope, or arrival unknown"
            sys.stdout.write(f"  {self._counts['without arrival']:>9,}  of them {reason}\n")
        for line in self._told:
            sys.stderr.write(f"replay: {line}\n")
        more = self._counts["unreadable"] + self._counts["not had"] - len(self._told)
        if more:
            sys.stderr.write(f"replay: and {more:,} more\n")
        if self._unreadable():
            where = (
                ""
                if self._dry_run
                else f"; they are kept in {self._kept.path}; remove the file when you have handled them"
            )
            sys.stderr.write(f"replay: {self._unreadable():,} parts could not be read and were not sent{where}\n")
        if self._counts["not had"]:
            sys.stderr.write(
                f"replay: {self._counts['not had']:,} {unit} could not be read; run the same command again\n"
            )

"""One run over everything that a source holds: read, counted, sent, remembered."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from constructs_lib.replay.objects import Record, UnreadableObjectError, carries_arrival, wrapped
from constructs_lib.replay.sending import LARGEST_RECORD, Sender
from constructs_lib.replay.state import State


@dataclass(frozen=True)
class Found:
    """A record, what it is counted as, and what the state says once it is sent (`State.progress`)."""

    record: Record
    kind: str
    tag: str
    sent: int


class Source(Protocol):
    """Where records come from."""

    unit: str
    """What they come in: objects, shards."""
    nothing: str
    """What is said where there is none of those."""

    def units(self) -> Sequence[tuple[str, str]]:
        """Each object or shard: its key, and the tag under which it is done."""

    def records(self, key: str, tag: str) -> Iterator[Found]:
        """What is not sent yet of one of them."""


class Replay:
    """Sends what a source holds.

    Args:
        kinesis: a client for the stream that takes the records.
        bare: without envelopes.
        dry_run: read and count only.
    """

    def __init__(
        self, source: Source, state: State, kinesis: Any, *, stream: str, bare: bool = False, dry_run: bool = False
    ) -> None:
        self._source = source
        self._state = state
        self._kinesis = kinesis
        self._stream = stream
        self._bare = bare
        self._dry_run = dry_run
        self._counts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._unreadable: list[str] = []
        self._said = 0.0
        self._total = 0

    def run(self) -> int:
        """0: all sent; 1: there was nothing, or some could not be read.

        Raises:
            StreamRefusedError: the stream did not take records; another run goes on there.
        """
        units = self._source.units()
        self._total = len(units)
        if not units:
            sys.stderr.write(f"replay: {self._source.nothing}\n")
            return 1
        for key, tag in units:
            if self._state.done.get(key) == tag:
                self._counts["done before"] += 1
            else:
                self._send(key, tag)
            self._counts["units"] += 1
            self._say()
        self._summary()
        return 1 if self._unreadable else 0

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
                data = self._counted(found)
                if not self._dry_run:
                    sender.put(data)
                last = found
        except UnreadableObjectError as error:
            sender.flush()
            self._unreadable.append(f"{key}: {error}")
            return
        sender.flush()
        if not self._dry_run:
            self._state.finish(key, tag)

    def _counted(self, found: Found) -> bytes:
        """The record as it goes back."""
        record = found.record
        self._kinds[found.kind] += 1
        if self._bare:
            return record.data
        data = wrapped(record, largest=LARGEST_RECORD - 32)
        if data is record.data and not carries_arrival(data):
            self._counts["without arrival"] += 1
        return data

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
            reason = "without their first arrival: not UTF-8, too large for an envelope, or not known"
            sys.stdout.write(f"  {self._counts['without arrival']:>9,}  of them {reason}\n")
        for line in self._unreadable:
            sys.stderr.write(f"replay: {line}\n")

"""The fold: turns new events into sessions and profiles.

A run reads the events received since the last run and an overlap before that, because a search finds an event some time
after it was received. Each session with such an event is read completely and written under its own id, with a version
that grows with the events read. So a run may be repeated, interrupted or run twice at once, and events may come late,
twice or in any order: the resulting documents are the same.

The fold's progress (the watermark) is written after each slice of time, so an interrupted run loses at most one slice.
Slices grow while they are quick and shrink when they are slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from . import popularity, profiles, sessions, state, touched
from .bulk import Write, write
from .domain import Domain
from .nearest import written
from .settings import Settings

SLICE = timedelta(minutes=5)
LONGEST_SLICE = timedelta(days=1)
QUICK_SECONDS, SLOW_SECONDS = 5.0, 30.0
VERSION_EVENTS = 1024
"""Greater than `sessions.MOST_EVENTS`: the version of a session combines the time when its last event was received and
the number of its events."""


@dataclass
class Done:
    """Results of a run."""

    events: int = 0
    sessions: int = 0
    profiles: int = 0
    denials: int = 0
    unchanged: int = 0
    deleted: int = 0
    whole: bool = True
    """Whether it finished before its time was up."""


@dataclass
class Fold:
    """One run.

    Args:
        domain: with retries (`patience`) until the run's end.
        now: the time up to which the run folds.
        until: time on ``clock`` after which no further slice begins.
    """

    domain: Domain
    settings: Settings
    now: datetime
    until: float
    clock: Callable[[], float] = time.monotonic

    def recent(self) -> tuple[Done, timedelta]:
        """Fold the events that arrived since the last run, and report how far behind the fold is afterwards."""
        done = Done()
        known = state.read(self.domain, self.settings, state.WATERMARK).get("received_at")
        overlap = timedelta(seconds=self.settings.overlap_seconds)
        begin = self._first() if known is None else min(_moment(known), self.now) - overlap
        reached = begin
        for since, until in self._slices(begin, self.now, done):
            self._slice(since, until, done)
            reached = until
            state.put(self.domain, self.settings, state.WATERMARK, {"received_at": written(reached)})
        return done, self.now - reached

    def again(self, hours: int) -> Done:
        """Fold the last hours again, for events that the delivery stream delivered long after it received them."""
        done = Done()
        for since, until in self._slices(self.now - timedelta(hours=hours), self.now, done):
            self._slice(since, until, done, again=True)
        return done

    def tidy(self, done: Done) -> None:
        """Delete old sessions and profiles, and sort the sessions: among equal ones a search finds the latest first."""
        before = written(self.now - timedelta(days=self.settings.retention_days))
        for index in (self.settings.names.sessions, self.settings.names.profiles):
            answer = self.domain.ask(
                "POST",
                f"{index}/_delete_by_query?conflicts=proceed",
                {"query": {"range": {"ended_at": {"lt": before}}}},
            )
            done.deleted += answer["deleted"]
        self.domain.ask("POST", f"{self.settings.names.sessions}/_forcemerge?max_num_segments=1")

    def count(self) -> bool:
        """Count popularity again if it is due; returns whether it was."""
        known = state.read(self.domain, self.settings, state.SNAPSHOT)
        made = _moment(known["made_at"]) if "made_at" in known else None
        if made is not None and self.now - made < timedelta(minutes=self.settings.popularity_minutes):
            return False
        self.domain.ask("POST", f"{self.settings.names.sessions}/_refresh")
        snapshot = popularity.refresh(self.domain, self.settings, known, now=self.now)
        state.put(self.domain, self.settings, state.SNAPSHOT, snapshot)
        return True

    def _first(self) -> datetime:
        earliest = self.now - timedelta(days=self.settings.backfill_days)
        first = touched.received(self.domain, self.settings)
        return self.now if first is None else max(earliest, _moment(first))

    def _slices(self, begin: datetime, end: datetime, done: Done) -> Iterator[tuple[datetime, datetime]]:
        length = SLICE
        while begin < end:
            if self.clock() >= self.until:
                done.whole = False
                return
            until = min(begin + length, end)
            # Add the remainder to the last slice, or each run would end with a slice of seconds.
            if end - until < SLICE / 2:
                until = end
            began = self.clock()
            yield begin, until
            taken = self.clock() - began
            if taken < QUICK_SECONDS:
                length = min(2 * length, LONGEST_SLICE)
            elif taken > SLOW_SECONDS:
                length = max(length / 2, SLICE / 10)
            begin = until

    def _slice(self, since: datetime, until: datetime, done: Done, *, again: bool = False) -> None:
        for people in touched.denials(self.domain, self.settings, since, until):
            profiles.deny(self.domain, self.settings, people, now=self.now)
            done.denials += len(people)
        for page in touched.sessions(self.domain, self.settings, since, until):
            changed = self._changed(page.sessions) if again else list(page.sessions)
            done.unchanged += len(page.sessions) - len(changed)
            if changed:
                self._fold(changed, page.since, done)

    def _changed(self, found: Mapping[touched.SessionKey, int]) -> list[touched.SessionKey]:
        """Sessions whose indexed number of events differs from the real one."""
        ids = {sessions.key(*each): each for each in found}
        path = f"{self.settings.names.sessions}/_mget?_source_includes=events"
        answer = self.domain.ask("POST", path, {"ids": list(ids)})
        known = {ids[each["_id"]]: each["_source"].get("events") for each in answer["docs"] if each.get("found")}
        return [each for each, number in found.items() if known.get(each) != number]

    def _fold(self, keys: list[touched.SessionKey], since: datetime, done: Done) -> None:
        found = touched.events(self.domain, self.settings, keys, since)
        people = {person for events in found.values() for person in profiles.people_of(events)}
        known = profiles.read(self.domain, self.settings, people)
        documents: dict[str, dict[str, Any]] = {}
        versions: dict[str, int] = {}
        for (session_id, client_id), events in found.items():
            done.events += len(events)
            allowed = [event for event in events if not profiles.denied(known, event)]
            document = sessions.folded(allowed, verbs=self.settings.verbs)
            if document is not None:
                key = sessions.key(session_id, client_id)
                documents[key] = document
                versions[key] = version(max(event["received_at"] for event in allowed), document["events"])
        write(
            self.domain,
            self.settings.names.sessions,
            [
                Write(
                    "index",
                    {"_id": key, "version": versions[key], "version_type": "external_gte"},
                    document,
                )
                for key, document in documents.items()
            ],
        )
        done.sessions += len(documents)
        done.profiles += profiles.remember(self.domain, self.settings, documents, now=self.now)


def version(received_at: str, events: int) -> int:
    """The version of a session's document: an earlier reading never overwrites a later or fuller one."""
    return int(_moment(received_at).timestamp() * 1000) * VERSION_EVENTS + min(events, VERSION_EVENTS - 1)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)

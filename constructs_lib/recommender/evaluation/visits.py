"""Reads sessions for learning and measuring, from documents or from tables of public data sets.

Two formats, told apart by the first line:

- documents, one JSON object a line: search hits, or the transform's output for a file (``.gz`` too);
- a table with a header (`tables`), as public session data sets are published.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from constructs_lib.personalization import documents
from constructs_lib.personalization.documents import UnreadableError
from constructs_lib.recommender.evaluation import tables
from constructs_lib.recommender.runtime.sessions import MOST_EVENTS, counts, items, source

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Visit:
    """One session in its original order.

    Attributes:
        items: in order, repeats included.
        started, ended: time of the first and last item, seconds since 1970.
        source: pseudonym of client and day; empty if the data has no client.
    """

    items: Sequence[str]
    started: float
    ended: float
    source: str = ""

    def without_repeats(self) -> Visit:
        """The same with consecutive repeats of an item removed."""
        kept = [item for place, item in enumerate(self.items) if not place or self.items[place - 1] != item]
        return Visit(kept, self.started, self.ended, self.source)


def read(paths: Iterable[Path]) -> list[Visit]:
    """The sessions of files, ordered by their end, then by the order of the files.

    Raises:
        UnreadableError: a file has neither format.
        OSError: a file cannot be read.
    """
    found: list[Visit] = []
    for path in paths:
        with documents.opened(path) as source_file:
            try:
                found += _read(source_file, str(path))
            except (EOFError, UnicodeDecodeError, gzip.BadGzipFile, zlib.error, csv.Error) as error:
                raise UnreadableError(f"{path}: cannot be read: {error}") from None
    return sorted(found, key=lambda visit: (visit.ended, visit.started))


def _read(source_file: TextIO, name: str) -> list[Visit]:
    first = source_file.readline().removeprefix(BYTE_ORDER_MARK)
    if first.lstrip().startswith("{"):
        return list(_of_documents(documents.lines(chain([first], source_file), name)))
    rows: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    for number, row in enumerate(tables.rows(first, source_file, name)):
        rows[row.session].append((row.moment, number, row.item))
    for of_session in rows.values():
        of_session.sort()
    return [
        Visit([item for _, _, item in of_session], of_session[0][0], of_session[-1][0]) for of_session in rows.values()
    ]


def _of_documents(given: Iterable[dict[str, Any]]) -> Iterator[Visit]:
    events: dict[tuple[str, str | None], dict[str, dict[str, Any]]] = defaultdict(dict)
    for event in given:
        if counts(event):
            events[event["session_id"], event.get("client_id")][event["event_id"]] = event
    for (session_id, client_id), of_session in events.items():
        ordered = sorted(of_session.values(), key=lambda event: (event["timestamp"], event["event_id"]))[-MOST_EVENTS:]
        start, end = (_seconds(ordered[place]["timestamp"]) for place in (0, -1))
        day = ordered[-1]["timestamp"][:10]
        looked_at = [item for event in ordered for item in items(event)]
        yield Visit(looked_at, start, end, source(day, session_id, client_id))


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as a time in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc)

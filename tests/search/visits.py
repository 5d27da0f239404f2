"""Visits of people who come back over weeks, which neither sample has: invented, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from rehearsal.panels.searches import Times
from tests.transform.batches import run

FIRST = datetime(2025, 1, 6, tzinfo=timezone.utc)
"""A Monday."""
WEEKS = 8
NEW = 60
"""Visitors who come for the first time, each week."""
NEXT = {
    "/": ("/lamps/", "/lamps/", "/chairs/", "/search"),
    "/search": ("/lamps/arc", "/chairs/oak", "/"),
    "/lamps/": ("/lamps/arc", "/lamps/arc", "/lamps/desk"),
    "/chairs/": ("/chairs/oak", "/"),
    "/lamps/arc": ("/basket", "/lamps/"),
    "/lamps/desk": ("/lamps/", "/basket"),
    "/chairs/oak": ("/chairs/", "/basket"),
    "/basket": ("/checkout", "/"),
    "/checkout": ("/thanks",),
}
"""From a page to the next."""


def _views(draw: random.Random, client: str, start: datetime, session: str | None) -> Iterator[dict[str, Any]]:
    """Pages of one visit; now and then somebody looks away for 40 minutes, or sends an event twice."""
    path, moment = "/", start
    for _ in range(draw.randint(1, 9)):
        view = {
            "action_name": "view",
            "client_id": client,
            "timestamp": moment.isoformat(),
            "page": {"path": path},
        }
        if session:
            view["session_id"] = session
        yield view
        if draw.random() < 0.05:
            yield view
        if path not in NEXT:
            return
        path = draw.choice(NEXT[path])
        moment += timedelta(minutes=40 if draw.random() < 0.04 else 1, seconds=draw.randrange(60))


@lru_cache(maxsize=1)
def visits() -> tuple[dict[str, Any], ...]:
    """Documents of eight weeks. Half of the visitors send no session id, and a robot comes every day."""
    draw = random.Random(20250106)  # noqa: S311 - invented data
    events: list[dict[str, Any]] = []
    for number in range(WEEKS * NEW):
        client = f"{draw.getrandbits(64):016x}"
        for week in range(number // NEW, WEEKS):
            since = week - number // NEW
            if since and draw.random() > 0.42 * 0.8**since:
                continue
            start = FIRST + timedelta(weeks=week, seconds=draw.randrange(6 * 86_400))
            events += _views(draw, client, start, f"{client}-{week}" if number % 2 else None)
    for day in range(7 * WEEKS):
        moment = (FIRST + timedelta(days=day)).isoformat()
        page = {"action_name": "view", "client_id": "robot", "timestamp": moment, "bot_reasons": ["declared"]}
        events += [page | {"page": {"path": "/"}}, page | {"page": {"path": "/lamps/"}}]
    return tuple(run(*events).documents)


def times() -> Times:
    """The weeks in which they come."""
    return Times(FIRST, FIRST + timedelta(weeks=WEEKS))

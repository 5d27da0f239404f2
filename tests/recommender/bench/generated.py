"""Invented sessions, as many as are wanted, always the same: topics of different popularity, items within them.

The popularity of topics and items falls as a power of their rank, a sixth of the items come from anywhere, lengths are
geometric with a mean of four. The commonest item is in 0.6 % of the sessions, as in the public data set beside it
(0.7 %).
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from typing import Any

from constructs_lib.recommender.evaluation.visits import Visit
from constructs_lib.recommender.runtime.nearest import written
from constructs_lib.recommender.runtime.sessions import folded, key

ITEMS = 50_000
OF_TOPIC = 25
DAYS = 90
LONGEST = 40
NOW = datetime(2026, 11, 1, tzinfo=timezone.utc)


def _power(number: int, exponent: float, draw: random.Random) -> Callable[[], int]:
    weights = list(accumulate((rank + 20) ** -exponent for rank in range(number)))
    return lambda: bisect(weights, draw.random() * weights[-1])


def sequences(number: int, *, seed: int = 1, items: int = ITEMS) -> Iterator[list[str]]:
    """Items of sessions, of a catalogue of so many."""
    draw = random.Random(seed)  # noqa: S311 - invented data
    topic, within, anywhere = (
        _power(items // OF_TOPIC, 1.0, draw),
        _power(OF_TOPIC, 1.0, draw),
        _power(items, 1.05, draw),
    )
    for _ in range(number):
        subject = topic() * OF_TOPIC
        length = min(LONGEST, 1 + int(draw.expovariate(1 / 3)))
        yield [f"item-{anywhere() if draw.random() < 1 / 6 else subject + within()}" for _ in range(length)]


def visits(number: int, *, seed: int, days: tuple[float, float], items: int) -> list[Visit]:
    """Sessions to learn from or to be judged by, in the order in which they ended, that many days ago."""
    draw = random.Random(seed + 1)  # noqa: S311 - invented data
    found = []
    for sequence in sequences(number, seed=seed, items=items):
        ended = NOW.timestamp() - draw.uniform(*days) * 86400
        found.append(Visit(sequence, ended - 30 * (len(sequence) - 1), ended).without_repeats())
    return sorted(found, key=lambda visit: visit.ended)


def sessions(
    number: int, *, seed: int = 1, days: tuple[float, float] = (0, DAYS)
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Session documents by id, as the fold writes them, that ended between so many days ago."""
    draw = random.Random(seed + 1)  # noqa: S311 - invented data
    for place, items in enumerate(sequences(number, seed=seed)):
        ended = NOW - timedelta(days=draw.uniform(*days))
        session_id, client_id = f"s{seed}-{place}", f"c{seed}-{place // 2}"
        events = [
            {
                "event_id": str(step),
                "action_name": "view",
                "timestamp": written(ended - timedelta(seconds=30 * (len(items) - 1 - step))),
                "received_at": written(ended),
                "session_id": session_id,
                "client_id": client_id,
                "ip_prefix": f"10.{place // 8 % 65536 // 256}.{place // 8 % 256}.0/24",
                "event_attributes": {"object": {"object_id": item}},
            }
            for step, item in enumerate(items)
        ]
        document = folded(events)
        assert document is not None
        yield key(session_id, client_id), document

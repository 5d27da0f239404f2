"""Lists of two arms, as visitors saw, followed and bought from them: invented, the same each time."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any

from constructs_lib.recommender.runtime.recommender import arm_of
from constructs_lib.recommender.runtime.requests import Wanted
from constructs_lib.recommender.runtime.settings import arms
from rehearsal.panels.searches import Times
from tests.recommender.visits import NOW, event

ARMS = {"popular": {"share": 1, "strategy": "popularity"}, "sessions": {"share": 9}}
RATES = {"popular": (0.04, 0.005), "sessions": (0.085, 0.018)}
"""Of each arm, which part of its lists is followed, and which part of its visitors buys."""
TIMES = Times(NOW - timedelta(days=1), NOW)
"""When all of it happened."""


def lists(visitors: int) -> list[dict[str, Any]]:
    """Documents of so many visitors, each with one to three lists on one day."""
    draw = random.Random(20261120)  # noqa: S311 - invented data
    found = arms(ARMS)
    documents = []
    for number in range(visitors):
        client = f"c{number}"
        arm = arm_of(found, Wanted(client_id=client)).name
        followed, bought = RATES[arm]
        shown = []
        for place in range(draw.choice((1, 1, 1, 2, 2, 3))):
            shown.append(f"r1.{arm}.{uuid.UUID(int=draw.getrandbits(128), version=4)}")
            seen = TIMES.start + timedelta(seconds=draw.randrange(80_000))
            known: dict[str, Any] = {"session": f"s{number}-{place}", "client": client, "recommendation_id": shown[-1]}
            documents.append(event(None, action="impression", at=seen, **known))
            if draw.random() < followed:
                documents.append(event("B02", action="click", at=seen + timedelta(seconds=20), **known))
        if draw.random() < bought:
            at = TIMES.end - timedelta(seconds=draw.randrange(3000))
            of_it: dict[str, Any] = {"session": f"s{number}-0", "client": client, "recommendation_id": shown[0]}
            documents.append(event("B02", action="purchase", at=at, **of_it))
    return documents

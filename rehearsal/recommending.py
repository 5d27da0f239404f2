"""Recommends items to visitors of the rehearsed data, with reasons.

The recommender's own code folds the engine's documents and answers for three visitors, as of the moment after the last
event.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from constructs_lib.recommender.runtime.domain import Domain
from constructs_lib.recommender.runtime.fold import Fold
from constructs_lib.recommender.runtime.nearest import parted
from constructs_lib.recommender.runtime.recommender import Recommender
from constructs_lib.recommender.runtime.requests import Wanted
from constructs_lib.recommender.runtime.settings import Settings
from constructs_lib.terminal import one_line

VISITORS, ITEMS = 3, 3
LOOKED_THROUGH = 200
"""Number of latest sessions from which the visitors with the most items are chosen."""
SECONDS = 300.0


def _unsigned(_method: str, _url: str, _body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
    return headers


def examples(url: str, index_name: str) -> Iterator[str]:
    """Lines on three visitors; one line if no event has a session and an item."""
    settings = Settings(url, index_name=index_name)
    domain = Domain(url, _unsigned, seconds=60.0, patience=time.monotonic() + SECONDS)
    domain.ask("POST", f"{settings.names.events}/_refresh")
    done, _ = Fold(domain, settings, datetime.now(timezone.utc), time.monotonic() + SECONDS).recent()
    domain.ask("POST", f"{settings.names.sessions}/_refresh")
    sessions = _latest(domain, settings)
    if not sessions:
        yield "no recommendations: no event names a session and an item"
        return
    last = datetime.fromisoformat(sessions[0]["ended_at"].replace("Z", "+00:00")) + timedelta(seconds=1)
    Fold(domain, settings, last, time.monotonic() + SECONDS).count()
    domain.ask("POST", f"{settings.names.items}/_refresh")
    yield f"recommendations from {done.sessions} sessions, the moment after the last event"
    recommender = Recommender(settings, domain)
    for session in sorted(sessions, key=lambda each: -len(each["items"]))[:VISITORS]:
        looked_at = parted(session["sequence"]).items
        answer = recommender.recommend(Wanted(recent=tuple(looked_at), number=ITEMS), now=last)
        yield f"  a visitor looked at {one_line(', '.join(looked_at[-5:]))}"
        for entry in answer["itemList"]:
            yield f"    {one_line(entry['itemId'])}: {one_line(entry['reason'][0])}"
        if not answer["itemList"]:
            yield "    nothing: no visitor looked at another item"


def _latest(domain: Domain, settings: Settings) -> list[dict[str, Any]]:
    body = {"size": LOOKED_THROUGH, "sort": [{"ended_at": "desc"}], "track_total_hits": False}
    answer = domain.ask("POST", f"{settings.names.sessions}/_search", body)
    return [hit["_source"] for hit in answer["hits"]["hits"]]

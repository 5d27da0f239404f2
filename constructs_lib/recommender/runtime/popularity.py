"""Popularity, trend, rarity and items seen together: counted periodically and kept in one document.

The recommender reads that document, the snapshot, into memory: rarity weighs its votes, popularity fills its lists and
answers while the domain is unavailable.

A visitor counts once a day, however many sessions they send. A network counts at most `MOST_BY_NETWORK` times a day, so
a thousand invented visitors of one network count no more than a small office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import exp
from typing import Any

from .bulk import Write, write
from .domain import Domain
from .frequencies import TABLE, Frequencies, frequencies
from .items import key, read
from .nearest import FILTER_PATH, neighbours, search, weights, written
from .parameters import SESSION
from .scoring import MOST_BY_NETWORK, counted, scores
from .settings import Settings

WINDOWS = (1, 7, 30)
"""Days over which popularity is counted."""
DECAY_DAYS = 7.0
"""Days after which the weight of a visit falls by the factor e."""
CANDIDATES = 1000
POPULAR = 500
"""Items of the snapshot, the most popular first."""
REMEMBERED = ("available", "category", "observed_category", "price")
"""Fields of popular items in the snapshot, so that rules apply while the domain is unavailable."""
SEEN_WITH = 20
SEEN_WITH_A_RUN = 50
"""Items whose companions are searched for in one run; the next run continues with the next items."""
OBSERVED_A_RUN = 100
OBSERVED_DAYS = 7
PRECISION = 300
"""Precision threshold: up to this number, distinct visitors are counted almost exactly."""


def refresh(domain: Domain, settings: Settings, previous: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Count again, write the results to the items, and return the new snapshot."""
    body = {
        "size": 0,
        "track_total_hits": True,
        "aggs": {
            "commonest": {"terms": _exactly("items", TABLE)},
            "distinct": {"cardinality": {"field": "items", "precision_threshold": 40_000}},
            "occurrences": {"value_count": {"field": "items"}},
            **{f"days{days}": _window(days, now) for days in WINDOWS},
        },
    }
    wanted = "hits.total,aggregations"
    answer = domain.ask("POST", f"{settings.names.sessions}/_search?request_cache=false&filter_path={wanted}", body)
    found = answer.get("aggregations", {})
    total = answer["hits"]["total"]["value"]
    counts = {each["key"]: each["doc_count"] for each in found["commonest"]["buckets"]}
    known = frequencies(
        counts, sessions=total, items=found["distinct"]["value"], occurrences=found["occurrences"]["value"]
    )
    ranked = ranking(
        {days: {each["key"]: _visitors(each) for each in found[f"days{days}"]["items"]["buckets"]} for days in WINDOWS}
    )
    popular = ranked[:POPULAR]
    at = int(previous.get("seen_with_next", 0)) % max(1, len(popular))
    told = read(domain, settings, [item for item, _, _ in popular])
    snapshot = {
        "made_at": written(now),
        "sessions": known.sessions,
        "counts": dict(known.counts),
        "others": known.others,
        "popular": [
            {
                "item": item,
                "score": round(score, 4),
                **{name: value for name, value in told.get(item, {}).items() if name in REMEMBERED},
            }
            for item, score, _ in popular
        ],
        "seen_with_next": at + SEEN_WITH_A_RUN,
    }
    documents: dict[str, dict[str, Any]] = {
        item: {"popularity": round(score, 4), "trend": round(trend, 4)} for item, score, trend in ranked
    }
    for gone in {each["item"] for each in previous.get("popular", ())} - documents.keys():
        documents[gone] = {"popularity": 0.0, "trend": 0.0}
    turn = [item for item, _, _ in popular[at : at + SEEN_WITH_A_RUN]]
    for item, companions in _seen_with(domain, settings, turn, known, now=now):
        documents[item]["seen_with"] = companions
    for item, categories in _observed(domain, settings, turn[:OBSERVED_A_RUN], now=now):
        documents[item]["observed_category"] = categories
    write(
        domain,
        settings.names.items,
        [
            Write(
                "update",
                {"_id": key(item), "retry_on_conflict": 3},
                {"doc": {"item_id": item, **document}, "doc_as_upsert": True},
            )
            for item, document in documents.items()
        ],
    )
    return snapshot


def ranking(visitors: Mapping[int, Mapping[str, int]]) -> list[tuple[str, float, float]]:
    """Items with popularity and trend, the most popular first.

    Args:
        visitors: by days of the window, by item; a longer window includes the shorter ones.

    Popularity is the number of visits, each weighing ``exp(-age / DECAY_DAYS)`` at the middle of its window. Trend is
    the last day over the mean day of the week: above 1 an item is on the rise.
    """
    names = dict.fromkeys(item for days in WINDOWS for item in visitors[days])
    found = []
    for item in names:
        score = taken = 0.0
        begin = 0
        for days in WINDOWS:
            number = max(taken, float(visitors[days].get(item, 0)))
            score += (number - taken) * exp(-(begin + days) / 2 / DECAY_DAYS)
            taken, begin = number, days
        week = max(visitors[7].get(item, 0), visitors[1].get(item, 0))
        found.append((item, score, visitors[1].get(item, 0) / (week / 7) if week else 0.0))
    return sorted(found, key=lambda each: (-each[1], each[0]))


def frequencies_of(snapshot: Mapping[str, Any]) -> Frequencies:
    """The frequencies in a snapshot."""
    return Frequencies(snapshot.get("sessions", 0), snapshot.get("counts", {}), snapshot.get("others", 1.0))


def _window(days: int, now: datetime) -> dict[str, Any]:
    """Sessions of some days by item: distinct visitors and networks."""
    return {
        "filter": {"range": {"ended_at": {"gte": written(now - timedelta(days=days))}}},
        "aggs": {
            "items": {
                "terms": {**_exactly("items", CANDIDATES), "collect_mode": "breadth_first"},
                "aggs": {
                    name: {"cardinality": {"field": name, "precision_threshold": PRECISION}}
                    for name in ("source", "network")
                },
            }
        },
    }


def _exactly(field: str, size: int) -> dict[str, Any]:
    """The commonest values. The index has one shard, so ``shard_size`` can equal ``size``; Elasticsearch 7.1 allows
    10,000 buckets in one search.
    """
    return {"field": field, "size": size, "shard_size": size}


def _visitors(bucket: Mapping[str, Any]) -> int:
    return int(min(bucket["source"]["value"], MOST_BY_NETWORK * bucket["network"]["value"]))


def _seen_with(
    domain: Domain, settings: Settings, items: Sequence[str], known: Frequencies, *, now: datetime
) -> Iterable[tuple[str, list[str]]]:
    """Companions of items, found by the query for a session's neighbours."""
    if not items:
        return
    lines: list[dict[str, Any]] = []
    for item in items:
        body = search(weights([item], SESSION, known), SESSION, now=now)
        lines += [{}, body]
    wanted = ",".join(f"responses.{each}" for each in (*FILTER_PATH.split(","), "error"))
    answer = domain.ask(
        "POST", f"{settings.names.sessions}/_msearch?filter_path={wanted}&max_concurrent_searches=1", lines
    )
    for item, each in zip(items, answer.get("responses", ()), strict=True):
        voters, _ = counted(neighbours(each, SESSION, now=now))
        ranked = [scored.item for scored in scores([item], voters, SESSION, known) if scored.item != item]
        if ranked:
            yield item, ranked[:SEEN_WITH]


def _observed(
    domain: Domain, settings: Settings, items: Sequence[str], *, now: datetime
) -> Iterable[tuple[str, list[str]]]:
    """The category that most events name for each item, for sites without a catalogue."""
    if not items:
        return
    body = {
        "size": 0,
        "track_total_hits": False,
        "query": {
            "bool": {
                "filter": [
                    {"terms": {"event_attributes.object.object_id": list(items)}},
                    {"range": {"timestamp": {"gte": written(now - timedelta(days=OBSERVED_DAYS))}}},
                ],
                "must_not": [{"term": {"is_bot": True}}],
            }
        },
        "aggs": {
            "items": {
                "terms": {"field": "event_attributes.object.object_id", "include": list(items), "size": len(items)},
                "aggs": {"category": {"terms": {"field": "event_attributes.object.category", "size": 3}}},
            }
        },
    }
    path = f"{settings.names.events}/_search?request_cache=false&pre_filter_shard_size=1&filter_path=aggregations"
    answer = domain.ask("POST", path, body)
    for bucket in answer.get("aggregations", {}).get("items", {}).get("buckets", ()):
        # One event in a hundred with another category is a mistake or an attempt to manipulate.
        categories = [
            each["key"] for each in bucket["category"]["buckets"] if each["doc_count"] * 10 >= bucket["doc_count"]
        ]
        if categories:
            yield bucket["key"], categories

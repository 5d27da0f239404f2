"""The query for sessions similar to a running one, on any engine from Elasticsearch 7.1 to OpenSearch 3.

One search has two phases. The first finds the sessions with the latest items, each item with a constant weight:
constant scores let Lucene skip whole blocks of documents, so the time does not grow with the index. The second rescores
the best of them by length (the square root of ``norm``) and age. Among sessions with the same items those of the last
day come first, by a weight too small to change anything else.

It returns doc values only; no stored field is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import exp
from typing import Any

from .frequencies import Frequencies
from .parameters import Parameters

SEPARATOR = "\x1f"
"""Separator of the items of a sequence; the transform removes control characters from ids."""
RECENT = timedelta(days=1)
RECENT_WEIGHT = 1e-4
E_FOLD = 0.36787944117144233
"""1/e: with this decay, Elasticsearch's ``exp`` falls by the factor e at its scale."""
FILTER_PATH = "took,timed_out,hits.hits._score,hits.hits.fields"


@dataclass(frozen=True)
class Neighbour:
    """A session similar to the running one.

    Attributes:
        similarity: by common items, length and age.
        sequence: its items in order.
        source: pseudonym of client and day.
        network: pseudonym of network and day.
    """

    similarity: float
    sequence: Sequence[str]
    source: str = ""
    network: str = ""


@dataclass(frozen=True)
class Unwanted:
    """Senders whose sessions are left out: pseudonyms of sources (client and day) and of networks (network and day)."""

    sources: Collection[str] = ()
    networks: Collection[str] = ()


def weights(session: Sequence[str], parameters: Parameters, frequencies: Frequencies) -> dict[str, float]:
    """Weights of the latest items of a session; a repeated item has the weight of its last position."""
    latest = session[-parameters.items :]
    found = {item: exp((place + 1 - len(latest)) / parameters.query_decay) for place, item in enumerate(latest)}
    if len(found) > 1:
        rare = {item: weight for item, weight in found.items() if frequencies.share(item) <= parameters.common_share}
        found = rare or found
    if parameters.query_rarity:
        found = {item: weight * frequencies.idf(item) ** parameters.query_rarity for item, weight in found.items()}
        found = {item: weight for item, weight in found.items() if weight > 0}
    return found


def search(
    wanted: dict[str, float], parameters: Parameters, *, now: datetime, unwanted: Unwanted | None = None
) -> dict[str, Any]:
    """Body of the search for sessions that have items of the given weights.

    Args:
        wanted: weight by item (`weights`); at least one.
        now: the time from which ages count, with a time zone.
        unwanted: senders whose sessions are left out.
    """
    moment = now.astimezone(timezone.utc)
    found: dict[str, Any] = {
        "must": [
            {
                "bool": {
                    "should": [
                        {"constant_score": {"filter": {"term": {"lookup_items": item}}, "boost": weight}}
                        for item, weight in wanted.items()
                    ],
                    "minimum_should_match": 1,
                }
            }
        ],
        "should": [
            {
                "constant_score": {
                    "filter": {"range": {"ended_at": {"gte": written(recent(moment))}}},
                    "boost": RECENT_WEIGHT * max(wanted.values()),
                }
            }
        ],
    }
    if unwanted is not None and (unwanted.sources or unwanted.networks):
        found["must_not"] = [
            {"terms": {name: sorted(values)}}
            for name, values in (("source", unwanted.sources), ("network", unwanted.networks))
            if values
        ]
    length = {"field": "norm", "modifier": "sqrt", "missing": 1}
    age = {"ended_at": {"origin": written(moment), "scale": f"{parameters.age_days * 86400:.0f}s", "decay": E_FOLD}}
    return {
        "size": parameters.neighbours,
        "query": {"bool": found},
        "rescore": {
            "window_size": parameters.candidates,
            "query": {
                "score_mode": "multiply",
                "rescore_query": {
                    "function_score": {
                        "functions": [{"field_value_factor": length}, {"exp": age}],
                        "score_mode": "multiply",
                        "boost_mode": "replace",
                    }
                },
            },
        },
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["sequence"],
        "track_total_hits": False,
    }


def recent(now: datetime) -> datetime:
    """The start of the last day: in whole hours, so that the engine can cache the filter."""
    moment = (now - RECENT).astimezone(timezone.utc)
    return moment.replace(minute=0, second=0, microsecond=0)


def joined(source: str, network: str, sequence: Sequence[str]) -> str:
    """A session's ``sequence``: source, network and items in one doc value; reading three takes twice as long."""
    return SEPARATOR.join((source, network, *sequence))


def parted(text: str) -> tuple[str, str, list[str]]:
    """Source, network and items of a session's ``sequence``."""
    source, network, *sequence = text.split(SEPARATOR)
    return source, network, sequence


def neighbours(answer: dict[str, Any]) -> Iterator[Neighbour]:
    """The sessions of a search's answer, nearest first."""
    for hit in answer.get("hits", {}).get("hits", ()):
        if values := hit.get("fields", {}).get("sequence"):
            source, network, sequence = parted(values[0])
            yield Neighbour(hit["_score"], sequence, source, network)


def written(moment: datetime) -> str:
    """A time in the documents' format: UTC, milliseconds."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

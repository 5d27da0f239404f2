"""The query for sessions similar to a running one, on any engine from Elasticsearch 7.1 to OpenSearch 3.

It finds the sessions with the latest items, each item with a constant weight: constant scores let Lucene skip whole
blocks of documents, so the time hardly grows with the index. Among sessions with the same items those of the last day
come first, by a weight too small to change anything else. The function then weighs the sessions by length and age:
in the engine that takes longer than finding them.

It returns one doc value of each session; no stored field is read.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import exp
from typing import Any, NamedTuple

from .frequencies import Frequencies
from .parameters import Parameters

SEPARATOR = "\x1f"
"""Separator of the items of a sequence; the transform removes control characters from ids."""
RECENT = timedelta(days=1)
RECENT_WEIGHT = 1e-4
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
    return {
        "size": parameters.neighbours,
        "query": {"bool": found},
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["sequence"],
        "track_total_hits": False,
    }


def recent(now: datetime) -> datetime:
    """The start of the last day: in whole hours, so that the engine can cache the filter."""
    moment = (now - RECENT).astimezone(timezone.utc)
    return moment.replace(minute=0, second=0, microsecond=0)


class Parted(NamedTuple):
    """The parts of a session's ``sequence``: source, network, end (seconds since 1970) and items in order."""

    source: str
    network: str
    ended: float
    items: list[str]


def joined(source: str, network: str, ended_at: str, sequence: Sequence[str]) -> str:
    """A session's ``sequence``: all that a search returns of it, in one doc value; reading several takes longer.

    It is Base64 for a field of type ``binary``. A ``keyword`` would be read from a compressed dictionary of all
    sequences, which takes as long as the rest of the search.

    Args:
        ended_at: end of the session, as in its document.
    """
    ended = datetime.fromisoformat(ended_at.replace("Z", "+00:00")).timestamp()
    return b64encode(SEPARATOR.join((source, network, f"{ended:.3f}", *sequence)).encode()).decode()


def parted(text: str) -> Parted:
    """The parts of a session's ``sequence``; engines return doc values without the padding of Base64."""
    source, network, ended, *items = b64decode(text + "==").decode().split(SEPARATOR)
    return Parted(source, network, float(ended), items)


def neighbours(answer: dict[str, Any], parameters: Parameters, *, now: datetime) -> list[Neighbour]:
    """The sessions of a search's answer, nearest first: by common items, length and age."""
    moment = now.timestamp()
    found = []
    for hit in answer.get("hits", {}).get("hits", ()):
        if values := hit.get("fields", {}).get("sequence"):
            session = parted(values[0])
            weight = weighed(len(set(session.items)), moment - session.ended, parameters)
            found.append(Neighbour(hit["_score"] * weight, session.items, session.source, session.network))
    return sorted(found, key=lambda each: -each.similarity)


def weighed(distinct: int, age: float, parameters: Parameters) -> float:
    """The weight of a session by its number of distinct items, since sessions with many have something in common with
    all, and its age in seconds.
    """
    return float(distinct**-0.25 * exp(-max(0.0, age) / 86400 / parameters.age_days))


def written(moment: datetime) -> str:
    """A time in the documents' format: UTC, milliseconds."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

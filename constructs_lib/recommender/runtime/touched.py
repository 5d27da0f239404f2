"""Searches of the fold in the events indices: the sessions that changed, and their events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from .domain import Domain
from .nearest import written
from .sessions import MOST_EVENTS
from .settings import Settings

PAGE = 1000
"""Sessions read with one search. Elasticsearch 7.1 lets an aggregation have 10,000 buckets."""
EVENTS_PAGE = 5000
SOURCE = (
    "event_id",
    "action_name",
    "timestamp",
    "received_at",
    "session_id",
    "client_id",
    "user_id",
    "ip_prefix",
    "is_bot",
    "consent.personalization",
    "event_attributes.object.object_id",
    "items.object_id",
)

LONGEST_SESSION = timedelta(days=7)
"""How long before its changed events the search for a session begins. Indices of older days may be in slow storage and
are not searched. An id that is used for longer is not one visit."""

SessionKey = tuple[str, str | None]
"""Session id and client id."""


@dataclass(frozen=True)
class Page:
    """Sessions that changed.

    Attributes:
        sessions: the sessions, with the number of their events that were received in the given time.
        since: when the first of these events happened.
    """

    sessions: Mapping[SessionKey, int]
    since: datetime


def interactions(settings: Settings) -> dict[str, Any]:
    """Query for events that may count (`sessions.counts` checks each)."""
    return {
        "filter": [{"terms": {"action_name": sorted(settings.verbs)}}, {"exists": {"field": "session_id"}}],
        "should": [{"exists": {"field": field}} for field in ("event_attributes.object.object_id", "items.object_id")],
        "minimum_should_match": 1,
        "must_not": [{"term": {"is_bot": True}}, {"term": {"consent.personalization": False}}],
    }


def sessions(domain: Domain, settings: Settings, since: datetime, until: datetime) -> Iterator[Page]:
    """Pages of sessions with interactions that were received in ``[since, until)``."""
    asked = interactions(settings)
    asked["filter"] = [*asked["filter"], _received(since, until)]
    sources: list[dict[str, Any]] = [
        {"session": {"terms": {"field": "session_id"}}},
        {"client": {"terms": {"field": "client_id", "missing_bucket": True}}},
    ]
    first = {"first": {"min": {"field": "timestamp"}}}
    for buckets in _composite(domain, settings, asked, sources, first):
        found = {(each["key"]["session"], each["key"]["client"]): each["doc_count"] for each in buckets}
        earliest = min(each["first"]["value"] for each in buckets) / 1000
        yield Page(found, datetime.fromtimestamp(earliest, timezone.utc))


def events(
    domain: Domain, settings: Settings, keys: Collection[SessionKey], since: datetime
) -> dict[SessionKey, list[dict[str, Any]]]:
    """All interactions of sessions, the latest `MOST_EVENTS` of each.

    Args:
        keys: the sessions.
        since: when their first changed event happened.
    """
    asked = interactions(settings)
    asked["filter"] = [
        *asked["filter"],
        {"terms": {"session_id": sorted({session for session, _ in keys})}},
        {"range": {"timestamp": {"gte": written(since - LONGEST_SESSION)}}},
    ]
    body = {
        "size": EVENTS_PAGE,
        "query": {"bool": asked},
        "sort": [{"session_id": "asc"}, {"timestamp": "desc"}, {"event_id": "desc"}],
        "_source": list(SOURCE),
        "track_total_hits": False,
    }
    found: dict[SessionKey, list[dict[str, Any]]] = defaultdict(list)
    read: dict[str, int] = defaultdict(int)
    while True:
        hits = (
            domain.ask("POST", _search(settings, "hits.hits._source,hits.hits.sort"), body)
            .get("hits", {})
            .get("hits", [])
        )
        for hit in hits:
            event = hit["_source"]
            session = event["session_id"]
            read[session] += 1
            if read[session] <= MOST_EVENTS:
                found[session, event.get("client_id")].append(event)
        if len(hits) < EVENTS_PAGE:
            return found
        last = hits[-1]["sort"]
        # Do not read more of a session that never ends: nothing sorts below this time.
        body["search_after"] = [last[0], 0, ""] if read[last[0]] > MOST_EVENTS else last


def denials(
    domain: Domain, settings: Settings, since: datetime, until: datetime
) -> Iterator[dict[tuple[str, str], str]]:
    """Pages of people who denied personalization in events that were received in ``[since, until)``: field
    (``client_id`` or ``user_id``) and id, with the time of the last denial.
    """
    for name in ("client_id", "user_id"):
        asked = {
            "filter": [
                {"term": {"consent.personalization": False}},
                {"exists": {"field": name}},
                _received(since, until),
            ]
        }
        last = {"last": {"max": {"field": "timestamp", "format": "strict_date_time"}}}
        for buckets in _composite(domain, settings, asked, [{"person": {"terms": {"field": name}}}], last):
            yield {(name, each["key"]["person"]): each["last"]["value_as_string"] for each in buckets}


def received(domain: Domain, settings: Settings) -> str | None:
    """When the first existing event was received."""
    body = {"size": 0, "aggs": {"first": {"min": {"field": "received_at", "format": "strict_date_time"}}}}
    answer = domain.ask("POST", _search(settings, "aggregations"), body)
    value: str | None = answer.get("aggregations", {}).get("first", {}).get("value_as_string")
    return value


def _received(since: datetime, until: datetime) -> dict[str, Any]:
    return {"range": {"received_at": {"gte": written(since), "lt": written(until)}}}


def _search(settings: Settings, wanted: str) -> str:
    return f"{settings.names.events}/_search?request_cache=false&pre_filter_shard_size=1&filter_path={wanted}"


def _composite(
    domain: Domain, settings: Settings, asked: dict[str, Any], sources: list[dict[str, Any]], inner: dict[str, Any]
) -> Iterator[list[dict[str, Any]]]:
    after: dict[str, Any] = {}
    while True:
        composite = {"size": PAGE, "sources": sources, **({"after": after} if after else {})}
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": {"bool": asked},
            "aggs": {"found": {"composite": composite, **({"aggs": inner} if inner else {})}},
        }
        answer = domain.ask("POST", _search(settings, "aggregations"), body)
        page = answer.get("aggregations", {}).get("found", {})
        if page.get("buckets"):
            yield page["buckets"]
        if len(page.get("buckets", ())) < PAGE:
            return
        after = page["after_key"]

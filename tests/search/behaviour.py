"""The real logs and shop events as documents, in an index of a running engine that the bootstrap set up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from constructs_lib.bootstrap.runtime import catalogue
from constructs_lib.transform.runtime.settings import Settings
from rehearsal.engines import Server
from rehearsal.panels.searches import Panel, Times, panels
from tests import inputs
from tests.recommender import shown
from tests.search import visits
from tests.search.bootstrapped import bootstrap
from tests.search.corpus import deliver, refresh
from tests.transform.batches import run

VALUES: dict[str, int | str] = {"index_name": "events", "index_pattern": "events-*"}
"""As a default installation has them."""


LOG, SHOP = "apache_access.log.gz", "ubi_esci_sample.ndjson.gz"
"""The inputs: an access log, and a shop's search events."""
WITHOUT_PAINLESS = "opensearch-1.3.20"
"""Its interpreter of scripts is published nowhere by itself, and its archive has none."""
SCRIPTED = frozenset({"events-visitors-retention", "events-visitors-paths"})
"""Panels with a script."""
NAME = "panels"
INDEX = f"{NAME}-2015-05-17"
"""Apart from the indices of other tests on the same engine."""
VISITS = (f"{NAME}-2025-01", f"{NAME}-2025-02")
"""The invented visits, dealt out to two indices."""
SHOWN, WHO_SAW = f"{NAME}-2026-11-20", 1500
"""The invented lists of the recommender's arms, and how many visitors saw them."""
OF_THE_SITE = Settings(own_hosts=("semicomplete.com",))
"""The access log's own site."""


@lru_cache(maxsize=2)
def _documents_of(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(run(*inputs.lines(name), settings=OF_THE_SITE).documents)


@lru_cache(maxsize=1)
def orders() -> tuple[dict[str, Any], ...]:
    """Baskets, orders and carts of the shop's items, which its sample does not have: one to four of a dozen items."""
    clicks = [one for one in _documents_of(SHOP) if one["action_name"] == "click"]
    items = sorted({one["event_attributes"]["object"]["object_id"] for one in clicks})[:12]
    events = [
        {
            "type": "track",
            "event": "Order Completed" if number % 3 else "Cart Viewed",
            "anonymousId": one["client_id"],
            "timestamp": one["timestamp"],
            "properties": {
                "products": [
                    {"product_id": items[(number * step) % len(items)], "price": step, "quantity": number % 4 + 1}
                    for step in range(1, number % 4 + 2)
                ]
            },
        }
        for number, one in enumerate(clicks)
    ]
    baskets = [
        {
            "type": "track",
            "event": "Product Added",
            "anonymousId": one["client_id"],
            "timestamp": one["timestamp"],
            "properties": {"product_id": items[number % len(items)]},
        }
        for number, one in enumerate(clicks)
        if number % 3 or number % 6
    ]
    return tuple(run(*events, *baskets).documents)


@lru_cache(maxsize=1)
def unanswered() -> tuple[dict[str, Any], ...]:
    """Searches of which it is known how many results they had, in most cases none: the shop's sample does not say."""
    words = ("standing desk", "left-handed kettle", "green sofa", "hovercraft")
    clicks = [one for one in _documents_of(SHOP) if one["action_name"] == "click"][::4]
    queries = [
        {
            "query_id": f"unanswered-{number}",
            "user_query": words[number % 3 if number % 7 else 3],
            "client_id": one["client_id"],
            "timestamp": one["timestamp"],
            "query_response_hit_ids": ["B01", "B02"] if number % 5 == 0 else [],
        }
        for number, one in enumerate(clicks)
    ]
    return tuple(run(*queries).documents)


def documents() -> tuple[dict[str, Any], ...]:
    """What the transform makes of the access log and of the shop's events."""
    return _documents_of(LOG) + _documents_of(SHOP) + orders() + unanswered()


def load(server: Server, index: str, given: Iterable[dict[str, Any]]) -> None:
    """Index documents; every one must be taken."""
    assert deliver(server, index, given) == []
    refresh(server, index)


def set_up(server: Server) -> None:
    """An index with the documents, made by the bootstrap's template."""
    bootstrap(server, index_name=NAME, queries_name="searches", ubi_events_alias=None, replicas=0, install=())
    server.request("DELETE", f"/{INDEX}")
    load(server, INDEX, documents())
    for number, index in enumerate(VISITS):
        server.request("DELETE", f"/{index}")
        load(server, index, visits.visits()[number :: len(VISITS)])
    server.request("DELETE", f"/{SHOWN}")
    load(server, SHOWN, shown.lists(WHO_SAW))


def days_of(name: str) -> Times:
    """The whole days in which an input's documents happened."""
    moments = [datetime.fromisoformat(one["timestamp"].replace("Z", "+00:00")) for one in _documents_of(name)]
    first, last = (moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in (min(moments), max(moments)))
    return Times(first, last + timedelta(days=1))


def everything() -> Times:
    """The time in which all of them happened."""
    log, shop = days_of(LOG), days_of(SHOP)
    return Times(min(log.start, shop.start), max(log.end, shop.end))


def _chosen(board: str) -> Times:
    """The time chosen on a dashboard."""
    chosen = {
        "events-funnels": days_of(SHOP),
        "events-content": everything(),
        "events-visitors": visits.times(),
        "events-recommendations": shown.TIMES,
    }
    return chosen.get(board, days_of(LOG))


@lru_cache(maxsize=1)
def saved() -> list[dict[str, Any]]:
    """The saved objects."""
    return catalogue.saved_objects(VALUES, arms=list(shown.ARMS))


@lru_cache(maxsize=1)
def all_panels() -> dict[str, tuple[Panel, Times]]:
    """Every visualization with the time chosen on its dashboard."""
    found = panels(saved())
    return {
        reference["id"]: (found[reference["id"]], _chosen(board["id"]))
        for board in dashboards()
        for reference in board["references"]
    }


def dashboards() -> list[dict[str, Any]]:
    """The dashboards among the saved objects."""
    return [one for one in saved() if one["type"] == "dashboard"]


def answers(server: Server, id_: str) -> bool:
    """Whether an engine can answer a panel's search."""
    return server.name != WITHOUT_PAINLESS or id_ not in SCRIPTED


def search(server: Server, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a search over all these events, which must be complete."""
    answer = server.request("POST", f"/{NAME}-*/_search", body)
    assert answer.status == 200, answer.text[:2000]
    assert isinstance(answer.json, dict)
    assert answer.json["_shards"]["failed"] == 0
    return answer.json

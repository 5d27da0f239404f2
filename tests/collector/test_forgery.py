"""Forged server facts of a client: on every path, in every shape, in every place of a body."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib.collector.runtime.batch import PATHS
from constructs_lib.collector.runtime.handler import Collector
from constructs_lib.collector.runtime.settings import Settings
from tests.collector.standin import ARRIVAL, ORIGIN, Taking, posted
from tests.transform.batches import run

AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
HEADERS = {"user-agent": AGENT, "x-forwarded-for": "6.6.6.6, 203.0.113.77, 198.51.100.7", "sec-gpc": "1"}
KEYS = {"wk_web": "web"}
SETTINGS = Settings("s", "http://k", "r", frozenset({ORIGIN}), KEYS, trusted_proxies=1)
CLAIMS: dict[str, Any] = {
    "collector": {"ip": "1.1.1.1", "received_at": 1, "user_agent": "curl/8", "key": "forged", "gpc": False},
    "collected": {"received_at": 1, "denied": []},
    "received_at": "2001-01-01T00:00:00Z",
    "receivedAt": "2001-01-01T00:00:00Z",
    "collected_at": "2001-01-01T00:00:00Z",
    "ip": "1.1.1.1",
    "ipAddress": "1.1.1.1",
    "ip_prefix": "1.1.1.0/24",
    "remote_addr": "1.1.1.1",
    "sourceIp": "1.1.1.1",
    "X-Forwarded-For": "1.1.1.1",
    "user_agent": "Googlebot/2.1",
    "userAgent": "Googlebot/2.1",
    "key": "forged",
    "gpc": False,
    "Sec-GPC": "0",
    "is_bot": True,
    "bot_reasons": ["forged"],
    "ingest": {"shard": "forged", "format": "forged"},
    "schema_version": "1.0",
    "fingerprint": "f" * 64,
    "http": {"method": "GET", "status": 500},
    "consent": {"analytics": True, "personalization": True},
}
SHAPES: dict[str, dict[str, Any]] = {
    "event": {"action_name": "click", "client_id": "c-1", "event_attributes": {"object": {"object_id": "B07"}}},
    "query": {"user_query": "lamp", "query_id": "q-1", "client_id": "c-1", "query_attributes": {}},
    "call": {"type": "track", "event": "Product Added", "anonymousId": "c-1", "properties": {}, "context": {}},
}
PLACES = (
    (),
    *[(name,) for name in ("context", "properties", "traits", "event_attributes", "query_attributes")],
    *[(name,) for name in ("device", "page", "geo", "campaign", "referrer", "meta", "detail", "event", "events")],
    ("event_attributes", "object"),
    ("event_attributes", "properties"),
    ("context", "device"),
    ("context", "page"),
    ("context", "traits"),
)
BODIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "one": lambda event: event,
    "list": lambda event: [event],
    "ours": lambda event: {**CLAIMS, "key": "wk_web", "events": [event]},
    "batch": lambda event: {**CLAIMS, "writeKey": "wk_web", "context": {}, "batch": [event]},
    "context": lambda event: {"writeKey": "wk_web", "context": CLAIMS, "batch": [event]},
}


def claiming(event: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    """An event with every claim in one place, where that is a mapping or absent."""
    made = copy.deepcopy(event)
    inner = made
    for name in place:
        if not isinstance(inner.setdefault(name, {}), dict):
            return made
        inner = inner[name]
    inner.update({name: claim for name, claim in CLAIMS.items() if name not in inner})
    return made


@pytest.mark.parametrize("path", sorted(PATHS))
def test_forged_server_facts_are_ignored(path: str) -> None:
    stream = Taking()
    running = Collector(SETTINGS, stream)
    places = PLACES if path == "/collect" else PLACES[:2]
    for (shape, event), place, (body, wrapped) in itertools.product(SHAPES.items(), places, BODIES.items()):
        case = (shape, place, body)
        given = json.dumps(wrapped(claiming(event, place)))
        answer, line = running.answer(posted(given, path, headers=HEADERS, query={"key": "wk_web"}))
        assert answer["statusCode"] == 200, (case, answer)
        assert json.loads(line)["Key"] == "web", case
        assert "forged" not in line, case
        record = stream.taken.pop()
        known = json.loads(record)["collector"]
        assert known == {"received_at": ARRIVAL, "ip": "203.0.113.77", "user_agent": AGENT, "key": "web", "gpc": True}
        outcome = run(record, arrival=ARRIVAL + 5_000)
        (document,) = outcome.documents
        seen = {name: document.get(name) for name in ("ip_prefix", "is_bot", "received_at", "bot_reasons", "http")}
        assert seen == {
            "ip_prefix": "203.0.113.0/24",
            "is_bot": False,
            "received_at": "2026-01-01T00:00:00.000Z",
            "bot_reasons": None,
            "http": None,
        }, case
        assert document["device"] == {"type": "desktop", "browser": "Chrome 131", "os": "Windows 10"}, case
        assert document["consent"]["personalization"] is False, case
        assert document["fingerprint"] != CLAIMS["fingerprint"], case
        assert document["ingest"]["shard"] != "forged", case
        assert document["ingest"]["format"] in {"ubi", "segment"}, case

"""The recommender's functions against an engine, without Lambda and without a signature."""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from constructs_lib.recommender.runtime import folding
from constructs_lib.recommender.runtime.domain import Domain
from constructs_lib.recommender.runtime.handler import Service
from constructs_lib.recommender.runtime.recommender import Recommender
from constructs_lib.recommender.runtime.settings import Settings
from rehearsal.engines import ADMINISTRATOR, Server
from tests.recommender.visits import NOW
from tests.search.bootstrapped import bootstrap
from tests.search.corpus import refresh


def domain(server: Server, *, seconds: float = 60.0, user: tuple[str, str] = ADMINISTRATOR) -> Domain:
    """A client for a server; a secured one is asked as its administrator."""

    def sign(_method: str, _url: str, _body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
        if not server.security:
            return headers
        return {**headers, "authorization": "Basic " + base64.b64encode(":".join(user).encode()).decode()}

    trusted = None if server.authority is None else ssl.create_default_context(cafile=str(server.authority))
    return Domain(server.url, sign, seconds=seconds, patience=time.monotonic() + 300, context=trusted)


_INSTALLED: set[tuple[str, str]] = set()
"""Sites by engine and name, each of which the bootstrap set up once."""


class Site:
    """A site of its own on an engine: its indices, its fold, its recommender."""

    def __init__(self, server: Server, name: str, **settings: Any) -> None:
        self.server, self.name = server, name
        self.settings = Settings(server.url, index_name=name, **settings)
        self.domain = domain(server)
        if (server.url, name) in _INSTALLED:
            server.request("DELETE", f"/{name}-*?ignore_unavailable=true")
            self.forget()
        else:
            server.request("DELETE", f"/{name}-*,{name}.*?ignore_unavailable=true")
            self.bootstrap()
            _INSTALLED.add((server.url, name))

    def forget(self) -> None:
        """As before the first run of the fold. Sessions have versions of their own, which a deleted document keeps for
        a minute.
        """
        names = self.settings.names
        self.server.request("DELETE", f"/{names.sessions}?ignore_unavailable=true")
        assert self.server.request("PUT", f"/{names.sessions}", {}).status == 200
        refresh(self.server, f"{names.profiles},{names.items},{names.state}")
        for index in (names.profiles, names.items, names.state):
            everything: dict[str, Any] = {"query": {"match_all": {}}}
            done = self.server.request("POST", f"/{index}/_delete_by_query?refresh=true&conflicts=proceed", everything)
            assert done.status == 200, done.text

    @property
    def names(self) -> dict[str, int | str]:
        """What the dashboards call by name."""
        return {"index_name": self.name, "index_pattern": f"{self.name}-*"}

    def bootstrap(self, event: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The bootstrap function's answer to an event; default: it installs."""
        return bootstrap(
            self.server,
            event,
            index_name=self.name,
            queries_name=f"{self.name}_queries",
            ubi_events_alias=None,
            replicas=0,
            install=(),
            recommender=True,
        )

    def deliver(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Index events, each under an id of its own, as Firehose does."""
        index = f"{self.name}-2026-11-20"
        lines = [json.dumps(line) for each in events for line in ({"index": {"_index": index}}, each)]
        for begin in range(0, len(lines), 10_000):
            answer = self.server.request("POST", "/_bulk", "\n".join(lines[begin : begin + 10_000]) + "\n")
            assert isinstance(answer.json, dict)
            assert answer.json["errors"] is False, answer.text[:1000]
        refresh(self.server, index)

    def fold(self, *, now: datetime = NOW, **event: Any) -> dict[str, Any]:
        """One run of the fold; what it wrote is searchable afterwards."""
        answer = folding.run(event, self.settings, self.domain, seconds=300, now=now)
        refresh(self.server, f"{self.name}.*")
        return answer

    def documents(self, kind: str) -> dict[str, dict[str, Any]]:
        """All documents of one kind by id."""
        refresh(self.server, f"{self.name}.{kind}")
        answer = self.server.request("POST", f"/{self.name}.{kind}/_search", {"size": 10_000})
        assert answer.status == 200, answer.text
        assert isinstance(answer.json, dict)
        return {hit["_id"]: hit["_source"] for hit in answer.json["hits"]["hits"]}

    def recommender(self) -> Recommender:
        """A recommender that has just started."""
        return Recommender(self.settings, domain(self.server))

    def service(self) -> Service:
        """A function that has just started."""
        return Service(self.settings, self.recommender())

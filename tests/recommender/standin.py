"""A domain in memory for the recommender: documents by index and id, given answers to searches, failures on demand."""

from __future__ import annotations

from typing import Any

from constructs_lib.recommender.runtime import items, profiles, sessions, state
from constructs_lib.recommender.runtime.domain import DomainError
from constructs_lib.recommender.runtime.nearest import joined, written
from constructs_lib.recommender.runtime.settings import Settings
from tests.recommender.visits import NOW

SETTINGS = Settings("http://domain", index_name="shop")
ENDED_AT = written(NOW)
"""Of all sessions."""


class StandIn:
    """A domain with the methods that the recommender uses."""

    def __init__(self) -> None:
        self.documents: dict[tuple[str, str], dict[str, Any]] = {}
        self.hits: list[list[dict[str, Any]]] = []
        """Answers of the searches for sessions, one after the other; the last one stays."""
        self.asked: list[tuple[str, str, Any]] = []
        self.away = False

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As `Domain.ask`."""
        self.asked.append((method, path, body))
        if self.away:
            raise DomainError(f"{method} {path}: 503")
        index, _, api = path.partition("?")[0].rpartition("/")
        if api == "_mget":
            return {"docs": [self._get(index, each) for each in body["ids"]]}
        if api == "_search" and index == SETTINGS.names.sessions:
            hits = self.hits.pop(0) if len(self.hits) > 1 else self.hits[0] if self.hits else []
            return {"took": 3, "hits": {"hits": hits}}
        if api == "_search" and index == SETTINGS.names.items:
            category = body["query"]["bool"]["filter"][1]["bool"]["should"][0]["term"]["category"]
            found = [
                each
                for (where, _), each in self.documents.items()
                if where == index and category in each.get("category", ()) and each.get("popularity")
            ]
            found.sort(key=lambda each: -each["popularity"])
            return {"hits": {"hits": [{"_source": each} for each in found]}}
        if api == "_bulk":
            assert index == SETTINGS.names.items
            return {"items": [{"update": {"status": 200}} for _ in body]}
        raise AssertionError(path)

    def _get(self, index: str, identifier: str) -> dict[str, Any]:
        found = self.documents.get((index, identifier))
        return {"_index": index, "_id": identifier, "found": found is not None, **({"_source": found} if found else {})}

    def snapshot(self, popular: list[dict[str, Any]]) -> None:
        """What the fold counted."""
        self.documents[SETTINGS.names.state, state.SNAPSHOT] = {
            "sessions": 100,
            "counts": {each["item"]: 10 for each in popular},
            "others": 1.0,
            "popular": popular,
        }

    def session(self, session_id: str, client_id: str, looked_at: list[str]) -> None:
        """A session that was folded."""
        self.documents[SETTINGS.names.sessions, sessions.key(session_id, client_id)] = {
            "sequence": joined("s", "n", ENDED_AT, looked_at)
        }

    def profile(self, name: str, value: str, visits: list[dict[str, Any]], **more: Any) -> None:
        """A profile that was folded."""
        self.documents[SETTINGS.names.profiles, profiles.key((name, value))] = {"sessions": visits, **more}

    def item(self, item: str, **said: Any) -> None:
        """What is known of an item."""
        self.documents[SETTINGS.names.items, items.key(item)] = {"item_id": item, **said}

    def catalogue(self) -> None:
        """Say that there is one."""
        self.documents[SETTINGS.names.items, items.CATALOGUE] = {"catalogue": True}


def hit(looked_at: list[str], score: float = 1.0, source: str = "", network: str = "") -> dict[str, Any]:
    """A neighbour as a search answers it."""
    return {"_score": score, "fields": {"sequence": [joined(source, network, ENDED_AT, looked_at)]}}

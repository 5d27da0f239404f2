"""Item documents: how to find them, and their fields from the site's catalogue.

=====================  ==================================================================  ==================
field                  meaning                                                             written by
=====================  ==================================================================  ==================
``item_id``            the item's id                                                       both
``popularity``,        `popularity.ranking`; 0 once it is no longer among the popular      the fold
``trend``
``seen_with``          items of the sessions that have it, the strongest first             the fold
``observed_category``  what most events say where the catalogue says nothing               the fold
``available``          false: never recommended                                            ``PUT /items``
``category``           list of categories                                                  ``PUT /items``
``price``, ``title``   for rules, and for display                                          ``PUT /items``
=====================  ==================================================================  ==================
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from .bulk import Write, write
from .domain import Domain, DomainError
from .settings import Settings

PAGE = 500
CATALOGUE = "catalogue"
"""Id of the document that exists once there is a catalogue; it differs from the ids of all items."""


def key(item: str) -> str:
    """The document id of an item: a hash, because item ids may be longer than document ids."""
    return hashlib.sha1(item.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def read(domain: Domain, settings: Settings, items: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The existing documents, by item."""
    found: dict[str, dict[str, Any]] = {}
    for begin in range(0, len(items), PAGE):
        body = {"ids": [key(item) for item in items[begin : begin + PAGE]]}
        answer = domain.ask("POST", f"{settings.names.items}/_mget?filter_path=docs._source", body)
        for each in answer.get("docs", ()):
            if source := each.get("_source"):
                found[source["item_id"]] = source
    return found


def put(domain: Domain, settings: Settings, catalogue: Mapping[str, Mapping[str, Any]]) -> None:
    """Store a catalogue's entries; fields that an entry lacks keep their values."""
    documents = [
        Write(
            "update",
            {"_id": key(item), "retry_on_conflict": 3},
            {"doc": {"item_id": item, **said}, "doc_as_upsert": True},
        )
        for item, said in catalogue.items()
    ]
    marked = Write("index", {"_id": CATALOGUE}, {"catalogue": True})
    conflicts = write(domain, settings.names.items, [*documents, marked])
    if conflicts:
        raise DomainError(f"{len(conflicts)} items were being changed by another request")


def categories(document: Mapping[str, Any]) -> list[str]:
    """Categories of an item: the catalogue's, else those observed in events."""
    given: list[str] = document.get("category") or document.get("observed_category") or []
    return given


def popular_in(domain: Domain, settings: Settings, category: str, number: int) -> list[dict[str, Any]]:
    """Documents of the most popular items of a category."""

    def named(field: str) -> dict[str, Any]:
        return {"term": {field: category}}

    body = {
        "size": number,
        "track_total_hits": False,
        "query": {
            "bool": {
                "filter": [
                    {"range": {"popularity": {"gt": 0}}},
                    {
                        "bool": {
                            "should": [
                                named("category"),
                                {
                                    "bool": {
                                        "filter": [named("observed_category")],
                                        "must_not": [{"exists": {"field": "category"}}],
                                    }
                                },
                            ],
                            "minimum_should_match": 1,
                        }
                    },
                ],
                "must_not": [{"term": {"available": False}}],
            }
        },
        "sort": [{"popularity": "desc"}, {"item_id": "asc"}],
        "_source": True,
    }
    path = f"{settings.names.items}/_search?request_cache=false&filter_path=hits.hits._source"
    hits = domain.ask("POST", path, body).get("hits", {}).get("hits", ())
    return [each["_source"] for each in hits]

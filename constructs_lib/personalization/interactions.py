"""Canonical documents as Amazon Personalize interactions.

A function for code that trains or feeds recommendations; ``python -m constructs_lib interactions`` makes a data set
with it.

https://docs.aws.amazon.com/personalize/latest/dg/interactions-datasets.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

VERBS = frozenset({"add_to_cart", "add_to_wishlist", "click", "click_through", "download", "purchase", "view", "watch"})
"""Actions that are interactions with an item. Personalize takes at most 10 event types and metadata columns in all,
and two are used up by the optional columns below."""
COLUMNS = ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "EVENT_VALUE", "IMPRESSION", "RECOMMENDATION_ID")
LONGEST_IMPRESSION = 1000
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "Interactions",
    "namespace": "com.amazonaws.personalize.schema",
    "fields": [
        {"name": "USER_ID", "type": "string"},
        {"name": "ITEM_ID", "type": "string"},
        {"name": "TIMESTAMP", "type": "long"},
        {"name": "EVENT_TYPE", "type": "string"},
        {"name": "EVENT_VALUE", "type": ["float", "null"]},
        {"name": "IMPRESSION", "type": ["string", "null"]},
        {"name": "RECOMMENDATION_ID", "type": ["string", "null"]},
    ],
    "version": "1.0",
}
"""The dataset's schema (Avro), for ``personalize:CreateSchema``."""


def interactions(document: dict[str, Any], *, verbs: Collection[str] = VERBS) -> list[dict[str, Any]]:
    """The interactions of a document: one of its object, or one of each of its items.

    None are: actions outside ``verbs``, events without an item or without a user or client, bots, and people who denied
    consent to personalization. ``TIMESTAMP`` is in whole seconds. ``EVENT_VALUE`` is the event's or, of each of several
    items, its price times its quantity. Impressions are cut to whole ids within 1,000 characters."""
    user = document.get("user_id") or document.get("client_id")
    if document.get("action_name") not in verbs or not user or document.get("is_bot"):
        return []
    if document.get("consent", {}).get("personalization") is False:
        return []
    common: dict[str, Any] = {
        "USER_ID": user,
        "TIMESTAMP": int(datetime.fromisoformat(document["timestamp"].replace("Z", "+00:00")).timestamp() // 1),
        "EVENT_TYPE": document["action_name"],
    }
    if shown := impression(document.get("impressions", ())):
        common["IMPRESSION"] = shown
    if "recommendation_id" in document:
        common["RECOMMENDATION_ID"] = document["recommendation_id"]
    worth = {"EVENT_VALUE": float(document["event_value"])} if "event_value" in document else {}
    thing = document.get("event_attributes", {}).get("object", {}).get("object_id")
    found = {thing: common | {"ITEM_ID": thing} | worth} if thing else {}
    for item in document.get("items", ()):
        row = common | {"ITEM_ID": item["object_id"]}
        if "price" in item:
            row["EVENT_VALUE"] = float(item["price"]) * float(item.get("quantity", 1))
        found.setdefault(item["object_id"], row)
    return list(found.values())


def impression(items: Iterable[str]) -> str:
    """Item ids in one text of at most `LONGEST_IMPRESSION` characters, whole ids only."""
    joined = ""
    for item in items:
        longer = f"{joined}|{item}" if joined else item
        if len(longer) > LONGEST_IMPRESSION:
            break
        if "|" not in item:
            joined = longer
    return joined

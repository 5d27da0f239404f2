"""OpenSearch User Behavior Insights 1.3: events and queries as its clients send them, and canonical documents that
come again.
"""

from __future__ import annotations

from typing import Any

from ..reasons import Unwanted
from ..settings import Settings
from . import shop
from .draft import Draft, is_canonical, mapping_of
from .format import Format
from .names import fields_of

_NAMED = frozenset({"object", "position", "properties", *shop.PRODUCT_LISTS})
_AGENTS = frozenset({"browser", "user_agent", "userAgent", "ua"})
_BULK = frozenset({"index", "create", "update", "delete"})


def event(value: dict[str, Any], _settings: Settings) -> Draft | None:
    """An event has an ``action_name``; a query has a ``user_query`` and a ``query_id`` and becomes a ``search``."""
    if "action_name" not in value:
        if "user_query" not in value or "query_id" not in value:
            return None
        return _query(value)
    attributes = value.get("event_attributes")
    canonical = is_canonical(value)
    if attributes.__class__ is dict:
        # The draft has the input's own names; what is added here is named nowhere in UBI.
        value["object"] = attributes.get("object")
        value["position"] = attributes.get("position")
        if len(attributes) > ("object" in attributes) + ("position" in attributes):
            value["properties"] = _properties(attributes)
            _place(value, attributes)
            if not canonical and not _AGENTS.isdisjoint(value["properties"]):
                _browser(value)
        if value["object"].__class__ is dict and "object_detail" in value["object"]:
            _detailed(value)
    if not canonical and ("items" in value or "products" in value):
        given = value.pop("items", None)
        _place(value, {"items": given, "products": value.pop("products", None)})
    if value.get("timestamp") is None and not canonical:
        value["timestamp"] = fields_of(value).time()
    if "page" in value or "referrer" in value or "device" in value:
        _extended(value)
    if canonical:
        # A canonical document: its time is already corrected.
        return value
    value.pop("received_at", None)
    value.pop("is_bot", None)
    if value["action_name"] == "search" and isinstance(shown := value.get("impressions"), list):
        value.setdefault("result_count", len(shown))
    if "sent_at" in value:
        value["original_time"] = value.get("timestamp")
    return value


def _properties(attributes: dict[str, Any]) -> dict[str, Any]:
    properties = {name: item for name, item in attributes.items() if name not in _NAMED}
    properties.update(mapping_of(attributes.get("properties")))
    return properties


def _browser(draft: Draft) -> None:
    """The user agent, which UBI's own clients have among the attributes."""
    properties = draft["properties"]
    for name in _AGENTS.intersection(properties):
        given = properties[name]
        if isinstance(given, str) and given.startswith("Mozilla/"):
            draft["user_agent"] = draft.get("user_agent") or properties.pop(name)
            return


def _place(draft: Draft, given: dict[str, Any]) -> None:
    """Several things of one event, under any of the names that shops have for them."""
    things = next((item for name in shop.PRODUCT_LISTS if isinstance(item := given.get(name), list)), None)
    if things:
        shop.place(draft, things)


def _detailed(draft: Draft) -> None:
    """An object's details: those that the document has a place for, and the others as properties."""
    thing = draft["object"]
    detail = mapping_of(thing.get("object_detail"))
    known = shop.product_of({**detail, "object_id": thing.get("object_id")}) or {}
    draft["object"] = {**known, **{name: item for name, item in thing.items() if item is not None}}
    rest = {name: item for name, item in detail.items() if name not in shop.PRODUCT_NAMES}
    if rest:
        draft["properties"] = {**rest, **mapping_of(draft.get("properties"))}


def _extended(value: dict[str, Any]) -> None:
    """The canonical document's own extensions, in their nesting."""
    page = mapping_of(value.get("page"))
    value["url"] = page.get("url") or page.get("path")
    value["title"] = page.get("title")
    referrer = value.get("referrer")
    if isinstance(referrer, dict):
        value["referrer_known"] = referrer
    else:
        value["referrer_url"] = referrer
    value["device_hints"] = value.get("device")


def _query(value: dict[str, Any]) -> Draft:
    draft = dict(value)
    draft["action_name"] = "search"
    draft["properties"] = value.get("query_attributes")
    for name in ("query_response_hit_ids", "query_response_objects_ids", "query_response_object_ids"):
        if isinstance(value.get(name), list):
            draft["impressions"] = value[name]
            draft.setdefault("result_count", len(value[name]))
    if draft.get("timestamp") is None:
        draft["timestamp"] = fields_of(value).time()
    if "sent_at" in value:
        draft["original_time"] = draft["timestamp"]
    return draft


def bulk_action(value: dict[str, Any], _settings: Settings) -> Draft | None:
    """A bulk request body has an action line before each document: no event."""
    if len(value) == 1:
        ((name, item),) = value.items()
        if name in _BULK and isinstance(item, dict):
            raise Unwanted("bulk_action")
    return None


EVENT = Format("ubi", event, signs=frozenset({"action_name", "user_query"}))
BULK_ACTION = Format("bulk_action", bulk_action, signs=_BULK)

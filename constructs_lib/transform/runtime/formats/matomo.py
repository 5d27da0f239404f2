"""Matomo's tracking requests, as JSON.

https://developer.matomo.org/api-reference/tracking-api
"""

from __future__ import annotations

import json
from typing import Any

from ..settings import Settings
from . import shop
from .draft import Draft, first_of, text_of
from .format import Format

_ACTIONS = {
    "search": ("search", ""),
    "download": ("download", ""),
    "link": ("click", "link"),
    "ec_id": ("purchase", "order_id"),
    "idgoal": ("goal", "goal"),
    "c_n": ("impression", "content"),
}
"""The parameters that say what was done, in the order in which they are looked for, with the property for each."""
_ITEM_COLUMNS = ("sku", "name", "category", "price", "quantity")


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of a request. ``action_name`` is the page's title there."""
    if "idsite" not in value or "rec" not in value:
        return None
    draft: Draft = {
        "application": settings.application,
        "platform": "web",
        "client_id": first_of(value, "_id", "cid"),
        "user_id": value.get("uid"),
        "timestamp": first_of(value, "cdt"),
        "url": value.get("url"),
        "title": value.get("action_name"),
        "referrer_url": value.get("urlref"),
        "user_agent": value.get("ua"),
        "ip": value.get("cip"),
        "geo": {"country": value.get("country"), "region": value.get("region")},
        "campaign": {"name": value.get("_rcn"), "term": value.get("_rck")},
        "user_query": value.get("search"),
        "result_count": value.get("search_count"),
        "event_value": value.get("revenue"),
    }
    draft |= _action(value)
    shop.place(draft, _items(value.get("ec_items")))
    return draft


def _action(value: dict[str, Any]) -> Draft:
    """What was done, by which of the parameters are there."""
    if "e_c" in value or "e_a" in value:
        properties = {"category": value.get("e_c"), "label": value.get("e_n"), "value": value.get("e_v")}
        return {"event_name": text_of(first_of(value, "e_a", "e_c")), "properties": properties}
    sign = next((name for name in _ACTIONS if name in value), None)
    if sign is None:
        return {"action_name": "ping" if text_of(value.get("ping")) == "1" else "view"}
    action, name = _ACTIONS[sign]
    if sign == "idgoal" and text_of(value[sign]) == "0":  # a cart, where no order is
        action = "cart_update"
    if sign == "c_n" and "c_i" in value:
        action = "click"
    if sign == "download":
        return {"action_name": action, "url": value[sign]}
    return {"action_name": action, "properties": {name: value[sign]}} if name else {"action_name": action}


def _items(given: Any) -> list[dict[str, Any]]:
    """Rows of an order: SKU, name, category, price, quantity."""
    if isinstance(given, str) and len(given) <= 65_536:
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return []
    rows = given[:200] if isinstance(given, list) else []
    return [dict(zip(_ITEM_COLUMNS, one, strict=False)) for one in rows if isinstance(one, list)]


FORMAT = Format("matomo", fields, signs=frozenset({"idsite"}))

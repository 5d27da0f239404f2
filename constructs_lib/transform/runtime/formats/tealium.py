"""Tealium's events, as its EventStream hands them on: one flat object, with products in lists side by side.

https://docs.tealium.com/platforms/getting-started-web/universal-data-object/
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_ACTIONS = {
    "view": "view",
    "link": "click",
    "cart_add": "add_to_cart",
    "cart_remove": "remove_from_cart",
    "product_view": "view",
    "user_login": "login",
    "user_register": "sign_up",
}
_PRODUCT = {
    "product_id": ("product_id",),
    "sku": ("product_sku",),
    "name": ("product_name",),
    "price": ("product_price", "product_unit_price"),
    "quantity": ("product_quantity",),
    "category": ("product_category",),
    "brand": ("product_brand",),
}
_TAKEN = frozenset(
    """
    url page_url title page_title referrer useragent user_agent event_data dom order_total order_currency
    order_currency_code search_keyword search_term customer_id timestamp
    event_time eventtime eventid event_id
    """.split()  # noqa: SIM905 - a list of words reads better as one
).union(*_PRODUCT.values())
_OF_TEALIUM = (
    "tealium_",
    "dom",
    "cp.",
    "cp_",
    "js_page.",
    "meta.",
    "ut.",
    "timing.",
    "browser.",
    "ls.",
    "ss.",
    "_c",
    "_t",
)
"""How names begin that its tag writes for itself."""


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event."""
    event = value.get("tealium_event")
    if event is None:
        return None
    if not isinstance(event, str) or not event.strip():
        raise Broken("no_action")
    given = {**value, **mapping_of(value.get("event_data")), **mapping_of(mapping_of(value.get("data")).get("udo"))}
    page = {f"dom.{name}": item for name, item in mapping_of(value.get("dom")).items()} | given
    word = _ACTIONS.get(event) or shop.action_of(event)
    draft: Draft = {"action_name": word} if word else {"event_name": event}
    draft |= {
        "timestamp": first_of(
            given, "tealium_timestamp_epoch", "tealium_timestamp_utc", "event_time", "eventtime", "timestamp"
        ),
        "event_id": first_of(given, "eventid", "event_id"),
        "application": settings.application,
        "client_id": first_of(given, "tealium_visitor_id", "visitorid", "tealium_thirdparty_visitor_id"),
        "session_id": first_of(given, "tealium_session_id"),
        "user_id": first_of(given, "customer_id"),
        "url": first_of(page, "page_url", "dom.url", "url"),
        "title": first_of(page, "page_title", "dom.title", "title"),
        "referrer_url": first_of(page, "dom.referrer", "referrer"),
        "user_agent": first_of(given, "useragent", "user_agent"),
        "user_query": first_of(given, "search_keyword", "search_term"),
        "event_value": first_of(given, "order_total"),
        "currency": first_of(given, "order_currency_code", "order_currency"),
        "properties": {
            name: item
            for name, item in given.items()
            if name not in _TAKEN and not name.startswith(_OF_TEALIUM) and not isinstance(item, dict)
        },
    }
    shop.place(draft, _products(given))
    return draft


def _products(given: dict[str, Any]) -> list[dict[str, Any]]:
    """Products, each of whose values stands at its place in a list of its own; one may stand without a list."""
    columns = {name: _list(first_of(given, *names)) for name, names in _PRODUCT.items()}
    most = min(shop.MOST, max(len(columns["product_id"]), len(columns["sku"])))
    return [{name: items[place] for name, items in columns.items() if place < len(items)} for place in range(most)]


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [] if given is None else [given]


FORMAT = Format("tealium", fields, signs=frozenset({"tealium_event"}))

"""Snowplow's enriched events: tab-separated, as its streams carry them, and as its analytics SDKs write them in JSON.

https://docs.snowplow.io/docs/fundamentals/canonical-event/
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken
from ..settings import Settings
from . import shop, snowplow_columns
from .draft import Draft, first_of, mapping_of
from .format import Format

_PRODUCTS = "contexts_com_snowplowanalytics_snowplow_ecommerce_product_1"
_COMMERCE = "unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1"
_MOBILE = "contexts_com_snowplowanalytics_snowplow_client_session_1"
_ACTIONS = {
    "page_view": "view",
    "screen_view": "view",
    "page_ping": "page_ping",
    "link_click": "click",
    "button_click": "click",
    "transaction": "purchase",
    "transaction_item": "purchase_item",
    "product_view": "view",
    "list_view": "impression",
    "list_click": "click",
    "checkout_step": "checkout",
    "refund": "refund",
    "promo_view": "impression",
    "promo_click": "click",
    "add_to_cart": "add_to_cart",
    "remove_from_cart": "remove_from_cart",
}


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an enriched event. Time is the one that Snowplow derived, with the client's clock taken out."""
    if "collector_tstamp" not in value or "event" not in value:
        return None
    commerce = mapping_of(value.get(_COMMERCE))
    name = first_of(commerce, "type") or (value.get("se_action") if value["event"] == "struct" else None)
    name = name or first_of(value, "event_name", "event")
    if not isinstance(name, str):
        raise Broken("no_action")
    word = _ACTIONS.get(name)
    draft: Draft = {"action_name": word} if word else {"event_name": name}
    sessions = value.get(_MOBILE)
    session = mapping_of(sessions[0]) if isinstance(sessions, list) and sessions else {}
    draft |= {
        "timestamp": first_of(value, "derived_tstamp", "collector_tstamp"),
        "event_id": value.get("event_id"),
        "application": value.get("app_id") or settings.application,
        "platform": value.get("platform"),
        "client_id": first_of(value, "domain_userid") or session.get("userId") or value.get("network_userid"),
        "session_id": first_of(value, "domain_sessionid") or session.get("sessionId"),
        "user_id": value.get("user_id"),
        "url": value.get("page_url"),
        "title": value.get("page_title"),
        "referrer_url": value.get("page_referrer"),
        "user_agent": value.get("useragent"),
        "ip": value.get("user_ipaddress"),
        "geo": {"country": value.get("geo_country"), "region": value.get("geo_region_name")},
        "campaign": {
            "source": value.get("mkt_source"),
            "medium": value.get("mkt_medium"),
            "name": value.get("mkt_campaign"),
            "term": value.get("mkt_term"),
            "content": value.get("mkt_content"),
        },
        "device_hints": {
            "type": str(value.get("dvce_type") or "").lower() or None,
            "browser": value.get("br_name"),
            "os": value.get("os_name"),
        },
        "event_value": first_of(value, "tr_total", "se_value") or first_of(commerce, "revenue", "value"),
        "currency": first_of(value, "tr_currency") or commerce.get("currency"),
        "properties": _properties(value, commerce),
    }
    if value.get("ti_sku"):
        shop.place(
            draft,
            {
                "sku": value["ti_sku"],
                "name": value.get("ti_name"),
                "category": value.get("ti_category"),
                "price": value.get("ti_price"),
                "quantity": value.get("ti_quantity"),
            },
        )
    if value.get(_PRODUCTS):
        shop.place(draft, value[_PRODUCTS])
    return draft


def _properties(value: dict[str, Any], commerce: dict[str, Any]) -> dict[str, Any]:
    """Structured events' fields, and those of the site's own self-describing event; contexts are left out."""
    found = {name: value[name] for name in ("se_category", "se_label", "se_property", "tr_orderid") if value.get(name)}
    for name, item in value.items():
        if name.startswith("unstruct_event_") and name != _COMMERCE and isinstance(item, dict):
            found |= item
    if commerce.get("transaction_id"):
        found["transaction_id"] = commerce["transaction_id"]
    return found


def line(given: str, settings: Settings) -> Draft | None:
    """The draft of an event in tab-separated form.

    Raises:
        Broken: ``unsupported_shape`` where columns are missing.
    """
    columns = snowplow_columns.of_line(given)
    if not columns:
        return None
    value = snowplow_columns.named(columns)
    if value is None:
        raise Broken("unsupported_shape")
    return fields(value, settings)


FORMAT = Format("snowplow", fields, line, frozenset({"collector_tstamp"}))

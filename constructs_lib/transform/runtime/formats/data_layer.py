"""Events of a tag manager's data layer: GA4's ``ecommerce`` with ``items``, and Enhanced Ecommerce before it.

https://developers.google.com/analytics/devguides/collection/ga4/ecommerce?client_type=gtm,
https://developers.google.com/analytics/devguides/collection/ua/gtm/enhanced-ecommerce
"""

from __future__ import annotations

from typing import Any

from ..settings import Settings
from . import application_log, shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_STEPS = {
    "purchase": "purchase",
    "refund": "refund",
    "add": "add_to_cart",
    "remove": "remove_from_cart",
    "checkout": "checkout",
    "detail": "view",
    "click": "click",
}
"""Enhanced Ecommerce's, in UBI's words."""


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event."""
    commerce = value.get("ecommerce")
    event = value.get("event")
    if not isinstance(commerce, dict) or not isinstance(event, str) or not event.strip():
        return None
    draft = application_log.read({name: item for name, item in value.items() if name != "ecommerce"}, settings)
    word = shop.action_of(event)
    step = next((name for name in _STEPS if isinstance(commerce.get(name), dict)), None)
    inner = mapping_of(commerce.get(step)) if step else commerce
    if word is None and step is not None:
        word = _STEPS[step]
    if word is not None:
        draft["action_name"] = word
        draft.pop("event_name", None)
    action = mapping_of(inner.get("actionField"))
    draft["event_value"] = first_of(commerce, "value") or first_of(action, "revenue")
    draft["currency"] = first_of(commerce, "currency", "currencyCode")
    order = first_of(commerce, "transaction_id") or first_of(action, "id")
    if order is not None:
        draft["properties"] = {**mapping_of(draft.get("properties")), "transaction_id": order}
    shop.place(draft, first_of(inner, *shop.PRODUCT_LISTS) or first_of(commerce, "impressions"))
    return draft


FORMAT = Format("data_layer", fields, signs=frozenset({"ecommerce"}))

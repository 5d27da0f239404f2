"""Events of a tag manager's data layer: GA4's ``ecommerce`` with ``items``, Enhanced Ecommerce before it, and the
events of Google Tag Manager's own triggers.

https://developers.google.com/analytics/devguides/collection/ga4/ecommerce?client_type=gtm,
https://developers.google.com/analytics/devguides/collection/ua/gtm/enhanced-ecommerce
"""

from __future__ import annotations

from typing import Any

from ..reasons import Unwanted
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


_TRIGGERS = {
    "gtm.click": "click",
    "gtm.linkClick": "click",
    "gtm.formSubmit": "submit",
    "gtm.historyChange": "view",
    "gtm.historyChange-v2": "view",
    "gtm.scrollDepth": "scroll",
    "gtm.video": "watch",
    "gtm.elementVisibility": "impression",
    "gtm.pageError": "error",
}
_OWN = "gtm."
_OF_TRIGGERS = frozenset(
    """
    gtm.start gtm.element gtm.elementUrl gtm.elementId gtm.elementClasses gtm.elementTarget gtm.oldUrl gtm.newUrl
    gtm.oldUrlFragment gtm.newUrlFragment gtm.oldHistoryState gtm.newHistoryState gtm.historyChangeSource gtm.triggers
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""What triggers say of the page's elements and addresses."""


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event."""
    commerce = value.get("ecommerce")
    event = value.get("event")
    by_a_manager = any(sign in value for sign in _SIGNS)
    if not (by_a_manager or isinstance(commerce, dict)) or not isinstance(event, str) or not event.strip():
        return None
    commerce = mapping_of(commerce)
    word = _TRIGGERS.get(event) or shop.action_of(event)
    if event.startswith(_OWN) and word is None:  # loading, initialising, timers
        raise Unwanted("no_behaviour")
    rest = {name: item for name, item in value.items() if name != "ecommerce" and name not in _OF_TRIGGERS}
    draft = application_log.read(rest, settings)
    if draft.get("url") is None and (target := first_of(value, "gtm.elementUrl", "gtm.newUrl")) is not None:
        draft["properties"] = {**mapping_of(draft.get("properties")), "target_url": target}
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


_SIGNS = frozenset({"gtm.uniqueEventId", "gtm.start"})
FORMAT = Format("data_layer", fields, signs=frozenset({"ecommerce"}) | _SIGNS)

"""Amazon Pinpoint's event stream, which Amplify's analytics fill.

https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams-data-app.html
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_ACTIONS = {
    "_session.start": "session_start",
    "_session.stop": "session_end",
    "_userauth.sign_in": "login",
    "_userauth.sign_up": "sign_up",
    "pageview": "view",
    "_monetization.purchase": "purchase",
}
_NO_BEHAVIOUR = ("_email.", "_SMS.", "_campaign.", "_custom.", "_journey.", "_VOICE.", "_push.")
"""Messages that Pinpoint itself sent."""
_PRODUCT = {"_product_id": "product_id", "_item_price": "price", "_quantity": "quantity"}
_PAGE = frozenset({"url", "pageUrl", "title", "referrer", "currency", "userId", "user_id", "_currency"})


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event. The endpoint, with its address and place, is left out."""
    event = value.get("event_type")
    if "event_timestamp" not in value or "application" not in value or not isinstance(value["application"], dict):
        return None
    if not isinstance(event, str) or not event.strip("_ "):
        raise Broken("no_action")
    if event.startswith(_NO_BEHAVIOUR):
        raise Unwanted("no_behaviour")
    client, session = mapping_of(value.get("client")), mapping_of(value.get("session"))
    attributes, metrics = mapping_of(value.get("attributes")), mapping_of(value.get("metrics"))
    device, app = mapping_of(value.get("device")), value["application"]
    system = mapping_of(device.get("platform"))
    word = _ACTIONS.get(event) or shop.action_of(event)
    draft: Draft = {"action_name": word} if word else {"event_name": event.lstrip("_")}
    both = {**attributes, **metrics}
    draft |= {
        "timestamp": value["event_timestamp"],
        "event_id": value.get("event_id"),
        "application": first_of(app, "title", "package_name", "app_id") or settings.application,
        "platform": str(system.get("name") or "").lower()[:100] or None,
        "client_id": first_of(client, "client_id", "cognito_id"),
        "session_id": session.get("session_id"),
        "user_id": first_of(attributes, "userId", "user_id"),
        "url": first_of(attributes, "url", "pageUrl"),
        "title": attributes.get("title"),
        "referrer_url": attributes.get("referrer"),
        "device_hints": {"os": system.get("name")},
        "event_value": first_of(metrics, "revenue", "value", "amount"),
        "currency": first_of(attributes, "currency", "_currency"),
    }
    shop.place(draft, {common: both[name] for name, common in _PRODUCT.items() if name in both})
    rest = shop.place_of(draft, both)
    draft["properties"] = {name: item for name, item in rest.items() if name not in _PAGE and not name.startswith("_")}
    return draft


FORMAT = Format("pinpoint", fields, signs=frozenset({"event_timestamp"}))

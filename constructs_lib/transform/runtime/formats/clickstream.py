"""Events of the SDKs of AWS's Clickstream Analytics solution.

https://docs.aws.amazon.com/solutions/latest/clickstream-analytics-on-aws/data-schema.html,
https://github.com/aws-solutions/clickstream-analytics-on-aws
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_ACTIONS = {
    "_page_view": "view",
    "_screen_view": "view",
    "_search": "search",
    "_click": "click",
    "_login": "login",
    "_profile_set": "identify",
}
_OWN = frozenset({"value", "revenue", "currency", "query", "items"})


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event."""
    attributes = mapping_of(value.get("attributes"))
    event = first_of(value, "event_type", "event_name")
    if event is None or not ("sdk_name" in value or "hashCode" in value or "unique_id" in value):
        return None
    if not isinstance(event, str) or not event.strip("_ "):
        raise Broken("no_action")
    word = _ACTIONS.get(event) or shop.action_of(event)
    draft: Draft = {"action_name": word} if word else {"event_name": event.lstrip("_")}
    user = mapping_of(mapping_of(value.get("user")).get("_user_id"))
    draft |= {
        "timestamp": value.get("timestamp"),
        "event_id": value.get("event_id"),
        "application": first_of(value, "app_title", "app_id") or settings.application,
        "platform": str(value.get("platform") or "").lower()[:100] or None,
        "client_id": first_of(value, "device_id", "unique_id"),
        "session_id": attributes.get("_session_id"),
        "user_id": user.get("value") or value.get("user_id"),
        "url": first_of(attributes, "_page_url"),
        "title": first_of(attributes, "_page_title", "_screen_name"),
        "referrer_url": attributes.get("_page_referrer"),
        "user_query": first_of(attributes, "_search_term", "query"),
        "user_agent": value.get("user_agent"),
        "ip": value.get("ip"),
        "device_hints": {"os": value.get("os_name")},
        "geo": {"country": value.get("country_code")} if len(str(value.get("country_code") or "")) == 2 else None,
        "event_value": first_of(attributes, "value", "revenue"),
        "currency": attributes.get("currency"),
        "properties": {
            name: item for name, item in attributes.items() if not name.startswith("_") and name not in _OWN
        },
    }
    shop.place(draft, value.get("items"))
    return draft


FORMAT = Format("clickstream", fields, signs=frozenset({"sdk_name", "hashCode", "unique_id"}))

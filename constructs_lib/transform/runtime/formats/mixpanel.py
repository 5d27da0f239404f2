"""Mixpanel's events, tracked or exported.

https://developer.mixpanel.com/reference/import-events, https://docs.mixpanel.com/docs/data-structure/property-reference
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, is_random, mapping_of
from .format import Format

_ACTIONS = {"$mp_web_page_view": "view", "$mp_click": "click", "mp_page_view": "view", "page view": "view"}
_NO_BEHAVIOUR = frozenset({"$create_alias", "$merge"})
_NAMED = frozenset(
    {
        "time",
        "distinct_id",
        "token",
        "value",
        "revenue",
        "currency",
        "query",
        "ip",
        "current_url_search",
        "current_page_title",
    }
)


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event; none of Mixpanel's own properties (``$...``, ``mp_...``) becomes one of the document's."""
    properties = mapping_of(value.get("properties"))
    event = value.get("event")
    if not isinstance(event, str) or "distinct_id" not in properties or "time" not in properties:
        return None
    if event in _NO_BEHAVIOUR:
        raise Unwanted("no_behaviour")
    if event == "$identify":
        word: str | None = "identify"
    else:
        word = _ACTIONS.get(event.lower()) or shop.action_of(event)
    if not event.strip("$ "):
        raise Broken("no_action")
    identifier, device = properties.get("distinct_id"), properties.get("$device_id")
    user = properties.get("$user_id")
    if isinstance(identifier, str) and identifier.startswith("$device:"):
        device = device or identifier.removeprefix("$device:")
    elif user is None and ((device is not None and identifier != device) or not is_random(identifier)):
        user = identifier
    draft: Draft = {"action_name": word} if word else {"event_name": event.lstrip("$")}
    draft |= {
        "timestamp": properties["time"],
        "event_id": properties.get("$insert_id"),
        "application": properties.get("$app_name") or settings.application,
        "platform": properties.get("mp_lib"),
        "client_id": device or (identifier if user is None else None),
        "session_id": properties.get("$session_id"),
        "user_id": user,
        "url": first_of(properties, "$current_url", "current_url"),
        "title": properties.get("current_page_title"),
        "referrer_url": _referrer(properties.get("$referrer")),
        "user_query": properties.get("query"),
        "ip": first_of(properties, "ip", "$ip"),
        "device_hints": {
            "type": str(properties.get("$device_type") or "").lower() or None,
            "browser": properties.get("$browser"),
            "os": properties.get("$os"),
        },
        "geo": {"country": properties.get("mp_country_code"), "region": properties.get("$region")},
        "campaign": {
            "source": properties.get("utm_source"),
            "medium": properties.get("utm_medium"),
            "name": properties.get("utm_campaign"),
            "term": properties.get("utm_term"),
            "content": properties.get("utm_content"),
        },
        "event_value": first_of(properties, "revenue", "value"),
        "currency": properties.get("currency"),
    }
    rest = shop.place_of(draft, properties)
    draft["properties"] = {
        name: item for name, item in rest.items() if not name.startswith(("$", "mp_", "utm_")) and name not in _NAMED
    }
    return draft


def _referrer(given: Any) -> Any:
    return None if given == "$direct" else given


FORMAT = Format("mixpanel", fields, signs=frozenset({"properties"}))

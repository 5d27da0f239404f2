"""PostHog's events, captured or exported.

https://posthog.com/docs/api/capture, https://posthog.com/docs/data/events
"""

from __future__ import annotations

from typing import Any

from .. import json_text
from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, is_random, mapping_of
from .format import Format

_ACTIONS = {
    "$pageview": "view",
    "$screen": "view",
    "$autocapture": "click",
    "$rageclick": "click",
    "$identify": "identify",
    "$pageleave": "page_leave",
}
_NO_BEHAVIOUR = frozenset(
    {"$create_alias", "$groupidentify", "$merge_dangerously", "$set", "$feature_flag_called"} | {"$web_vitals"}
)
_NAMED = frozenset({"distinct_id", "token", "value", "revenue", "currency", "query", "title"})


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event; none of PostHog's own properties (``$...``) becomes one of the document's."""
    properties = _properties(value.get("properties"))
    event = value.get("event")
    identifier = value.get("distinct_id") or properties.get("distinct_id")
    if not isinstance(event, str) or identifier is None or not _is_posthogs(value, properties, event):
        return None
    if event in _NO_BEHAVIOUR:
        raise Unwanted("no_behaviour")
    word = _ACTIONS.get(event) or shop.action_of(event)
    if word is None and event.startswith("$"):
        word = event.lstrip("$")
    if not event.strip("$ "):
        raise Broken("no_action")
    device = properties.get("$device_id")
    user = properties.get("$user_id")
    client = device
    if user is None and (properties.get("$is_identified") is True or (device is not None and identifier != device)):
        user = identifier
    if client is None and user is None and not is_random(identifier):  # a server's, which knows who it is
        user = identifier
    if client is None and user != identifier:
        client = identifier
    draft: Draft = {"action_name": word} if word else {"event_name": event}
    draft |= {
        "event_id": first_of(value, "uuid", "$insert_id") or properties.get("$insert_id"),
        "application": properties.get("$app_name") or settings.application,
        "platform": properties.get("$lib"),
        "client_id": client,
        "session_id": properties.get("$session_id"),
        "user_id": user,
        "url": first_of(properties, "$current_url", "$pathname"),
        "title": first_of(properties, "title", "$title", "$screen_name"),
        "referrer_url": _referrer(properties.get("$referrer")),
        "user_query": properties.get("query"),
        "user_agent": first_of(properties, "$raw_user_agent", "$user_agent"),
        "ip": first_of(properties, "$ip") or value.get("ip"),
        "device_hints": {
            "type": str(properties.get("$device_type") or "").lower() or None,
            "browser": properties.get("$browser"),
            "os": properties.get("$os"),
        },
        "geo": {
            "country": properties.get("$geoip_country_code"),
            "region": properties.get("$geoip_subdivision_1_name"),
        },
        "campaign": {name: properties.get(f"utm_{given}") for name, given in _CAMPAIGN},
        "event_value": first_of(properties, "revenue", "value"),
        "currency": properties.get("currency"),
        "timestamp": first_of(value, "timestamp") or first_of(properties, "timestamp", "$time"),
        "sent_at": value.get("sent_at"),
    }
    if value.get("sent_at") is not None:
        draft["original_time"] = draft["timestamp"]
    rest = shop.place_of(draft, properties)
    draft["properties"] = {
        name: item for name, item in rest.items() if not name.startswith(("$", "utm_")) and name not in _NAMED
    }
    return draft


_CAMPAIGN = (("source", "source"), ("medium", "medium"), ("name", "campaign"), ("term", "term"), ("content", "content"))
_SIGNS = frozenset(
    {"$lib", "$current_url", "$session_id", "$device_id", "$pathname", "$geoip_country_code", "$window_id"}
)


def _is_posthogs(value: dict[str, Any], properties: dict[str, Any], event: str) -> bool:
    """Mixpanel's events look alike, but have the distinct id and the time among their properties."""
    if "mp_lib" in properties or "mp_country_code" in properties or "mp_processing_time_ms" in properties:
        return False
    if "distinct_id" in value or "uuid" in value or "api_key" in value:
        return True
    return (event.startswith("$") and "time" not in properties) or (
        not _SIGNS.isdisjoint(properties) and "time" not in properties
    )


def _properties(given: Any) -> dict[str, Any]:
    """An event's properties, which an export has as text."""
    if isinstance(given, str) and given.startswith("{"):
        given = json_text.inner(given)
    return mapping_of(given)


def _referrer(given: Any) -> Any:
    return None if given == "$direct" else given


FORMAT = Format("posthog", fields, signs=frozenset({"properties"}))

"""Amplitude's events, of its HTTP API and of its export.

https://amplitude.com/docs/apis/analytics/http-v2, https://amplitude.com/docs/apis/analytics/export
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_ACTIONS = {
    "[amplitude] page viewed": "view",
    "[amplitude] element clicked": "click",
    "[amplitude] file downloaded": "download",
    "$identify": "identify",
    "session_start": "session_start",
    "session_end": "session_end",
}
_NO_BEHAVIOUR = frozenset({"$groupidentify", "$exposure"})
_OWN = ("[Amplitude]", "$", "utm_")


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event. Places by coordinates, advertising ids and user properties are left out."""
    event = value.get("event_type")
    if "device_id" not in value and "user_id" not in value and "amplitude_id" not in value:
        return None
    if not isinstance(event, str) or not _is_amplitudes(value):
        return None
    if event in _NO_BEHAVIOUR:
        raise Unwanted("no_behaviour")
    if not event.strip():
        raise Broken("no_action")
    given = mapping_of(value.get("event_properties"))
    word = _ACTIONS.get(event.lower()) or shop.action_of(event)
    draft: Draft = {"action_name": word} if word else {"event_name": event.removeprefix("[Amplitude] ")}
    session = value.get("session_id")
    draft |= {
        "timestamp": first_of(value, "event_time", "time", "client_event_time"),
        "event_id": first_of(value, "uuid", "insert_id", "$insert_id"),
        "application": settings.application,
        "platform": str(value.get("platform") or "").lower()[:100] or None,
        "client_id": value.get("device_id"),
        "session_id": None if session in (-1, None) else session,
        "user_id": value.get("user_id"),
        "url": first_of(given, "[Amplitude] Page URL", "[Amplitude] Page Location", "[Amplitude] Page Path"),
        "title": first_of(given, "[Amplitude] Page Title"),
        "referrer_url": first_of(given, "referrer", "[Amplitude] Referrer"),
        "user_agent": value.get("user_agent"),
        "ip": first_of(value, "ip", "ip_address"),
        "device_hints": {
            "type": str(value.get("device_type") or "").lower() or None,
            # On the web Amplitude calls the browser the operating system.
            "browser" if value.get("platform") == "Web" else "os": value.get("os_name"),
        },
        "geo": {"country": value.get("country"), "region": value.get("region")},
        "campaign": {
            "source": given.get("utm_source"),
            "medium": given.get("utm_medium"),
            "name": given.get("utm_campaign"),
            "term": given.get("utm_term"),
            "content": given.get("utm_content"),
        },
        "event_value": first_of(value, "revenue") or first_of(given, "revenue", "value"),
        "currency": first_of(value, "currency") or given.get("currency"),
    }
    if value.get("productId"):
        shop.place(draft, {name: value.get(name) for name in ("productId", "price", "quantity")})
    rest = shop.place_of(draft, given)
    draft["properties"] = {name: item for name, item in rest.items() if not name.startswith(_OWN)}
    return draft


_SIGNS = frozenset(
    {
        "event_properties",
        "user_properties",
        "amplitude_id",
        "insert_id",
        "$insert_id",
        "server_received_time",
        "library",
    }
)


def _is_amplitudes(value: dict[str, Any]) -> bool:
    return not _SIGNS.isdisjoint(value) and ("time" in value or "event_time" in value or "event_properties" in value)


FORMAT = Format("amplitude", fields, signs=frozenset({"event_type"}))

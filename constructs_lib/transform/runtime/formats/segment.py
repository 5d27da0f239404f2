"""Calls of the Segment and RudderStack libraries: track, page, screen and identify."""

from __future__ import annotations

from typing import Any

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_TYPES = frozenset({"track", "page", "screen", "identify", "group", "alias"})
_SIGNS = frozenset(
    {"anonymousId", "userId", "messageId", "context", "originalTimestamp", "anonymous_id", "user_id", "writeKey"}
)
_NAMED = frozenset(
    """
    value revenue total currency query query_id result_count url path title referrer search recommendation_id session_id
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Properties that have a place of their own in the document."""
_LIBRARIES = ("com.rudderlabs.", "com.rudderstack.", "com.segment.")
"""Namespaces that a library gives where the site names no application of its own."""


def call(value: dict[str, Any], settings: Settings) -> Draft | None:
    """A call has a ``type`` of the specification and at least one of its common fields."""
    kind = value.get("type")
    if kind.__class__ is not str or kind not in _TYPES or _SIGNS.isdisjoint(value):
        return None
    if kind in {"group", "alias"}:
        raise Unwanted("no_behaviour")
    context = mapping_of(value.get("context"))
    properties = mapping_of(value.get("properties"))
    page = mapping_of(context.get("page"))
    draft: Draft = {
        "event_id": first_of(value, "messageId", "message_id"),
        "application": _application(context) or settings.application,
        "platform": first_of(value, "channel") or mapping_of(context.get("device")).get("type"),
        "client_id": first_of(value, "anonymousId", "anonymous_id"),
        "session_id": first_of(context, "sessionId", "session_id") or properties.get("session_id"),
        "user_id": first_of(value, "userId", "user_id"),
        "user_query": first_of(properties, "query"),
        "query_id": properties.get("query_id"),
        "result_count": properties.get("result_count"),
        "recommendation_id": properties.get("recommendation_id"),
        "event_value": first_of(properties, "value", "revenue", "total"),
        "currency": properties.get("currency"),
        "url": first_of(properties, "url") or first_of(page, "url") or first_of(properties, "path") or page.get("path"),
        "title": first_of(properties, "title") or page.get("title") or (value.get("name") if kind != "track" else None),
        "referrer_url": first_of(properties, "referrer") or page.get("referrer"),
        "campaign": context.get("campaign"),
        "device_hints": _device(context),
        "geo": _geo(context),
        "user_agent": first_of(context, "userAgent", "user_agent"),
        "ip": first_of(context, "ip"),
        "consent": _consent(context, value),
        "sent_at": first_of(value, "sentAt", "sent_at"),
        "bot_reasons": ["declared"] if context.get("bot") is True or context.get("webdriver") is True else None,
    }
    _name(draft, kind, value)
    rest = shop.place_of(draft, properties)
    draft["properties"] = {name: item for name, item in rest.items() if name not in _NAMED}
    if isinstance(properties.get("position"), (int, float)):
        draft["position"] = properties["position"]
        draft["properties"].pop("position", None)
    _times(draft, value)
    return draft


def _name(draft: Draft, kind: str, value: dict[str, Any]) -> None:
    """The action; a name that is in no specification is treated as free text."""
    if kind != "track":
        draft["action_name"] = "identify" if kind == "identify" else "view"
        return
    event = value.get("event")
    if not isinstance(event, str) or not event.strip():
        raise Broken("no_action")
    word = shop.action_of(event)
    if word is not None:
        draft["action_name"] = word
    else:
        draft["event_name"] = event


def _application(context: dict[str, Any]) -> Any:
    """The application's name; a library that was given none writes its own."""
    app = mapping_of(context.get("app"))
    name, namespace = app.get("name"), app.get("namespace")
    if isinstance(namespace, str) and namespace.startswith(_LIBRARIES):
        return None
    if isinstance(name, str) and name.startswith(("RudderLabs", "RudderStack")):
        return None
    return name


def _times(draft: Draft, value: dict[str, Any]) -> None:
    """Which time is by whose clock.

    A library sends ``originalTimestamp`` (older ones ``timestamp``) and ``sentAt`` by the client's clock. Where a
    ``receivedAt`` is, a server has been between, and its ``timestamp`` is corrected already.
    """
    original = first_of(value, "originalTimestamp", "original_timestamp")
    timestamp = value.get("timestamp")
    if first_of(value, "receivedAt", "received_at") is not None and timestamp is not None:
        draft["timestamp"] = timestamp
    else:
        draft["original_time"] = draft["timestamp"] = original if original is not None else timestamp


def _device(context: dict[str, Any]) -> dict[str, Any]:
    system = mapping_of(context.get("os"))
    name, version = system.get("name"), system.get("version")
    if isinstance(name, str) and isinstance(version, str) and version:
        name = f"{name} {version.partition('.')[0]}"
    device = mapping_of(context.get("device"))
    kind = device.get("type")
    return {"type": "mobile" if kind in {"ios", "android"} else kind, "os": name}


def _geo(context: dict[str, Any]) -> dict[str, Any] | None:
    """Where the call says that the person is; a locale is a language, and whose country it names is nobody's place."""
    location = context.get("location")
    if isinstance(location, dict):
        return {"country": location.get("country"), "region": location.get("region")}
    return None


def _consent(context: dict[str, Any], value: dict[str, Any]) -> Any:
    given, managed = context.get("consent", value.get("consent")), context.get("consentManagement")
    if isinstance(given, dict) and isinstance(managed, dict):
        return {**given, **managed}
    return managed if given is None else given


FORMAT = Format("segment", call, signs=frozenset({"type"}))

"""CloudWatch RUM's events, as its log group and its API have them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-datacollected.html
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .. import json_text
from ..reasons import Broken, Unwanted
from ..settings import Settings
from .draft import Draft, first_of, mapping_of
from .format import Format

_PREFIX = "com.amazon.rum."
_ACTIONS = {
    "page_view_event": "view",
    "session_start_event": "session_start",
    "dom_event": "click",
    "js_error_event": "error",
}
"""What a person did or saw; the rest measures how fast a page was."""
_DETAILS = ("elementId", "event", "interaction", "type", "cssLocator")


class _Event(NamedTuple):
    """An event as both its log group and its API have it."""

    kind: Any
    time: Any
    identifier: Any
    who: dict[str, Any]
    page: dict[str, Any]
    details: dict[str, Any]
    application: Any


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event of a log group, or of a request with one event."""
    kind = value.get("event_type")
    if isinstance(kind, str) and kind.startswith(_PREFIX):
        who, page, details = (_object(value.get(name)) for name in ("user_details", "metadata", "event_details"))
        time, identifier = value.get("event_timestamp"), value.get("event_id")
        return _read(_Event(kind, time, identifier, who, page, details, value.get("application_id")), settings)
    events = value.get("RumEvents")
    if not isinstance(events, list):
        return None
    if len(events) > 1:
        raise Broken("several_events")
    if not events:
        raise Unwanted("empty")
    event = mapping_of(events[0])
    who, page, details = (
        _object(value.get("UserDetails")),
        _object(event.get("metadata")),
        _object(event.get("details")),
    )
    application = _object(value.get("AppMonitorDetails")).get("name")
    return _read(
        _Event(event.get("type"), event.get("timestamp"), event.get("id"), who, page, details, application), settings
    )


def _read(event: _Event, settings: Settings) -> Draft:
    if not isinstance(event.kind, str) or not event.kind:
        raise Broken("no_action")
    name = event.kind.removeprefix(_PREFIX)
    own = event.kind != name
    word = _ACTIONS.get(name)
    if own and word is None:
        raise Unwanted("no_behaviour")
    page, details = event.page, event.details
    path = first_of(details, "pageId") or page.get("pageId")
    if page.get("domain") and isinstance(path, str) and path.startswith("/"):
        path = f"//{page['domain']}{path}"
    draft: Draft = {"action_name": word} if word else {"event_name": name}
    return draft | {
        "timestamp": event.time,
        "event_id": event.identifier,
        "application": settings.application or event.application,
        "platform": page.get("platformType"),
        "client_id": event.who.get("userId"),
        "session_id": event.who.get("sessionId"),
        "url": first_of(page, "pageUrl") or path,
        "title": first_of(page, "pageTitle", "title"),
        "referrer_url": details.get("referrer"),
        "device_hints": {"type": page.get("deviceType"), "browser": page.get("browserName"), "os": page.get("osName")},
        "geo": {"country": page.get("countryCode"), "region": page.get("subdivisionCode")},
        "message": details.get("message") if word == "error" else None,
        "properties": {name: details[name] for name in _DETAILS if name in details} if own else details,
    }


def _object(given: Any) -> dict[str, Any]:
    """An object, which the API has as text."""
    if isinstance(given, str):
        given = json_text.inner(given[:262_144])
    return mapping_of(given)


FORMAT = Format("cloudwatch_rum", fields, signs=frozenset({"event_type", "RumEvents"}))

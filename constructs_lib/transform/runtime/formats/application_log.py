"""Plain application logs: one JSON object a line, whatever the logging library calls its fields."""

from __future__ import annotations

from typing import Any

from ..reasons import Unwanted
from ..settings import Settings
from .draft import Draft, first_of, mapping_of, shape, text_of

_TIMES = ("@timestamp", "timestamp", "time", "ts", "datetime", "date", "eventTime", "event_time")
_ACTIONS = ("action", "event", "event_name", "eventName", "event_type", "eventType", "activity")
_MESSAGES = ("message", "msg", "text")
_LEVELS = ("level", "severity", "levelname", "log.level", "lvl")
_STATUSES = ("status", "status_code", "statusCode", "http_status")
_METHODS = ("method", "http_method", "httpMethod", "request_method")
_NUMBERED = {"10": "debug", "20": "info", "30": "warning", "40": "error", "50": "critical"}
_FIELDS: dict[str, tuple[str, ...]] = {
    "application": ("application", "app", "service", "service.name", "logger"),
    "client_id": ("client_id", "clientId", "anonymous_id", "anonymousId", "visitor_id", "device_id"),
    "session_id": ("session_id", "sessionId", "session"),
    "user_id": ("user_id", "userId", "user", "username", "uid", "customer_id"),
    "query_id": ("query_id", "queryId"),
    "user_query": ("user_query", "query", "search_term"),
    "url": ("url", "uri", "request_uri", "path", "request_path"),
    "title": ("title",),
    "referrer_url": ("referrer", "referer"),
    "user_agent": ("user_agent", "userAgent", "http_user_agent"),
    "ip": ("ip", "client_ip", "clientIp", "remote_addr", "remote_ip"),
    "event_id": ("event_id", "eventId", "id"),
    "event_value": ("event_value", "amount", "revenue"),
    "currency": ("currency",),
    "platform": ("platform",),
}


@shape("application_log")
def line(value: dict[str, Any], settings: Settings) -> Draft | None:
    """A log line says when and what: a time, and an action, a message or a level."""
    time = first_of(value, *_TIMES)
    action = first_of(value, *_ACTIONS)
    message = first_of(value, *_MESSAGES)
    level = _level(first_of(value, *_LEVELS))
    if action is None and (message is None or (time is None and not level)):
        return None
    if level in settings.drop_levels:
        raise Unwanted("log_level")
    draft: Draft = {"timestamp": time, "message": text_of(message), "consent": value.get("consent")}
    used = {name for names in (_TIMES, _ACTIONS, _MESSAGES, _LEVELS) for name in names if name in value}
    used.update(("consent", "object", "position", "event_attributes"))
    for field, names in _FIELDS.items():
        found = first_of(value, *names)
        if isinstance(found, dict):
            found = first_of(found, "id", "name")
        if found is not None:
            draft[field] = found
            used.update(name for name in names if name in value)
    draft.setdefault("application", settings.application)
    draft["object"] = value.get("object")
    draft["position"] = value.get("position")
    draft["message_type"] = level.upper() or None
    if text_of(action).strip():
        draft["event_name"] = action
    else:
        draft["action_name"] = "view" if draft.get("url") else "log"
    status = first_of(value, *_STATUSES)
    if status.__class__ is int and 100 <= status <= 599:
        draft["http"] = {"method": first_of(value, *_METHODS), "status": status}
        used.update((*_STATUSES, *_METHODS))
    properties = {name: item for name, item in value.items() if name not in used}
    properties.update(mapping_of(properties.pop("properties", None)))
    draft["properties"] = properties
    return draft


def _level(given: Any) -> str:
    text = text_of(given).strip().lower()[:32]
    return _NUMBERED.get(text, text)

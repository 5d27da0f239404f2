"""Splits a body into its events: one event, a list, or an envelope around a list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .refusal import Refusal

MOST_EVENTS = 500
MOST_COPIED = 1024 * 1024
"""Most bytes of a batch's context in all of its events together, so that a small body cannot become a large one."""
LONGEST_TIME = 64
"""Most characters of a sending time."""

_CALLS = {"t": "track", "p": "page", "s": "screen", "i": "identify", "g": "group", "a": "alias", "b": "batch"}
_TYPES = frozenset(_CALLS.values()) - {"batch"}
PATHS: dict[str, str | None] = {
    **dict.fromkeys(("/collect", "/ubi_events", "/ubi_queries", "/v1/batch", "/v1/b")),
    **{f"/v1/{short}": kind for short, kind in _CALLS.items() if kind in _TYPES},
    **{f"/v1/{kind}": kind for kind in _TYPES},
    "/beacon/v1/batch": None,
}
"""Each path, and the type of a call to it whose body has no type."""


@dataclass(frozen=True)
class Batch:
    """The unchecked events of a body, and the keys beside them."""

    events: list[Any]
    keys: list[Any]


def read(content: bytes, path: str) -> Batch:
    """The events of a body.

    From ``{key, sent_at, events}`` it copies the sending time into each event; from Segment's ``{writeKey, sentAt,
    context, batch}`` the sending time and the context. The transform corrects the client's clock with the sending time.

    Raises:
        Refusal: it is not JSON, or has no events or too many.
    """
    value = _parsed(content)
    if isinstance(value, list):
        return Batch(_counted(value), [])
    if not isinstance(value, dict):
        raise Refusal("no_events")
    keys = [value.get("key"), value.get("writeKey")]
    if "action_name" not in value and "type" not in value:
        if isinstance(value.get("events"), list):
            events = _counted(value["events"])
            return Batch(_with_time(events, "sent_at", value.get("sent_at")), keys)
        if isinstance(value.get("batch"), list):
            events = _with_context(_counted(value["batch"]), value.get("context"))
            return Batch(_with_time(events, "sentAt", value.get("sentAt") or value.get("sent_at")), keys)
        kind = PATHS.get(path)
        if kind is not None and "user_query" not in value:
            value["type"] = kind
    return Batch([value], keys)


def _parsed(content: bytes) -> Any:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Refusal("not_utf8") from None
    try:
        return json.loads(text.lstrip("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError too
        raise Refusal("invalid_json") from None


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _counted(events: list[Any]) -> list[Any]:
    if not events:
        raise Refusal("no_events")
    if len(events) > MOST_EVENTS:
        raise Refusal("too_many_events")
    return events


def _with_time(events: list[Any], name: str, time: Any) -> list[Any]:
    """The events with the batch's sending time, which replaces their own because it is the time of this try."""
    if isinstance(time, bool) or not isinstance(time, (str, int, float)) or len(str(time)) > LONGEST_TIME:
        return events
    for event in events:
        if isinstance(event, dict):
            event[name] = time
    return events


def _with_context(events: list[Any], context: Any) -> list[Any]:
    """The events with the batch's context; an event's own fields win."""
    if not isinstance(context, dict) or not context:
        return events
    if len(json.dumps(context)) * len(events) > MOST_COPIED:
        raise Refusal("context_too_large")
    for event in events:
        if isinstance(event, dict):
            own = event.get("context")
            event["context"] = {**context, **own} if isinstance(own, dict) else context
    return events

"""Checks that an event has a shape that the transform can read, and makes its record.

It checks only the shape; the transform checks the fields, and keeps events that it cannot read.
"""

from __future__ import annotations

import json
from typing import Any

from .refusal import Refusal

LARGEST_EVENT = 32 * 1024
"""Most bytes of an event, as UTF-8 without white space."""
DEEPEST_EVENT = 64
"""Deepest nesting of objects and lists, the event included, so that the transform's parser does not overflow its
stack."""
LONGEST_NAME = 1024
"""Characters of an action's name that the transform reads."""
SERVER = "collector"
"""The field with facts that only the server knows. It overwrites whatever a client sends under this name."""

_CALLS = frozenset({"track", "page", "screen", "identify", "group", "alias"})
_SIGNS = frozenset({"anonymousId", "userId", "messageId", "context", "originalTimestamp", "anonymous_id", "user_id"})
_TEXTS = (
    *("client_id", "session_id", "user_id", "query_id", "user_query", "application"),
    *("anonymousId", "userId", "messageId"),
)
_OBJECTS = ("event_attributes", "query_attributes", "context", "properties", "traits")
_FIELDS = tuple(
    [(name, frozenset({str, int, float})) for name in _TEXTS]  # an id may be a number
    + [(name, frozenset({dict})) for name in _OBJECTS]
)
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode


def check(event: Any) -> None:
    """Raise `Refusal` unless the event is a UBI event, a UBI query or a call of Segment's or RudderStack's."""
    if event.__class__ is not dict:
        raise Refusal("not_an_object")
    if "action_name" in event:
        if not _is_name(event["action_name"]):
            raise Refusal("no_action")
    elif event.get("type").__class__ is str and event["type"] in _CALLS and not _SIGNS.isdisjoint(event):
        if event["type"] == "track" and not _is_name(event.get("event")):
            raise Refusal("no_action")
    elif "user_query" not in event or "query_id" not in event:
        raise Refusal("unknown_shape")
    for name, classes in _FIELDS:
        # Some libraries send null for a missing value.
        if (value := event.get(name)) is not None and value.__class__ not in classes:
            raise Refusal("invalid_field")


def _is_name(value: Any) -> bool:
    """Whether a value is a text with visible characters: the transform removes invisible ones."""
    if value.__class__ is not str:
        return False
    text = value[:LONGEST_NAME].strip()
    return bool(text) and (text.isprintable() or any(map(str.isalnum, text)))


def prefix(facts: dict[str, Any]) -> bytes:
    """The beginning of each record of a request: the facts that only the server knows."""
    return f'{{"{SERVER}":{json.dumps(facts, separators=(",", ":"))},'.encode()


def record(event: dict[str, Any], beginning: bytes) -> bytes:
    """The record of a checked event; raises `Refusal` if it is too large or cannot be written."""
    event.pop(SERVER, None)
    try:
        text = _encode(event)
    except (ValueError, RecursionError):
        raise Refusal("invalid_field") from None
    try:
        content = text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair is valid in JSON but not in UTF-8.
        content = json.dumps(event, separators=(",", ":")).encode()
    if len(content) > LARGEST_EVENT:
        raise Refusal("event_too_large")
    # Nesting cannot exceed the number of brackets, so few events need the full check.
    if content.count(b"{") + content.count(b"[") > DEEPEST_EVENT and _depth(event) > DEEPEST_EVENT:
        raise Refusal("nested_too_deeply")
    return beginning + content[1:] + b"\n"  # it separates records in the archive's objects


def _depth(event: dict[str, Any]) -> int:
    """Nesting depth of an event's objects and lists, the event included."""
    depth = 0
    level: list[Any] = [event]
    while level:
        depth += 1
        inner = [item for value in level for item in (value.values() if value.__class__ is dict else value)]
        level = [item for item in inner if item.__class__ is dict or item.__class__ is list]
    return depth

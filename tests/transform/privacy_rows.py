"""Rows of the tables that redaction is measured on: an event, and words of it that are looked for in its document."""

from __future__ import annotations

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One event, and what of it is looked for in its document."""

    kind: str
    event: dict[str, Any]
    words: tuple[str, ...]


TIME = "2025-03-12T08:00:01.000Z"


def prop(name: str, value: Any) -> dict[str, Any]:
    """An event with a property."""
    return {"action_name": "view", "timestamp": TIME, "event_attributes": {"properties": {name: value}}}


def text(value: str) -> dict[str, Any]:
    """An event with a message."""
    return {"action_name": "view", "timestamp": TIME, "message": value}


def url(value: str) -> dict[str, Any]:
    """A view of a page."""
    return {"action_name": "view", "timestamp": TIME, "page": {"url": value}}

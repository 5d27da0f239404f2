"""What is wrong with a document that people's interactions shall be read from: a file may hold anything."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_LONGEST_SHOWN = 60
_TEXTS = ("action_name", "user_id", "client_id", "recommendation_id", "event_id")


def problems(document: dict[str, Any]) -> Iterator[str]:
    """Each mistake in what an interaction is made of, as ``key.path: what is wrong (given X; allowed: Y)``."""
    yield from _timestamp(document.get("timestamp"))
    for name in _TEXTS:
        if name in document:
            yield from _text(name, document[name])
    if "is_bot" in document and not isinstance(document["is_bot"], bool):
        yield _wrong("is_bot", "is of the wrong type", document["is_bot"], "true or false")
    if "event_value" in document:
        yield from _number("event_value", document["event_value"])
    impressions = document.get("impressions", [])
    if isinstance(impressions, list):
        for number, item in enumerate(impressions):
            yield from _text(f"impressions.{number}", item)
    else:
        yield _wrong("impressions", "is of the wrong type", impressions, "a list of item ids")
    consent = document.get("consent", {})
    if not isinstance(consent, dict):
        yield _wrong("consent", "is of the wrong type", consent, "an object")
    elif not isinstance(consent.get("personalization", True), bool):
        yield _wrong("consent.personalization", "is of the wrong type", consent["personalization"], "true or false")
    yield from _object(document)
    items = document.get("items", [])
    if isinstance(items, list):
        for number, item in enumerate(items):
            yield from _item(f"items.{number}", item)
    else:
        yield _wrong("items", "is of the wrong type", items, "a list of items")


def _item(path: str, item: Any) -> Iterator[str]:
    """One of several items."""
    if not isinstance(item, dict):
        yield _wrong(path, "is of the wrong type", item, "an object")
        return
    yield from _text(f"{path}.object_id", item.get("object_id"))
    found = [
        problem for name in ("price", "quantity") if name in item for problem in _number(f"{path}.{name}", item[name])
    ]
    yield from found
    if not found and not math.isfinite(float(item.get("price", 0)) * float(item.get("quantity", 1))):
        yield _wrong(f"{path}.price", "is no number that a float can hold, times the quantity", item["price"], "less")


def _object(document: dict[str, Any]) -> Iterator[str]:
    """The item."""
    value: Any = document
    path = ""
    for name in ("event_attributes", "object"):
        value = value.get(name, {})
        path = f"{path}.{name}" if path else name
        if not isinstance(value, dict):
            yield _wrong(path, "is of the wrong type", value, "an object")
            return
    if "object_id" in value:
        yield from _text(f"{path}.object_id", value["object_id"])


def _timestamp(value: Any) -> Iterator[str]:
    allowed = "a time such as 2026-01-02T03:04:05.678Z"
    if not isinstance(value, str):
        yield _wrong("timestamp", "is of the wrong type", value, allowed)
        return
    try:
        datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        yield _wrong("timestamp", "is no time", value, allowed)


def _text(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield _wrong(path, "is of the wrong type", value, "a text")
        return
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        yield _wrong(path, "holds half a character", value, "Unicode without lone surrogates")


def _number(path: str, value: Any) -> Iterator[str]:
    try:
        finite = not isinstance(value, bool) and math.isfinite(value)
    except TypeError:
        yield _wrong(path, "is of the wrong type", value, "a number")
        return
    except OverflowError:
        finite = False
    if not finite:
        yield _wrong(path, "is no number that a float can hold", value, "a finite number")


def _wrong(path: str, what: str, given: Any, allowed: str) -> str:
    """One mistake; what was given in ASCII, so that nothing in it reaches a terminal as anything but text."""
    try:
        shown = json.dumps(given)
    except (ValueError, RecursionError):
        shown = type(given).__name__
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}..."
    return f"{path}: {what} (given {shown}; allowed: {allowed})"

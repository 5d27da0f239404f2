"""Parses and checks requests: from an HTTP API's event, or from a direct call of the function.

A direct call names the action in ``action`` (``recommendations``, ``rank``, ``items``; default: the first) and has the
parameters beside it. Over HTTP they are in the query, or in the body as a JSON object. Lists may be JSON lists, or text
with commas; a query may also repeat the parameter.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

LONGEST_ID = 100
"""Characters of a session's or client's id, as in documents."""
LONGEST_ITEM = 256
LONGEST_CATEGORY = 100
LONGEST_TITLE = 256
USUAL_NUMBER = 20
MOST_NUMBER = 100
MOST_RECENT = 50
MOST_EXCLUDED = 200
MOST_RANKED = 200
MOST_ITEMS = 500
MOST_CATEGORIES = 20
MOST_BYTES = 256 * 1024
GREATEST_PRICE = 1e12

_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")

PATHS = {
    ("GET", "/recommendations"): "recommendations",
    ("POST", "/recommendations"): "recommendations",
    ("POST", "/rank"): "rank",
    ("PUT", "/items"): "items",
}
PARAMETERS = {
    "recommendations": {
        "session_id",
        "client_id",
        "item_id",
        "recentItems",
        "n",
        "category",
        "min_price",
        "max_price",
        "exclude",
        "explain",
    },
    "rank": {"session_id", "client_id", "recentItems", "items"},
    "items": {"items"},
}


class RequestError(Exception):
    """A refused request; the text is one line for the sender."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Wanted:
    """A request for recommendations.

    Attributes:
        session_id, client_id: ids of the visitor.
        recent: items of the running session, the latest last.
        item_id: the item that the visitor is looking at.
        number: how many items.
        category, min_price, max_price: conditions that each item must meet.
        exclude: items to leave out.
        explain: whether the answer gives the reason for each item.
    """

    session_id: str = ""
    client_id: str = ""
    recent: tuple[str, ...] = ()
    item_id: str = ""
    number: int = USUAL_NUMBER
    category: str = ""
    min_price: float | None = None
    max_price: float | None = None
    exclude: frozenset[str] = frozenset()
    explain: bool = False


@dataclass(frozen=True)
class Ranking:
    """A request to put a list in order."""

    items: tuple[str, ...]
    wanted: Wanted


def asked(event: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Action and parameters of an event of an HTTP API (payload format 2.0) or of a direct call.

    Raises:
        RequestError: an unknown path, a body that is too long, or not JSON.
    """
    if "requestContext" not in event:
        given = {name: value for name, value in event.items() if name != "action"}
        action = event.get("action", "recommendations")
        if action not in PARAMETERS:
            raise RequestError(f"action: is unknown (given {_shown(action)}; allowed: {', '.join(PARAMETERS)})")
        return action, _known(action, given)
    http = event["requestContext"].get("http", {})
    path = str(event.get("rawPath", "/"))
    stage = event["requestContext"].get("stage", "$default")
    if stage != "$default":
        path = path.removeprefix(f"/{stage}")
    action = PATHS.get((http.get("method", "GET"), path.rstrip("/") or "/"), "")
    if not action:
        raise RequestError("no such path or method", 404)
    given = {
        name: values if len(values) > 1 else values[0]
        for name, values in parse_qs(event.get("rawQueryString", ""), keep_blank_values=True).items()
    }
    return action, _known(action, {**given, **_body(event)})


def wanted(given: Mapping[str, Any]) -> Wanted:
    """A request for recommendations.

    Raises:
        RequestError: a parameter is not what it may be; the text names it.
    """
    recent = _items(given, "recentItems", MOST_RECENT)
    return Wanted(
        session_id=_text(given, "session_id", LONGEST_ID),
        client_id=_text(given, "client_id", LONGEST_ID),
        recent=tuple(recent),
        item_id=_text(given, "item_id", LONGEST_ITEM),
        number=_whole(given, "n", USUAL_NUMBER, 1, MOST_NUMBER),
        category=_text(given, "category", LONGEST_CATEGORY),
        min_price=_price(given, "min_price"),
        max_price=_price(given, "max_price"),
        exclude=frozenset(_items(given, "exclude", MOST_EXCLUDED)),
        explain=_switch(given, "explain"),
    )


def ranking(given: Mapping[str, Any]) -> Ranking:
    """A request to put a list in order.

    Raises:
        RequestError: a parameter is not what it may be; the text names it.
    """
    items = _items(given, "items", MOST_RANKED)
    if not items:
        raise RequestError("items: is missing (allowed: a list of item ids)")
    return Ranking(tuple(dict.fromkeys(items)), wanted({name: given[name] for name in given if name != "items"}))


def catalogue(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields of a catalogue's entries, by item.

    Raises:
        RequestError: an entry is invalid; the text names it.
    """
    entries = given.get("items")
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_ITEMS:
        raise RequestError(f"items: is out of range (allowed: a list of 1 to {MOST_ITEMS} objects with itemId)")
    found: dict[str, dict[str, Any]] = {}
    for place, entry in enumerate(entries):
        where = f"items[{place}]"
        if not isinstance(entry, dict):
            raise RequestError(f"{where}: is not an object (given {_shown(entry)})")
        unknown = sorted(set(entry) - {"itemId", "available", "category", "price", "title"})
        if unknown:
            raise RequestError(
                f"{where}.{_plain(unknown[0])}: unknown key (allowed: itemId, available, category, price, title)"
            )
        item = _text(entry, "itemId", LONGEST_ITEM, where)
        if not item:
            raise RequestError(f"{where}.itemId: is missing")
        said: dict[str, Any] = {}
        if "available" in entry:
            if not isinstance(entry["available"], bool):
                raise RequestError(
                    f"{where}.available: is out of range (given {_shown(entry['available'])}; allowed: true, false)"
                )
            said["available"] = entry["available"]
        if "category" in entry:
            said["category"] = _categories(entry["category"], where)
        if "price" in entry:
            said["price"] = _price(entry, "price", where)
        if "title" in entry:
            said["title"] = _text(entry, "title", LONGEST_TITLE, where)
        found[item] = said
    return found


def _known(action: str, given: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(given) - PARAMETERS[action])
    if unknown:
        raise RequestError(
            f"{_plain(unknown[0])}: unknown parameter (allowed: {', '.join(sorted(PARAMETERS[action]))})"
        )
    return given


def _body(event: Mapping[str, Any]) -> dict[str, Any]:
    body = event.get("body")
    if not body:
        return {}
    # Four characters of base64 are three bytes.
    if len(body) > (MOST_BYTES * 4 // 3 if event.get("isBase64Encoded") else MOST_BYTES):
        raise RequestError(f"the body is too long (allowed: {MOST_BYTES} bytes)", 413)
    try:
        data = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        if len(data) > MOST_BYTES:
            raise RequestError(f"the body is too long (allowed: {MOST_BYTES} bytes)", 413)
        given = json.loads(data)
    except (ValueError, RecursionError):
        raise RequestError("the body is not JSON") from None
    if not isinstance(given, dict):
        raise RequestError("the body is not a JSON object")
    return given


def _text(given: Mapping[str, Any], name: str, longest: int, where: str = "") -> str:
    value = given.get(name, "")
    at = f"{where}.{name}" if where else name
    if not isinstance(value, str):
        raise RequestError(f"{at}: is not a string (given {_shown(value)})")
    if len(value) > longest:
        raise RequestError(f"{at}: is too long (given {len(value)} characters; allowed: {longest})")
    if _CONTROL.search(value):
        raise RequestError(f"{at}: contains control characters")
    return value


def _items(given: Mapping[str, Any], name: str, most: int) -> list[str]:
    value = given.get(name, [])
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise RequestError(f"{name}: is not a list of item ids (given {_shown(value)})")
    if len(parts) > most:
        raise RequestError(f"{name}: has too many items (given {len(parts)}; allowed: {most})")
    return [each for each in (_text({name: part}, name, LONGEST_ITEM) for part in parts) if each]


def _whole(given: Mapping[str, Any], name: str, usual: int, least: int, most: int) -> int:
    value = given.get(name, usual)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 9:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise RequestError(f"{name}: is out of range (given {_shown(value)}; allowed: {least} to {most})")
    return value


def _price(given: Mapping[str, Any], name: str, where: str = "") -> float | None:
    value = given.get(name)
    at = f"{where}.{name}" if where else name
    if value is None:
        return None
    try:
        number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or not 0 <= number <= GREATEST_PRICE:
        raise RequestError(f"{at}: is out of range (given {_shown(value)}; allowed: 0 to {GREATEST_PRICE:g})")
    return number


def _switch(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    known = {True: True, False: False, "true": True, "1": True, "false": False, "0": False, "": True}
    if not isinstance(value, (bool, str)) or value not in known:
        raise RequestError(f"{name}: is out of range (given {_shown(value)}; allowed: true, false)")
    return known[value]


def _categories(value: Any, where: str) -> list[str]:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or len(parts) > MOST_CATEGORIES:
        limit = f"a list of at most {MOST_CATEGORIES} strings"
        raise RequestError(f"{where}.category: is not valid (given {_shown(value)}; allowed: {limit})")
    return [each for each in (_text({"category": part}, "category", LONGEST_CATEGORY, where) for part in parts) if each]


def _shown(value: Any) -> str:
    """A value for an error message: short, on one line."""
    return json.dumps(value, default=str, ensure_ascii=True)[:60]


def _plain(name: str) -> str:
    """A name for an error message."""
    return _shown(name)[1:-1]

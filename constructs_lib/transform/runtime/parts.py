"""Parts of a document that an event states and that no setting changes: what was acted on and where, what it was worth,
the request, the place. Every value is checked, redacted and within its limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import values
from .formats.draft import mapping_of

NO_PLACE = {"xy": {"x": -1, "y": -1}}
"""Where an event has no place on the screen: User Behavior Insights asks for a position beside every object, and a
corner of the screen or a rank would be counted as one.
"""

_CURRENCY = re.compile(r"[A-Za-z]{3}")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_OBJECT_NAMES = (
    ("object_id_type", values.LONGEST_NAME),
    ("object_id_field", values.LONGEST_NAME),
    ("name", values.LONGEST_OBJECT_ID),
)


def attributes(doc: dict[str, Any], get: Callable[[str], Any]) -> None:
    """``event_attributes``: what was acted on, where, and whatever else the event says."""
    found_attributes: dict[str, Any] = {}
    if (thing := get("object")).__class__ is dict and (found := _object(thing)):
        found_attributes["object"] = found
    position = _position(where) if (where := get("position")) is not None else None
    if (properties := get("properties")) and (found := values.flat(properties)):
        found_attributes["properties"] = found
    if found_attributes or position:
        found_attributes["position"] = position or NO_PLACE
        doc["event_attributes"] = found_attributes


def worth(doc: dict[str, Any], get: Callable[[str], Any]) -> None:
    """What the event was worth, what it was about where that is several things, and which offers it answered."""
    if (value := get("event_value")) is not None and (amount := values.amount(value)) is not None:
        doc["event_value"] = amount
    if (value := get("currency")).__class__ is str and _CURRENCY.fullmatch(value):
        doc["currency"] = value.upper()
    if (things := get("items")).__class__ is list and (several := _items(things)):
        doc["items"] = several
    if (value := get("impressions")) is not None and (
        shown := values.strings(value, values.MOST_IMPRESSIONS, values.LONGEST_OBJECT_ID)
    ):
        doc["impressions"] = shown


def results(doc: dict[str, Any], get: Callable[[str], Any]) -> None:
    """How many results a search had."""
    if (value := get("result_count")) is not None and (found := values.whole(value)) is not None and found >= 0:
        doc["result_count"] = found


def answered(request: dict[str, Any]) -> dict[str, Any]:
    """A request's method, and status and size of its answer."""
    found: dict[str, Any] = {}
    get = request.get
    if (method := get("method")).__class__ is str and (clean := values.name(method[:16])):
        found["method"] = clean
    if (status := values.whole(get("status"))) is not None and 100 <= status <= 599:
        found["status"] = status
    if (size := values.whole(get("bytes"))) is not None and size >= 0:
        found["bytes"] = size
    return found


def _object(thing: dict[str, Any]) -> dict[str, Any] | None:
    given = thing.get("object_id")
    if given.__class__ is float and given.is_integer():  # a table's, which has no whole numbers
        given = int(given)
    identifier = values.line(given, values.LONGEST_OBJECT_ID)
    if identifier is None:
        return None
    found: dict[str, Any] = {"object_id": identifier}
    if len(thing) == 1:
        return found
    get = thing.get
    for key, longest in _OBJECT_NAMES:
        if (value := get(key)) is not None and (clean := values.line(value, longest)):
            found[key] = clean
    if len(thing) > len(found):
        if (value := get("category")) is not None and (
            found_categories := values.strings(value, values.MOST_CATEGORIES, values.LONGEST_NAME)
        ):
            found["category"] = found_categories
        if (value := get("brand")) is not None and (clean := values.line(value, values.LONGEST_NAME)):
            found["brand"] = clean
        if (value := get("price")) is not None and (price := values.amount(value)) is not None:
            found["price"] = price
        if (value := get("quantity")) is not None and (quantity := values.number(value)) is not None:
            found["quantity"] = quantity
    return found


def _items(things: list[Any]) -> list[dict[str, Any]]:
    """Several products of one event, each within its limits."""
    found = []
    for thing in things[: values.MOST_ORDERED * 2]:
        if thing.__class__ is dict and (item := _object(thing)) is not None:
            if "category" in item:
                item["category"] = item["category"][: values.MOST_ITEM_CATEGORIES]
            item.pop("object_id_type", None)
            found.append(item)
    return found[: values.MOST_ORDERED]


def _position(where: Any) -> dict[str, Any] | None:
    if where.__class__ is not dict:
        ordinal = values.whole(where)
        return {"ordinal": ordinal} if ordinal is not None else None
    if (value := where.get("ordinal")) is not None and (ordinal := values.whole(value)) is not None:
        return {"ordinal": ordinal}
    # The published mapping writes position.x, the specification position.xy.x: both are met.
    point = mapping_of(where.get("xy")) or where
    x, y = values.number(point.get("x")), values.number(point.get("y"))
    return {"xy": {"x": x, "y": y}} if x is not None and y is not None else None


def named(given: Any, names: tuple[str, ...]) -> dict[str, str]:
    """The texts that a mapping has under some names."""
    get = mapping_of(given).get
    longest = values.LONGEST_NAME
    return {key: text for key in names if (value := get(key)) is not None and (text := values.line(value, longest))}


def place(given: Any) -> dict[str, str]:
    """Country and region; a country that is no two letters is left out."""
    found = named(given, ("country", "region"))
    country = found.pop("country", "")
    return {"country": country.upper(), **found} if _COUNTRY.fullmatch(country) else found

"""Single values brought within the document's limits; every function gives None for what cannot stand there."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from constructs_lib.privacy import names

from . import redact
from .formats.draft import text_of

LONGEST_NAME = 100
"""Characters of an id or a name, User Behavior Insights' own limit."""
LONGEST_MESSAGE = 1024
LONGEST_QUERY = 1024
LONGEST_TITLE = 512
LONGEST_OBJECT_ID = 256
LONGEST_PROPERTY = 512
MOST_PROPERTIES = 50
MOST_IMPRESSIONS = 100
MOST_CATEGORIES = 20
MOST_ITEMS = 20
MOST_ORDERED = 50
"""Products of one event that its document names."""
MOST_ITEM_CATEGORIES = 5
DEEPEST = 3
GREATEST = 2**53
"""Whole numbers beyond are not exact in JavaScript, nor in a search engine's double."""

_CURRENCY = r"(?:[A-Z]{3}|(?:US|CA|AU|R)?\$|[€£¥₹₽₺₩฿₫₴]|kr\.?|zł|Kč|Ft)"
_MONEY = re.compile(
    rf"(?:{_CURRENCY}[ \u00a0]?)?(-?[0-9](?:[0-9.,'\u2019 \u00a0\u202f]{{0,20}}[0-9])?)(?:,-|\.-)?"
    rf"(?:[ \u00a0]?{_CURRENCY})?"
)
_BETWEEN_DIGITS = re.compile("['\u2019 \u00a0\u202f]")
_OF_A_PERSON = frozenset(
    """
    email Email e-mail mail emailAddress email_address phone Phone phoneNumber phone_number first_name firstName
    last_name lastName surname birthday date_of_birth dateOfBirth
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Names beside which a ``name`` is a person's."""
_KEY = re.compile(r"[^\w-]+")
_CAMEL = re.compile(r"(?<=[a-z0-9]{2})(?=[A-Z])")
_BETWEEN_WORDS = re.compile(r"[\s./-]+")


def line(value: Any, longest: int) -> str | None:
    """A redacted text of one line."""
    return redact.text(value if value.__class__ is str else text_of(value)).strip()[:longest] or None


def name(text: str) -> str:
    """A word of a small vocabulary: an action, an application, a kind of message."""
    return redact.text(text[:LONGEST_QUERY]).strip()[:LONGEST_NAME]


def action(event: str) -> str:
    """The action that an event's name in the producer's own words stands for: ``Cart Opened`` and ``cartOpened`` are
    ``cart_opened``.
    """
    clean = _CAMEL.sub(" ", redact.text(event[:LONGEST_QUERY]).strip())
    return _BETWEEN_WORDS.sub("_", clean).lower()[:LONGEST_NAME]


def number(value: Any) -> float | int | None:
    """A finite number, also one written as text."""
    if isinstance(value, str):
        try:
            value = float(value[:32])
        except ValueError:
            return None
        if value.is_integer() and abs(value) < GREATEST:
            return int(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= GREATEST else None
    if isinstance(value, float) and math.isfinite(value):
        return value
    return None


def amount(value: Any) -> float | int | None:
    """A number as :func:`number` reads it, or a sum of money as shops show one: ``19,50 €``, ``$1,234.56``."""
    found = number(value)
    if found is not None or not isinstance(value, str):
        return found
    match = _MONEY.fullmatch(value[:40].strip())
    if match is None:
        return None
    digits = _BETWEEN_DIGITS.sub("", match[1])
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        sign = digits[last]
        several = digits.count(sign) > 1
        thousands = sign == "," and len(digits) - last == 4 and "." not in digits
        rest = "" if several or thousands else f".{digits[last + 1 :]}"
        digits = digits.replace(",", "").replace(".", "") if not rest else re.sub("[.,]", "", digits[:last]) + rest
    return number(digits)


def whole(value: Any) -> int | None:
    """A whole number, also one written as text or with nothing behind its point."""
    if value.__class__ is int:
        return value if abs(value) <= GREATEST else None
    found = number(value)
    if isinstance(found, float):
        return int(found) if found.is_integer() and abs(found) <= GREATEST else None
    return found


def strings(value: Any, most: int, longest: int) -> list[str] | None:
    """A list of redacted texts; a single one becomes a list."""
    items = value if isinstance(value, list) else [value]
    found = [clean for item in items[: most * 2] if (clean := line(item, longest))]
    return found[:most] or None


def flat(value: Any) -> dict[str, Any]:
    """A flat mapping: nested names joined by ``_``, in order of their names, values that are text, numbers, truth or
    lists of text.

    What has a name that marks it as private is left out, where it stands within others by the names around it too: the
    ``name`` in ``user`` is a person's, the one in ``page`` is not.
    """
    found: dict[str, Any] = {}
    if isinstance(value, dict):
        _flatten(value, "", DEEPEST, found)
    return dict(sorted(found.items())) if len(found) > 1 else found


def _flatten(value: dict[Any, Any], prefix: str, depth: int, found: dict[str, Any]) -> None:
    for key, item in value.items():
        if len(found) >= MOST_PROPERTIES:
            return
        if item is None or item == "":
            continue
        plain = _key(key[:LONGEST_NAME])
        if not plain or (plain == "name" and not _OF_A_PERSON.isdisjoint(value)):
            continue
        joined = f"{prefix}{plain}"[:LONGEST_NAME]
        kind = item.__class__
        if kind is dict:
            if depth > 1 and not names.is_secret_name(joined) and not _is_private_pair(item):
                _flatten(item, f"{joined}_", depth - 1, found)
            continue
        if kind is not bool and names.hides(joined, item):
            continue
        if (clean := _flat_value(item, kind)) is not None:
            found[joined] = clean


def _is_private_pair(item: dict[str, Any]) -> bool:
    """Whether a mapping is one name with its value, as headers and parameters are logged, and the name is private."""
    label = item.get("name", item.get("key"))
    return "value" in item and label.__class__ is str and names.hides(label, item["value"])


def _flat_value(item: Any, kind: type) -> Any:
    if kind is str:
        return line(item, LONGEST_PROPERTY)
    if kind is bool:
        return item
    if kind is int or kind is float:
        return number(item)
    return strings(item, MOST_ITEMS, LONGEST_PROPERTY) if kind is list else None


@lru_cache(maxsize=4096)
def _key(key: str) -> str:
    return _KEY.sub("_", redact.text(key)).strip("_")

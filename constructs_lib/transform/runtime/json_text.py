"""JSON as records hold it: read once, with a named reason where it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .reasons import Broken

_scan: Callable[[str, int], tuple[Any, int]] = vars(
    json.JSONDecoder(parse_constant=lambda _: None, strict=False)  # NaN and Infinity are absent values
)["scan_once"]
_MORE = frozenset('{["')


def read(text: str) -> Any:
    """The one value that a text holds.

    Raises:
        Broken: ``invalid_json``, ``nested_too_deeply``, or ``several_events`` where anything follows the value.
    """
    try:
        value, end = _scan(text, 0)
    except RecursionError:
        raise Broken("nested_too_deeply") from None
    except (ValueError, StopIteration):
        raise Broken("invalid_json") from None
    if end != len(text):
        raise Broken("several_events")
    return value


def inner(text: str) -> dict[str, Any] | list[Any] | None:
    """The object or list that a text within a record is, or None where it is some other text.

    Raises:
        Broken: ``several_events`` where more JSON follows it, ``nested_too_deeply``.
    """
    text = text.strip()
    try:
        value, end = _scan(text, 0)
    except RecursionError:
        raise Broken("nested_too_deeply") from None
    except (ValueError, StopIteration):
        return None
    if not isinstance(value, (dict, list)):
        return None
    rest = text[end:].lstrip(" \t\r\n,")
    if rest:
        if rest[0] in _MORE:
            raise Broken("several_events")
        return None
    return value


def text(given: str) -> str | None:
    """The text that a JSON text is, or None where it is something else."""
    try:
        value, end = _scan(given, 0)
    except (ValueError, StopIteration, RecursionError):
        return None
    return value if isinstance(value, str) and end == len(given) else None

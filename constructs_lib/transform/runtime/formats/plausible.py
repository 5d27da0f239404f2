"""Plausible's events, as its script and its API's clients send them.

https://plausible.io/docs/events-api
"""

from __future__ import annotations

from typing import Any

from .. import json_text
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_NAMES = (("name", "n"), ("url", "u"), ("domain", "d"), ("referrer", "r"), ("props", "p"), ("revenue", "$"))
"""The script's newer versions have one letter for each."""


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event."""
    given = {name: first_of(value, name, letter) for name, letter in _NAMES}
    name = given["name"]
    if not all(isinstance(given[one], str) for one in ("name", "url", "domain")) or "://" not in given["url"]:
        return None
    word = {"pageview": "view", "File Download": "download", "Outbound Link: Click": "click"}.get(name)
    word = word or shop.action_of(name)
    revenue = mapping_of(_parsed(given["revenue"]))
    draft: Draft = {"action_name": word} if word else {"event_name": name}
    return draft | {
        "timestamp": value.get("timestamp"),
        "application": settings.application,
        "platform": "web",
        "url": given["url"],
        "referrer_url": given["referrer"],
        "event_value": revenue.get("amount"),
        "currency": revenue.get("currency"),
        "properties": mapping_of(_parsed(given["props"])),
    }


def _parsed(given: Any) -> Any:
    return json_text.inner(given[:65_536]) if isinstance(given, str) and given.startswith("{") else given


FORMAT = Format("plausible", fields, signs=frozenset({"domain", "d"}))

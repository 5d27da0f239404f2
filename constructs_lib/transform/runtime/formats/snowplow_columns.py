"""The columns of Snowplow's enriched events in their tab-separated form, which is what its streams carry.

https://docs.snowplow.io/docs/fundamentals/canonical-event/understanding-the-enriched-tsv-format/
"""

from __future__ import annotations

import re
from typing import Any

from .. import json_text
from .draft import mapping_of

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15}"
_BEGINS = re.compile(
    rf"[^\t\n]{{0,200}}\t[a-z]{{0,8}}\t(?:{_TIME})?\t{_TIME}\t(?:{_TIME})?\t[a-z_]{{1,32}}\t[0-9a-f-]{{36}}\t", re.ASCII
)
"""The first columns: application, platform, three times, the event and its id."""
_NAMES = {
    0: "app_id", 1: "platform", 3: "collector_tstamp", 5: "event", 6: "event_id", 12: "user_id", 13: "user_ipaddress",
    15: "domain_userid", 17: "network_userid", 18: "geo_country", 24: "geo_region_name", 29: "page_url",
    30: "page_title", 31: "page_referrer", 47: "mkt_medium", 48: "mkt_source", 49: "mkt_term", 50: "mkt_content",
    51: "mkt_campaign", 53: "se_category", 54: "se_action", 55: "se_label", 56: "se_property", 57: "se_value",
    59: "tr_orderid", 61: "tr_total", 68: "ti_sku", 69: "ti_name", 70: "ti_category", 71: "ti_price",
    72: "ti_quantity", 77: "useragent", 78: "br_name", 97: "os_name", 101: "dvce_type", 108: "tr_currency",
    123: "domain_sessionid", 124: "derived_tstamp", 126: "event_name",
}  # fmt: skip
"""Columns that are read, by their place; the first is 0."""
_CONTEXTS, _EVENT = 52, 58
"""Columns that hold self-describing JSON."""
_LEAST = 125
"""Columns up to the derived time, which every version since 2015 has."""
_SCHEMA = re.compile(r"iglu:([\w.-]{1,128})/([\w-]{1,128})/jsonschema/([0-9]{1,4})-[0-9]{1,4}-[0-9]{1,4}", re.ASCII)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_CONTEXTS = 100


def of_line(given: str) -> list[str]:
    """The columns of a line; none where it is of another form."""
    if "\t" not in given:
        return []
    if _BEGINS.match(given):
        return given.split("\t")
    given = f"\t{given}"  # an event of no application, whose first tab is no part of a record's text
    return given.split("\t") if _BEGINS.match(given) else []


def named(columns: list[str]) -> dict[str, Any] | None:
    """The columns under the names that Snowplow's own analytics SDKs give them in JSON; None where some are missing."""
    if len(columns) < _LEAST:
        return None
    found: dict[str, Any] = {
        name: columns[place] for place, name in _NAMES.items() if place < len(columns) and columns[place]
    }
    event = _described(json_text.inner(columns[_EVENT]) if columns[_EVENT] else None)
    if event is not None and (name := _flat_name(event)) is not None:
        found[f"unstruct_event_{name}"] = mapping_of(event.get("data"))
    contexts = _described(json_text.inner(columns[_CONTEXTS]) if columns[_CONTEXTS] else None, several=True)
    for context in (contexts or {}).get("list", ())[:_MOST_CONTEXTS]:
        if (name := _flat_name(mapping_of(context))) is not None:
            found.setdefault(f"contexts_{name}", []).append(context.get("data"))
    return found


def _described(given: Any, *, several: bool = False) -> dict[str, Any] | None:
    """What is in the envelope that Snowplow puts around its self-describing JSON."""
    inner = mapping_of(given).get("data")
    if several:
        return {"list": inner} if isinstance(inner, list) else None
    return inner if isinstance(inner, dict) else None


def _flat_name(given: dict[str, Any]) -> str | None:
    """``com_shop_button_press_1`` of ``iglu:com.shop/button_press/jsonschema/1-0-0``."""
    schema = given.get("schema")
    match = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if match is None:
        return None
    vendor, name, version = match.groups()
    words = _CAMEL.sub("_", name).replace("-", "_").lower()
    return f"{vendor.replace('.', '_').replace('-', '_').lower()}_{words}_{version}"

"""Google Analytics 4: events of the Measurement Protocol, and rows of its BigQuery export.

https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference,
https://support.google.com/analytics/answer/7029846
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_PAGE = frozenset(
    {"page_location", "page_title", "page_referrer", "ga_session_id", "session_id", "search_term", "value"}
)
_OWN = frozenset(
    {
        "ga_session_number",
        "engagement_time_msec",
        "session_engaged",
        "engaged_session_event",
        "debug_mode",
        "batch_page_id",
    }
    | {"batch_ordering_id", "entrances", "ignore_referrer", "items", "currency", "source", "medium", "campaign", "term"}
    | {"content", "timestamp_micros"}
)
"""Parameters that have a place of their own, or that Google's tag writes for itself."""
_MANUAL = (
    ("source", "source"), ("medium", "medium"), ("name", "campaign_name"), ("term", "term"), ("content", "content"),
    ("id", "campaign_id"),
)  # fmt: skip
"""What the export calls a link's own campaign parameters."""
_VALUES = ("string_value", "int_value", "float_value", "double_value")


def protocol(value: dict[str, Any], settings: Settings) -> Draft | None:
    """A request of the Measurement Protocol, with one event."""
    events = value.get("events")
    if not isinstance(events, list) or not ("client_id" in value or "app_instance_id" in value):
        return None
    if not events:
        raise Unwanted("empty")
    if len(events) > 1:
        raise Broken("several_events")
    event = mapping_of(events[0])
    if "name" not in event:
        return None
    parameters = mapping_of(event.get("params"))
    draft = _read(event["name"], parameters, parameters.get("items"), settings)
    draft["client_id"] = first_of(value, "client_id", "app_instance_id")
    draft["user_id"] = value.get("user_id")
    draft["timestamp"] = first_of(event, "timestamp_micros") or first_of(value, "timestamp_micros")
    draft["ip"] = value.get("ip_override")
    draft["user_agent"] = value.get("user_agent")
    consent = mapping_of(value.get("consent"))
    if consent:
        draft["consent"] = {
            "analytics": consent.get("analytics_storage"),
            "personalization": first_of(consent, "ad_personalization"),
        }
    if value.get("non_personalized_ads") is True:
        draft["consent"] = {**mapping_of(draft.get("consent")), "personalization": False}
    return draft


def row(value: dict[str, Any], settings: Settings) -> Draft | None:
    """A row of the export: parameters are a list of names and typed values."""
    if "event_name" not in value or not ("event_params" in value or "user_pseudo_id" in value):
        return None
    given = value.get("event_params")
    parameters: dict[str, Any] = {
        str(one.get("key")): first_of(mapping_of(one.get("value")), *_VALUES)
        for one in (given[:100] if isinstance(given, list) else [])
        if isinstance(one, dict)
    }
    draft = _read(value["event_name"], parameters, value.get("items"), settings)
    draft["client_id"] = value.get("user_pseudo_id")
    draft["user_id"] = value.get("user_id")
    draft["timestamp"] = first_of(value, "event_timestamp", "event_date")
    place = mapping_of(value.get("geo"))
    draft["geo"] = {"country": place.get("country"), "region": place.get("region")}
    device = mapping_of(value.get("device"))
    browser = first_of(mapping_of(device.get("web_info")), "browser") or device.get("browser")
    draft["device_hints"] = {
        "type": device.get("category"),
        "os": device.get("operating_system"),
        "browser": browser,
    }
    draft["platform"] = str(value.get("platform") or "").lower()[:100] or None
    collected = mapping_of(value.get("collected_traffic_source"))
    if not any(draft["campaign"].values()) and any(collected.values()):
        draft["campaign"] = {field: collected.get(f"manual_{name}") for field, name in _MANUAL}
    commerce = mapping_of(value.get("ecommerce"))
    if draft.get("event_value") is None:
        draft["event_value"] = first_of(commerce, "purchase_revenue", "refund_value") or value.get("event_value_in_usd")
    privacy = mapping_of(value.get("privacy_info"))
    if privacy.get("analytics_storage") is not None:
        draft["consent"] = {
            "analytics": privacy.get("analytics_storage"),
            "personalization": privacy.get("ads_storage"),
        }
    return draft


def _read(name: Any, parameters: dict[str, Any], items: Any, settings: Settings) -> Draft:
    """What both have in common: the event's name and its parameters."""
    if not isinstance(name, str) or not name.strip():
        raise Broken("no_action")
    word = shop.action_of(name)
    draft: Draft = {"action_name": word} if word else {"event_name": name}
    draft |= {
        "application": settings.application,
        "session_id": first_of(parameters, "ga_session_id", "session_id"),
        "url": parameters.get("page_location"),
        "title": parameters.get("page_title"),
        "referrer_url": parameters.get("page_referrer"),
        "user_query": parameters.get("search_term"),
        "event_value": parameters.get("value"),
        "currency": parameters.get("currency"),
        "campaign": {
            "source": parameters.get("source"),
            "medium": parameters.get("medium"),
            "name": parameters.get("campaign"),
            "term": parameters.get("term"),
            "content": parameters.get("content"),
        },
        "properties": {key: item for key, item in parameters.items() if key not in _PAGE and key not in _OWN},
    }
    if isinstance(items, list):
        shop.place(draft, [_set(item) for item in items[: shop.MOST] if isinstance(item, dict)])
    return draft


def _set(item: dict[str, Any]) -> dict[str, Any]:
    """An item without what the export writes where nothing was said."""
    return {name: given for name, given in item.items() if given not in ("(not set)", "(other)")}


PROTOCOL = Format("google_analytics", protocol, signs=frozenset({"events"}))
ROW = Format("google_analytics_export", row, signs=frozenset({"event_params", "user_pseudo_id"}))

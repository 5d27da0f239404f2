"""Cloudflare's HTTP requests, as Logpush and Instant Logs send them.

https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/
"""

from __future__ import annotations

from typing import Any

from ..settings import Settings
from . import request
from .draft import Draft, first_of
from .format import Format


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of a request. Its client is the address that connected to Cloudflare."""
    if not request.is_method(value.get("ClientRequestMethod")):
        return None
    draft = request.described(
        request.of_parts(
            settings,
            value["ClientRequestMethod"],
            first_of(value, "ClientRequestURI", "ClientRequestPath"),
            value.get("EdgeResponseStatus"),
            size=value.get("EdgeResponseBytes"),
        ),
        time=first_of(value, "EdgeStartTimestamp", "EdgeEndTimestamp", "Datetime"),
        hops=[value.get("ClientIP")],
        host=value.get("ClientRequestHost"),
        scheme=value.get("ClientRequestScheme"),
        referrer=value.get("ClientRequestReferer"),
        user_agent=value.get("ClientRequestUserAgent"),
    )
    if value.get("ClientCountry"):
        draft["geo"] = {"country": value["ClientCountry"]}
    draft["device_hints"] = {"type": value.get("ClientDeviceType")}
    return draft


FORMAT = Format("cloudflare", fields, signs=frozenset({"ClientRequestMethod"}))

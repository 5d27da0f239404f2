"""Traefik's JSON access log; its lines are combined ones.

https://doc.traefik.io/traefik/observe/logs-and-access-logs/
"""

from __future__ import annotations

from typing import Any

from ..settings import Settings
from . import request
from .draft import Draft, first_of
from .format import Format


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of a request."""
    if not request.is_method(value.get("RequestMethod")):
        return None
    return request.described(
        request.of_parts(
            settings,
            value["RequestMethod"],
            value.get("RequestPath"),
            first_of(value, "DownstreamStatus", "OriginStatus"),
            size=value.get("DownstreamContentSize"),
        ),
        time=first_of(value, "StartUTC", "StartLocal", "time"),
        hops=[value.get("request_X-Forwarded-For"), first_of(value, "ClientHost", "ClientAddr")],
        host=first_of(value, "RequestHost", "RequestAddr"),
        scheme=value.get("RequestScheme"),
        referrer=first_of(value, "request_Referer", "request_referer"),
        user_agent=first_of(value, "request_User-Agent", "request_user-agent"),
        user=value.get("ClientUsername"),
    )


FORMAT = Format("traefik", fields, signs=frozenset({"RequestMethod"}))

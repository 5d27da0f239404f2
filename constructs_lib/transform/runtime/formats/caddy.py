"""Caddy's access log: JSON with the request as an object of its own.

https://caddyserver.com/docs/caddyfile/directives/log
"""

from __future__ import annotations

from typing import Any

from ..settings import Settings
from . import request
from .draft import Draft, mapping_of
from .format import Format


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of a request; other lines of Caddy are an application's."""
    asked = mapping_of(value.get("request"))
    if "status" not in value or not request.is_method(asked.get("method")) or "uri" not in asked:
        return None
    headers = {str(name).lower(): item for name, item in mapping_of(asked.get("headers")).items()}
    # client_ip is Caddy's own reading of the chain, by its trusted_proxies.
    known = asked.get("client_ip")
    hops = [known] if known else [headers.get("x-forwarded-for"), asked.get("remote_ip") or asked.get("remote_addr")]
    return request.described(
        request.of_parts(settings, asked["method"], asked["uri"], value["status"], size=value.get("size")),
        time=value.get("ts"),
        hops=hops,
        host=asked.get("host"),
        scheme="https" if "tls" in asked else None,
        referrer=headers.get("referer"),
        user_agent=headers.get("user-agent", "-"),
        user=value.get("user_id"),
    )


FORMAT = Format("caddy", fields, signs=frozenset({"resp_headers", "bytes_read", "request"}))

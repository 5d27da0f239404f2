"""What the collector's API is, whoever makes it: its routes, what browsers may send, what its function is told."""

from __future__ import annotations

from constructs_lib.configuration.collector import CollectorSettings

PATH = "/collect"
"""Where the browser client sends to."""
ROUTES = {
    "collect": f"POST {PATH}",
    "call": "POST /v1/{call}",
    "beacon": "POST /beacon/v1/{call}",
    "ubi-events": "POST /ubi_events",
    "ubi-queries": "POST /ubi_queries",
}
"""Routes by name. What is behind ``{call}`` the function knows."""
CORS_HEADERS = (
    "accept",
    "anonymousid",
    "authorization",
    "content-type",
    "rsa-recovered",
    "rsa-retry-attempt",
    "rsa-retry-reason",
    "rsa-since-first-attempt",
    "rsa-since-last-attempt",
    "sentat",
    "x-retry-count",
)
"""Headers that the browser libraries of Segment, RudderStack and OpenSearch send: with ``*`` a browser would not send
``Authorization``."""
CORS_MAX_AGE = 86_400
"""Seconds that a browser remembers that it may send: the longest that browsers do."""


def environment_variables(settings: CollectorSettings) -> dict[str, str]:
    """The settings as ``runtime/settings.py`` reads them."""
    values = {
        "ORIGINS": ",".join(sorted(settings.origins)),
        "TRUSTED_PROXIES": str(settings.trusted_proxies),
        "GPC": settings.gpc,
    }
    if settings.proxy_secret_hashes:
        values["PROXY_SECRET_HASHES"] = ",".join(settings.proxy_secret_hashes)
    if settings.keys:
        values["KEYS"] = ",".join(f"{name}={key}" for name, key in sorted(settings.keys.items()))
    return values

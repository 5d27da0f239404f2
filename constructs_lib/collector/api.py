"""Definition of the collector's API: its routes, its CORS headers, and its function's environment variables."""

from __future__ import annotations

from constructs_lib.configuration.collector import CollectorSettings

PATH = "/collect"
"""The path to which the browser client sends."""
ROUTES = {
    "collect": f"POST {PATH}",
    "call": "POST /v1/{call}",
    "beacon": "POST /beacon/v1/{call}",
    "ubi-events": "POST /ubi_events",
    "ubi-queries": "POST /ubi_queries",
}
"""Routes by name. The function knows the paths behind ``{call}``."""
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
"""Seconds for which a browser caches a CORS preflight answer: the longest that browsers allow."""


def environment_variables(settings: CollectorSettings) -> dict[str, str]:
    """The settings as environment variables for ``runtime/settings.py``."""
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

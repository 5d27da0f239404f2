"""CloudFront's standard and real-time log lines; its JSON has the names of W3C logs, which w3c.py reads.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
"""

from __future__ import annotations

import re
from typing import Any

from ..settings import Settings
from . import w3c
from .draft import Draft
from .format import Format

_STANDARD = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\t[0-9]{2}:[0-9]{2}:[0-9]{2}\t", re.ASCII)
_REAL_TIME = re.compile(r"[0-9]{10}(?:\.[0-9]{1,6})?\t[0-9A-Fa-f.:]{3,45}\t", re.ASCII)
_STANDARD_FIELDS = """
    date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)
    cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken
    x-forwarded-for
    """.split()  # noqa: SIM905 - a list of words reads better as one
_REAL_TIME_FIELDS = """
    timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem cs-bytes
    x-edge-location x-edge-request-id x-host-header time-taken cs-protocol-version c-ip-version cs-user-agent
    cs-referer cs-cookie cs-uri-query x-edge-response-result-type x-forwarded-for
    """.split()  # noqa: SIM905 - a list of words reads better as one
"""The beginnings of all fields in their order; a real-time configuration that chooses fewer says which in
``w3c_fields``."""
_LEAST_FIELDS = 18


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft."""
    if _STANDARD.match(given):
        names = _STANDARD_FIELDS
    elif _REAL_TIME.match(given):
        names = _REAL_TIME_FIELDS
    else:
        return None
    values = w3c.split(given)
    if settings.w3c_fields and len(values) == len(settings.w3c_fields):
        return None
    if len(values) < _LEAST_FIELDS:
        return None
    found: dict[str, Any] = dict(zip(map(w3c.plain, names), values, strict=False))
    return w3c.named(found, settings)


FORMAT = Format("cloudfront", line=line)

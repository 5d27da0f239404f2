"""Envoy's and Istio's access logs, as text and as JSON.

https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage,
https://istio.io/latest/docs/tasks/observability/logs/access-log/
"""

from __future__ import annotations

import re
from typing import Any

from .. import address
from ..settings import Settings
from . import request, words
from .draft import Draft, first_of
from .format import Format

_BEGINS = re.compile(r"\[[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}Z\] \"", re.ASCII)


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft: Envoy's default format, and Istio's, which is longer."""
    if not _BEGINS.match(given):
        return None
    found = words.of(given, 40)
    quoted = [at for at, word in enumerate(found) if word.quoted]
    # Behind the request come, in quotes: (Istio: a failure's reason,) X-Forwarded-For, user agent, request id,
    # authority, upstream host.
    if len(quoted) < 6 or len(found) < 9:
        return None
    last = quoted[-5:]
    forwarded, agent, _, authority, _ = (found[at].text for at in last)
    sizes = [word.text for word in found[4 : last[0]] if not word.quoted and word.text.isdecimal()]
    rest = [word.text for word in found[last[-1] + 1 :]]
    # Istio: cluster, upstream's local, downstream's local, downstream's remote address, server name, route.
    peer = rest[3] if len(rest) > 3 and address.read(rest[3]) is not None else None
    return request.described(
        request.of_line(settings, found[1].text, found[2].text, sizes[1] if len(sizes) > 1 else None),
        time=found[0].text,
        hops=[forwarded, peer],
        host=authority,
        user_agent=agent,
    )


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """Istio's JSON, whose names its default configuration sets."""
    if "path" not in value or not request.is_method(value.get("method")):
        return None
    return request.described(
        request.of_parts(
            settings, value.get("method"), value.get("path"), value["response_code"], size=value.get("bytes_sent")
        ),
        time=first_of(value, "start_time", "@timestamp", "time", "timestamp"),
        hops=[first_of(value, "x_forwarded_for", "forwarded_for"), value.get("downstream_remote_address")],
        host=first_of(value, "authority", "host"),
        scheme=value.get("scheme"),
        referrer=first_of(value, "referer", "referrer"),
        user_agent=value.get("user_agent"),
    )


FORMAT = Format("envoy", fields, line, frozenset({"response_code"}))

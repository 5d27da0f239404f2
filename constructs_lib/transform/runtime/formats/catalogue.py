"""The formats that producers send, in the order in which they are asked, and what is inside an envelope.

Another format is a module in this folder with a ``FORMAT``, in its place in :data:`FORMATS`: before formats that accept
more shapes.
"""

from __future__ import annotations

import re
from typing import Any

from .. import json_text
from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import (
    amplitude,
    api_gateway,
    application_log,
    caddy,
    clickstream,
    cloudflare,
    cloudfront,
    collected,
    combined,
    data_layer,
    envelopes,
    envoy,
    google_analytics,
    haproxy,
    line_envelopes,
    load_balancer,
    matomo,
    mixpanel,
    open_telemetry,
    pinpoint,
    plausible,
    posthog,
    real_user_monitoring,
    request_log,
    s3,
    segment,
    serilog,
    shopify,
    snowplow,
    tealium,
    text_log,
    traefik,
    ubi,
    unsupported,
    uwsgi,
    w3c,
    web_framework,
)
from .draft import Draft
from .envelopes import Envelope
from .format import Format, Found

FORMATS: tuple[Format, ...] = (
    # The usual line first: most lines are one
    combined.FORMAT,
    # Events, by names that only one producer writes
    matomo.FORMAT,
    ubi.EVENT,
    ubi.BULK_ACTION,
    segment.FORMAT,
    google_analytics.PROTOCOL,
    google_analytics.ROW,
    snowplow.FORMAT,
    clickstream.FORMAT,
    pinpoint.FORMAT,
    real_user_monitoring.FORMAT,
    amplitude.FORMAT,
    posthog.FORMAT,
    mixpanel.FORMAT,
    data_layer.FORMAT,
    shopify.FORMAT,
    plausible.FORMAT,
    tealium.FORMAT,
    # Requests, as lines and as JSON
    load_balancer.FORMAT,
    s3.FORMAT,
    haproxy.FORMAT,
    envoy.FORMAT,
    uwsgi.FORMAT,
    api_gateway.FORMAT,
    serilog.FORMAT,
    web_framework.FORMAT,
    cloudfront.FORMAT,
    w3c.FORMAT,
    caddy.FORMAT,
    traefik.FORMAT,
    cloudflare.FORMAT,
    # Application logs
    open_telemetry.FORMAT,
    text_log.FORMAT,
    # What is known and not read, then whatever has the parts of a request, of a log line, of an event
    unsupported.FORMAT,
    request_log.FORMAT,
    application_log.FORMAT,
    application_log.ANYTHING,
)
"""Asked in this order; the first that knows a record reads it."""
NAMES = frozenset(one.name for one in FORMATS)

_OF_OBJECTS = tuple((one, one.fields, one.signs) for one in FORMATS if one.fields is not None and one.signs)
_OF_ANY_OBJECT = tuple((one, one.fields) for one in FORMATS if one.fields is not None and not one.signs)
_OF_LINES = tuple((one, one.line) for one in FORMATS if one.line is not None)
_REQUESTED = re.compile(r'"?\b[A-Z]{3,8} "?(?:/|https?://)')
_TAGS = re.compile(r"(?:\[[^\[\]]{1,100}\] ){1,4}(?=Started |[\"0-9])")
"""What Rails and others write in front of a request: its id, its host."""
_DEEPEST = 6
"""Envelopes around envelopes: a log driver's, an agent's, a bus's, a subscription's."""
_MOST_LINES = 20
_SHORTEST_LINE = 20
_JSON = frozenset('{["]')


def of_text(text: str, settings: Settings, depth: int = 0) -> Found | None:
    """What a text is: JSON, a line, or a line behind a header.

    Raises:
        Unwanted, Broken: it is known and becomes no document.
    """
    first = text[:1]
    if first == "{" or (first == "[" and (not (second := text[1:65].lstrip()[:1]) or second in _JSON)):
        return of_json(json_text.read(text), settings, depth)
    if "\n" in text and first != "#":
        lines = [line for one in text.splitlines() if (line := one.strip())]
        if len(lines) > 1:
            return _of_lines(text, lines, settings, depth)
    found = _of_line(text, settings, depth)
    if found is None and first == '"' and (inner := json_text.text(text)) is not None:
        return of_text(inner.strip(), settings, _deeper(depth))  # JSON that was written as JSON once more
    return found


def _of_line(text: str, settings: Settings, depth: int) -> Found | None:
    """The first format that knows a line, or what is behind its header."""
    try:
        for format_, read in _OF_LINES:
            draft = read(text, settings)
            if draft is not None:
                if format_ is text_log.FORMAT and (asked := _asked_in(draft, settings)) is not None:
                    return asked
                return Found(format_, draft)
    except (Unwanted, Broken) as reason:
        reason.format = reason.format or format_.name
        raise
    envelope = line_envelopes.opened(text)
    return None if envelope is None else _inside(envelope, settings, depth)


def _asked_in(draft: Draft, settings: Settings) -> Found | None:
    """The request that a log line's message is: servers write their access log by a logging library too."""
    message = draft.get("message") or ""
    if _REQUESTED.search(message) is None:
        return None
    if tags := _TAGS.match(message):
        message = message[tags.end() :]
    for format_ in (combined.FORMAT, web_framework.FORMAT):
        if format_.line is not None and (asked := format_.line(message, settings)) is not None:
            return _timed(Found(format_, asked), Envelope(message, draft.get("timestamp")))
    return None


def _of_lines(text: str, lines: list[str], settings: Settings, depth: int) -> Found | None:
    """Several lines are one event only where an application wrote them as one: an error and its stack."""
    if text_log.is_of_two_lines(text):
        return _of_line(text, settings, depth)
    rest = [one for one in lines[1:_MOST_LINES] if len(one) >= _SHORTEST_LINE]
    if any(_kind(one, settings, depth) for one in rest):
        raise Broken("several_events")
    draft = text_log.line(text, settings)
    if draft is not None:
        return Found(text_log.FORMAT, draft)
    first = _kind(lines[0], settings, depth)
    if first is None or first == application_log.ANYTHING.name:  # a message behind a header, which goes on
        return None
    raise Broken("several_events")


def _kind(line: str, settings: Settings, depth: int) -> str | None:
    """What a line alone would be, wanted or not; None: no event."""
    try:
        found = of_text(line, settings, depth)
    except Unwanted as reason:
        return str(reason.args[0])
    except Broken as reason:
        return None if reason.args[0] in {"invalid_json", "unrecognised"} else str(reason.args[0])
    return None if found is None else found.format.name


def of_json(value: Any, settings: Settings, depth: int = 0) -> Found | None:
    """What a JSON value is; a list of one event is that event."""
    if value.__class__ is list:
        if len(value) > 1:
            raise Broken("several_events")
        value = value[0] if value else {}
        if value.__class__ is str:
            return of_text(value.strip(), settings, _deeper(depth))
    return of_object(value, settings, depth) if value.__class__ is dict else None


def of_object(value: dict[str, Any], settings: Settings, depth: int = 0) -> Found | None:
    """What a JSON object is: an event, or something around one."""
    if collected.FIELD in value and (found := collected.read(value, settings)) is not None:
        return found
    if not envelopes.NAMES.isdisjoint(value) and (envelope := envelopes.named(value)) is not None:
        return _inside(envelope, settings, depth)
    if "resourceLogs" in value and (found := _of_a_body(value, settings, depth)) is not None:
        return found
    found = _signed(value, settings) or _around(value, settings, depth) or _unsigned(value, settings)
    if found is not None or not (events := envelopes.around_list(value)):
        return found
    found = of_json(events, settings, _deeper(depth))
    if found is None:
        raise Broken("several_events")  # a list of unknown events
    return found


def _signed(value: dict[str, Any], settings: Settings) -> Found | None:
    """The first format that knows an object by its names."""
    try:
        for format_, read, signs in _OF_OBJECTS:
            if not signs.isdisjoint(value):
                draft = read(value, settings)
                if draft is not None:
                    return Found(format_, draft)
    except (Unwanted, Broken) as reason:
        reason.format = reason.format or format_.name
        raise
    return None


def _unsigned(value: dict[str, Any], settings: Settings) -> Found | None:
    """The first format that any object may have."""
    try:
        for format_, read in _OF_ANY_OBJECT:
            draft = read(value, settings)
            if draft is not None:
                return Found(format_, draft)
    except (Unwanted, Broken) as reason:
        reason.format = reason.format or format_.name
        raise
    return None


def _around(value: dict[str, Any], settings: Settings, depth: int) -> Found | None:
    """What one of an object's fields holds. An application's own line says more than what is guessed of its message."""
    for envelope in envelopes.around_text(value):
        found = _perhaps_inside(envelope, settings, depth)
        if found is not None and (found.format.certain or (envelope.sure and not envelopes.has_level(value))):
            return _timed(found, envelope)
    return None


def _of_a_body(value: dict[str, Any], settings: Settings, depth: int) -> Found | None:
    """The line or the event that OpenTelemetry's collector read from a file."""
    body = open_telemetry.body_of(value)
    found = None if body is None else _perhaps_inside(body, settings, depth)
    return _timed(found, body) if found is not None and body is not None and found.format.certain else None


def _deeper(depth: int) -> int:
    if depth >= _DEEPEST:
        raise Broken("nested_too_deeply")
    return depth + 1


def _perhaps_inside(envelope: Envelope, settings: Settings, depth: int) -> Found | None:
    """What a field holds that may hold anything."""
    content = envelope.content
    if isinstance(content, dict):
        return of_object(content, settings, _deeper(depth))
    text = content.strip()
    if text[:1] == "{" or text[:1] == "[":
        inner = json_text.inner(text)
        if inner is not None:
            return of_json(inner, settings, _deeper(depth))
        if text[0] == "{":
            return None
    try:
        return of_text(text, settings, depth)
    except Broken as reason:
        if reason.args[0] == "invalid_json":
            return None
        raise


def _inside(envelope: Envelope, settings: Settings, depth: int) -> Found | None:
    """What is in an envelope that says that it is one: whatever text is in it is a message at least."""
    found = _perhaps_inside(envelope, settings, _deeper(depth))
    if found is None and isinstance(envelope.content, str) and envelope.content.lstrip()[:1] not in _JSON:
        line = {"message": envelope.content, "time": envelope.time}
        draft = application_log.anything(line, settings)
        found = None if draft is None else Found(application_log.ANYTHING, draft)
    return None if found is None else _timed(found, envelope)


def _timed(found: Found, envelope: Envelope) -> Found:
    """The draft with the envelope's time, where it has none of its own."""
    draft = found.draft
    if envelope.time is not None and draft.get("timestamp") is None and draft.get("original_time") is None:
        draft["timestamp"] = envelope.time
    return found

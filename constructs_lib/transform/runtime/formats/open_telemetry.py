"""OpenTelemetry's log records: OTLP in JSON, and the collector's flat form.

https://opentelemetry.io/docs/specs/otel/logs/data-model/, https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import application_log, levels
from .draft import Draft, first_of, mapping_of
from .envelopes import Envelope
from .format import Format

_DEEPEST = 4
_MOST = 100


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of one log record; spans and measurements are no behaviour that this pipeline knows."""
    if "resourceLogs" not in value:
        if "resourceSpans" in value or "resourceMetrics" in value:
            raise Broken("unsupported_shape")
        return _read(value, mapping_of(value.get("Resource")), settings) if "SeverityText" in value else None
    records = [
        (mapping_of(mapping_of(group).get("resource")), mapping_of(record))
        for group in _list(value["resourceLogs"])
        for scope in _list(mapping_of(group).get("scopeLogs"))
        for record in _list(mapping_of(scope).get("logRecords"))
    ]
    if len(records) > 1:
        raise Broken("several_events")
    if not records:
        raise Unwanted("empty")
    resource, record = records[0]
    return _read(record, _attributes(resource.get("attributes")), settings)


def body_of(value: dict[str, Any]) -> Envelope | None:
    """The text of a single record's body: perhaps a line or JSON that the collector read from a file."""
    record: Any = value
    for name in ("resourceLogs", "scopeLogs", "logRecords"):
        inner = mapping_of(record).get(name)
        if not isinstance(inner, list) or len(inner) != 1:
            return None
        record = mapping_of(inner[0])
    body = mapping_of(record.get("body")).get("stringValue")
    return Envelope(body, first_of(record, "timeUnixNano", "observedTimeUnixNano")) if isinstance(body, str) else None


def _read(record: dict[str, Any], resource: dict[str, Any], settings: Settings) -> Draft:
    given = record.get("attributes", record.get("Attributes"))
    line: dict[str, Any] = _attributes(given)
    body = record.get("body", record.get("Body"))
    text = _value(body) if isinstance(body, dict) and _is_typed(body) else body
    if isinstance(text, dict):
        line = {**text, **line}
    elif text is not None:
        line["message"] = text
    name = first_of(record, "eventName", "EventName")
    if name is not None:
        line["event"] = name
    line["time"] = first_of(
        record, "timeUnixNano", "Timestamp", "observedTimeUnixNano", "ObservedTimestamp", "time_unix_nano"
    )
    number = first_of(record, "severityNumber", "SeverityNumber")
    level = first_of(record, "severityText", "SeverityText") or levels.of_open_telemetry(number)
    if level:
        line["level"] = level
    service = resource.get("service.name")
    if service is not None:
        line["service.name"] = service
    return application_log.read(line, settings)


def _list(value: Any) -> list[Any]:
    return value[:1000] if isinstance(value, list) else []


def _attributes(given: Any) -> dict[str, Any]:
    """Attributes as a mapping, of OTLP's list of names and typed values."""
    if isinstance(given, dict):
        return dict(given)
    return {
        str(one["key"]): _value(one.get("value"))
        for one in _list(given)[:_MOST]
        if isinstance(one, dict) and isinstance(one.get("key"), str)
    }


def _is_typed(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).endswith("Value")


def _value(given: Any, depth: int = _DEEPEST) -> Any:
    """A typed value as it is in JSON."""
    value = mapping_of(given)
    if depth == 0 or not value:
        return None if isinstance(given, dict) else given
    if "intValue" in value:
        text = str(value["intValue"])[:20]
        return int(text) if text.lstrip("-").isdecimal() else None
    if "arrayValue" in value:
        return [_value(one, depth - 1) for one in _list(mapping_of(value["arrayValue"]).get("values"))[:_MOST]]
    if "kvlistValue" in value:
        pairs = _list(mapping_of(value["kvlistValue"]).get("values"))[:_MOST]
        return {str(one.get("key")): _value(one.get("value"), depth - 1) for one in pairs if isinstance(one, dict)}
    return first_of(value, "stringValue", "boolValue", "doubleValue")


FORMAT = Format(
    "open_telemetry", fields, signs=frozenset({"resourceLogs", "resourceSpans", "resourceMetrics", "SeverityText"})
)

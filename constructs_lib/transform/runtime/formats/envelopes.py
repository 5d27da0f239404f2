"""What agents, services and buses wrap around an event; what is inside is recognised as if it had come alone.

Known are Docker's and containerd's log drivers, Fluent Bit, FireLens, Filebeat, Logstash, Vector, Splunk's collector,
journald, loguru, EventBridge, CloudEvents, SNS, SQS, Kinesis and Kafka as Lambda has them, Pub/Sub, CloudWatch Logs
subscriptions, Kafka Connect and lists of one event.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Callable
from typing import Any, NamedTuple

from ..reasons import Broken, Unwanted
from .draft import first_of, mapping_of

Content = dict[str, Any] | str


class Envelope(NamedTuple):
    """What is inside, and when by the envelope."""

    content: Content
    time: Any = None
    sure: bool = True
    """Whether whatever looks like an event in it is one."""


_TEXTS = (
    "log", "message", "msg", "Message", "MESSAGE", "line", "data", "body", "Body", "event", "raw", "_raw", "record",
    "payload", "properties", "@message", "textPayload", "short_message", "logline", "log_line", "raw_log", "text",
    "content",
)  # fmt: skip
"""Fields that hold a line or JSON as text."""
_PARSED = ("log_processed", "json", "parsed", "structured", "jsonPayload")
"""Fields that an agent puts an object into which it has parsed."""
_OBJECTS = ("message", "log", "payload", "record", "body", "value", "detail", "data", "_source", "event", "after")
"""Fields that hold an object; looked into only where the object around it says nothing that was done."""
_SAYS_WHAT = ("action", "event", "event_name", "eventName", "action_name", "event_type", "eventType")
_TIMES = ("@timestamp", "time", "timestamp", "date")
_LISTS = ("logEvents", "Records", "records", "batch", "events", "streams", "entries", "RumEvents", "requests", "data")
_LEVELS = ("level", "severity", "levelname", "log.level", "@level", "level_name", "lvl", "loglevel", "logLevel")
_LONGEST = 1_048_576
_DEEPEST = 2
_MOST_LINES = 4


def named(value: dict[str, Any]) -> Envelope | None:
    """An envelope that says what it is; its content is an event or the record is none."""
    for sign, opened in _NAMED:
        if sign in value and (found := opened(value)) is not None:
            return found
    return None


def around_list(value: dict[str, Any]) -> list[Any] | None:
    """The events of an envelope of several: a batch of one is that one.

    Raises:
        Broken: ``several_events``, where there are more.
        Unwanted: ``empty``, where there are none.
    """
    for name in _LISTS:
        found = value.get(name)
        if isinstance(found, list):
            events = [one for one in found[:2] if isinstance(one, dict)]
            if len(events) > 1:
                raise Broken("several_events")
            if not found:
                raise Unwanted("empty")
            return events
    return None


def has_level(value: dict[str, Any]) -> bool:
    """Whether an object is a log line of its own, of which a text is the message."""
    return any(name in value for name in _LEVELS)


def around_text(value: dict[str, Any]) -> list[Envelope]:
    """What an object may be wrapped around: every field that agents put a line or an object into."""
    time = next((item for name in _TIMES if (item := value.get(name)) is not None), None)
    found = [Envelope(inner, time) for name in _PARSED if isinstance(inner := value.get(name), dict) and inner]
    for name in ("event", "log"):  # ECS keeps the line that a parser took apart
        original = value.get(f"{name}.original") or mapping_of(value.get(name)).get("original")
        if isinstance(original, str):
            found.append(Envelope(original, time))
    for name in _TEXTS:
        inner = value.get(name)
        if inner.__class__ is str and 8 <= len(inner) <= _LONGEST:
            found.append(Envelope(inner, time))
    found += [Envelope(line, time) for line in _access_lines(value, _DEEPEST)]
    if not any(isinstance(value.get(name), str) for name in _SAYS_WHAT):
        inner_objects = (value.get(name) for name in _OBJECTS)
        found += [Envelope(inner, time, sure=False) for inner in inner_objects if isinstance(inner, dict) and inner]
    return found


def _access_lines(value: dict[str, Any], depth: int) -> list[str]:
    """Texts under any other name that look like a web server's line, such as ``event.original``."""
    found: list[str] = []
    for name, item in value.items():
        if item.__class__ is str:
            if '] "' in item and (depth < _DEEPEST or name not in _TEXTS) and len(item) <= _LONGEST:
                found.append(item)
        elif item.__class__ is dict and depth:
            found += _access_lines(item, depth - 1)
        if len(found) >= _MOST_LINES:
            break
    return found


def _content(value: Any) -> Content | None:
    return value if isinstance(value, (dict, str)) else None


def _event_bridge(value: dict[str, Any]) -> Envelope | None:
    if "source" not in value or not isinstance(value.get("detail"), dict):
        return None
    if str(value["source"]).startswith("aws."):  # AWS's own events are about an account, not about people
        raise Broken("unsupported_shape")
    return Envelope(_with_name(value["detail"], value["detail-type"]), value.get("time"))


def _with_name(inner: dict[str, Any], name: Any) -> dict[str, Any]:
    """An event whose name is the envelope's."""
    names = ("event", "action", "type", "action_name", "event_name", "eventName", "event_type", "eventType", "name")
    if not isinstance(name, str) or any(one in inner for one in names):
        return inner
    return {**inner, "event": name}


def _cloud_event(value: dict[str, Any]) -> Envelope | None:
    data = value.get("data")
    if isinstance(data, dict):
        inner = _with_name(data, _bare_type(value.get("type")))
        return Envelope(
            inner if "event_id" in inner or "id" not in value else {**inner, "event_id": value["id"]}, value.get("time")
        )
    if data is None and isinstance(encoded := value.get("data_base64"), str):
        try:
            data = a2b_base64(encoded).decode()
        except ValueError:
            return None
    return Envelope(data, value.get("time")) if isinstance(data, str) else None


def _bare_type(kind: Any) -> str | None:
    """``order.placed`` of ``com.shop.order.placed.v2``: the type without its owner's domain and its version."""
    if not isinstance(kind, str):
        return None
    labels = kind[:200].split(".")
    if len(labels) > 1 and re.fullmatch(r"v?[0-9]{1,4}", labels[-1]):
        labels.pop()
    return ".".join(labels[2:] if len(labels) > 2 and re.fullmatch(r"[a-z]{2,4}", labels[0]) else labels)


def _sns(value: dict[str, Any]) -> Envelope | None:
    if "TopicArn" not in value:
        return None
    if value.get("Type") != "Notification":
        raise Unwanted("no_behaviour")
    content = _content(value.get("Message"))
    return None if content is None else Envelope(content, value.get("Timestamp"))


def _sqs(value: dict[str, Any]) -> Envelope | None:
    content = _content(value.get("body", value.get("Body")))
    return None if content is None else Envelope(content)


def _sns_record(value: dict[str, Any]) -> Envelope | None:
    inner = value["Sns"]
    return Envelope(inner) if isinstance(inner, dict) else None


def _cloudwatch_logs(value: dict[str, Any]) -> Envelope | None:
    if value["messageType"] == "CONTROL_MESSAGE":
        raise Unwanted("no_behaviour")
    events = around_list(value)
    if not events or not isinstance(events[0], dict):
        return None
    content = _content(events[0].get("message"))
    return None if content is None else Envelope(content, events[0].get("timestamp"))


def _loki(value: dict[str, Any]) -> Envelope | None:
    streams = value["streams"]
    if not isinstance(streams, list):
        return None
    lines = [line for stream in streams[:2] for line in _list(mapping_of(stream).get("values"))[:2]]
    if len(lines) > 1:
        raise Broken("several_events")
    line = _list(lines[0]) if lines else []
    return Envelope(line[1], line[0]) if len(line) > 1 and isinstance(line[1], str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _splunk(value: dict[str, Any]) -> Envelope | None:
    content = _content(value.get("event"))
    return None if content is None else Envelope(content, value.get("time"))


def _kafka_record(value: dict[str, Any]) -> Envelope | None:
    """A record as Kafka's tools and Lambda's event source write it, whose value may be in Base64."""
    if "partition" not in value or "offset" not in value:
        return None
    content = _content(value.get("value", value.get("payload")))
    return None if content is None else Envelope(_plain(content), first_of(value, "timestamp", "ts"))


def _kinesis_record(value: dict[str, Any]) -> Envelope | None:
    """A record as Lambda's event source gives it to a function."""
    inner = mapping_of(value["kinesis"])
    data = inner.get("data")
    return Envelope(_plain(data), inner.get("approximateArrivalTimestamp")) if isinstance(data, str) else None


def _pub_sub(value: dict[str, Any]) -> Envelope | None:
    """Google's Pub/Sub, which pushes a message in Base64."""
    inner = mapping_of(value.get("message"))
    data = inner.get("data")
    time = first_of(inner, "publishTime", "publish_time")
    return Envelope(_plain(data), time) if isinstance(data, str) else None


def _plain(content: Content) -> Content:
    """What a text in Base64 says, where it is one."""
    if isinstance(content, str) and len(content) >= _SHORTEST_BASE64 and not _NO_BASE64.search(content[:1024]):
        try:
            return a2b_base64(content).decode()
        except ValueError:
            return content
    return content


def _loguru(value: dict[str, Any]) -> Envelope | None:
    """Python's loguru, whose text is made of the record beside it."""
    inner = mapping_of(value.get("record"))
    if "text" not in value or not isinstance(inner.get("level"), dict):
        return None
    line = {
        **mapping_of(inner.get("extra")),
        "message": inner.get("message"),
        "level": inner["level"].get("name"),
        "time": mapping_of(inner.get("time")).get("timestamp"),
        "logger": inner.get("name"),
    }
    return Envelope(line)


def _lambda_platform(value: dict[str, Any]) -> Envelope | None:
    """What Lambda says of an invocation, where a function logs as JSON."""
    if isinstance(kind := value.get("type"), str) and kind.startswith("platform."):
        raise Unwanted("no_behaviour")
    return None


def _kafka_connect(value: dict[str, Any]) -> Envelope | None:
    inner = value.get("payload")
    if not isinstance(inner, dict) or not isinstance(value.get("schema"), dict):
        return None
    if "after" in inner and "op" in inner:  # Debezium: rows of a database
        raise Broken("unsupported_shape")
    return Envelope(inner)


_SHORTEST_BASE64 = 16
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=\r\n]")
_NAMED: tuple[tuple[str, Callable[[dict[str, Any]], Envelope | None]], ...] = (
    ("detail-type", _event_bridge),
    ("specversion", _cloud_event),
    ("TopicArn", _sns),
    ("Sns", _sns_record),
    ("receiptHandle", _sqs),
    ("ReceiptHandle", _sqs),
    ("messageType", _cloudwatch_logs),
    ("sourcetype", _splunk),
    ("streams", _loki),
    ("schema", _kafka_connect),
    ("offset", _kafka_record),
    ("kinesis", _kinesis_record),
    ("subscription", _pub_sub),
    ("text", _loguru),
    ("record", _lambda_platform),
)
NAMES = frozenset(sign for sign, _ in _NAMED)

"""The content of nested envelopes is recognised as if sent alone."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.transform.batches import document, reason

LINE = (
    '198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "GET /lamp HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11; Linux x86_64)"'
)
EVENT = {"action_name": "click", "client_id": "c", "timestamp": "2025-03-12T08:00:01.000Z"}
LATER = "2025-03-12T08:00:09.000Z"
Wrap = Callable[[str], dict[str, Any]]
ENVELOPES: dict[str, Wrap] = {
    "docker": lambda text: {"log": f"{text}\n", "stream": "stdout", "time": LATER},
    "fluent bit": lambda text: {"date": 1741766409.0, "log": text, "kubernetes": {"pod_name": "web-1"}},
    "filebeat": lambda text: {
        "@timestamp": LATER,
        "message": text,
        "agent": {"type": "filebeat"},
        "ecs": {"version": "8"},
    },
    "vector": lambda text: {"message": text, "timestamp": LATER, "source_type": "file", "host": "web-1"},
    "a library": lambda text: {"level": "info", "time": LATER, "msg": text},
    "logstash": lambda text: {"@timestamp": LATER, "event": {"original": text}},
    "firelens": lambda text: {"container_name": "web", "ecs_cluster": "shop", "log": text, "source": "stdout"},
    "cloudwatch logs": lambda text: {
        "messageType": "DATA_MESSAGE",
        "logGroup": "web",
        "logEvents": [{"id": "1", "timestamp": 1741766409000, "message": text}],
    },
    "sns": lambda text: {"Type": "Notification", "TopicArn": "arn", "Message": text, "Timestamp": LATER},
    "sqs": lambda text: {"messageId": "1", "receiptHandle": "r", "body": text},
    "journald": lambda text: {"MESSAGE": text, "SYSLOG_IDENTIFIER": "web", "__REALTIME_TIMESTAMP": "1741766409000000"},
    "cloudevents": lambda text: {
        "specversion": "1.0",
        "type": "log",
        "source": "/web",
        "id": "1",
        "time": LATER,
        "data": text,
    },
    "splunk": lambda text: {"time": 1741766409.0, "sourcetype": "access", "event": text},
}
both = pytest.mark.parametrize("inside", [LINE, json.dumps(EVENT)], ids=["line", "json"])


def said(made: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in made.items() if name not in {"event_id", "fingerprint"}}


@both
@pytest.mark.parametrize("wrap", ENVELOPES.values(), ids=ENVELOPES)
def test_an_envelope_changes_nothing(wrap: Wrap, inside: str) -> None:
    assert said(document(wrap(inside))) == said(document(inside))


@both
@pytest.mark.parametrize("outer", ENVELOPES.values(), ids=ENVELOPES)
@pytest.mark.parametrize("inner", ENVELOPES.values(), ids=ENVELOPES)
def test_every_envelope_inside_every_other_is_read(outer: Wrap, inner: Wrap, inside: str) -> None:
    assert said(document(outer(json.dumps(inner(inside))))) == said(document(inside))


@pytest.mark.parametrize("levels", [6, 7])
def test_nesting_of_envelopes_is_limited(levels: int) -> None:
    record: str = json.dumps(EVENT)
    for _ in range(levels):
        record = json.dumps(ENVELOPES["docker"](record))
    if levels == 6:
        assert document(record)["action_name"] == "click"
    else:
        assert reason(record) == "Failed_nested_too_deeply"


def test_an_event_without_a_time_gets_its_envelopes() -> None:
    event = json.dumps({"action_name": "click"})
    for name in set(ENVELOPES) - {"firelens", "sqs", "journald", "logstash"}:
        assert document(ENVELOPES[name](event))["timestamp"] == LATER, name


@pytest.mark.parametrize("packed", [gzip.compress, lambda data: gzip.compress(data, 0)])
def test_gzip_is_decompressed(packed: Callable[[bytes], bytes]) -> None:
    assert document(packed(json.dumps(EVENT).encode()))["action_name"] == "click"


@pytest.mark.parametrize(
    ("size", "expected"), [(8 * 1024 * 1024, "Dropped_empty"), (8 * 1024 * 1024 + 1, "Failed_too_large")]
)
def test_decompression_beyond_the_limit_fails(size: int, expected: str) -> None:
    assert reason(gzip.compress(b" " * size)) == expected


def test_truncated_gzip_is_not_recognised() -> None:
    assert reason(gzip.compress(json.dumps(EVENT).encode())[:-9]) == "Failed_unrecognised"


@pytest.mark.parametrize(
    "record",
    [
        f"{LINE}\n{LINE}",
        f"{LINE}\r\n{LINE}",
        f"{LINE} {LINE}",
        {"log": f"{LINE}\n{LINE}\n"},
        {"message": f"{LINE}\n{LINE}", "@timestamp": LATER},
        {"level": "info", "time": LATER, "msg": f"{LINE}\n{LINE}"},
        {"log": f"{json.dumps(EVENT)}\n{json.dumps(EVENT)}\n"},
        {"log": json.dumps([EVENT, EVENT])},
        {"batch": [EVENT, EVENT]},
        {"events": [EVENT, EVENT], "api_key": "k"},
        {"records": [EVENT, EVENT]},
        {"messageType": "DATA_MESSAGE", "logEvents": [{"message": "a"}, {"message": "b"}]},
        f"{json.dumps(EVENT)}\n{LINE}",
        f"{LINE}\nsomething else that is cut off",
        gzip.compress(json.dumps(EVENT).encode()) + gzip.compress(json.dumps(EVENT).encode()),
    ],
)
def test_several_events_in_a_record_fail_instead_of_losing_some(record: Any) -> None:
    assert reason(record) == "Failed_several_events"


def test_an_error_and_its_stack_are_one_event() -> None:
    text = "2025-03-12 08:00:01 ERROR Cart failed\n  at Cart.add(Cart.java:12)\n  at Shop.main(Shop.java:3)"
    found = document({"log": text})
    assert found["message_type"] == "ERROR"
    assert found["message"].startswith("Cart failed")


def test_a_message_of_several_lines_is_one_message() -> None:
    found = document({"level": "error", "time": LATER, "msg": "Cart failed\n  at Cart.add(Cart.java:12)"})
    assert found["message"] == "Cart failed   at Cart.add(Cart.java:12)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fail: Cart[0]\n      Cart failed\n         at Cart.Add() in Cart.cs:line 12", "Cart[0] Cart failed"),
        ("[2025-03-12 08:00:01] local.ERROR: Cart failed\n[stacktrace]\n#0 /srv/cart.php(758): add()", "Cart failed"),
        ("Mar 12, 2025 8:00:01 AM shop.Cart add\nSEVERE: Cart failed\n\tat shop.Cart.add(Cart.java:12)", "Cart failed"),
    ],
)
def test_a_libraries_message_of_several_lines_is_one_event(text: str, message: str) -> None:
    assert " ".join(document(text)["message"].split()).startswith(message)


def test_a_dropped_level_drops_a_message_of_several_lines() -> None:
    assert reason("DEBUG: Cart\n  3 products\n  of 2 shops in the cart") == "Dropped_log_level"


def test_a_message_after_a_header_may_have_several_lines() -> None:
    text = "Aug 16 00:32:15 web-1 shop[7]: Configuration Notice:\n\tthe shop claims some messages"
    found = document({"timestamp": LATER, "message": text, "host": "web-1"})
    assert found["message"].endswith("the shop claims some messages")


@pytest.mark.parametrize("empty", [{"batch": []}, {"events": []}, {"logEvents": [], "messageType": "DATA_MESSAGE"}])
def test_a_list_without_events_is_dropped(empty: dict[str, Any]) -> None:
    assert reason(empty) == "Dropped_empty"


def test_one_event_in_a_batch_is_that_event() -> None:
    assert said(document({"batch": [EVENT], "sentAt": LATER})) == said(document(EVENT))

"""For any input the collector answers, without server errors, and puts only valid records on the stream."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.collector.runtime.batch import PATHS
from constructs_lib.collector.runtime.handler import Collector
from constructs_lib.collector.runtime.refusal import EVENTS, REQUESTS
from constructs_lib.collector.runtime.settings import Settings
from constructs_lib.collector.runtime.shapes import DEEPEST_EVENT, LARGEST_EVENT
from tests.collector.standin import ARRIVAL, ORIGIN, Taking, posted
from tests.transform.batches import run

STATUSES = {200, 400, 401, 403, 404, 413}
NAMES = st.sampled_from(
    [
        *("action_name", "type", "event", "user_query", "query_id", "events", "batch", "key", "writeKey", "sent_at"),
        *("sentAt", "context", "properties", "collector", "client_id", "anonymousId", "messageId", "userId", "traits"),
        *("event_attributes", "query_attributes", "timestamp", ""),
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["track", "page", "click", "1e999", "\ud800", "wk_web"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=6), inner, max_size=6),
    max_leaves=25,
)
HEADERS = st.dictionaries(
    st.sampled_from(["origin", "authorization", "user-agent", "x-forwarded-for", "sec-gpc", "content-type"]),
    st.text(max_size=40) | st.sampled_from([ORIGIN, "Basic d2tfd2ViOg==", "Basic \xff", "null", ", ,", "1"]),
)


def asked(event: dict[str, Any], **settings: Any) -> tuple[int, dict[str, Any], list[bytes]]:
    """Status and body of the answer, and what the stream has then."""
    stream = Taking()
    given = Settings("s", "http://k", "r", **{"origins": frozenset({ORIGIN}), **settings})
    answer, line = Collector(given, stream).answer(event)
    assert "internal_error" not in line, line
    return answer["statusCode"], json.loads(answer["body"]), stream.taken


def hold(status: int, body: dict[str, Any], taken: list[bytes]) -> None:
    """Check the invariants for any input."""
    assert status in STATUSES
    assert body["success"] is (status == 200)
    assert (status == 200) is bool(taken)
    assert status == 200 or REQUESTS[body["reason"]][0] == status
    assert {entry["reason"] for entry in body["rejected"]} <= EVENTS.keys()
    for record in taken:
        assert record.startswith(b'{"collector":{"received_at":')
        event = json.loads(record)
        assert event["collector"]["ip"] == "198.51.100.7"
        assert len(record) <= LARGEST_EVENT + 4_096


@given(st.binary(max_size=3_000), st.sampled_from([*PATHS, "/", "/v1/x"]))
def test_any_bytes(body: bytes, path: str) -> None:
    hold(*asked(posted(body, path)))


@given(st.text(max_size=500))
def test_any_text(body: str) -> None:
    hold(*asked(posted(body)))


@given(VALUES, st.sampled_from(sorted(PATHS)))
def test_any_json(value: Any, path: str) -> None:
    hold(*asked(posted(value if isinstance(value, (dict, list)) else [value], path)))


@given(VALUES, HEADERS, st.integers(0, 4))
def test_any_headers(value: Any, headers: dict[str, str], proxies: int) -> None:
    settings = {"keys": {"wk_web": "web"}, "trusted_proxies": proxies}
    status, body, taken = asked(posted([value], headers=headers, query={"key": "wk_web"}), **settings)
    assert status in STATUSES
    assert bool(taken) is (status == 200)
    assert body["success"] is (status == 200)


@given(VALUES, st.binary(max_size=40), st.integers(0, 80))
def test_any_damage_to_gzip(value: Any, more: bytes, cut: int) -> None:
    packed = gzip.compress(json.dumps([value]).encode())
    hold(*asked(posted(packed[: len(packed) - cut] + more)))


@given(st.lists(VALUES, max_size=12))
def test_each_event_is_judged_by_itself(values: list[Any]) -> None:
    alone = [asked(posted([value]))[0] == 200 for value in values]
    status, body, taken = asked(posted(values))
    if values:
        refused = {entry["index"] for entry in body["rejected"]}
        assert [number not in refused for number in range(len(values))] == alone
        assert len(taken) == sum(alone)
        assert status == (200 if any(alone) else 400)


SENT = st.fixed_dictionaries(
    {},
    optional={
        "action_name": st.text(max_size=8) | st.sampled_from(["click", "\u034f\x00", "\u200b", "http://", " " * 2_000]),
        "type": st.sampled_from(["track", "page", "screen", "identify", "group", "alias"]),
        "event": st.text(max_size=8) | st.sampled_from(["Order Completed", "/", "\ud83d", "basic x", "a" * 3_000]),
        "user_query": VALUES,
        "query_id": LEAVES,
        "anonymousId": LEAVES,
        "client_id": LEAVES,
        "user_id": LEAVES,
        "timestamp": VALUES,
        "originalTimestamp": VALUES,
        "sent_at": VALUES,
        "sentAt": VALUES,
        "received_at": VALUES,
        "schema_version": VALUES,
        "event_id": VALUES,
        "consent": VALUES,
        "properties": st.dictionaries(NAMES | st.text(max_size=6), VALUES, max_size=4),
        "context": st.dictionaries(NAMES, VALUES, max_size=4),
        "event_attributes": st.dictionaries(st.sampled_from(["object", "position", "properties", "items"]), VALUES),
        "items": VALUES,
        "event_value": VALUES,
    },
)


def came_of(record: bytes) -> dict[str, Any]:
    """The transform's result for a record."""
    return run(record, arrival=ARRIVAL + 5_000).metrics


@given(SENT | VALUES)
def test_the_transform_can_read_every_accepted_event(event: Any) -> None:
    """Records that make the transform fail would set off its alarms and fill the archive's failed prefix."""
    _, _, taken = asked(posted([event]))
    for record in taken:
        metrics = came_of(record)
        assert metrics["ProcessingFailed"] == 0, (record, metrics)


def test_the_transform_can_read_the_deepest_event() -> None:
    value: Any = 1
    for _ in range(DEEPEST_EVENT - 2):
        value = {"a": [value]} if value == 1 else {"a": value}
    for place in ("properties", "event_attributes", "x", "context", "consent"):
        ((record),) = asked(posted([{"action_name": "click", place: {"a": value["a"]}}]))[2]
        assert came_of(record)["Ok"] + came_of(record)["Dropped"] == 1


def test_nested_gzip_is_decompressed_once() -> None:
    inner = gzip.compress(b" " * 400_000)
    assert asked(posted(gzip.compress(inner)))[1]["reason"] == "not_utf8"


def test_a_zlib_stream_is_not_decompressed() -> None:
    assert asked(posted(zlib.compress(b"{}" * 9)))[0] == 400

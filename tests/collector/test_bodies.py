"""The places of events in a request's body, and refused bodies."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from constructs_lib.collector.runtime.batch import PATHS
from constructs_lib.collector.runtime.request import LARGEST_BODY, MOST_MEMBERS
from tests.collector.standin import Kinesis, answered, click, posted


def test_a_single_event_is_accepted(there: Kinesis) -> None:
    assert answered(there, posted(click())) == (200, {"success": True, "rejected": []})
    (event,) = there.events
    assert event["action_name"] == "click"


def test_a_list_of_events_is_accepted(there: Kinesis) -> None:
    answered(there, posted([click(client_id="a"), click(client_id="b")]))
    assert [event["client_id"] for event in there.events] == ["a", "b"]


def test_an_envelopes_sending_time_is_copied(there: Kinesis) -> None:
    body = {
        "key": "wk_1",
        "sent_at": "2026-01-01T00:00:00Z",
        "events": [click(), click(sent_at="2025-01-01T00:00:00Z")],
    }
    answered(there, posted(body))
    assert [event["sent_at"] for event in there.events] == ["2026-01-01T00:00:00Z"] * 2


def test_a_batchs_sending_time_and_context_are_copied(there: Kinesis) -> None:
    calls = [
        {"type": "track", "event": "Product Clicked", "anonymousId": "a"},
        {"type": "page", "anonymousId": "a", "context": {"locale": "de-DE"}},
    ]
    context = {"locale": "en-GB", "app": {"name": "shop"}}
    answered(there, posted({"sentAt": "2026-01-01T00:00:00Z", "context": context, "batch": calls}, "/v1/b"))
    first, second = there.events
    assert first["context"] == context
    assert second["context"] == {"locale": "de-DE", "app": {"name": "shop"}}
    assert first["sentAt"] == second["sentAt"] == "2026-01-01T00:00:00Z"


def test_an_event_may_have_the_field_names_of_an_envelope(there: Kinesis) -> None:
    assert answered(there, posted(click(events=[1], batch=[2])))[0] == 200
    assert len(there.events) == 1


@pytest.mark.parametrize(("path", "kind"), [("/v1/t", "track"), ("/v1/page", "page"), ("/v1/i", "identify")])
def test_the_path_gives_the_type_of_a_call_without_one(there: Kinesis, path: str, kind: str) -> None:
    assert answered(there, posted({"event": "Order Completed", "anonymousId": "a"}, path))[0] == 200
    assert there.events[0]["type"] == kind


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_path_accepts_every_shape(there: Kinesis, path: str) -> None:
    shapes = [
        click(),
        {"user_query": "lamp", "query_id": "q-1"},
        {"type": "track", "event": "Product Added", "anonymousId": "a"},
    ]
    assert answered(there, posted(shapes, path))[0] == 200
    assert len(there.events) == 3


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_path_accepts_a_single_query(there: Kinesis, path: str) -> None:
    assert answered(there, posted({"user_query": "lamp", "query_id": "q-1", "context": {}}, path))[0] == 200
    assert "type" not in there.events[0]


def test_a_trailing_slash_is_ignored(there: Kinesis) -> None:
    assert answered(there, posted(click(), "/collect/"))[0] == 200


@pytest.mark.parametrize("path", ["/", "", "/v1", "/v1/m", "/collect/other", "/Collect", "/v1/batch/x"])
def test_other_paths_are_not_found(there: Kinesis, path: str) -> None:
    assert answered(there, posted(click(), path))[0] == 404
    assert not there.requests


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS", "post"])
def test_other_methods_are_not_found(there: Kinesis, method: str) -> None:
    assert answered(there, posted(click(), method=method))[0] == 404


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json", "application/x-www-form-urlencoded", "", "nonsense"]
)
def test_the_content_type_does_not_matter(there: Kinesis, kind: str) -> None:
    assert answered(there, posted(click(), headers={"content-type": kind}))[0] == 200


def test_a_base64_body_is_decoded(there: Kinesis) -> None:
    assert answered(there, posted(json.dumps(click()).encode()))[0] == 200


def test_a_byte_order_mark_is_ignored(there: Kinesis) -> None:
    assert answered(there, posted("\ufeff" + json.dumps(click())))[0] == 200


def test_gzip_is_detected_by_its_first_bytes(there: Kinesis) -> None:
    body = gzip.compress(json.dumps(click()).encode())
    assert answered(there, posted(body, headers={"content-type": "application/json"}))[0] == 200


def test_gzip_with_several_members_is_accepted(there: Kinesis) -> None:
    text = json.dumps(click()).encode()
    assert answered(there, posted(gzip.compress(text[:9]) + gzip.compress(text[9:])))[0] == 200


def test_gzip_with_too_many_members_is_refused(there: Kinesis) -> None:
    text = gzip.compress(json.dumps(click()).encode())
    empty = gzip.compress(b"")
    assert answered(there, posted(empty * (MOST_MEMBERS - 1) + text))[0] == 200
    assert answered(there, posted(empty * MOST_MEMBERS + text))[1]["reason"] == "not_gzip"


def padded(size: int) -> bytes:
    """A valid body of so many bytes, white space for the most part."""
    text = json.dumps(click()).encode()
    return text + b" " * (size - len(text))


def test_the_largest_body_is_accepted(there: Kinesis) -> None:
    assert answered(there, posted(padded(LARGEST_BODY)))[0] == 200
    assert answered(there, posted(padded(LARGEST_BODY).decode()))[0] == 200


def test_a_larger_body_is_refused(there: Kinesis) -> None:
    for body in (padded(LARGEST_BODY + 1), padded(LARGEST_BODY + 1).decode(), padded(5_000_000)):
        assert answered(there, posted(body))[1]["reason"] == "body_too_large"


def test_the_limit_of_a_body_counts_bytes(there: Kinesis) -> None:
    body = json.dumps(click(message="ü" * 300_000), ensure_ascii=False)
    assert answered(there, posted(body))[0] == 413


def test_the_largest_decompressed_body_is_accepted(there: Kinesis) -> None:
    assert answered(there, posted(gzip.compress(padded(LARGEST_BODY))))[0] == 200


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 300_000_000])
def test_a_larger_decompressed_body_is_refused(there: Kinesis, size: int) -> None:
    packed = gzip.compress(b" " * min(size, 30_000_000))
    body = packed * (size // 30_000_000) or packed
    assert answered(there, posted(body[:LARGEST_BODY]))[1]["reason"] == "body_too_large"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "empty_body"),
        (b"", "empty_body"),
        (gzip.compress(b"", mtime=0), "empty_body"),
        ("   ", "invalid_json"),
        ("{", "invalid_json"),
        ('{"action_name":"click"}{"action_name":"click"}', "invalid_json"),
        ('{"action_name":"click","event_value":NaN}', "invalid_json"),
        ('{"action_name":"click","event_value":' + "9" * 5000 + "}", "invalid_json"),
        ("[" * 200_000, "invalid_json"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "invalid_json"),
        (b"\xff\xfe{\x00}\x00", "not_utf8"),
        (b'{"action_name":"\xe4"}', "not_utf8"),
        (gzip.compress(b'{"action_name":"click"}', mtime=0)[:-4], "not_gzip"),
        (gzip.compress(b'{"action_name":"click"}', mtime=0) + b"more", "not_gzip"),
        (b"\x1f\x8b nothing of the kind", "not_gzip"),
        ("[]", "no_events"),
        ('{"events":[]}', "no_events"),
        ('{"batch":[]}', "no_events"),
        ("1", "no_events"),
        ('"click"', "no_events"),
        ("null", "no_events"),
        ("{}", "no_valid_event"),
        ('{"events":{}}', "no_valid_event"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_broken_body_is_refused(there: Kinesis, body: Any, reason: str) -> None:
    status, answer = answered(there, posted(body))
    assert (status, answer["reason"]) == (400, reason)
    assert not there.requests


def test_invalid_base64_is_refused(there: Kinesis) -> None:
    assert answered(there, posted("{}") | {"isBase64Encoded": True})[1]["reason"] == "not_base64"

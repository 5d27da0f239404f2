"""What a request is answered, and what of it reaches the stream."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import Any

import pytest

from constructs_lib.collector.runtime.batch import MOST_EVENTS, PATHS
from constructs_lib.collector.runtime.refusal import EVENTS, REQUESTS
from constructs_lib.collector.runtime.request import LARGEST_BODY, MOST_MEMBERS
from constructs_lib.collector.runtime.shapes import DEEPEST_EVENT, LARGEST_EVENT, LONGEST_NAME
from tests.collector.standin import ARRIVAL, Kinesis, click, collector, posted, refused


def answered(there: Kinesis, event: dict[str, Any], **settings: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer."""
    answer, _ = collector(there, **settings).answer(event)
    return answer["statusCode"], json.loads(answer["body"])


def rejected(there: Kinesis, *events: Any) -> list[tuple[int, str]]:
    """What the answer to a list of events says of each that was not taken."""
    _, body = answered(there, posted(list(events)))
    return [(entry["index"], entry["reason"]) for entry in body["rejected"]]


# --- where events stand in a body


def test_one_event(there: Kinesis) -> None:
    assert answered(there, posted(click())) == (200, {"success": True, "rejected": []})
    (event,) = there.events
    assert event["action_name"] == "click"


def test_a_list(there: Kinesis) -> None:
    answered(there, posted([click(client_id="a"), click(client_id="b")]))
    assert [event["client_id"] for event in there.events] == ["a", "b"]


def test_an_envelope_copies_its_time_of_sending(there: Kinesis) -> None:
    body = {
        "key": "wk_1",
        "sent_at": "2026-01-01T00:00:00Z",
        "events": [click(), click(sent_at="2025-01-01T00:00:00Z")],
    }
    answered(there, posted(body))
    assert [event["sent_at"] for event in there.events] == ["2026-01-01T00:00:00Z"] * 2


def test_a_batch_copies_its_time_and_its_context(there: Kinesis) -> None:
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


def test_an_event_may_have_fields_that_are_called_like_an_envelopes(there: Kinesis) -> None:
    assert answered(there, posted(click(events=[1], batch=[2])))[0] == 200
    assert len(there.events) == 1


@pytest.mark.parametrize(("path", "kind"), [("/v1/t", "track"), ("/v1/page", "page"), ("/v1/i", "identify")])
def test_a_path_says_the_type_of_a_call_that_does_not(there: Kinesis, path: str, kind: str) -> None:
    assert answered(there, posted({"event": "Order Completed", "anonymousId": "a"}, path))[0] == 200
    assert there.events[0]["type"] == kind


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_path_takes_every_shape(there: Kinesis, path: str) -> None:
    shapes = [
        click(),
        {"user_query": "lamp", "query_id": "q-1"},
        {"type": "track", "event": "Product Added", "anonymousId": "a"},
    ]
    assert answered(there, posted(shapes, path))[0] == 200
    assert len(there.events) == 3


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_path_takes_a_query_that_comes_alone(there: Kinesis, path: str) -> None:
    assert answered(there, posted({"user_query": "lamp", "query_id": "q-1", "context": {}}, path))[0] == 200
    assert "type" not in there.events[0]


def test_a_slash_at_the_end_of_a_path_changes_nothing(there: Kinesis) -> None:
    assert answered(there, posted(click(), "/collect/"))[0] == 200


@pytest.mark.parametrize("path", ["/", "", "/v1", "/v1/m", "/collect/other", "/Collect", "/v1/batch/x"])
def test_other_paths_are_not_found(there: Kinesis, path: str) -> None:
    assert answered(there, posted(click(), path))[0] == 404
    assert not there.requests


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS", "post"])
def test_other_methods_are_not_found(there: Kinesis, method: str) -> None:
    assert answered(there, posted(click(), method=method))[0] == 404


# --- bodies


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json", "application/x-www-form-urlencoded", "", "nonsense"]
)
def test_the_content_type_does_not_matter(there: Kinesis, kind: str) -> None:
    assert answered(there, posted(click(), headers={"content-type": kind}))[0] == 200


def test_bytes_in_base64(there: Kinesis) -> None:
    assert answered(there, posted(json.dumps(click()).encode()))[0] == 200


def test_a_byte_order_mark_is_no_part_of_json(there: Kinesis) -> None:
    assert answered(there, posted("\ufeff" + json.dumps(click())))[0] == 200


def test_gzip_by_its_first_bytes(there: Kinesis) -> None:
    body = gzip.compress(json.dumps(click()).encode())
    assert answered(there, posted(body, headers={"content-type": "application/json"}))[0] == 200


def test_gzip_of_several_members(there: Kinesis) -> None:
    text = json.dumps(click()).encode()
    assert answered(there, posted(gzip.compress(text[:9]) + gzip.compress(text[9:])))[0] == 200


def test_gzip_of_many_members_is_refused(there: Kinesis) -> None:
    text = gzip.compress(json.dumps(click()).encode())
    empty = gzip.compress(b"")
    assert answered(there, posted(empty * (MOST_MEMBERS - 1) + text))[0] == 200
    assert answered(there, posted(empty * MOST_MEMBERS + text))[1]["reason"] == "not_gzip"


def padded(size: int) -> bytes:
    """A valid body of so many bytes, white space for the most part."""
    text = json.dumps(click()).encode()
    return text + b" " * (size - len(text))


def test_the_largest_body_is_taken(there: Kinesis) -> None:
    assert answered(there, posted(padded(LARGEST_BODY)))[0] == 200
    assert answered(there, posted(padded(LARGEST_BODY).decode()))[0] == 200


def test_a_larger_body_is_refused(there: Kinesis) -> None:
    for body in (padded(LARGEST_BODY + 1), padded(LARGEST_BODY + 1).decode(), padded(5_000_000)):
        assert answered(there, posted(body))[1]["reason"] == "body_too_large"


def test_the_body_is_measured_in_bytes_and_not_in_characters(there: Kinesis) -> None:
    body = json.dumps(click(message="ü" * 300_000), ensure_ascii=False)
    assert answered(there, posted(body))[0] == 413


def test_the_largest_unpacked_body_is_taken(there: Kinesis) -> None:
    assert answered(there, posted(gzip.compress(padded(LARGEST_BODY))))[0] == 200


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 300_000_000])
def test_a_body_that_unpacks_to_more_is_refused(there: Kinesis, size: int) -> None:
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


def test_base64_that_is_none(there: Kinesis) -> None:
    assert answered(there, posted("{}") | {"isBase64Encoded": True})[1]["reason"] == "not_base64"


# --- events


def test_as_many_events_as_allowed(there: Kinesis) -> None:
    assert answered(there, posted([click()] * MOST_EVENTS))[0] == 200
    assert len(there.events) == MOST_EVENTS


def test_one_event_more_is_refused(there: Kinesis) -> None:
    assert answered(there, posted([click()] * (MOST_EVENTS + 1)))[1]["reason"] == "too_many_events"


def sized(size: int, char: str = "x") -> dict[str, Any]:
    """A valid event of so many bytes."""
    event = click(message="")
    empty = len(json.dumps(event, separators=(",", ":")))
    return click(message=char * ((size - empty) // len(char.encode())))


def test_the_largest_event_is_taken(there: Kinesis) -> None:
    assert rejected(there, click(), sized(LARGEST_EVENT)) == []


def test_a_larger_event_is_left_out(there: Kinesis) -> None:
    assert rejected(there, click(), sized(LARGEST_EVENT + 1)) == [(1, "event_too_large")]
    assert len(there.events) == 1


def test_an_event_is_measured_in_bytes_of_utf8(there: Kinesis) -> None:
    assert rejected(there, click(), sized(LARGEST_EVENT - 3, "漢"), sized(LARGEST_EVENT + 300, "漢")) == [
        (2, "event_too_large")
    ]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (None, "not_an_object"),
        ("click", "not_an_object"),
        ([click()], "not_an_object"),
        ({}, "unknown_shape"),
        ({"message": '1.2.3.4 - - [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 5'}, "unknown_shape"),
        ({"time": "2025-01-01T00:00:00Z", "level": "info", "msg": "hello"}, "unknown_shape"),
        ({"replayed_arrival": 1767225600000, "record": "{}"}, "unknown_shape"),
        ({"index": {"_index": "events"}}, "unknown_shape"),
        ({"type": "track", "event": "Order Completed"}, "unknown_shape"),
        ({"type": "sneeze", "anonymousId": "a"}, "unknown_shape"),
        ({"type": ["track"], "anonymousId": "a"}, "unknown_shape"),
        ({"user_query": "lamp"}, "unknown_shape"),
        ({"action_name": " "}, "no_action"),
        ({"action_name": 7}, "no_action"),
        ({"action_name": "\u200b\u2060"}, "no_action"),
        ({"action_name": " " * LONGEST_NAME + "click"}, "no_action"),
        ({"type": "track", "anonymousId": "a", "event": "\x00\ufeff"}, "no_action"),
        ({"type": "track", "anonymousId": "a"}, "no_action"),
        ({"type": "track", "anonymousId": "a", "event": {}}, "no_action"),
        (click(client_id={"$gt": ""}), "invalid_field"),
        (click(session_id=[1]), "invalid_field"),
        (click(event_attributes="none"), "invalid_field"),
        (click(user_id=True), "invalid_field"),
        ({"type": "page", "anonymousId": "a", "context": []}, "invalid_field"),
        ({"user_query": ["lamp"], "query_id": "q"}, "invalid_field"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_has_no_known_shape_is_left_out_and_the_rest_kept(there: Kinesis, event: Any, reason: str) -> None:
    assert rejected(there, click(client_id="a"), event, click(client_id="b")) == [(1, reason)]
    assert [event["client_id"] for event in there.events] == ["a", "b"]


@pytest.mark.parametrize("action", ["👍", "чек", "+1", " click\u200b", "\x00 a"])
def test_an_action_may_have_any_name_that_can_be_seen(there: Kinesis, action: str) -> None:
    assert rejected(there, {"action_name": action}) == []


def nested(levels: int) -> dict[str, Any]:
    """An event of so many objects and lists inside one another."""
    value: Any = []
    for level in range(levels - 2):
        value = [value] if level % 2 else {"x": value, "y": 1}
    return click(x=value)


def test_the_deepest_event_is_taken(there: Kinesis) -> None:
    assert rejected(there, nested(DEEPEST_EVENT)) == []


@pytest.mark.parametrize("levels", [DEEPEST_EVENT + 1, 300])
def test_a_deeper_event_is_left_out(there: Kinesis, levels: int) -> None:
    assert rejected(there, click(), nested(levels)) == [(1, "nested_too_deeply")]


def test_an_event_may_have_many_objects_beside_one_another(there: Kinesis) -> None:
    assert rejected(there, click(items=[{"tags": [1], "text": "[{"}] * 300)) == []


def test_a_number_that_json_cannot_write_is_left_out(there: Kinesis) -> None:
    status, body = answered(there, posted('[{"action_name":"click"},{"action_name":"click","event_value":1e999}]'))
    assert (status, body["rejected"]) == (200, [{"index": 1, "reason": "invalid_field"}])


def test_half_of_a_surrogate_pair_is_a_text(there: Kinesis) -> None:
    assert answered(there, posted('{"action_name":"click","message":"\\ud83d"}'))[0] == 200
    assert there.events[0]["message"] == "\ud83d"


def test_ids_may_be_numbers_and_null(there: Kinesis) -> None:
    assert rejected(there, click(client_id=7, user_id=None)) == []


def test_nothing_valid_is_a_bad_request(there: Kinesis) -> None:
    status, body = answered(there, posted([{}, 1]))
    assert (status, body["success"], [entry["index"] for entry in body["rejected"]]) == (400, False, [0, 1])


def test_a_small_body_does_not_become_a_large_one(there: Kinesis) -> None:
    calls = [{"type": "track", "event": "e", "anonymousId": "a"}] * 500
    body = {"context": {"x": "y" * 3_000}, "batch": calls}
    assert answered(there, posted(body, "/v1/batch"))[1]["reason"] == "context_too_large"
    assert answered(there, posted({**body, "batch": calls[:300]}, "/v1/batch"))[0] == 200


# --- what only the server knows


def facts(there: Kinesis, event: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """What a record says of the server's knowledge."""
    assert answered(there, event, **settings)[0] == 200
    known: dict[str, Any] = there.events[0]["collector"]
    return known


def test_address_agent_and_arrival_come_with_each_event(there: Kinesis) -> None:
    answered(there, posted([click(), click()]))
    known = {
        "received_at": ARRIVAL,
        "ip": "198.51.100.7",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0",
    }
    assert [event["collector"] for event in there.events] == [known, known]


def test_what_a_client_sends_in_their_place_is_overwritten(there: Kinesis) -> None:
    forged = '{"action_name":"click","collector":{"ip":"1.1.1.1"},"collector":{"ip":"2.2.2.2"}}'
    assert facts(there, posted(forged))["ip"] == "198.51.100.7"


def test_they_stand_first_so_that_a_record_cannot_begin_like_another_kind(there: Kinesis) -> None:
    event = click(replayed_arrival=1, record="{}")
    answered(there, posted(event))
    data = base64.b64decode(there.requests[0]["Records"][0]["Data"])
    assert data.startswith(b'{"collector":{"received_at":')


def test_no_agent_is_said_to_be_none(there: Kinesis) -> None:
    assert facts(there, posted(click(), headers={"user-agent": ""}))["user_agent"] == "-"


def test_a_long_agent_is_cut(there: Kinesis) -> None:
    assert len(facts(there, posted(click(), headers={"user-agent": "x" * 8000}))["user_agent"]) == 512


def test_headers_make_a_small_request_no_large_one(there: Kinesis) -> None:
    headers = {"user-agent": "\U0001f600" * 8000, "x-forwarded-for": "ü" * 8000 + ", 198.51.100.7"}
    answered(there, posted([click()] * MOST_EVENTS, headers=headers), trusted_proxies=1)
    assert there.events[0]["collector"]["user_agent"] == "?" * 512
    assert there.events[0]["collector"]["ip"] == "?" * 64
    assert sum(len(base64.b64decode(record["Data"])) for record in there.requests[0]["Records"]) < LARGEST_BODY


@pytest.mark.parametrize(
    ("header", "proxies", "address"),
    [
        ("198.51.100.7", 0, "198.51.100.7"),
        ("203.0.113.5, 198.51.100.7", 0, "198.51.100.7"),
        ("203.0.113.5, 198.51.100.7", 1, "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5, 198.51.100.7", 1, "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5, 192.0.2.9, 198.51.100.7", 2, "203.0.113.5"),
        ("203.0.113.5", 1, "203.0.113.5"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("", 3, "198.51.100.7"),
        (" , ,203.0.113.5 ,, 198.51.100.7", 1, "203.0.113.5"),
        ("x" * 5000 + ", 198.51.100.7", 1, "x" * 64),
    ],
)
def test_only_the_sites_own_proxies_are_believed(there: Kinesis, header: str, proxies: int, address: str) -> None:
    event = posted(click(), headers={"x-forwarded-for": header})
    assert facts(there, event, trusted_proxies=proxies)["ip"] == address


@pytest.mark.parametrize(("value", "limit", "said"), [("1", True, True), ("1", False, None), ("0", True, None)])
def test_global_privacy_control(there: Kinesis, value: str, limit: bool, said: bool | None) -> None:
    event = posted(click(), headers={"sec-gpc": value})
    assert facts(there, event, limit_on_gpc=limit).get("gpc") is said


# --- who may


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://shop.example",
        "https://shop.example.evil.example",
        "https://shop.example:8443",
        "https://SHOP.example",
        "https://shop.example/",
        "https://shop.example,https://shop.example",
        "null",
        "",
        "*",
    ],
)
def test_pages_of_other_origins_are_refused(there: Kinesis, origin: str) -> None:
    assert answered(there, posted(click(), headers={"origin": origin}))[0] == 403
    assert not there.requests


def test_who_sends_no_origin_is_no_browser(there: Kinesis) -> None:
    event = posted(click())
    del event["headers"]["origin"]
    assert answered(there, event)[0] == 200


HASHES = frozenset(hashlib.sha256(secret.encode()).hexdigest() for secret in ("old secret", "new secret"))


@pytest.mark.parametrize("secret", ["old secret", "new secret"])
def test_the_sites_own_proxies_prove_themselves_by_a_secret(there: Kinesis, secret: str) -> None:
    headers = {"x-origin-verify": secret, "x-forwarded-for": "203.0.113.5, 198.51.100.7"}
    event = posted(click(), headers=headers)
    assert facts(there, event, trusted_proxies=1, proxy_secret_hashes=HASHES)["ip"] == "203.0.113.5"
    assert secret not in str(there.events)


@pytest.mark.parametrize("secret", [None, "", "other", "old secret,new secret", "\ud800", *sorted(HASHES)])
def test_nobody_goes_around_them(there: Kinesis, secret: str | None) -> None:
    headers = {"x-forwarded-for": "6.6.6.6, 198.51.100.7"} | ({} if secret is None else {"x-origin-verify": secret})
    hashes = HASHES | {hashlib.sha256(b"").hexdigest()}
    status, body = answered(there, posted(click(), headers=headers), trusted_proxies=1, proxy_secret_hashes=hashes)
    assert (status, body["reason"]) == (403, "not_through_proxy")
    assert not there.requests


KEYS = {"wk_web": "web", "wk_app": "app"}


def basic(key: str) -> dict[str, str]:
    """HTTP's Basic authentication, as Segment's libraries use it."""
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


@pytest.mark.parametrize(
    "event",
    [
        posted({"key": "wk_app", "events": [click()]}),
        posted({"writeKey": "wk_app", "batch": [{"type": "page", "anonymousId": "a"}]}, "/v1/b"),
        posted({"writeKey": "wk_app", "type": "page", "anonymousId": "a"}, "/v1/p"),
        posted(click(), headers=basic("wk_app")),
        posted(click(), query={"key": "wk_app"}),
    ],
    ids=["ours", "batch", "call", "header", "url"],
)
def test_a_key_is_found_where_clients_put_it(there: Kinesis, event: dict[str, Any]) -> None:
    assert facts(there, event, keys=KEYS)["key"] == "app"


def test_keys_are_counted_apart(there: Kinesis) -> None:
    _, line = collector(there, keys=KEYS).answer(posted(click(), headers=basic("wk_app")))
    metrics = json.loads(line)
    assert metrics["Key"] == "app"
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Collector"], ["Collector", "Key"]]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (posted(click()), "no_key"),
        (posted(click(), headers={"authorization": "Bearer wk_app"}), "no_key"),
        (posted(click(), headers={"authorization": "Basic ???"}), "no_key"),
        (posted(click(key=["wk_app"])), "no_key"),
        (posted(click(key="wk_old")), "unknown_key"),
        (posted(click(key="web")), "unknown_key"),
        (posted(click(key="wk_app"), headers=basic("wk_old")), "unknown_key"),
    ],
)
def test_no_key_and_a_revoked_one(there: Kinesis, event: dict[str, Any], reason: str) -> None:
    assert answered(there, event, keys=KEYS)[1]["reason"] == reason
    assert not there.requests


def test_a_key_is_no_name_of_a_metric_unless_it_is_known(there: Kinesis) -> None:
    _, line = collector(there, keys=KEYS).answer(posted(click(), headers=basic("wk_old")))
    assert "Key" not in json.loads(line)
    assert "wk_old" not in line


# --- answers


def test_what_the_stream_never_took_is_named_with_what_is_invalid(there: Kinesis) -> None:
    there.says = [refused] * 9
    answer, _ = collector(there).answer(posted([click(), {}, click()]))
    body = json.loads(answer["body"])
    assert answer["statusCode"] == 503
    assert [entry["reason"] for entry in body["rejected"]] == ["not_stored", "unknown_shape", "not_stored"]
    assert [entry["index"] for entry in body["rejected"]] == [0, 1, 2]


def test_when_to_come_back_is_said(there: Kinesis) -> None:
    there.says = [refused] * 9
    answer, _ = collector(there).answer(posted(click()))
    assert 2 <= int(answer["headers"]["retry-after"]) <= 8


def test_a_challenge_opens_no_dialog(there: Kinesis) -> None:
    answer, _ = collector(there, keys=KEYS).answer(posted(click()))
    assert answer["headers"]["www-authenticate"] == "WriteKey"


def test_metrics_count_events_and_reasons(there: Kinesis) -> None:
    _, line = collector(there).answer(posted([click(), {}, click()]))
    metrics = json.loads(line)
    expected = {"Requests": 1, "Events": 3, "Stored": 2, "Rejected": 1, "NotStored": 0, "Rejected_unknown_shape": 1}
    assert {name: metrics[name] for name in expected} == expected
    names = [entry["Name"] for entry in metrics["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
    assert set(names) == expected.keys() | {"Bytes", "Duration"}


def test_nothing_of_a_body_and_no_address_is_logged(there: Kinesis) -> None:
    events = [click(message="needle"), {"needle": "needle"}]
    for event in (posted(events), posted("needle"), posted(click(), headers={"origin": "https://needle.example"})):
        _, line = collector(there).answer(event)
        assert "needle" not in line
        assert "198.51.100.7" not in line


def test_an_unforeseen_mistake_is_named_without_its_text(there: Kinesis, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(event: Any) -> None:
        raise KeyError("needle")

    monkeypatch.setattr("constructs_lib.collector.runtime.shapes.check", fail)
    answer, line = collector(there).answer(posted(click()))
    assert answer["statusCode"] == 500
    assert "needle" not in line + answer["body"]
    assert json.loads(line)["InternalError"].startswith("KeyError@test_requests.py:")


def test_every_reason_has_its_words() -> None:
    assert all(text for _, text in REQUESTS.values())
    assert all(EVENTS.values())

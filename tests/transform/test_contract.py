"""The contract with Firehose holds under anything: every record id once, valid documents, no harm to neighbours."""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from constructs_lib.configuration.transform import ProcessorSettings
from constructs_lib.transform.runtime import handler, reasons
from constructs_lib.transform.runtime.handler import MOST_BYTES, Transform
from constructs_lib.transform.runtime.settings import Settings, from_environment
from tests.transform.batches import ARRIVAL, document, invocation
from tests.transform.schemas import DOCUMENT, UBI_EVENT

FIELDS = [
    "action_name",
    "timestamp",
    "sent_at",
    "received_at",
    "application",
    "platform",
    "client_id",
    "session_id",
    "user_id",
    "query_id",
    "user_query",
    "message_type",
    "message",
    "event_attributes",
    "object",
    "position",
    "properties",
    "event_value",
    "currency",
    "recommendation_id",
    "impressions",
    "page",
    "referrer",
    "campaign",
    "device",
    "geo",
    "ip",
    "ip_prefix",
    "is_bot",
    "bot_reasons",
    "consent",
    "http",
    "url",
    "title",
    "user_agent",
    "event_id",
    "schema_version",
    "fingerprint",
    "type",
    "event",
    "anonymousId",
    "userId",
    "messageId",
    "context",
    "originalTimestamp",
    "sentAt",
    "receivedAt",
    "time",
    "level",
    "msg",
    "request",
    "status",
    "log",
    "index",
]
NESTED = [
    "object_id",
    "ordinal",
    "xy",
    "x",
    "y",
    "name",
    "category",
    "brand",
    "price",
    "url",
    "host",
    "path",
    "title",
    "source",
    "medium",
    "term",
    "content",
    "type",
    "browser",
    "os",
    "country",
    "region",
    "analytics",
    "personalization",
    "categoryPreferences",
    "page",
    "campaign",
    "device",
    "locale",
    "ip",
    "userAgent",
    "consent",
    "method",
    "status",
    "bytes",
    "properties",
    "object",
    "position",
    "product_id",
    "products",
    "value",
    "revenue",
    "query",
]

odd_texts = st.lists(
    st.sampled_from(
        [
            "https://shop.example/",
            "//[::1]:99999/",
            "a@b.example",
            "+49 170 1234567",
            "198.51.100.7",
            "?utm_source=",
            "&token=",
            "#/",
            ";sid=",
            "%40",
            "%ED%A0%80",
            "\ud800",
            "\udfff",
            "\0",
            "/",
            " ",
            "x",
        ]
    ),
    min_size=1,
    max_size=7,
).map("".join)
"""What is odd only together: half a surrogate pair beside an address in a URL, say."""
scalars = st.one_of(
    st.none(),
    odd_texts,
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**15, max_value=10**400),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "click",
            "track",
            "page",
            "2025-03-12T08:00:01.000Z",
            "-",
            "198.51.100.7",
            "a@b.example",
            "\ud800",
            "\0",
            "1e400",
        ]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(NESTED), st.text(max_size=9)), inner, max_size=5),
    ),
    max_leaves=12,
)
events = st.dictionaries(st.sampled_from(FIELDS), values, max_size=12)
actions = st.builds(
    lambda event, action: event | {"action_name": action}, events, st.sampled_from(["click", "view", "x" * 300])
)
records = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.one_of(events, actions).map(lambda event: json.dumps(event).encode()),
    events.map(lambda event: json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    st.tuples(events, st.integers(0, 200)).map(lambda pair: json.dumps(pair[0]).encode()[: pair[1]]),
    st.text(alphabet='0123456789.-[]/":GET HTP1+\\', max_size=120).map(str.encode),
)
transform = Transform(Settings(transform_version="0123456789ab"), lambda: b"key")
VALIDATORS = [Draft202012Validator(schema) for schema in (DOCUMENT, UBI_EVENT)]


def check(given_batch: dict[str, Any], answer: dict[str, Any]) -> None:
    """What must hold of every answer."""
    wanted = Counter(record["recordId"] for record in given_batch["records"])
    assert Counter(one["recordId"] for one in answer["records"]) == wanted
    assert len(json.dumps(answer)) < 6 * 1024 * 1024
    for one in answer["records"]:
        assert one["result"] in {"Ok", "Dropped", "ProcessingFailed"}
        assert ("data" in one) == (one["result"] == "Ok")
        if one["result"] == "Ok":
            octets = base64.b64decode(one["data"], validate=True)
            assert b"\n" not in octets
            found = json.loads(octets.decode("utf-8"))
            for validator in VALIDATORS:
                validator.validate(found)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records, max_size=6))
def test_contract_holds_for_any_records(lines: list[bytes]) -> None:
    given_batch = invocation(lines)
    answer, line = transform.batch(given_batch)
    check(given_batch, answer)
    assert "\n" not in line
    assert "Failed_internal_error" not in json.loads(line)


@given(odd_texts)
def test_odd_texts_in_every_place_never_break_it(odd: str) -> None:
    places: dict[str, Any] = dict.fromkeys(FIELDS, odd)
    nested = dict.fromkeys(NESTED, odd)
    page = {"url": odd, "referrer": odd, "path": odd}
    shaped = [
        places,
        places | {"action_name": "click"},
        {"action_name": "view", "timestamp": 1_767_225_600_000, "page": page, "user_id": odd, "message": odd},
        {"action_name": "click", "event_attributes": nested | {"object": nested}, "query_id": odd, "user_query": odd},
        {"type": "page", "userId": odd, "context": nested | {"page": page}, "properties": page | {"title": odd}},
        {"level": "info", "msg": odd, "time": 1_767_225_600_000, "request": odd},
    ]
    access = f'198.51.100.7 - {odd} [12/Mar/2025:08:00:01 +0000] "GET {odd} HTTP/1.1" 200 5 "{odd}" "{odd}"'
    lines = [json.dumps(event).encode() for event in shaped] + [access.encode("utf-8", "surrogatepass")]
    given_batch = invocation(lines)
    answer, line = transform.batch(given_batch)
    check(given_batch, answer)
    assert "Failed_internal_error" not in json.loads(line), line


@settings(max_examples=50, deadline=None)
@given(actions)
def test_any_fields_beside_an_action_never_break_it(event: dict[str, Any]) -> None:
    _, line = transform.batch(invocation([json.dumps(event).encode()]))
    assert "Failed_internal_error" not in json.loads(line), line


@settings(max_examples=40, deadline=None)
@given(actions)
def test_transforming_a_document_again_changes_nothing(event: dict[str, Any]) -> None:
    """What could not be indexed lies in the archive as a document: sent again, it must come out the same."""
    answer, _ = transform.batch(invocation([json.dumps(event).encode()]))
    for octets in [base64.b64decode(one["data"]) for one in answer["records"] if one["result"] == "Ok"]:
        again, _ = transform.batch(invocation([octets], arrival=ARRIVAL + 3_600_000))
        assert base64.b64decode(again["records"][0]["data"]) == octets


def test_the_same_record_has_the_same_ids_whenever_it_comes() -> None:
    record = {"action_name": "click", "timestamp": "2025-03-12T08:00:01.000Z", "client_id": "c"}
    first, later = document(record), document(record, arrival=ARRIVAL + 3_600_000)
    assert (first["event_id"], first["fingerprint"]) == (later["event_id"], later["fingerprint"])


def test_an_events_own_uuid_is_its_id() -> None:
    record = {"action_name": "click", "event_id": "7C1A9F0E-0000-4000-8000-000000000001"}
    assert document(record)["event_id"] == "7c1a9f0e-0000-4000-8000-000000000001"


def test_fingerprint_leaves_ids_and_sending_out() -> None:
    record = {"action_name": "click", "timestamp": "2025-03-12T08:00:01.000Z"}
    first, other = document(record | {"event_id": "a"}), document(record | {"event_id": "b"})
    assert first["event_id"] != other["event_id"]
    assert first["fingerprint"] == other["fingerprint"]


def test_duplicate_keys_are_read_as_their_last() -> None:
    assert document('{"action_name": "view", "action_name": "click"}')["action_name"] == "click"


def test_numbers_that_json_has_not_are_left_out() -> None:
    found = document(
        '{"action_name": "click", "event_value": NaN, "event_attributes": {"a": Infinity, "b": -1e999, "c": 1}}'
    )
    assert "event_value" not in found
    assert found["event_attributes"]["properties"] == {"c": 1}


def test_currency_that_is_a_number_is_left_out() -> None:
    assert "currency" not in document('{"action_name": "click", "currency": 1e999}')


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert document('{"action_name": "click", "message": "a\\ud800b"}')["message"] == "a\ufffdb"


def test_half_a_surrogate_pair_beside_what_a_url_must_not_show() -> None:
    found = document(
        {"action_name": "view", "page": {"url": "https://shop.example/\ud800a@b.example?q=\udfffa@b.example"}}
    )
    assert found["page"]["url"] == "https://shop.example/%EF%BF%BDREDACTED?q=%EF%BF%BDREDACTED"


def test_half_a_megabyte_is_cut_to_its_limit() -> None:
    found = document(
        {"action_name": "click", "message": "lamp " * 100_000, "event_attributes": {"note": "x" * 500_000}}
    )
    assert len(found["message"]) <= 1024
    assert len(found["event_attributes"]["properties"]["note"]) <= 512


def test_deep_nesting_is_cut_off_where_it_is_flattened() -> None:
    deep: dict[str, Any] = {"leaf": 1}
    for _ in range(50):
        deep = {"down": deep}
    assert "event_attributes" not in document({"action_name": "click", "event_attributes": {"properties": deep}})


def test_what_would_not_fit_fails_and_the_rest_does_not() -> None:
    """5,000 documents of 2 KB are 13 MB of base64: those that fit are delivered, the others fail alone."""
    record = json.dumps({"action_name": "click", "message": "lamp " * 200, "user_query": "oak " * 200}).encode()
    given_batch = invocation([record] * 5000)
    answer, line = transform.batch(given_batch)
    assert len(json.dumps(answer)) <= 6 * 1024 * 1024
    metrics = json.loads(line)
    assert metrics["Failed_response_full"] == 5000 - metrics["Ok"]
    assert metrics["BytesOut"] > MOST_BYTES * 0.8


def test_an_empty_batch_is_answered() -> None:
    answer, line = transform.batch({"records": []})
    assert answer == {"records": []}
    assert json.loads(line)["Records"] == 0


SHORTEST = [
    b'{"event":"a"}',
    b'{"action_name":"a"}',
    b'{"ts":1,"msg":"a"}',
    b'{"action_name":"a","ip":"1.1.1.1","url":"/","user_agent":"-"}',
    b'{"action_name":"a","user_id":"a","client_id":"b"}',
    b'{"event":"a","ip":"1.1.1.1","url":"/a","ua":"-"}',
    b'{"type":"page","userId":1}',
    b'a b c [12/Mar/2025:08:00:01 +0000] "-" 400 -',
    b'1.1.1.1 b c [12/Mar/2025:08:00:01 +0000] "GET / HTTP/1.1" 200 1 "http://a/" "-"',
    b'{"action_name":"a","items":[{"object_id":"a"},{"object_id":"b"}]}',
]
MOST_REQUEST = 6 * 1024 * 1024
"""Bytes of a request to a function, as of its answer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


@pytest.mark.parametrize("record", SHORTEST, ids=lambda record: record.decode()[:24])
def test_shortest_events_of_a_whole_buffer_fit_the_answer(record: bytes) -> None:
    """As many as the configured buffer takes, and a request: none fails for want of room."""
    whole = invocation([record])
    whole["records"][0]["recordId"] = "4" * 62  # as long as Firehose's
    entry = json.dumps(whole["records"][0])
    buffer = int(ProcessorSettings().buffer_size_mb * 1024 * 1024)
    count = min(buffer // len(record), MOST_REQUEST // len(entry))
    given_batch = {"records": [whole["records"][0] | {"recordId": f"{number:062d}"} for number in range(count)]}
    answer, line = transform.batch(given_batch)
    assert json.loads(line).get("Failed_response_full", 0) == 0
    assert len(json.dumps(answer)) <= MOST_REQUEST


def test_a_flood_leaves_out_what_is_not_needed_and_its_documents_stay_valid() -> None:
    record = b'{"action_name":"a"}'
    few, _ = transform.batch(invocation([record]))
    many, _ = transform.batch(invocation([record] * 11_000))
    whole, short = (json.loads(base64.b64decode(answer["records"][0]["data"])) for answer in (few, many))
    assert set(whole) - set(short) == {"fingerprint", "ingest"}
    for validator in VALIDATORS:
        validator.validate(short)


def test_a_smaller_flood_leaves_out_where_its_records_lay() -> None:
    answer, _ = transform.batch(invocation([b'{"action_name":"a","client_id":"a-client"}'] * 5000))
    short = json.loads(base64.b64decode(answer["records"][0]["data"]))
    assert set(short["ingest"]) == {"transform_version"}
    assert "fingerprint" in short


def test_a_large_document_does_not_take_the_room_of_its_neighbours() -> None:
    """A whole buffer of records that grow most, in front of short ones."""
    wide = json.dumps(
        {"action_name": "view", "page": {"url": "https://shop.example/" + "ä@b.example/" * 160}, "message": "ä" * 1024}
    ).encode()
    buffer = int(ProcessorSettings().buffer_size_mb * 1024 * 1024)
    records = [wide] * (buffer // 2 // len(wide)) + [b'{"action_name":"a"}'] * (buffer // 2 // 19)
    _, line = transform.batch(invocation(records))
    assert "Failed_response_full" not in json.loads(line)


def test_handler_prints_one_metrics_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(handler, "_transform", None)
    handler.handler(invocation([b'{"action_name": "click"}', b"broken"]), None)
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    (directive,) = found["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"] for metric in directive["Metrics"]} >= {"Records", "Ok", "Dropped", "ProcessingFailed"}
    assert all(name in found for metric in directive["Metrics"] for name in [metric["Name"]])
    assert len(directive["Metrics"]) <= 100
    assert found["DeliveryStream"] == "events"


def test_every_reason_is_listed_once() -> None:
    assert not set(reasons.DROPPED) & set(reasons.FAILED)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"CONSENT": "maybe"}, "CONSENT: 'maybe' is neither 'unless_denied' nor 'required'"),
        ({"BOTS": "keep"}, "BOTS: 'keep' is neither 'tag' nor 'drop'"),
        ({"IPV4_PREFIX": "33"}, "IPV4_PREFIX: '33' is not a number of bits between 0 and 32"),
    ],
)
def test_wrong_variables_are_told(variables: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_environment(variables)


def test_replayed_record_keeps_its_arrival() -> None:
    record = {"action_name": "click", "client_id": "c"}
    first = document(record)
    wrapped = json.dumps({"replayed_arrival": ARRIVAL, "record": json.dumps(record)}, separators=(",", ":"))
    assert document(wrapped, arrival=ARRIVAL + 86_400_000) == first

"""Records are recognised by their shape and mapped to the document's names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.transform.runtime.formats import catalogue, draft
from constructs_lib.transform.runtime.formats.format import Format
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from tests.transform.batches import document, invocation, reason, run

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
LINE = (
    '198.51.100.7 - - [12/Mar/2025:08:00:01 +0100] "GET /lamp?utm_source=mail HTTP/1.1" 200 512 '
    f'"https://www.bing.com/" "{CHROME}"'
)
TRACK: dict[str, Any] = {
    "type": "track",
    "event": "Product Added",
    "messageId": "ajs-next-1741766401-42",
    "anonymousId": "a0e8e6d0",
    "userId": "ann-4711",
    "originalTimestamp": "2025-03-12T08:00:01.000Z",
    "sentAt": "2025-03-12T08:00:03.000Z",
    "properties": {
        "product_id": "SKU-1",
        "name": "Desk lamp",
        "category": "Lamps",
        "brand": "Lux",
        "price": "19.90",
        "value": 19.9,
        "currency": "eur",
        "position": 3,
        "colour": "green",
    },
    "context": {
        "page": {"url": "https://shop.example/lamp?utm_source=mail&utm_medium=email", "title": "Lamps", "referrer": ""},
        "userAgent": CHROME,
        "ip": "198.51.100.7",
        "locale": "de-AT",
        "os": {"name": "Windows", "version": "10.0"},
    },
}


def test_track_call_has_the_actions_common_word() -> None:
    assert document(TRACK)["action_name"] == "add_to_cart"


def test_track_call_has_the_product() -> None:
    assert document(TRACK)["event_attributes"]["object"] == {
        "object_id": "SKU-1",
        "object_id_field": "product_id",
        "name": "Desk lamp",
        "category": ["Lamps"],
        "brand": "Lux",
        "price": 19.9,
    }


def test_track_call_keeps_value_position_and_other_properties() -> None:
    found = document(TRACK)
    assert (found["event_value"], found["currency"]) == (19.9, "EUR")
    assert found["event_attributes"]["position"] == {"ordinal": 3}
    assert found["event_attributes"]["properties"] == {"colour": "green"}


def test_track_call_has_page_campaign_place_and_device() -> None:
    found = document(TRACK)
    assert found["page"]["host"] == "shop.example"
    assert found["campaign"] == {"source": "mail", "medium": "email"}
    assert "geo" not in found  # a locale is a language
    assert found["device"] == {"type": "desktop", "browser": "Chrome 131", "os": "Windows 10"}


def test_unknown_event_becomes_a_word() -> None:
    assert document(TRACK | {"event": "Lamp Switched On"})["action_name"] == "lamp_switched_on"


@pytest.mark.parametrize(("kind", "action"), [("page", "view"), ("screen", "view"), ("identify", "identify")])
def test_other_calls_have_their_action(kind: str, action: str) -> None:
    call = {
        "type": kind,
        "anonymousId": "a",
        "traits": {"email": "ann@example.com"},
        "timestamp": "2025-03-12T08:00:01Z",
    }
    found = document(call)
    assert found["action_name"] == action
    assert "ann@example.com" not in json.dumps(found)


@pytest.mark.parametrize("kind", ["alias", "group"])
def test_calls_about_accounts_are_dropped(kind: str) -> None:
    assert reason({"type": kind, "userId": "ann", "previousId": "b"}) == "Dropped_no_behaviour"


def test_rudderstacks_snake_case_is_read_the_same() -> None:
    call = {
        "type": "track",
        "event": "Signed Up",
        "anonymous_id": "a",
        "message_id": "m",
        "sent_at": "2025-03-12T08:00:01Z",
    }
    assert document(call)["client_id"] == "a"


def test_access_log_line_in_an_agents_envelope() -> None:
    bare, wrapped = document(LINE), document({"log": LINE + "\n", "stream": "stdout", "time": "2025-03-12T07:00:02Z"})
    assert wrapped["page"] == bare["page"]
    assert wrapped["timestamp"] == bare["timestamp"] == "2025-03-12T07:00:01.000Z"


def test_access_log_line_parsed_by_an_agent() -> None:
    fields = {
        "host": "198.51.100.7",
        "ident": None,
        "authuser": None,
        "datetime": "12/Mar/2025:08:00:01 +0100",
        "request": "GET /lamp?utm_source=mail HTTP/1.1",
        "response": "200",
        "bytes": "512",
        "referer": "https://www.bing.com/",
        "agent": CHROME,
    }
    own = {"event_id", "fingerprint"}
    bare = document(LINE)
    assert {name: item for name, item in document(fields).items() if name not in own} == {
        name: item for name, item in bare.items() if name not in own
    }


def test_access_log_names_campaign_and_search_engine() -> None:
    found = document(LINE)
    assert found["campaign"] == {"source": "mail"}
    assert found["referrer"] == {"host": "www.bing.com", "medium": "search", "source": "Bing"}


@pytest.mark.parametrize(
    ("request_line", "status", "action"),
    [
        ("GET / HTTP/1.1", 200, "view"),
        ("GET / HTTP/1.1", 304, "view"),
        ("GET /old HTTP/1.1", 301, "redirect"),
        ("GET /nothing HTTP/1.1", 404, "error"),
        ("POST /cart HTTP/1.1", 200, "submit"),
        ("GET /manual.pdf HTTP/1.1", 200, "download"),
        ("GET //favicon.html HTTP/1.1", 200, "view"),
    ],
)
def test_requests_have_their_action(request_line: str, status: int, action: str) -> None:
    line = f'198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "{request_line}" {status} 5 "-" "-"'
    assert document(line)["action_name"] == action


@pytest.mark.parametrize(
    ("request_line", "expected"),
    [
        ("GET /app.js?v=3 HTTP/1.1", "Dropped_static_asset"),
        ("GET /logo.PNG HTTP/1.1", "Dropped_static_asset"),
        ("GET /healthz HTTP/1.1", "Dropped_health_check"),
        ("GET /health/db HTTP/1.1", "Dropped_health_check"),
        ("HEAD / HTTP/1.1", "Dropped_method"),
    ],
)
def test_requests_that_are_not_behaviour_are_dropped(request_line: str, expected: str) -> None:
    assert reason(f'198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "{request_line}" 200 5 "-" "-"') == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_gives_the_encoding(encoding: str) -> None:
    event = {"action_name": "click", "application": "kaffee-m\u00fcller"}
    assert document(json.dumps(event, ensure_ascii=False).encode(encoding))["application"] == "kaffee-m\u00fcller"


def test_dropped_kinds_are_configurable() -> None:
    line = '198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "GET /app.js HTTP/1.1" 200 5 "-" "-"'
    assert document(line, settings=Settings(drop_extensions=frozenset()))["page"]["path"] == "/app.js"


def test_application_log_line() -> None:
    found = document(
        {
            "@timestamp": "2025-03-12T08:00:01,250Z",
            "level": "INFO",
            "logger": "shop.cart",
            "message": "added to cart",
            "event": "cart.add",
            "session_id": "s-1",
            "sku": "SKU-1",
            "duration": {"ms": 12},
        }
    )
    assert found["action_name"] == "cart_add"
    assert found["application"] == "shop.cart"
    assert found["message"] == "added to cart"
    assert found["message_type"] == "INFO"
    assert found["event_attributes"]["properties"] == {"duration_ms": 12, "sku": "SKU-1"}


def test_log_levels_that_are_not_behaviour_are_dropped() -> None:
    assert reason({"time": 1741766401000, "level": 20 - 10, "msg": "cache warm"}) == "Dropped_log_level"


def test_ubi_query_is_a_search() -> None:
    found = document({"query_id": "q", "user_query": "lamp", "client_id": "c", "query_response_hit_ids": ["1", "2"]})
    assert found["action_name"] == "search"
    assert found["impressions"] == ["1", "2"]
    assert found["result_count"] == 2


RESULTS: list[tuple[dict[str, Any], int | None]] = [
    ({"query_id": "q", "user_query": "lamp", "query_response_hit_ids": []}, 0),
    ({"query_id": "q", "user_query": "lamp"}, None),
    ({"query_id": "q", "user_query": "lamp", "query_response_hit_ids": ["1"], "result_count": 214}, 214),
    ({"action_name": "search", "user_query": "lamp", "impressions": []}, 0),
    ({"action_name": "search", "user_query": "lamp"}, None),
    ({"action_name": "search", "user_query": "lamp", "result_count": "7"}, 7),
    ({"action_name": "search", "user_query": "lamp", "result_count": -1}, None),
    ({"action_name": "search", "user_query": "lamp", "result_count": True}, None),
    ({"action_name": "search", "user_query": "lamp", "result_count": "many"}, None),
    ({"action_name": "click", "impressions": []}, None),
    ({"idsite": 1, "rec": 1, "search": "lamp", "search_count": "0"}, 0),
    ({"idsite": 1, "rec": 1, "search": "lamp"}, None),
    ({"type": "track", "anonymousId": "c", "event": "Products Searched", "properties": {"result_count": 0}}, 0),
]


@pytest.mark.parametrize(("event", "results"), RESULTS)
def test_a_search_has_its_given_number_of_results(event: dict[str, Any], results: int | None) -> None:
    assert document(event).get("result_count") == results


def test_a_document_transformed_again_gets_no_number_of_results() -> None:
    first = document({"action_name": "search", "user_query": "lamp", "impressions": ["1"]})
    del first["result_count"]
    assert "result_count" not in document(first)


def test_ubi_attributes_beside_object_and_position_are_properties() -> None:
    found = document({"action_name": "click", "event_attributes": {"session": {"tab": 2}, "dwell": 1.5}})
    assert found["event_attributes"] == {
        "properties": {"dwell": 1.5, "session_tab": 2},
        "position": {"xy": {"x": -1, "y": -1}},
    }


def test_one_event_in_a_list_is_that_event() -> None:
    assert document([{"action_name": "click"}])["action_name"] == "click"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("", "Dropped_empty"),
        (" \r\n", "Dropped_empty"),
        ('{"index": {"_index": "ubi_events"}}', "Dropped_bulk_action"),
        ('{"action_name": "click"}{"action_name": "click"}', "Failed_several_events"),
        ('[{"action_name": "click"}, {"action_name": "click"}]', "Failed_several_events"),
        ('{"batch": [{"type": "track"}]}', "Failed_several_events"),
        ('{"action_name": "cli', "Failed_invalid_json"),
        ("{'action_name': 'click'}", "Failed_invalid_json"),
        ('{"value": ' + "9" * 5000 + "}", "Failed_invalid_json"),
        ("[" * 200_000, "Failed_nested_too_deeply"),
        ("42", "Failed_unrecognised"),
        ("{}", "Failed_unrecognised"),
        ('{"colour": "green"}', "Failed_unrecognised"),
        ("hello", "Failed_unrecognised"),
        (b'{"action_name": "\xff"}', "Failed_not_utf8"),
        ('{"action_name": "click"}'.encode("utf-16-le"), "Failed_not_utf8"),
        ("[client 198.51.100.7] ModSecurity: Warning", "Failed_unrecognised"),
        ("#0 /srv/cart.php(758): add()", "Failed_unrecognised"),
        ("#Remark: moved", "Dropped_header"),
        (b"\x1f\x8b\x08\x00", "Failed_unrecognised"),
        ('{"action_name": ""}', "Failed_no_action"),
        ('{"action_name": "click", "timestamp": "yesterday"}', "Failed_invalid_timestamp"),
        ('{"action_name": "click", "timestamp": "2031-01-01T00:00:00Z"}', "Failed_timestamp_out_of_range"),
        ('{"action_name": "click", "timestamp": 0}', "Failed_timestamp_out_of_range"),
    ],
)
def test_a_record_without_a_document_has_a_reason(record: str | bytes, expected: str) -> None:
    assert reason(record) == expected


def test_invalid_base64_fails_alone() -> None:
    given = invocation([b'{"action_name": "click"}', b'{"action_name": "click"}'])
    given["records"][0]["data"] = "abc"
    answer, _ = Transform(Settings()).batch(given)
    assert [one["result"] for one in answer["records"]] == ["ProcessingFailed", "Ok"]


def test_a_new_format_needs_one_entry_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    def till(value: dict[str, Any], settings: Settings) -> draft.Draft | None:
        return {
            "action_name": "purchase",
            "timestamp": value["at"],
            "event_value": value["total"],
            "application": settings.application or "till",
        }

    entry = Format("till", till, signs=frozenset({"till"}))
    monkeypatch.setattr(catalogue, "_OF_OBJECTS", ((entry, till, entry.signs), *catalogue._OF_OBJECTS))
    outcome = run({"till": 7, "at": "2025-03-12T08:00:01Z", "total": "12.50"})
    assert outcome.documents[0]["event_value"] == 12.5
    assert outcome.metrics["Shape_till"] == 1


def test_records_of_the_last_format_are_counted_separately() -> None:
    outcome = run({"event": "lamp_on", "lamp": 7}, {"level": "info", "msg": "lamp on", "time": "2025-03-12T08:00:01Z"})
    assert (outcome.metrics["Shape_unmapped"], outcome.metrics["Shape_application_log"]) == (1, 1)
    assert [one["ingest"]["format"] for one in outcome.documents] == ["unmapped", "application_log"]

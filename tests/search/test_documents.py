"""The transform's documents of the real inputs, in an index with the template: types, checked by queries."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import pytest

from constructs_lib.bootstrap.runtime.dialect import Dialect, detect
from rehearsal.engines import Server
from tests.search.bootstrapped import bootstrap, client
from tests.search.corpus import Corpus, deliver, refresh
from tests.transform.batches import document

INDEX = "events-2026-01-01"


@pytest.fixture(scope="module")
def rejections(server: Server, corpus: Corpus) -> list[Any]:
    bootstrap(server, replicas=0)
    server.request("DELETE", INDEX)
    found = deliver(server, INDEX, corpus.documents)
    refresh(server, INDEX)
    return found


@pytest.fixture(scope="module")
def spoken(server: Server) -> Dialect:
    return detect(client(server), cast("dict[str, Any]", server.request("GET", "/").json))


def search(server: Server, body: dict[str, Any]) -> dict[str, Any]:
    answer = server.request("POST", "events-*/_search", {"size": 0, "track_total_hits": True, **body})
    assert answer.status == 200, answer.text
    return cast("dict[str, Any]", answer.json)


def count(server: Server, query: dict[str, Any]) -> int:
    return int(search(server, {"query": query})["hits"]["total"]["value"])


def test_no_document_is_refused(rejections: list[Any]) -> None:
    assert rejections == []


def test_every_document_is_in_the_index(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    assert count(server, {"match_all": {}}) == len(corpus.documents)


def test_delivering_again_adds_nothing(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    deliver(server, INDEX, corpus.documents[:100])
    refresh(server, INDEX)
    assert count(server, {"match_all": {}}) == len(corpus.documents)


@pytest.mark.parametrize(
    "field",
    ["action_name", "application", "page.host", "device.type", "device.browser", "http.method", "http.status",
     "bot_reasons", "event_attributes.object.object_id_field", "referrer.medium", "schema_version"],
)  # fmt: skip
def test_terms_are_counted(server: Server, corpus: Corpus, rejections: list[Any], field: str) -> None:
    expected = Counter(value for document in corpus.documents for value in set(Corpus([document]).values(field)))
    answer = search(server, {"aggs": {"values": {"terms": {"field": field, "size": 10000}}}})
    found = {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["values"]["buckets"]}
    assert found == dict(expected)


def test_days_are_counted(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    expected = Counter(value[:10] for value in corpus.values("timestamp"))
    histogram = {"field": "timestamp", "calendar_interval": "day", "min_doc_count": 1}
    if server.name == "elasticsearch-7.1.0":
        histogram["interval"] = histogram.pop("calendar_interval")
    answer = search(server, {"aggs": {"days": {"date_histogram": histogram}}})
    found = {bucket["key_as_string"][:10]: bucket["doc_count"] for bucket in answer["aggregations"]["days"]["buckets"]}
    assert found == dict(expected)


def test_a_time_range_is_exact(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    times = sorted(corpus.values("timestamp"))
    low, high = times[len(times) // 4], times[len(times) // 2]
    expected = sum(low <= time < high for time in times)
    assert count(server, {"range": {"timestamp": {"gte": low, "lt": high}}}) == expected > 0


def test_bytes_are_summed(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    answer = search(server, {"aggs": {"bytes": {"sum": {"field": "http.bytes"}}}})
    assert answer["aggregations"]["bytes"]["value"] == sum(corpus.values("http.bytes")) > 0


def test_ranks_are_numbers(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    ranks = corpus.values("event_attributes.position.ordinal")
    expected = sum(rank >= 2 for rank in ranks)
    assert count(server, {"range": {"event_attributes.position.ordinal": {"gte": 2}}}) == expected > 0


def test_an_exact_path_is_found(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    path, expected = Counter(corpus.values("page.path")).most_common(1)[0]
    assert count(server, {"term": {"page.path": path}}) == expected


def test_bots_are_distinguished_from_people(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    assert count(server, {"term": {"is_bot": True}}) == sum(corpus.values("is_bot")) > 0


def test_search_queries_are_found_by_a_word(server: Server, corpus: Corpus, rejections: list[Any]) -> None:
    word = next(word for query in corpus.values("user_query") for word in query.split() if word.isalpha())
    expected = sum(word.lower() in query.lower().split() for query in corpus.values("user_query"))
    assert count(server, {"match": {"user_query": word}}) >= expected > 0


def test_no_field_was_added_to_the_mapping(server: Server, rejections: list[Any], spoken: Dialect) -> None:
    body = cast("dict[str, Any]", server.request("GET", f"{INDEX}/_mapping").json)
    server.request("PUT", "events-empty")
    empty = cast("dict[str, Any]", server.request("GET", "events-empty/_mapping").json)
    server.request("DELETE", "events-empty")
    assert body[INDEX]["mappings"] == empty["events-empty"]["mappings"]


def test_properties_are_indexed_or_only_kept_depending_on_the_engine(server: Server, spoken: Dialect) -> None:
    made = document(
        {"type": "track", "event": "Opened", "anonymousId": "a", "properties": {"plan": "gold", "seats": 4}}
    )
    deliver(server, "events-properties", [made])
    refresh(server, "events-properties")
    found = count(server, {"term": {"event_attributes.properties.plan": "gold"}})
    kept = cast("dict[str, Any]", server.request("GET", "events-properties/_doc/0").json)["_source"]
    server.request("DELETE", "events-properties")
    assert found == (1 if spoken.flat_object else 0)
    assert kept["event_attributes"]["properties"]["plan"] == "gold"


ODD: list[dict[str, Any]] = [
    {"properties": {name: "value"}}
    for name in (".", "a..b", "a.", ".a", " ", "a=b", "*", "_id", "properties", "é", "a.b.c")
] + [
    {"properties": {"text": "x" * 40_000}},
    {"properties": {"deep": {"a": {"b": {"c": [1, {"d": [2, [3]]}]}}}}},
    {"properties": {"mixed": [1, "two", True, {"three": 3}]}},
    {"properties": {"huge": 10**400}},
    {"properties": {"position": 10**30}},
    {"properties": {"revenue": 1e308, "price": "12,50"}},
    {"properties": {"category": ["c" * 300] * 50, "url": "https://example.com/" + "p" * 9000}},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: next(iter(odd["properties"])))
def test_unusual_properties_are_not_refused(server: Server, rejections: list[Any], odd: dict[str, Any]) -> None:
    made = document({"type": "track", "event": "Opened", "anonymousId": "a", **odd})
    refused = deliver(server, "events-odd", [made])
    server.request("DELETE", "events-odd")
    assert refused == []

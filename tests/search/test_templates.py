"""Templates in each engine's dialect: installed once, kept if equal, overwritten if changed."""

from __future__ import annotations

from typing import Any, cast

import pytest

from constructs_lib.bootstrap.runtime.dialect import detect
from rehearsal.engines import Server
from tests.search.bootstrapped import bootstrap, client, outcomes


def properties(server: Server, index: str) -> dict[str, Any]:
    body = cast("dict[str, Any]", server.request("GET", f"{index}/_mapping").json)
    return cast("dict[str, Any]", body[index]["mappings"]["properties"])


@pytest.fixture(scope="module")
def first(server: Server) -> dict[str, Any]:
    return bootstrap(
        server, index_name="shop", queries_name="shop_queries", shards=2, replicas=0, ubi_events_alias=None
    )


def again(server: Server, **changes: Any) -> dict[tuple[str, str], str]:
    given = {"shards": 2, "replicas": 0, "ubi_events_alias": None, **changes}
    return outcomes(bootstrap(server, index_name="shop", queries_name="shop_queries", **given))


def template(server: Server) -> str:
    return "_index_template/shop" if server.request("GET", "_index_template").status == 200 else "_template/shop"


def test_the_first_run_creates_the_templates(first: dict[str, Any]) -> None:
    made = {kind for (kind, _), outcome in outcomes(first).items() if outcome == "created"}
    assert made in ({"template", "write alias"}, {"component template", "index template", "write alias"})


def test_a_second_run_changes_nothing(server: Server, first: dict[str, Any]) -> None:
    assert set(again(server).values()) <= {"unchanged", "skipped"}


def test_a_changed_template_is_overwritten(server: Server, first: dict[str, Any]) -> None:
    body: dict[str, Any] = {"index_patterns": ["shop-*"]}
    body |= {"order": 104} if template(server).startswith("_template") else {"priority": 104}
    assert server.request("PUT", template(server), body).status == 200
    changed = [name for name, outcome in again(server).items() if outcome == "updated"]
    assert [name for _, name in changed] == ["shop"]


def test_other_templates_are_not_changed(server: Server, first: dict[str, Any]) -> None:
    path = template(server).replace("shop", "theirs")
    server.request("PUT", path, {"index_patterns": ["theirs-*"]})
    before = server.request("GET", path).json
    again(server)
    assert server.request("GET", path).json == before


def test_another_shard_count_updates_the_template_only(server: Server, first: dict[str, Any]) -> None:
    changed = {name for name, outcome in again(server, shards=3).items() if outcome == "updated"}
    again(server)
    assert changed in ({("template", "shop")}, {("component template", "shop-settings")})


def test_a_new_index_has_the_settings(server: Server, first: dict[str, Any]) -> None:
    server.request("PUT", "shop-2026-01-01/_doc/1", {"action_name": "view"})
    body = cast("dict[str, Any]", server.request("GET", "shop-2026-01-01/_settings").json)
    index = body["shop-2026-01-01"]["settings"]["index"]
    assert (index["number_of_shards"], index["number_of_replicas"], index["refresh_interval"]) == ("2", "0", "30s")
    assert index["search"]["slowlog"]["threshold"] == {"query": {"warn": "5s"}, "fetch": {"warn": "1s"}}
    assert index["indexing"]["slowlog"] == {"threshold": {"index": {"warn": "5s"}}, "source": "false"}


def test_an_unknown_field_is_kept_and_not_mapped(server: Server, first: dict[str, Any]) -> None:
    server.request("PUT", "shop-2026-01-02/_doc/1?refresh=true", {"action_name": "view", "unheard_of": {"a": 1}})
    assert "unheard_of" not in properties(server, "shop-2026-01-02")
    body = cast("dict[str, Any]", server.request("GET", "shop-2026-01-02/_doc/1").json)
    assert body["_source"]["unheard_of"] == {"a": 1}


def test_a_thousand_properties_add_no_field(server: Server, first: dict[str, Any]) -> None:
    document = {"event_attributes": {"properties": {f"key_{number}": number for number in range(1500)}}}
    assert server.request("PUT", "shop-2026-01-03/_doc/1?refresh=true", document).status == 201
    kept = properties(server, "shop-2026-01-03")["event_attributes"]["properties"]["properties"]
    spoken = detect(client(server), cast("dict[str, Any]", server.request("GET", "/").json))
    assert kept == ({"type": "flat_object"} if spoken.flat_object else {"type": "object", "enabled": False})


def test_an_index_of_another_mapping_is_reported_and_kept(server: Server) -> None:
    server.request("PUT", "early-2025", {"mappings": {"properties": {"action_name": {"type": "text"}}}})
    before = properties(server, "early-2025")
    answer = bootstrap(server, index_name="early", queries_name="early_queries", ubi_events_alias=None)
    conflict = next(each for each in answer["objects"] if each["name"] == "early-2025")
    after = properties(server, "early-2025")
    server.request("DELETE", "early-2025")
    assert conflict["outcome"] == "conflict"
    assert "action_name (text, not keyword)" in conflict["reason"]
    assert after == before


def test_fields_that_an_older_index_lacks_are_added(server: Server, first: dict[str, Any]) -> None:
    mapping = {
        "properties": {"action_name": {"type": "keyword"}, "page": {"properties": {"host": {"type": "keyword"}}}}
    }
    server.request("PUT", "shop-older", {"mappings": mapping})
    again(server)
    added = properties(server, "shop-older")
    server.request("DELETE", "shop-older")
    assert added["page"]["properties"]["path"]["type"] == "keyword"
    assert added["timestamp"]["type"] == "date"


def test_queries_have_a_write_alias_and_their_own_mapping(server: Server, first: dict[str, Any]) -> None:
    query = {
        "query_id": "q1",
        "user_query": "shoes",
        "timestamp": "2026-01-01T00:00:00.000Z",
        "query_attributes": {"a": 1},
    }
    assert server.request("POST", "shop_queries/_doc?refresh=true", query).status == 201
    assert properties(server, "shop_queries-000001")["query_id"]["type"] == "keyword"


def test_an_index_with_the_name_of_an_alias_is_reported(server: Server) -> None:
    server.request("PUT", "taken")
    answer = outcomes(bootstrap(server, index_name="clash", queries_name="clash_queries", ubi_events_alias="taken"))
    made = server.request("PUT", "clash-2026-01-01/_doc/1", {"action_name": "view"})
    server.request("DELETE", "taken")
    assert answer["alias", "taken"] == "conflict"
    assert made.status == 201


def test_events_are_found_under_the_alias_of_ubi_tools(server: Server) -> None:
    bootstrap(server, index_name="aliased", queries_name="aliased_queries", ubi_events_alias="aliased_ubi")
    server.request("PUT", "aliased-2026-01-01/_doc/1?refresh=true", {"action_name": "view"})
    assert cast("dict[str, Any]", server.request("GET", "aliased_ubi/_count").json)["count"] == 1


def test_without_firehoses_rotation_the_engine_gets_a_write_alias(server: Server) -> None:
    bootstrap(server, index_name="single", queries_name="single_queries", index_rotation="NoRotation")
    assert server.request("PUT", "single/_doc/1", {"action_name": "view"}).status == 201
    assert properties(server, "single-000001")["action_name"]["type"] == "keyword"

"""Erasure on real engines: deletes one person's documents, keeps all others, and lists what remains."""

from __future__ import annotations

from typing import Any, cast

import pytest

from rehearsal.engines import Server
from tests.search.bootstrapped import bootstrap
from tests.search.corpus import deliver, refresh

ANN, BOB = "u1_" + "a" * 32, "u1_" + "b" * 32
NAMES: dict[str, Any] = {
    "index_name": "people",
    "queries_name": "people_queries",
    "ubi_events_alias": None,
    "replicas": 0,
}


def event(number: int, **person: str) -> dict[str, Any]:
    return {"action_name": "view", "timestamp": f"2026-01-01T00:00:{number % 60:02d}.000Z", **person}


@pytest.fixture
def people(server: Server) -> Server:
    bootstrap(server, **NAMES)
    for index in ("people-2026-01-01", "people-2026-01-02"):
        deliver(server, index, [event(number, user_id=ANN if number % 3 else BOB) for number in range(90)])
        deliver(server, index, [event(number, user_id=BOB, client_id="phone") for number in range(90)])
        for number in range(30):
            server.request("PUT", f"{index}/_doc/ann-{number}", event(number, user_id=ANN))
        server.request("PUT", f"{index}/_doc/phone", event(0, client_id="anns-phone"))
        refresh(server, index)
    return server


def left(server: Server, field: str, value: str) -> int:
    refresh(server, "people-*")
    query = {"query": {"term": {field: value}}}
    return int(cast("dict[str, Any]", server.request("POST", "people-*/_count", query).json)["count"])


def erase(server: Server, **event_: Any) -> dict[str, Any]:
    return bootstrap(server, {"action": "erase", **event_}, **NAMES)


def test_one_persons_documents_are_deleted(people: Server) -> None:
    answer = erase(people, pseudonyms=[ANN], client_ids=["anns-phone"])
    assert (answer["found"], answer["deleted"]) == (62, 62)
    assert left(people, "user_id", ANN) == left(people, "client_id", "anns-phone") == 0


def test_documents_of_a_visit_are_deleted(people: Server) -> None:
    deliver(people, "people-2026-01-01", [event(number, session_id="anns-visit") for number in range(7)])
    refresh(people, "people-2026-01-01")
    answer = erase(people, session_ids=[" anns-visit "])
    assert (answer["found"], answer["deleted"]) == (7, 7)
    assert left(people, "session_id", "anns-visit") == 0


def test_documents_of_others_are_kept(people: Server) -> None:
    before = left(people, "user_id", BOB)
    erase(people, pseudonyms=[ANN])
    assert left(people, "user_id", BOB) == before == 180


def test_a_dry_run_counts_and_deletes_nothing(people: Server) -> None:
    answer = erase(people, pseudonyms=[ANN], dry_run=True)
    assert (answer["found"], answer["deleted"]) == (60, 0)
    assert left(people, "user_id", ANN) == 60


def test_erasing_twice_finds_nothing_the_second_time(people: Server) -> None:
    erase(people, pseudonyms=[ANN])
    assert erase(people, pseudonyms=[ANN])["found"] == 0


def test_the_write_block_of_a_merged_index_is_restored(people: Server) -> None:
    people.request("PUT", "people-2026-01-01/_settings", {"index.blocks.write": True})
    erase(people, pseudonyms=[ANN])
    settings = cast("dict[str, Any]", people.request("GET", "people-2026-01-01/_settings").json)
    people.request("PUT", "people-2026-01-01/_settings", {"index.blocks.write": None})
    assert left(people, "user_id", ANN) == 0
    assert settings["people-2026-01-01"]["settings"]["index"]["blocks"]["write"] == "true"


def test_queries_of_the_person_are_deleted_too(people: Server) -> None:
    people.request("POST", "people_queries/_doc?refresh=true", {"query_id": "q", "user_id": ANN})
    erase(people, pseudonyms=[ANN])
    people.request("POST", "people_queries/_refresh")
    assert cast("dict[str, Any]", people.request("GET", "people_queries/_count").json)["count"] == 0

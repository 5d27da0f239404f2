"""Events become sessions and recommendations, on every engine."""

from __future__ import annotations

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from constructs_lib.bootstrap.runtime import catalogue
from constructs_lib.recommender.runtime import folding, profiles, sessions
from constructs_lib.recommender.runtime.domain import Domain
from constructs_lib.recommender.runtime.nearest import parted
from constructs_lib.recommender.runtime.requests import Ranking, Wanted
from rehearsal.engines import Server
from rehearsal.recommending import examples
from tests.recommender.visits import NOW, event, visit
from tests.search.recommending import Site, domain

HOUR = timedelta(hours=1)
MANY = 8000
"""Items, more than Elasticsearch 7.1 lets a search look at by the usual half as many again."""
USER = "u1_" + "7" * 32


@pytest.fixture
def site(server: Server) -> Site:
    """An empty site."""
    return Site(server, "store")


class CutShort(Domain):
    """A domain whose caller ends after so many requests, as a function does whose time is up."""

    def __init__(self, whole: Domain, requests: int) -> None:
        self.whole, self.requests = whole, requests

    def ask(self, method: str, path: str, body: Any = None, *, missing: Any = None) -> Any:
        """As the whole one, and then no more."""
        if not self.requests:
            raise KeyboardInterrupt
        self.requests -= 1
        return self.whole.ask(method, path, body, missing=missing)

    def pause(self, attempt: int) -> bool:
        """As the whole one."""
        return self.whole.pause(attempt)


class SideBySide(Domain):
    """A domain whose callers wait for each other once they have read how far the fold is."""

    def __init__(self, whole: Domain, both: Barrier) -> None:
        self.whole, self.both, self.read = whole, both, False

    def ask(self, method: str, path: str, body: Any = None, *, missing: Any = None) -> Any:
        """As the whole one."""
        answer = self.whole.ask(method, path, body, missing=missing)
        if method == "GET" and "/_doc/" in path and not self.read:
            self.read = True
            self.both.wait(timeout=60)
        return answer

    def pause(self, attempt: int) -> bool:
        """As the whole one."""
        return self.whole.pause(attempt)


def sequences(site: Site) -> list[list[str]]:
    """The sequences of all sessions."""
    return sorted(parted(each["sequence"]).items for each in site.documents("sessions").values())


def items(answer: dict[str, Any]) -> list[str]:
    """What was recommended."""
    return [each["itemId"] for each in answer["itemList"]]


def shop(site: Site) -> None:
    """Ten visitors look at a, b, c; one at a, d; one at x, y."""
    site.deliver(each for number in range(10) for each in visit(["a", "b", "c"], f"s{number}", f"c{number}"))
    site.deliver(visit(["a", "d"], "t", "d"))
    site.deliver(visit(["x", "y"], "u", "e"))


def test_a_session_has_its_items_in_order(site: Site) -> None:
    site.deliver(visit(["a", "b", "b", "a"], "s1", "c1"))
    answer = site.fold()
    assert (answer["sessions"], answer["events"]) == (1, 4)
    assert sequences(site) == [["a", "b", "a"]]


def test_folding_again_writes_the_same(site: Site) -> None:
    shop(site)
    site.fold()
    before = {kind: site.documents(kind) for kind in ("sessions", "profiles")}
    site.fold(now=NOW)
    after = {kind: site.documents(kind) for kind in ("sessions", "profiles")}
    assert before == after


def test_folding_twice_at_once_writes_the_same(site: Site) -> None:
    shop(site)
    site.fold()
    alone = {kind: site.documents(kind) for kind in ("sessions", "profiles")}
    site.forget()
    both = Barrier(2)
    domains = [SideBySide(domain(site.server), both) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(folding.run, {}, site.settings, each, seconds=300, now=NOW) for each in domains]
    assert [run.result()["sessions"] for run in runs] == [12, 12]
    assert all(each.read for each in domains)
    assert {kind: site.documents(kind) for kind in alone} == alone


def test_the_next_run_completes_an_interrupted_run(site: Site) -> None:
    shop(site)
    site.fold()
    whole = {kind: site.documents(kind) for kind in ("sessions", "profiles")}
    for requests in range(1, 10):
        site.forget()
        with pytest.raises(KeyboardInterrupt):
            folding.run({}, site.settings, CutShort(site.domain, requests), seconds=300, now=NOW)
        site.fold()
        assert {kind: site.documents(kind) for kind in whole} == whole, requests


def test_a_late_event_is_added_to_its_session(site: Site) -> None:
    first, second, third = visit(["a", "b", "c"], "s1", "c1")
    site.deliver([first, third])
    site.fold()
    site.deliver([{**second, "received_at": third["received_at"]}])
    site.fold(now=NOW + timedelta(minutes=5))
    assert sequences(site) == [["a", "c"]]  # received long before the overlap: the second look finds it
    site.fold(now=NOW + timedelta(minutes=5), look_back_hours=48)
    assert sequences(site) == [["a", "b", "c"]]


def test_a_session_over_midnight_is_complete(site: Site) -> None:
    site.deliver([event("a", at=NOW - timedelta(days=6)), event("b", at=NOW - 2 * HOUR)])
    site.fold()
    site.deliver([event("c", at=NOW - HOUR, received=NOW + timedelta(minutes=1))])
    site.fold(now=NOW + timedelta(minutes=5))
    assert sequences(site) == [["a", "b", "c"]]


def test_a_late_event_is_found_by_its_time_of_receipt(site: Site) -> None:
    first, second = visit(["a", "b"], "s1", "c1")
    site.deliver([first])
    site.fold()
    site.deliver([{**second, "received_at": event(None, at=NOW + timedelta(minutes=1))["timestamp"]}])
    site.fold(now=NOW + timedelta(minutes=5))
    assert sequences(site) == [["a", "b"]]


def test_a_denial_deletes_sessions_and_profile(site: Site) -> None:
    site.deliver(visit(["a", "b"], "s1", "c1"))
    site.deliver(visit(["a", "c"], "s2", "c2", at=NOW - 3 * HOUR))
    site.fold()
    no = {"personalization": False}
    site.deliver(
        [event("z", session="s3", client="c1", at=NOW - HOUR, received=NOW + timedelta(minutes=1), consent=no)]
    )
    site.fold(now=NOW + timedelta(minutes=5))
    assert sequences(site) == [["a", "c"]]
    site.fold(now=NOW + timedelta(minutes=10), look_back_hours=48)
    assert sequences(site) == [["a", "c"]]
    profile = site.documents("profiles")[profiles.key(("client_id", "c1"))]
    assert profile["sessions"] == []


def test_events_count_again_after_later_consent(site: Site) -> None:
    no = {"personalization": False}
    site.deliver([event("z", client="c1", at=NOW - 2 * HOUR, consent=no)])
    site.deliver(visit(["a", "b"], "s2", "c1", at=NOW - HOUR))
    site.fold()
    assert sequences(site) == [["a", "b"]]


def test_items_of_the_nearest_sessions_come_first_with_reasons(site: Site) -> None:
    shop(site)
    site.fold()
    answer = site.recommender().recommend(Wanted(recent=("a",), number=3), now=NOW)
    assert items(answer)[0] == "b"
    assert answer["itemList"][0]["reason"] == ["because you looked at a"]
    scores = [each["score"] for each in answer["itemList"]]
    assert scores == sorted(scores, reverse=True)


def test_popularity_counts_many_items(site: Site) -> None:
    many = [f"i{number}" for number in range(MANY)]
    for begin in range(0, MANY, sessions.LONGEST):
        site.deliver(visit(many[begin : begin + sessions.LONGEST], f"s{begin}", f"c{begin}"))
    site.deliver(visit(["i1", "i2"], "again", "again"))
    assert site.fold()["counted"] is True
    answer = site.recommender().recommend(Wanted(client_id="new", number=2), now=NOW)
    assert items(answer) == ["i1", "i2"]


def test_a_new_visitor_gets_popular_items(site: Site) -> None:
    shop(site)
    site.fold()
    answer = site.recommender().recommend(Wanted(client_id="new", number=2), now=NOW)
    assert items(answer) == ["a", "b"]
    assert answer["itemList"][0]["reason"] == ["popular"]


def test_the_profile_is_used_without_a_running_session(site: Site) -> None:
    shop(site)
    site.fold()
    answer = site.recommender().recommend(Wanted(client_id="e", number=1, explain=True), now=NOW)
    assert answer["explain"]["origin"] == "profile"
    assert answer["explain"]["session"] == ["x", "y"]


def test_a_folded_session_is_used_if_the_request_has_none(site: Site) -> None:
    shop(site)
    site.fold()
    answer = site.recommender().recommend(Wanted(client_id="e", session_id="u", number=1, explain=True), now=NOW)
    assert (answer["explain"]["origin"], answer["explain"]["session"]) == ("session", ["x", "y"])


def test_bought_items_are_not_recommended(site: Site) -> None:
    shop(site)
    site.deliver([event("b", session="p", client="buyer", action="purchase", at=NOW - HOUR)])
    site.fold()
    answer = site.recommender().recommend(Wanted(client_id="buyer", recent=("a",), number=5), now=NOW)
    assert "b" not in items(answer)
    assert items(answer)[0] == "c"


def test_unavailable_or_excluded_items_are_not_recommended(site: Site) -> None:
    shop(site)
    site.fold()
    recommender = site.recommender()
    recommender.put_items({"b": {"available": False}})
    answer = recommender.recommend(Wanted(recent=("a",), number=5, exclude=frozenset({"c"})), now=NOW)
    assert items(answer) == ["d", "x", "y"]


def test_conditions_on_category_and_price_are_met(site: Site) -> None:
    shop(site)
    site.fold()
    recommender = site.recommender()
    recommender.put_items(
        {
            "b": {"category": ["shoes"], "price": 50.0},
            "c": {"category": ["hats"], "price": 10.0},
            "y": {"category": ["shoes"], "price": 90.0},
        }
    )
    assert items(recommender.recommend(Wanted(recent=("a",), category="hats"), now=NOW)) == ["c"]
    site.server.request("POST", "/store.items/_refresh")
    assert items(recommender.recommend(Wanted(recent=("a",), category="shoes"), now=NOW)) == ["b", "y"]
    assert items(recommender.recommend(Wanted(recent=("a",), category="shoes", max_price=60), now=NOW)) == ["b"]
    assert items(recommender.recommend(Wanted(recent=("a",), category="shoes", min_price=60), now=NOW)) == ["y"]


def test_without_a_catalogue_categories_come_from_events(site: Site) -> None:
    named = {"event_attributes": {"object": {"object_id": "k", "category": ["hats"]}, "position": {"ordinal": 1}}}
    site.deliver([event("k", session=f"s{number}", client=f"c{number}") | named for number in range(3)])
    site.fold()
    answer = site.recommender().recommend(Wanted(category="hats", client_id="new"), now=NOW)
    assert items(answer) == ["k"]


def test_lists_are_ranked_for_the_visitor(site: Site) -> None:
    shop(site)
    site.fold()
    answer = site.recommender().rank(Ranking(("q", "d", "r", "b"), Wanted(recent=("a",))), now=NOW)
    assert [each["itemId"] for each in answer["personalizedRanking"]] == ["d", "b", "q", "r"]


def test_a_rehearsal_prints_recommendations_for_three_visitors(site: Site) -> None:
    received = datetime.now(timezone.utc)
    site.deliver(
        each
        for number in range(10)
        for each in visit(["a", "b", "c"], f"s{number}", f"c{number}", at=received - HOUR, received=received)
    )
    first, *lines = examples(site.server.url, site.name)
    assert first == "recommendations from 10 sessions, the moment after the last event"
    assert [line for line in lines if line.startswith("  a visitor")] == ["  a visitor looked at a, b, c"] * 3
    # There are three items, and the one that is looked at is not recommended.
    assert lines[1:3] == ["    b: because you looked at c", "    a: because you looked at c"]


def test_old_sessions_are_deleted_by_the_second_look(site: Site) -> None:
    shop(site)
    site.fold()
    answer = site.fold(now=NOW + timedelta(days=91), look_back_hours=48)
    assert answer["deleted"] == 24
    assert site.documents("sessions") == {}
    assert site.documents("profiles") == {}


def test_an_endless_session_is_read_up_to_the_limit(site: Site) -> None:
    many = [
        event(f"i{number % 70}", session="long", client="c9", at=NOW - timedelta(seconds=5000 - number))
        for number in range(sessions.MOST_EVENTS + 20)
    ]
    site.deliver(many)
    site.fold()
    (document,) = site.documents("sessions").values()
    assert document["events"] == sessions.MOST_EVENTS
    assert len(parted(document["sequence"]).items) == sessions.LONGEST


@pytest.mark.parametrize(
    "person", [{"client_ids": ["c1"]}, {"session_ids": ["s1"]}, {"pseudonyms": [USER]}], ids=["client", "visit", "user"]
)
def test_an_erasure_deletes_sessions_and_profile(site: Site, person: dict[str, Any]) -> None:
    site.deliver(visit(["a", "b"], "s1", "c1", user_id=USER))
    site.deliver(visit(["a", "c"], "s2", "c2"))
    site.fold()
    answer = site.bootstrap({"action": "erase", **person})
    assert answer["deleted"] == 2 + 1 + 2
    assert sequences(site) == [["a", "c"]]
    assert [each["client_id"] for each in site.documents("profiles").values()] == [["c2"]]
    site.fold(now=NOW + timedelta(minutes=5), look_back_hours=48)
    assert sequences(site) == [["a", "c"]]


def test_the_dashboard_counts_lists_by_arm(site: Site) -> None:
    one, other = (f"r1.{arm}.{uuid.UUID(int=number)}" for number, arm in enumerate("AB"))
    site.deliver(
        [
            event(None, client="c1", action="impression", recommendation_id=one),
            event(None, client="c2", action="impression", recommendation_id=other),
            event("x", client="c1", action="click", recommendation_id=one),
            event("x", client="c1", action="purchase", recommendation_id=one),
            event("x", client="c3", action="click", recommendation_id="of somebody else"),
        ]
    )
    objects = {each["id"]: each for each in catalogue.saved_objects(site.names, arms=["A", "B"])}
    shown = {}
    for panel in ("arms", "conversion"):
        state = json.loads(objects[f"store-recommendations-{panel}"]["attributes"]["visState"])
        body = json.loads(state["params"]["spec"])["data"]["url"]["body"]
        answer = site.server.request("POST", "/store-*/_search", body)
        assert answer.status == 200, answer.text
        assert isinstance(answer.json, dict)
        shown[panel] = answer.json["aggregations"]["chosen"]["arms"]["buckets"]
    lists = [(each["shown"]["value"], each["followed"]["lists"]["value"]) for each in shown["arms"]]
    assert lists == [(1, 1), (1, 0)]
    assert [each["bought"]["visitors"]["value"] for each in shown["conversion"]] == [1, 0]


def test_the_documented_clause_personalizes_a_search(server: Server) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "personalization.md").read_text(encoding="utf-8")
    body = json.loads(re.findall(r"```json\n(\{.*?\})\n```", page, re.DOTALL)[0])
    server.request("DELETE", "/products?ignore_unavailable=true")
    mapping = {"properties": {"item_id": {"type": "keyword"}, "title": {"type": "text"}}}
    assert server.request("PUT", "/products", {"mappings": mapping}).status == 200
    for item in ("B01", "B29", "B02"):
        server.request("PUT", f"/products/_doc/{item}?refresh=true", {"item_id": item, "title": "shoes"})
    answer = server.request("POST", "/products/_search", body)
    assert isinstance(answer.json, dict)
    assert [hit["_id"] for hit in answer.json["hits"]["hits"]] == ["B02", "B29", "B01"]

"""Recommendations: the sources of lists, items that are left out, and answers while the domain is unavailable."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from constructs_lib.recommender.runtime import handler as function
from constructs_lib.recommender.runtime import recommender as module
from constructs_lib.recommender.runtime import sessions
from constructs_lib.recommender.runtime.domain import Domain
from constructs_lib.recommender.runtime.handler import Service
from constructs_lib.recommender.runtime.memory import AWAY_SECONDS, FRESH_SECONDS, Memory, UnavailableError
from constructs_lib.recommender.runtime.recommender import Recommender, arm_of, recommendation_id
from constructs_lib.recommender.runtime.requests import Ranking, Wanted
from constructs_lib.recommender.runtime.settings import Arm, Settings
from tests.recommender.standin import SETTINGS, StandIn, hit
from tests.recommender.visits import NOW


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def domain() -> StandIn:
    """A domain in which a fold has run."""
    found = StandIn()
    found.snapshot([{"item": f"p{place}", "score": score} for place, score in ((1, 9.0), (2, 5.0), (3, 1.0))])
    return found


@pytest.fixture
def clock() -> Clock:
    """Time."""
    return Clock()


@pytest.fixture
def recommender(domain: StandIn, clock: Clock) -> Recommender:
    """One that has just started."""
    return started(domain, clock)


def started(domain: StandIn, clock: Clock | None = None, settings: Settings = SETTINGS) -> Recommender:
    """A recommender that has just started."""
    known = cast("Domain", domain)
    return Recommender(settings, known, Memory(known, settings, clock or Clock()))


def items(answer: dict[str, Any]) -> list[str]:
    """What was recommended."""
    return [each["itemId"] for each in answer["itemList"]]


def recommend(recommender: Recommender, **wanted: Any) -> dict[str, Any]:
    """An answer."""
    return recommender.recommend(Wanted(**wanted), now=NOW)


def test_a_full_list_needs_one_search(domain: StandIn, recommender: Recommender) -> None:
    domain.hits = [[hit(["a", "b"]), hit(["a", "c"], 0.5)]]
    recommend(recommender, recent=("a",), number=2)
    domain.asked.clear()
    assert items(recommend(recommender, recent=("a",), number=2)) == ["b", "c"]
    assert len(domain.asked) == 1


def test_the_answer_has_the_format_of_amazon_personalize(domain: StandIn, recommender: Recommender) -> None:
    domain.hits = [[hit(["a", "b"])]]
    answer = recommend(recommender, recent=("a",), number=1)
    assert set(answer) == {"itemList", "recommendationId"}
    assert answer["itemList"] == [{"itemId": "b", "score": 1.0, "reason": ["because you looked at a"]}]


def test_too_short_a_list_is_filled_in_order(domain: StandIn, recommender: Recommender) -> None:
    domain.hits = [[hit(["a", "b"])]]
    domain.item("a", category=["shoes"])
    domain.item("b", seen_with=["s", "a"])
    domain.item("k", category=["shoes"], popularity=3.0)
    answer = recommend(recommender, recent=("a",), number=5)
    assert items(answer) == ["b", "s", "k", "p1", "p2"]
    assert [each["reason"][0] for each in answer["itemList"]] == [
        "because you looked at a",
        "seen with b",
        "popular in shoes",
        "popular",
        "popular",
    ]
    scores = [each["score"] for each in answer["itemList"]]
    assert scores == sorted(scores, reverse=True)


def test_the_current_item_is_left_out(domain: StandIn, recommender: Recommender) -> None:
    domain.hits = [[hit(["a", "p1"])]]
    assert "p1" not in items(recommend(recommender, recent=("a",), item_id="p1"))


def test_an_earlier_item_may_be_recommended(domain: StandIn, recommender: Recommender) -> None:
    domain.hits = [[hit(["b", "a"])]]
    assert items(recommend(recommender, recent=("a", "b"), number=1)) == ["a"]


def test_items_in_the_request_override_the_folded_session(domain: StandIn, recommender: Recommender) -> None:
    domain.session("s", "c", ["old"])
    found = recommend(recommender, session_id="s", client_id="c", recent=("new",), explain=True)["explain"]
    assert (found["origin"], found["session"]) == ("recentItems", ["new"])


def test_an_item_that_follows_itself_is_one_step_unless_repeats_count(
    domain: StandIn, recommender: Recommender
) -> None:
    domain.hits = [[hit(["a", "b"])]]
    wanted = Wanted(recent=("a", "b", "b"), explain=True)
    answers = [recommender.recommend(wanted, now=NOW, repeats=repeats) for repeats in (False, True)]
    assert [answer["explain"]["session"] for answer in answers] == [["a", "b"], ["a", "b", "b"]]


def test_popular_items_are_looked_at_as_far_as_needed(
    domain: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain.snapshot([{"item": f"p{place}", "score": 1000 - place} for place in range(500)])
    recommender = started(domain, clock)
    made: list[str] = []

    class Counted(module.Candidate):
        def __init__(self, item: str, *rest: Any, **more: Any) -> None:
            made.append(item)
            super().__init__(item, *rest, **more)

    monkeypatch.setattr(module, "Candidate", Counted)
    assert items(recommend(recommender, number=3)) == ["p0", "p1", "p2"]
    assert len(made) == 50


def test_the_current_item_is_added_to_the_folded_session(domain: StandIn, recommender: Recommender) -> None:
    domain.session("s", "c", ["x", "y"])
    found = recommend(recommender, session_id="s", client_id="c", item_id="z", explain=True)["explain"]
    assert (found["origin"], found["session"]) == ("session", ["x", "y", "z"])


def test_a_persons_profile_combines_all_their_clients(domain: StandIn, recommender: Recommender) -> None:
    domain.profile("client_id", "phone", [{"items": ["a"], "bought": []}], user_id="u1")
    domain.profile("user_id", "u1", [{"items": ["b"], "bought": ["p1"]}, {"items": ["a"], "bought": []}])
    answer = recommend(recommender, client_id="phone", explain=True)
    assert answer["explain"]["session"] == ["b", "a"]
    assert "p1" not in items(answer)


def test_the_history_of_a_visitor_who_denied_personalization_is_ignored(
    domain: StandIn, recommender: Recommender
) -> None:
    domain.hits = [[hit(["a", "b"])]]
    domain.profile("client_id", "c", [], denied_at="2026-11-20T10:00:00.000Z")
    answer = recommend(recommender, client_id="c", recent=("a",), explain=True)
    assert items(answer) == ["p1", "p2", "p3"]
    assert (answer["explain"]["origin"], answer["explain"]["session"]) == ("denied", [])


def test_bought_items_are_recommended_if_configured(domain: StandIn) -> None:
    domain.profile("client_id", "c", [{"items": ["a"], "bought": ["p1"]}])
    again = started(domain, settings=replace(SETTINGS, leave_out_bought=False))
    assert "p1" in items(recommend(again, client_id="c"))
    assert "p1" not in items(recommend(started(domain), client_id="c"))


def test_the_visitors_own_sessions_are_not_neighbours(domain: StandIn, recommender: Recommender) -> None:
    own = sessions.source("2026-11-20", "s", "c")
    domain.hits = [[hit(["a", "mine"], source=own), hit(["a", "theirs"], source="other")]]
    found = items(recommend(recommender, client_id="c", recent=("a",)))
    assert "mine" not in found
    assert "theirs" in found


def test_more_neighbours_are_searched_if_a_few_senders_sent_most(domain: StandIn, recommender: Recommender) -> None:
    domain.hits = [
        [hit(["a", "evil"], 2.0, f"c{number}", "one") for number in range(300)],
        [hit(["a", "good"], 1.0, f"d{number}", f"n{number}") for number in range(300)],
    ]
    answer = recommend(recommender, recent=("a",), number=2, explain=True)
    searches = [body for _, path, body in domain.asked if "_search" in path]
    assert searches[1]["query"]["bool"]["must_not"] == [{"terms": {"network": ["one"]}}]
    assert items(answer) == ["good", "evil"]
    assert answer["explain"]["neighbours"] == 310


def test_an_arm_may_recommend_by_popularity(domain: StandIn) -> None:
    domain.hits = [[hit(["a", "b"])]]
    answer = recommend(started(domain, settings=replace(SETTINGS, arms=(Arm("P", 1, "popularity"),))), recent=("a",))
    assert items(answer) == ["p1", "p2", "p3"]
    assert answer["recommendationId"].startswith("r1.P.")


def test_an_arm_may_use_only_the_latest_item(domain: StandIn) -> None:
    settings = replace(SETTINGS, arms=(Arm("I", 1, "items"),))
    recommend(started(domain, settings=settings), recent=("a", "b"))
    (search,) = [body for _, path, body in domain.asked if path.startswith(SETTINGS.names.sessions)]
    assert json.dumps(search).count("lookup_items") == 1


def test_a_visitor_keeps_one_arm_and_arms_get_their_shares() -> None:
    arms = (Arm("A", 3), Arm("B", 1))
    found = [arm_of(arms, Wanted(client_id=f"c{number}")).name for number in range(4000)]
    assert found == [arm_of(arms, Wanted(client_id=f"c{number}")).name for number in range(4000)]
    assert 900 < Counter(found)["B"] < 1100


def test_a_recommendation_id_fits_into_an_event() -> None:
    assert len(recommendation_id(Arm("A" * 20, 1))) <= 100


def test_popular_items_are_recommended_while_the_domain_is_unavailable(
    domain: StandIn, clock: Clock, recommender: Recommender
) -> None:
    recommend(recommender, recent=("a",))
    domain.away = True
    answer = recommend(recommender, recent=("a",), number=2, exclude=frozenset({"p1"}))
    assert items(answer) == ["p2", "p3"]
    assert answer["degraded"] is True


def test_an_unavailable_domain_gets_no_requests_for_a_while(
    domain: StandIn, clock: Clock, recommender: Recommender
) -> None:
    recommend(recommender, recent=("a",))
    domain.away = True
    recommend(recommender, recent=("a",))
    domain.asked.clear()
    assert recommend(recommender, recent=("a",))["degraded"] is True
    assert domain.asked == []
    domain.away, clock.now = False, AWAY_SECONDS
    assert "degraded" not in recommend(recommender, recent=("a",))


def test_rules_apply_while_the_domain_is_unavailable(domain: StandIn, clock: Clock, recommender: Recommender) -> None:
    popular: list[dict[str, Any]] = [
        {"item": "p1", "score": 9.0, "available": False},
        {"item": "p2", "score": 5.0, "category": ["shoes"], "price": 10.0},
        {"item": "p3", "score": 1.0, "category": ["shoes"], "price": 90.0},
    ]
    domain.snapshot(popular)
    domain.catalogue()
    clock.now = FRESH_SECONDS
    recommend(recommender, recent=("a",))
    domain.away = True
    assert items(recommend(recommender)) == ["p2", "p3"]
    assert items(recommend(recommender, category="shoes", max_price=50)) == ["p2"]


def test_a_start_without_a_domain_is_unavailable(domain: StandIn, recommender: Recommender) -> None:
    domain.away = True
    with pytest.raises(UnavailableError):
        recommend(recommender)


def test_an_old_snapshot_is_read_again(domain: StandIn, clock: Clock, recommender: Recommender) -> None:
    recommend(recommender)
    domain.snapshot([{"item": "new", "score": 1.0}])
    assert items(recommend(recommender)) == ["p1", "p2", "p3"]
    clock.now = FRESH_SECONDS
    assert items(recommend(recommender)) == ["new"]


def test_a_ranking_keeps_the_given_order_while_the_domain_is_unavailable(
    domain: StandIn, recommender: Recommender
) -> None:
    recommend(recommender)
    domain.away = True
    answer = recommender.rank(Ranking(("b", "a"), Wanted(recent=("a",))), now=NOW)
    assert [each["itemId"] for each in answer["personalizedRanking"]] == ["b", "a"]
    assert answer["degraded"] is True


@pytest.fixture
def service(recommender: Recommender) -> Iterator[Service]:
    """The function, started."""
    yield Service(SETTINGS, recommender)
    function._STARTED.clear()


def call(service: Service, method: str, path: str, query: str = "", body: Any = None) -> dict[str, Any]:
    """An answer over HTTP."""
    event = {
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {"http": {"method": method}, "stage": "$default"},
        **({"body": json.dumps(body)} if body is not None else {}),
    }
    return service.answer(event)


def test_http_answers_are_json_and_not_cached(service: Service) -> None:
    answer = call(service, "GET", "/recommendations", "n=2")
    assert answer["statusCode"] == 200
    assert answer["headers"] == {"content-type": "application/json", "cache-control": "no-store"}
    assert items(json.loads(answer["body"])) == ["p1", "p2"]


def test_a_refusal_is_one_line(service: Service) -> None:
    answer = call(service, "GET", "/recommendations", "n=0")
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"]) == {"message": "n: is out of range (given 0; allowed: 1 to 100)"}


def test_a_direct_call_gets_the_answer_itself(service: Service) -> None:
    assert items(service.answer({"n": 1})) == ["p1"]
    assert service.answer({"n": 0})["statusCode"] == 400


def test_a_domain_unavailable_from_the_start_gives_503(domain: StandIn, service: Service) -> None:
    domain.away = True
    answer = call(service, "GET", "/recommendations")
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "5")
    assert "shop" not in answer["body"]


def test_a_catalogue_is_stored(domain: StandIn, service: Service) -> None:
    answer = call(service, "PUT", "/items", body={"items": [{"itemId": "a", "available": False}]})
    assert json.loads(answer["body"]) == {"items": 1}
    assert domain.asked[-1][1] == "shop.items/_bulk"


def test_a_degraded_answer_is_counted(domain: StandIn, service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    service.answer({})
    domain.away = True
    service.answer({"recentItems": ["a"]})
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["Degraded"], len(line["RecommendTime"])) == (1, 2)

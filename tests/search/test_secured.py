"""Fine-grained access control on real engines: permissions before and after the bootstrap.

A user whose backend role is an IAM role's ARN stands for that role, which AWS's plugin takes from the signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest

from constructs_lib.recommender.runtime import folding
from constructs_lib.recommender.runtime.recommender import Recommender
from constructs_lib.recommender.runtime.requests import Wanted
from constructs_lib.recommender.runtime.settings import Settings as RecommenderSettings
from rehearsal.engines import Server
from tests.recommender.visits import NOW, visit
from tests.search import recommending
from tests.search.bootstrapped import bootstrap, outcomes
from tests.search.conftest import SECURED, started
from tests.search.corpus import deliver

pytestmark = pytest.mark.search
API = "_plugins/_security/api"
PASSWORD = "a-Passw0rd-of-some-length"
ARNS = {
    "firehose": "arn:aws:iam::111122223333:role/delivery",
    "analyst": "arn:aws:iam::111122223333:role/analyst",
    "recommender": "arn:aws:iam::111122223333:role/recommender",
    "fold": "arn:aws:iam::111122223333:role/fold",
    "recommending": "arn:aws:iam::111122223333:role/recommending",
    "chief": "arn:aws:iam::111122223333:role/chief",
    "stranger": "arn:aws:iam::111122223333:role/stranger",
}
SETTINGS: dict[str, Any] = {
    "fine_grained": True,
    "audit_logs": True,
    "replicas": 0,
    "delivery_role": ARNS["firehose"],
    "analysts": (ARNS["analyst"],),
    "personalization": (ARNS["recommender"],),
    "administrators": (ARNS["chief"],),
    "recommender": True,
    "recommender_role": ARNS["recommending"],
    "fold_role": ARNS["fold"],
}
EVENT: dict[str, Any] = {
    "schema_version": "1.0",
    "action_name": "view",
    "timestamp": "2026-01-01T00:00:00.000Z",
    "ip_prefix": "192.0.2.0/24",
}
EVENTS = [
    EVENT | {"event_id": f"0a1b2c3d-0000-4000-8000-00000000000{number}"} | event
    for number, event in enumerate(
        (
            {"client_id": "willing", "consent": {"personalization": True}, "is_bot": False},
            {"client_id": "silent", "is_bot": False},
            {"client_id": "unwilling", "consent": {"personalization": False}, "is_bot": False},
            {"client_id": "crawler", "is_bot": True},
        )
    )
]


def user(name: str) -> tuple[str, str]:
    return name, PASSWORD


@pytest.fixture(scope="module", params=SECURED)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    for server in started(request.param, security=True):
        for name, arn in ARNS.items():
            made = server.request("PUT", f"{API}/internalusers/{name}", {"password": PASSWORD, "backend_roles": [arn]})
            assert made.status == 201, made.text
        # AWS makes domains with audit logging off, the plugin's own files have it on.
        off = audit(server) | {"enabled": False}
        assert server.request("PUT", f"{API}/audit/config", off).status == 200
        yield server


@pytest.fixture(scope="module")
def before(server: Server) -> list[Any]:
    """What Firehose is told by a domain that nobody has set up."""
    return deliver(server, "events-2026-01-01", EVENTS, user("firehose"))


@pytest.fixture(scope="module")
def first(server: Server, before: list[Any]) -> dict[tuple[str, str], str]:
    theirs = {"backend_roles": ["arn:aws:iam::111122223333:role/of-somebody"], "users": ["somebody"]}
    assert server.request("PUT", f"{API}/rolesmapping/events-analyst", theirs).status in {404, 400, 201}
    return outcomes(bootstrap(server, **SETTINGS))


@pytest.fixture(scope="module")
def delivered(server: Server, first: dict[tuple[str, str], str]) -> list[Any]:
    refused = deliver(server, "events-2026-01-01", EVENTS, user("firehose"))
    server.request("POST", "events-2026-01-01/_refresh")
    return refused


def found(server: Server, who: str, index: str = "events-*") -> list[dict[str, Any]]:
    answer = server.request("GET", f"{index}/_search?size=100", user=user(who))
    assert answer.status == 200, answer.text
    return [hit["_source"] for hit in cast("dict[str, Any]", answer.json)["hits"]["hits"]]


def audit(server: Server) -> dict[str, Any]:
    return cast("dict[str, Any]", cast("dict[str, Any]", server.request("GET", f"{API}/audit").json)["config"])


def mapped(server: Server, role: str) -> list[str]:
    body = cast("dict[str, Any]", server.request("GET", f"{API}/rolesmapping/{role}").json)
    return cast("list[str]", body[role]["backend_roles"])


def test_firehose_is_refused_before_the_bootstrap(before: list[Any]) -> None:
    assert before
    assert "security_exception" in str(before[0])


def test_firehose_writes_its_indices_after_the_bootstrap(delivered: list[Any]) -> None:
    assert delivered == []


def test_firehoses_index_has_the_templates_types(server: Server, delivered: list[Any]) -> None:
    body = cast("dict[str, Any]", server.request("GET", "events-2026-01-01/_mapping").json)
    assert body["events-2026-01-01"]["mappings"]["properties"]["client_id"]["type"] == "keyword"


@pytest.mark.parametrize("index", ["eventsomething", "other", "ubi_queries-000001"])
def test_firehose_writes_no_other_indices(server: Server, delivered: list[Any], index: str) -> None:
    assert "security_exception" in str(deliver(server, index, EVENTS[:1], user("firehose")))


@pytest.mark.parametrize(
    "path", ["_cluster/stats", "_nodes", "_nodes/stats", "_nodes/*/stats", "events*/_mapping", "events*/_stats"]
)
def test_firehose_can_make_its_first_requests(server: Server, delivered: list[Any], path: str) -> None:
    index = path.replace("events*", "events-*")
    assert server.request("GET", index, user=user("firehose")).status == 200


def test_the_analyst_can_read(server: Server, delivered: list[Any]) -> None:
    assert len(found(server, "analyst")) == len(EVENTS)


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "events-2026-01-01/_doc/9"), ("DELETE", "events-2026-01-01"), ("PUT", "events-new"),
     ("POST", "events-2026-01-01/_delete_by_query"), ("GET", "other/_search"), ("GET", f"{API}/roles")],
)  # fmt: skip
def test_the_analyst_can_only_read(server: Server, delivered: list[Any], method: str, path: str) -> None:
    server.request("PUT", "other")
    body = {"query": {"match_all": {}}} if path.endswith("query") else EVENT if path.endswith("9") else None
    assert server.request(method, path, body, user=user("analyst")).status in {401, 403}


def test_personalization_sees_only_people_who_did_not_deny_it(server: Server, delivered: list[Any]) -> None:
    assert {event["client_id"] for event in found(server, "recommender")} == {"willing", "silent"}


def test_personalization_sees_only_the_fields_it_learns_from(server: Server, delivered: list[Any]) -> None:
    assert all("ip_prefix" not in event for event in found(server, "recommender"))


def test_personalization_pages_through_all_visible_documents(server: Server, delivered: list[Any]) -> None:
    seen: list[str] = []
    last: list[Any] | None = None
    # As docs/personalization.md says; the events agree in their time, so that the ids alone tell the pages apart.
    for _ in EVENTS:
        body = {"size": 1, "sort": ["timestamp", "event_id"], **({"search_after": last} if last else {})}
        answer = cast("dict[str, Any]", server.request("GET", "events-*/_search", body, user=user("recommender")).json)
        hits = answer["hits"]["hits"]
        if not hits:
            break
        seen += [hit["_source"]["client_id"] for hit in hits]
        last = hits[-1]["sort"]
    assert sorted(seen) == ["silent", "willing"]


def test_the_interactions_command_accepts_the_documents_of_personalization(
    server: Server, delivered: list[Any]
) -> None:
    assert all("schema_version" in event for event in found(server, "recommender"))


def test_the_administrators_have_full_access(server: Server, first: dict[tuple[str, str], str]) -> None:
    assert server.request("GET", f"{API}/roles", user=user("chief")).status == 200


def test_a_stranger_sees_nothing(server: Server, delivered: list[Any]) -> None:
    assert server.request("GET", "events-*/_search", user=user("stranger")).status == 403


def test_a_second_run_changes_nothing(server: Server, first: dict[tuple[str, str], str]) -> None:
    assert set(outcomes(bootstrap(server, **SETTINGS)).values()) <= {"unchanged", "skipped"}


def test_other_entries_of_a_mapping_are_kept(server: Server, first: dict[tuple[str, str], str]) -> None:
    path = f"{API}/rolesmapping/events-delivery"
    theirs = {"backend_roles": [ARNS["stranger"]], "users": ["somebody"], "hosts": []}
    assert server.request("PUT", path, theirs).status == 200
    answer = outcomes(bootstrap(server, **SETTINGS))
    body = cast("dict[str, Any]", server.request("GET", path).json)["events-delivery"]
    server.request("PUT", path, {"backend_roles": [ARNS["firehose"]]})
    assert answer["role mapping", "events-delivery"] == "updated"
    assert set(body["backend_roles"]) == {ARNS["stranger"], ARNS["firehose"]}
    assert body["users"] == ["somebody"]


def test_the_master_keeps_its_own_mapping(server: Server, first: dict[tuple[str, str], str]) -> None:
    assert set(mapped(server, "all_access")) == {"admin", ARNS["chief"]}


def test_a_widened_role_is_narrowed_again(server: Server, first: dict[tuple[str, str], str]) -> None:
    path = f"{API}/roles/events-analyst"
    wide = {"cluster_permissions": ["*"], "index_permissions": [{"index_patterns": ["*"], "allowed_actions": ["*"]}]}
    assert server.request("PUT", path, wide).status == 200
    assert outcomes(bootstrap(server, **SETTINGS))["role", "events-analyst"] == "updated"
    assert server.request("PUT", "events-2026-01-01/_doc/9", EVENT, user=user("analyst")).status == 403


def test_other_roles_are_not_changed(server: Server, first: dict[tuple[str, str], str]) -> None:
    path = f"{API}/roles/of-somebody"
    server.request("PUT", path, {"cluster_permissions": ["cluster_monitor"]})
    earlier = server.request("GET", path).json
    bootstrap(server, **SETTINGS)
    assert server.request("GET", path).json == earlier


def test_audit_logging_is_enabled(server: Server, first: dict[tuple[str, str], str]) -> None:
    assert first["audit log", "config"] == "updated"
    assert audit(server)["enabled"] is True


def test_audit_logs_contain_no_bodies(server: Server, first: dict[tuple[str, str], str]) -> None:
    assert audit(server)["audit"]["log_request_body"] is False


def test_changed_audit_logging_is_kept(server: Server, first: dict[tuple[str, str], str]) -> None:
    ours = audit(server)
    tuned = ours | {"audit": ours["audit"] | {"ignore_users": ["somebody"]}}
    assert server.request("PUT", f"{API}/audit/config", tuned).status == 200
    answer = outcomes(bootstrap(server, **SETTINGS))
    found = audit(server)
    server.request("PUT", f"{API}/audit/config", ours)
    assert answer["audit log", "config"] == "unchanged"
    assert found == tuned


@pytest.fixture(scope="module")
def folded(server: Server, delivered: list[Any]) -> dict[str, Any]:
    """What the fold did under its own role."""
    visits = [each for number in range(3) for each in visit(["a", "b"], f"s{number}", f"c{number}")]
    assert deliver(server, "events-2026-11-20", visits, user("firehose")) == []
    server.request("POST", "events-2026-11-20/_refresh")
    own = recommending.domain(server, user=user("fold"))
    settings = RecommenderSettings(server.url)
    folding.run({}, settings, own, seconds=60, now=NOW)
    return folding.run({"look_back_hours": 48}, settings, own, seconds=60, now=NOW + timedelta(minutes=1))


def test_the_fold_needs_no_more_than_its_role(folded: dict[str, Any]) -> None:
    assert folded["whole"] is True
    assert folded["unchanged"] == 3


def test_the_recommender_needs_no_more_than_its_role(server: Server, folded: dict[str, Any]) -> None:
    server.request("POST", "events.*/_refresh")
    recommender = Recommender(RecommenderSettings(server.url), recommending.domain(server, user=user("recommending")))
    recommender.put_items({"c": {"available": False}})
    answer = recommender.recommend(Wanted(client_id="new", recent=("a",), category=""), now=NOW)
    assert [each["itemId"] for each in answer["itemList"]] == ["b"]
    assert "degraded" not in answer


@pytest.mark.parametrize(
    ("who", "asking"),
    [
        ("recommending", ("POST", "events-*/_search", {})),
        ("recommending", ("PUT", "events.sessions/_doc/1", {})),
        ("recommending", ("PUT", "events.profiles/_doc/1", {})),
        ("recommending", ("PUT", "events.recommender/_doc/snapshot", {})),
        ("fold", ("PUT", "events-2026-11-20/_doc/1", {})),
        ("fold", ("POST", "events-2026-11-20/_delete_by_query", {"query": {"match_all": {}}})),
        ("analyst", ("POST", "events.profiles/_search", {})),
        ("recommender", ("POST", "events.sessions/_search", {})),
    ],
    ids=str,
)
def test_fold_and_recommender_can_do_nothing_else(
    server: Server, folded: dict[str, Any], who: str, asking: tuple[str, str, dict[str, Any]]
) -> None:
    assert server.request(*asking, user=user(who)).status == 403


def test_the_fold_cannot_read_pages_and_searches(server: Server, folded: dict[str, Any]) -> None:
    seen = {name for each in found(server, "fold") for name in each}
    assert seen
    assert not seen & {"page", "referrer", "user_query", "message", "device", "geo"}

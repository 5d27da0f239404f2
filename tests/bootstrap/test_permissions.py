"""The function's policy allows the requests that it makes, and refuses those that it must never make."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from constructs_lib.bootstrap.runtime.handler import run
from constructs_lib.bootstrap.runtime.settings import Settings
from tests.bootstrap.standin import Domain, client
from tests.policies import ACCOUNT, REGION, Call, Policies
from tests.stacks import Terraform, shipped

DOMAINS = {"prod": "behaviour-prod", "seed": "ai-user-behavior"}


@cache
def policies(name: str) -> tuple[Policies, list[dict[str, Any]]]:
    stack: Terraform = shipped(name)
    found = Policies(stack)
    return found, found.role("bootstrap_role")


def allowed(name: str, request: str) -> bool:
    """Whether the function of a shipped environment may send ``METHOD path`` to its domain."""
    method, _, path = request.partition(" ")
    arn = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/{DOMAINS[name]}/{path}"
    simulator, statements = policies(name)
    return simulator.allows(statements, Call(f"es:ESHttp{method.capitalize()}", arn))


def made(domain: Domain, event: dict[str, Any], **settings: Any) -> list[str]:
    """Requests of a run."""
    topic = {"topic_arn": "arn:aws:sns:eu-west-1:1:alarms", "publishing_role_arn": "arn:aws:iam::1:role/alerting"}
    given = Settings("https://domain.example", **{**topic, **settings})
    run(event, given, client(domain))
    return domain.requests


def first_runs(domain: Domain) -> list[str]:
    """Creating, finding unchanged, and repairing all there is."""
    everybody: dict[str, Any] = {"fine_grained": True, "delivery_role": "arn:d", "analysts": ("arn:a",)}
    everybody["audit_logs"] = True
    mapping = "_plugins/_security/api/rolesmapping/events-"
    domain.plain |= {
        f"{mapping}{role}": {f"events-{role}": {"backend_roles": ["arn:d", "arn:a"]}}
        for role in ("delivery", "analyst")
    }
    domain.plain["_plugins/_security/api/rolesmapping/opensearch_dashboards_user"] = {
        "opensearch_dashboards_user": {"backend_roles": ["arn:a"]}
    }
    domain.managed = {"events-1": {"policy_id": None}}
    made(domain, {}, **everybody)
    domain.documents = True
    made(domain, {}, **everybody)
    for stored in (*domain.policies.values(), *domain.monitors.values(), *domain.detectors.values()):
        stored.body["description"] = "changed"
        stored.body["name"] = stored.body.get("name", "")
    made(domain, {}, values={"burst_events": 7}, **everybody)
    return domain.requests


def test_the_policy_allows_every_request_of_an_installation() -> None:
    requests = first_runs(Domain())
    assert {request.partition(" ")[0] for request in requests} >= {"GET", "PUT", "POST"}
    assert [request for request in requests if not allowed("prod", request)] == []


@pytest.mark.parametrize(
    "request_",
    [
        "GET _cat/nodes", "GET events-*/_mapping", "PUT events-2026-01-01/_mapping", "GET ubi_events/_alias",
        "POST _aliases", "PUT ubi_queries-000001", "PATCH _plugins/_security/api/rolesmapping/all_access",
        "PUT _plugins/_security/api/audit/config",
        "DELETE _plugins/_alerting/monitors/abc", "GET events-*/_settings", "POST events-2026-01-01/_count",
        "POST events-2026-01-01/_delete_by_query", "PUT events-2026-01-01/_settings", "GET _tasks/abc:1",
        "POST events-2026-01-01/_refresh", "POST ubi_queries-000001/_delete_by_query", "GET _cold/indices/_search",
    ],
)  # fmt: skip
def test_the_policy_allows_repairs_and_erasure(request_: str) -> None:
    assert allowed("prod", request_)


@pytest.mark.parametrize(
    "request_",
    ["GET _template/events", "PUT _template/events", "PUT _opendistro/_ism/policies/events",
     "POST _plugin/kibana/api/saved_objects/_import", "POST _opendistro/_alerting/monitors",
     "GET _opendistro/_security/api/audit", "PUT _opendistro/_security/api/audit/config"],
)  # fmt: skip
def test_the_policy_allows_the_paths_of_older_engines(request_: str) -> None:
    assert allowed("seed", request_)


@pytest.mark.parametrize(
    "request_",
    ["DELETE events-2026-01-01", "DELETE _all", "DELETE _index_template/events", "PUT _cluster/settings",
     "POST other/_doc", "POST _bulk", "PUT other", "GET other/_search", "POST _snapshot/repository/name/_restore",
     "DELETE _plugins/_security/api/roles/events-analyst", "DELETE _plugins/_ism/policies/events", "POST _reindex"],
)  # fmt: skip
def test_the_policy_refuses_requests_that_the_function_never_makes(request_: str) -> None:
    assert not allowed("prod", request_)

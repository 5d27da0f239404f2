"""The stand-ins for the plugins answer and refuse requests like the real APIs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.emulated.plugins import Plugins


@pytest.fixture
def plugins() -> Plugins:
    """Those of a new domain."""
    return Plugins()


def ask(
    plugins: Plugins, method: str, target: str, body: Any = None, *, own_access: bool = True, header: str | None = None
) -> tuple[int, Any]:
    """Status and answer of one request; no status when it is not the plugins'."""
    sent = json.dumps(body).encode() if body is not None and not isinstance(body, bytes) else body or b""
    given = {} if header is None else {header: "true"}
    answer = plugins.answer(method, target, given, sent, own_access=own_access)
    return (0, None) if answer is None else (answer[0], answer[1])


STATES: dict[str, Any] = {"default_state": "hot", "states": [{"name": "hot", "actions": [], "transitions": []}]}
POLICY = "/_plugins/_ism/policies/events"
ROLE = "/_plugins/_security/api/roles/events-delivery"
MAPPING = "/_plugins/_security/api/rolesmapping/events-delivery"


@pytest.mark.parametrize("path", [POLICY, ROLE, MAPPING, "/_opendistro/_ism/policies/events"])
def test_an_unknown_object_is_not_found(plugins: Plugins, path: str) -> None:
    assert ask(plugins, "GET", path)[0] == 404


def test_a_stored_policy_is_returned(plugins: Plugins) -> None:
    assert ask(plugins, "PUT", POLICY, {"policy": STATES})[0] == 201
    status, answer = ask(plugins, "GET", POLICY)
    assert (status, answer["_id"], answer["policy"]["states"]) == (200, "events", STATES["states"])


def test_a_policy_is_changed_only_with_its_current_version(plugins: Plugins) -> None:
    _, read = ask(plugins, "PUT", POLICY, {"policy": STATES})
    condition = f"?if_seq_no={read['_seq_no']}&if_primary_term={read['_primary_term']}"
    assert ask(plugins, "PUT", POLICY, {"policy": STATES})[0] == 409
    assert ask(plugins, "PUT", POLICY + condition, {"policy": STATES})[0] == 200
    assert ask(plugins, "PUT", POLICY + condition, {"policy": STATES})[0] == 409


@pytest.mark.parametrize(
    "body", [STATES, {"policy": []}, {"policy": STATES | {"default_state": "cold"}}, b"{", {"policy": {"states": [1]}}]
)
def test_an_invalid_policy_is_refused(plugins: Plugins, body: Any) -> None:
    assert ask(plugins, "PUT", POLICY, body)[0] == 400


def test_a_destination_is_listed_with_its_version(plugins: Plugins) -> None:
    path = "/_opendistro/_alerting/destinations"
    made = ask(plugins, "POST", path, {"name": "alarms", "type": "sns"})[1]["_id"]
    (found,) = ask(plugins, "GET", f"{path}?searchString=alarms&size=50")[1]["destinations"]
    assert found == {"id": made, "name": "alarms", "type": "sns", "seq_no": 0, "primary_term": 1}
    guard = f"?if_seq_no={found['seq_no']}&if_primary_term={found['primary_term']}"
    assert ask(plugins, "PUT", f"{path}/{made}{guard}", {"name": "alarms", "type": "sns"})[0] == 200
    assert ask(plugins, "PUT", f"{path}/{made}{guard}", {"name": "alarms", "type": "sns"})[0] == 409


def test_a_detector_waits_for_documents() -> None:
    detector = {"name": "events-traffic", "indices": ["events-*"]}
    path = "/_plugins/_anomaly_detection/detectors"
    assert ask(Plugins(has_documents=lambda indices: indices != ["events-*"]), "POST", path, detector)[0] == 400
    assert ask(Plugins(has_documents=lambda indices: indices == ["events-*"]), "POST", path, detector)[0] == 201


def test_a_monitor_is_found_by_its_name(plugins: Plugins) -> None:
    path = "/_plugins/_alerting/monitors"
    ask(plugins, "POST", path, {"name": "Burst"})
    search = {"query": {"match_phrase": {"monitor.name": "Burst"}}}
    assert [hit["_source"] for hit in ask(plugins, "POST", f"{path}/_search", search)[1]["hits"]["hits"]] == [
        {"name": "Burst"}
    ]


def test_a_role_is_created_and_then_updated(plugins: Plugins) -> None:
    assert ask(plugins, "PUT", ROLE, {"cluster_permissions": ["a"]})[0] == 201
    assert ask(plugins, "PUT", ROLE, {"cluster_permissions": ["b"]})[0] == 200
    assert ask(plugins, "GET", ROLE)[1]["events-delivery"]["cluster_permissions"] == ["b"]


def test_a_mapping_can_be_extended(plugins: Plugins) -> None:
    ask(plugins, "PUT", MAPPING, {"backend_roles": ["first"]})
    ask(plugins, "PATCH", MAPPING, [{"op": "add", "path": "/backend_roles/-", "value": "second"}])
    assert ask(plugins, "GET", MAPPING)[1]["events-delivery"]["backend_roles"] == ["first", "second"]


def test_an_engine_with_the_security_plugin_answers_access_control_itself(plugins: Plugins) -> None:
    assert ask(plugins, "GET", ROLE, own_access=False) == (0, None)


def test_other_requests_are_passed_to_the_engine(plugins: Plugins) -> None:
    assert ask(plugins, "POST", "/_bulk", b"{}") == (0, None)


@pytest.mark.parametrize(("root", "header"), [("_dashboards", "osd-xsrf"), ("_plugin/kibana", "kbn-xsrf")])
def test_saved_objects_need_the_header(plugins: Plugins, root: str, header: str) -> None:
    lines = b'{"type":"dashboard","id":"a"}\n{"type":"visualization","id":"b"}\n'
    path = f"/{root}/api/saved_objects/_import?overwrite=true"
    assert ask(plugins, "POST", path, lines)[0] == 400
    status, answer = ask(plugins, "POST", path, lines, header=header)
    assert (status, answer["successCount"]) == (200, 2)

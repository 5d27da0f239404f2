"""A whole run against a domain in memory: what it installs, what it does not change, which errors it survives."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.bootstrap.runtime.handler import BootstrapError, run
from constructs_lib.bootstrap.runtime.settings import Settings
from tests.bootstrap.standin import Clock, Domain, client

TOPIC = {"topic_arn": "arn:aws:sns:eu-west-1:1:alarms", "publishing_role_arn": "arn:aws:iam::1:role/alerting"}
UNCHANGED = {"unchanged", "skipped"}


def install(domain: Domain, **settings: Any) -> dict[tuple[str, str], dict[str, str]]:
    answer = run({}, Settings("https://domain.example", **{**TOPIC, **settings}), client(domain))
    return {(each["kind"], each["name"]): each for each in answer["objects"]}


def changed(objects: dict[tuple[str, str], dict[str, str]]) -> dict[tuple[str, str], str]:
    return {name: each["outcome"] for name, each in objects.items() if each["outcome"] not in UNCHANGED}


def test_one_run_installs_everything_if_there_are_documents() -> None:
    objects = install(Domain(documents=True))
    assert {kind for (kind, _), each in objects.items() if each["outcome"] == "created"} == {
        "component template", "index template", "write alias", "lifecycle policy", "index-pattern", "visualization",
        "dashboard", "notification channel", "monitor", "detector",
    }  # fmt: skip


def test_a_second_run_changes_nothing() -> None:
    domain = Domain(documents=True)
    install(domain)
    # What Firehose and the engine made is not written back by the domain in memory.
    domain.plain["ubi_queries/_alias"] = {"ubi_queries-000001": {"aliases": {"ubi_queries": {}}}}
    assert changed(install(domain)) == {}


def test_a_detector_waits_for_documents() -> None:
    domain = Domain()
    first = install(domain)
    domain.documents = True
    second = install(domain)
    assert first["detector", "events-traffic"]["outcome"] == "skipped"
    assert "a later run installs it" in first["detector", "events-traffic"]["reason"]
    assert second["detector", "events-traffic"]["outcome"] == "created"


def test_a_new_detector_runs() -> None:
    domain = Domain(documents=True)
    install(domain)
    assert domain.running == set(domain.detectors)


def test_a_changed_detector_is_stopped_changed_and_started() -> None:
    domain = Domain(documents=True)
    install(domain)
    id_ = next(key for key, each in domain.detectors.items() if each.body["name"] == "events-traffic")
    domain.detectors[id_].body["shingle_size"] = 4
    assert install(domain)["detector", "events-traffic"]["outcome"] == "updated"
    assert domain.detectors[id_].body["shingle_size"] == 8
    assert id_ in domain.running


def test_a_disabled_monitor_stays_disabled() -> None:
    domain = Domain()
    install(domain)
    for each in domain.monitors.values():
        each.body["enabled"] = False
    objects = install(domain, values={"burst_events": 7})
    assert objects["monitor", "events: Burst of events by one client"]["outcome"] == "updated"
    assert not any(each.body["enabled"] for each in domain.monitors.values())


def test_monitors_notify_the_channel() -> None:
    domain = Domain()
    install(domain)
    (monitor, *_) = domain.monitors.values()
    (action,) = monitor.body["triggers"][0]["query_level_trigger"]["actions"]
    assert action["destination_id"] in domain.channels


def test_only_a_changed_dashboard_is_imported_again() -> None:
    domain = Domain()
    install(domain)
    kind = next(key for key in domain.saved if key[0] == "dashboard")
    domain.saved[kind]["attributes"]["title"] = "Mine now"
    domain.saved["dashboard", "of-somebody"] = {"attributes": {"title": "Theirs"}}
    names = {name for name in changed(install(domain)) if name[0] != "write alias"}
    assert names == {kind}
    assert domain.saved["dashboard", "of-somebody"] == {"attributes": {"title": "Theirs"}}


def test_a_changed_policy_is_overwritten_and_managed_indices_are_updated() -> None:
    domain = Domain()
    install(domain)
    domain.managed["events-2026-01-01"] = {"policy_id": "events", "policy_seq_no": 0}
    domain.policies["events"].body["states"][0]["transitions"] = []
    objects = install(domain)
    assert objects["lifecycle policy", "events"]["outcome"] == "updated"
    assert domain.managed["events-2026-01-01"]["policy_seq_no"] == domain.policies["events"].seq_no == 1


def test_only_an_index_without_a_policy_gets_the_policy() -> None:
    domain = Domain(managed={"events-1": {"policy_id": None}, "events-2": {"policy_id": "theirs"}})
    objects = install(domain)
    assert domain.managed["events-1"]["policy_id"] == "events"
    assert domain.managed["events-2"]["policy_id"] == "theirs"
    assert objects["lifecycle", "events-2"]["outcome"] == "conflict"


def test_a_policy_changed_by_a_concurrent_run_is_read_again() -> None:
    domain = Domain()
    install(domain)
    domain.policies["events"].body["default_state"] = "merged"
    somebodys = ["another run"]

    def overtaken(method: str, path: str) -> None:
        if (method, path) == ("PUT", "_plugins/_ism/policies/events") and somebodys:
            somebodys.clear()
            domain.policies["events"].seq_no += 1

    domain.meanwhile = overtaken
    assert install(domain)["lifecycle policy", "events"]["outcome"] == "updated"
    assert domain.policies["events"].body["default_state"] == "hot"


def test_two_concurrent_runs_leave_one_monitor() -> None:
    domain = Domain()
    install(domain, install=("monitors",))
    kept = dict(domain.monitors)
    domain.monitors.clear()

    def late(method: str, path: str) -> None:
        """The other run's monitors appear between our look and our creation, under smaller ids."""
        if (method, path) == ("POST", "_plugins/_alerting/monitors"):
            domain.monitors.update(kept)

    domain.meanwhile = late
    install(domain, install=("monitors",))
    assert len(domain.monitors) == len(kept)


@pytest.mark.parametrize(
    "feature", ["_plugins/_ism", "_plugins/_alerting", "_plugins/_anomaly_detection", "_dashboards"]
)
def test_unsupported_objects_are_skipped_and_the_rest_is_installed(feature: str) -> None:
    objects = install(Domain(documents=True, lacking=(feature,)))
    assert [each["outcome"] for each in objects.values()].count("skipped") >= 2
    assert objects["index template", "events"]["outcome"] == "created"


def test_dashboards_that_require_a_sign_in_are_skipped_with_the_reason() -> None:
    domain = Domain()
    domain.meanwhile = lambda _, path: (302, {}) if path.endswith("_bulk_get") else None
    assert "sign-in" in install(domain)["dashboards", "events"]["reason"]


@pytest.mark.parametrize("fault", [429, 503, ConnectionResetError("reset"), TimeoutError("timed out")])
def test_requests_to_a_busy_domain_are_retried(fault: int | Exception) -> None:
    domain = Domain(faults=[fault] * 3)
    assert install(domain)["index template", "events"]["outcome"] == "created"


def test_the_run_waits_until_the_domain_knows_its_caller() -> None:
    assert install(Domain(faults=[403, 403, 503]))["index template", "events"]["outcome"] == "created"


def test_a_domain_that_never_answers_fails_in_time_with_the_reason() -> None:
    clock = Clock()
    domain = Domain(faults=[503] * 10_000)
    settings = Settings("https://domain.example", wait_seconds=120)
    with pytest.raises(BootstrapError, match="was not ready within 120 s: 503"):
        run({}, settings, client(domain, clock=clock))
    assert clock.now <= 120


@pytest.mark.parametrize(("status", "advised"), [(401, True), (403, True), (503, False)])
def test_a_refused_function_advises_who_can_map_its_role(status: int, *, advised: bool) -> None:
    settings = Settings("https://domain.example", wait_seconds=120)
    with pytest.raises(BootstrapError, match=f"within 120 s: {status}") as raised:
        run({}, settings, client(Domain(faults=[status] * 10_000)))
    assert ("map this function's role to all_access" in str(raised.value)) is advised


def test_a_failure_fails_the_run_after_the_other_steps() -> None:
    domain = Domain(documents=True)
    strange = {"error": {"type": "strange", "reason": "no"}}
    domain.meanwhile = lambda _, path: (400, strange) if "_ism/policies" in path else None
    with pytest.raises(BootstrapError, match=r"failed: lifecycle policy events: .*strange: no"):
        install(domain)
    assert domain.detectors


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(BootstrapError, match="allowed: 'install', 'erase'"):
        run({"action": "destroy"}, Settings("https://domain.example"), client(Domain()))


def test_an_erasure_without_ids_is_refused() -> None:
    with pytest.raises(BootstrapError, match="name a person"):
        run({"action": "erase"}, Settings("https://domain.example"), client(Domain()))


def test_objects_of_others_are_never_deleted() -> None:
    domain = Domain(documents=True)
    install(domain)
    install(domain)
    assert not [request for request in domain.requests if request.startswith("DELETE")]

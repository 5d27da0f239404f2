"""The runtime's parts: lifecycle by configuration, mappings, settings, pseudonyms, dialects, imports."""

from __future__ import annotations

import ast
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.bootstrap.construct import RUNTIME
from constructs_lib.bootstrap.runtime import dialect, erasure, lifecycle, settings
from constructs_lib.bootstrap.runtime import handler as handler_module
from constructs_lib.bootstrap.runtime.client import Refused
from constructs_lib.bootstrap.runtime.dialect import Dialect
from constructs_lib.bootstrap.runtime.erasure_request import Request
from constructs_lib.bootstrap.runtime.outcome import Report
from constructs_lib.bootstrap.runtime.templates import wanted
from rehearsal.emulated.plugins import policy_problem
from tests.bootstrap.standin import Domain, client
from tests.transform.schemas import DOCUMENT

GIVEN = settings.Settings("https://domain.example")


def changed(**values: Any) -> settings.Settings:
    return settings.Settings("https://domain.example", **values)


def states(given: settings.Settings, *, queries: bool = False) -> list[str]:
    return [state["name"] for state in lifecycle.policy(given, queries=queries)["policy"]["states"]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["hot", "merged", "delete"]),
        ({"merge_after_days": None}, ["hot", "delete"]),
        ({"delete_after_days": None}, ["hot", "merged"]),
        ({"merge_after_days": None, "delete_after_days": None}, ["hot"]),
        ({"warm_after_days": 7}, ["hot", "merged", "warm", "delete"]),
        ({"warm_after_days": 7, "cold_after_days": 30}, ["hot", "merged", "warm", "cold", "delete"]),
    ],
)
def test_a_policy_has_the_configured_states(values: dict[str, Any], expected: list[str]) -> None:
    assert states(changed(**values)) == expected


@pytest.mark.parametrize("values", [{}, {"warm_after_days": 7}, {"warm_after_days": 7, "cold_after_days": 30}])
@pytest.mark.parametrize("rotation", settings.ROTATIONS)
@pytest.mark.parametrize("queries", [False, True])
def test_the_plugin_accepts_every_policy(values: dict[str, Any], rotation: str, queries: bool) -> None:
    policy = lifecycle.policy(changed(index_rotation=rotation, **values), queries=queries)["policy"]
    assert policy_problem(policy) == ""


def test_cold_indices_are_deleted_by_cold_delete() -> None:
    policy = lifecycle.policy(changed(warm_after_days=7, cold_after_days=30))["policy"]
    assert policy["states"][-1]["actions"] == [{"cold_delete": {}}]


def test_cold_migration_names_the_time_field() -> None:
    policy = lifecycle.policy(changed(warm_after_days=7, cold_after_days=30))["policy"]
    assert policy["states"][3]["actions"][0]["cold_migration"] == {"timestamp_field": "timestamp"}


def test_indices_that_firehose_rotates_do_not_roll_over() -> None:
    assert lifecycle.policy(GIVEN)["policy"]["states"][0]["actions"] == []


def test_an_index_that_firehose_does_not_rotate_rolls_over() -> None:
    policy = lifecycle.policy(changed(index_rotation="NoRotation"))["policy"]
    assert policy["states"][0]["actions"] == [{"rollover": {"min_index_age": "1d", "min_size": "50gb"}}]


def test_an_index_is_not_merged_while_it_is_written() -> None:
    policy = lifecycle.policy(changed(index_rotation="OneMonth"))["policy"]
    assert policy["states"][0]["transitions"] == [{"state_name": "merged", "conditions": {"min_index_age": "32d"}}]


def leaves(schema: dict[str, Any], path: str = "") -> set[str]:
    """Fields of a JSON Schema or of a mapping, as dotted paths."""
    found: set[str] = set()
    for name, field in schema.get("properties", {}).items():
        parts = [field, *field.get("oneOf", []), field.get("items", {})]  # engines map a list as one of it
        inner = set().union(*(leaves(part, f"{path}{name}.") for part in parts))
        found |= inner or {f"{path}{name}"}
    return found


def test_every_field_of_the_document_is_mapped_and_nothing_else() -> None:
    mapping = json.loads((RUNTIME / "mappings" / "events.json").read_text(encoding="utf-8"))
    assert leaves(mapping) == leaves(DOCUMENT)


@pytest.mark.parametrize("name", ["events", "queries"])
def test_mappings_add_no_unknown_fields(name: str) -> None:
    mapping = json.loads((RUNTIME / "mappings" / f"{name}.json").read_text(encoding="utf-8"))
    assert mapping["dynamic"] is False


@pytest.mark.parametrize(
    ("opensearch", "version", "flat", "composable"),
    [(False, (7, 1, 0), False, False), (False, (7, 7, 0), False, False), (False, (7, 8, 0), False, True),
     (False, (7, 10, 2), False, True), (True, (1, 0, 0), False, True), (True, (2, 6, 0), False, True),
     (True, (2, 7, 0), True, True), (True, (3, 4, 0), True, True)],
)  # fmt: skip
def test_dialects_of_each_engine(opensearch: bool, version: tuple[int, ...], flat: bool, composable: bool) -> None:
    spoken = Dialect(opensearch, version)
    assert (spoken.flat_object, spoken.composable) == (flat, composable)
    assert any(path.startswith("_index_template") for path in wanted(GIVEN, spoken, {})) == composable
    assert ("flat_object" in json.dumps(wanted(GIVEN, spoken, {}))) == flat


def test_compatibility_mode_is_detected() -> None:
    domain = Domain(version="7.10.2")
    domain.plain["_cat/nodes"] = [{"version": "2.19.0"}, {"version": "2.17.0"}]  # type: ignore[assignment]
    speaking = client(domain)
    assert dialect.detect(speaking, speaking.ask("GET", "/")) == Dialect(opensearch=True, version=(2, 17, 0))


def test_settings_have_their_documented_defaults() -> None:
    assert settings.from_environment({"ENDPOINT": "domain.example", "AWS_REGION": "us-east-1"}) == GIVEN


@pytest.mark.parametrize(
    ("name", "value"),
    [("SHARDS", "many"), ("DELETE_AFTER_DAYS", "-1"), ("INDEX_ROTATION", "Daily"), ("FINE_GRAINED", "yes"),
     ("INSTALL", "dashboards,cake"), ("VALUES", "[]"), ("VALUES", "{"), ("VALUES", '{"burst_events": null}'),
     ("ENDPOINT", "")],
)  # fmt: skip
def test_a_wrong_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: "):
        settings.from_environment({"ENDPOINT": "domain.example", name: value})


def test_never_means_no_age() -> None:
    given = settings.from_environment({"ENDPOINT": "domain.example", "DELETE_AFTER_DAYS": "never"})
    assert given.delete_after_days is None


def test_every_documented_variable_is_read() -> None:
    source = (RUNTIME / "settings.py").read_text(encoding="utf-8")
    documented = {word.strip(" ,") for line in source.split("====\n")[2].splitlines() for word in line[:26].split()}
    read = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    assert {name for name in documented if name.isupper()} <= read


def imported(folder: Path) -> set[str]:
    """What the modules of a folder import from outside of it, packages of constructs_lib by their second name."""
    found: set[str] = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [str(node.module)]
            found |= {".".join(name.split(".")[: 2 if name.startswith("constructs_lib") else 1]) for name in names}
    return found - set(sys.stdlib_module_names)


def test_the_runtime_needs_only_the_standard_library_botocore_and_shared_modules() -> None:
    assert imported(RUNTIME) == {"botocore", "constructs_lib.privacy"}


def test_shared_modules_need_only_the_standard_library_and_botocore() -> None:
    assert imported(RUNTIME.parents[1] / "privacy") == {"botocore"}


def test_remaining_copies_are_listed_with_their_date() -> None:
    domain = Domain()
    index = {"settings": {"index.creation_date": "1767225600000", "index.routing.allocation.require.box_type": "warm"}}
    domain.plain["events-*/_settings"] = {"events-2026-01-01": index}
    asked = client(domain)
    original = domain._plain
    domain._plain = lambda method, path, body: (  # type: ignore[method-assign]
        (200, {"count": 3}) if path.endswith("_count") else original(method, path, body)
    )
    given = changed(archive="all", archive_days=730)
    people = Request({"user_id": ["u1_" + "a" * 32]}, {})
    answer = erasure.erase(asked, given, people, Report(), today=lambda: dt.date(2026, 1, 10))
    until = {place["place"]: place["until"] for place in answer["remaining"]}
    assert answer["deleted"] == 0
    assert until == {
        "index events-2026-01-01": "2026-04-01",
        "stream, records as they came": "2026-01-17",
        "archive, delivered events": "2028-01-10",
        "archive, records that could not be delivered": "2026-03-11",
        "automated snapshots of the domain": "2026-01-24",
    }


def test_cold_indices_of_every_page_are_listed() -> None:
    domain = Domain()
    names = [f"events-2025-01-{day:02d}" for day in range(1, 26)]
    original, asked = domain._plain, []

    def paged(method: str, path: str, body: Any) -> Any:
        if path != "_cold/indices/_search":
            return original(method, path, body)
        asked.append(body)
        if body.get("filters", {}).get("index_pattern") == "ubi_queries-*":
            return 200, {"indices": [], "total_results": 0}
        start = int(body.get("pagination_id", 0))
        page = [{"index": name, "creation_date": f"{name[7:]}T00:00:01.000Z"} for name in names[start : start + 10]]
        return 200, {"indices": page, "total_results": len(names), "pagination_id": str(start + 10)}

    domain._plain = paged  # type: ignore[method-assign]
    given = changed(warm_after_days=7, cold_after_days=30, delete_after_days=365)
    answer = erasure.erase(
        client(domain), given, Request({"client_id": ["phone"]}, {}), Report(), today=lambda: dt.date(2025, 6, 1)
    )
    cold = {each["place"]: each["until"] for each in answer["remaining"] if each["place"].startswith("index ")}
    assert cold.keys() == {f"index {name}" for name in names}
    assert cold["index events-2025-01-01"] == "2026-01-15"  # a year, and the two weeks that AWS keeps it after that


def test_an_error_of_configured_cold_storage_fails_the_erasure() -> None:
    domain = Domain(lacking=("_cold",))
    given = changed(warm_after_days=7, cold_after_days=30)
    with pytest.raises(Refused, match="_cold/indices/_search"):
        erasure.erase(client(domain), given, Request({"client_id": ["phone"]}, {}), Report())


FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:shop-bootstrap"


class Context:
    """What Lambda passes beside the event."""

    def __init__(self, invoked_function_arn: str) -> None:
        self.invoked_function_arn = invoked_function_arn

    def get_remaining_time_in_millis(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("alias", "action", "refused"),
    [
        ("", "erase", "call the function's alias 'erase'"),
        (":live", "erase", "call the function's alias 'erase'"),
        (":7", "erase", "call the function's alias 'erase'"),
        (":erase", "install", "the alias 'erase' allows only the action erase"),
        (":erase", None, "the alias 'erase' allows only the action erase"),
    ],
)
def test_installing_and_erasing_need_separate_aliases(alias: str, action: str | None, refused: str) -> None:
    event = {} if action is None else {"action": action, "client_ids": ["phone"]}
    with pytest.raises(handler_module.BootstrapError, match=refused):
        handler_module.handler(event, Context(FUNCTION + alias))


@pytest.mark.parametrize(("alias", "action"), [(":erase", "erase"), (":live", "install"), ("", "install")])
def test_each_alias_allows_its_own_action(alias: str, action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDPOINT", "https://domain.example")
    monkeypatch.setattr(handler_module, "signature", lambda _: None)
    monkeypatch.setattr(handler_module, "run", lambda event, *_: {"done": event["action"]})
    assert handler_module.handler({"action": action}, Context(FUNCTION + alias)) == {"done": action}

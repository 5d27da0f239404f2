"""Dashboards and the plugins accept the dashboards, monitors and detectors."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.bootstrap.runtime import catalogue
from tests.bootstrap.plugin_rules import detector_problems, monitor_problems, saved_object_problems

VALUES = {"index_name": "events", "index_pattern": "events-*", "destination_id": "topic"}
OWN_NAMES = {"period_end", "key", "doc_count"}


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    return catalogue.saved_objects(VALUES, arms=["A", "B"])


def test_the_import_accepts_every_saved_object(objects: list[dict[str, Any]]) -> None:
    assert list(saved_object_problems(objects)) == []


def test_the_dashboards_exist(objects: list[dict[str, Any]]) -> None:
    ids = {saved["id"] for saved in objects if saved["type"] == "dashboard"}
    always = {"events-traffic", "events-funnels", "events-content", "events-bots", "events-errors", "events-visitors"}
    assert ids == always | {"events-recommendations"}
    without = {saved["id"] for saved in catalogue.saved_objects(VALUES) if saved["type"] == "dashboard"}
    assert without == always


def test_each_dashboard_describes_what_it_counts(objects: list[dict[str, Any]]) -> None:
    said = [one["attributes"]["description"] for one in objects if one["type"] == "dashboard"]
    assert [text for text in said if not re.search(r"(one|event) that was sent twice counts (once|twice)", text)] == []


def test_every_visualization_is_on_a_dashboard(objects: list[dict[str, Any]]) -> None:
    shown = {reference["id"] for saved in objects if saved["type"] == "dashboard" for reference in saved["references"]}
    assert shown == {saved["id"] for saved in objects if saved["type"] == "visualization"}


def test_referenced_objects_come_first(objects: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for saved in objects:
        assert {reference["id"] for reference in saved["references"]} <= seen
        seen.add(saved["id"])


def test_ids_begin_with_the_index_name() -> None:
    objects = catalogue.saved_objects({"index_name": "shop", "index_pattern": "shop-*"})
    assert all(saved["id"].startswith("shop-") for saved in objects)


def test_two_index_names_share_no_id(objects: list[dict[str, Any]]) -> None:
    others = catalogue.saved_objects({"index_name": "shop", "index_pattern": "shop-*"})
    assert not {saved["id"] for saved in objects} & {saved["id"] for saved in others}


def test_the_import_file_has_one_object_a_line(objects: list[dict[str, Any]]) -> None:
    lines = catalogue.import_body(objects).splitlines()
    assert [json.loads(line) for line in lines] == objects


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda o: o[1]["attributes"].update(colour="red"), "no attribute colour"),
        (lambda o: o[1].update(references=[]), "no index pattern"),
        (lambda o: o[0].update(id="elsewhere"), "which is not there"),
        (lambda o: o[1].update(migrationVersion={"visualization": "7.10.0"}), "some engine's Kibana"),
        (lambda o: o.append(o[0]), "two objects with one id"),
    ],
)
def test_the_rules_for_saved_objects_can_fail(objects: list[dict[str, Any]], change: Any, problem: str) -> None:
    broken = copy.deepcopy(objects)
    change(broken)
    assert any(problem in found for found in saved_object_problems(broken))


@pytest.mark.parametrize("opensearch", [True, False])
def test_alerting_accepts_every_monitor(opensearch: bool) -> None:
    for monitor in catalogue.monitors(VALUES, opensearch=opensearch):
        assert list(monitor_problems(monitor, opensearch=opensearch)) == [], monitor["name"]


def test_each_engine_refuses_the_monitors_of_the_other() -> None:
    monitor = catalogue.monitors(VALUES, opensearch=False)[0]
    assert "triggers in the other engine's form" in list(monitor_problems(monitor, opensearch=True))


def test_without_a_destination_monitors_notify_nobody() -> None:
    for monitor in catalogue.monitors({"index_name": "events", "index_pattern": "events-*"}):
        assert [trigger["query_level_trigger"]["actions"] for trigger in monitor["triggers"]] == [[]]


def test_a_throttle_in_hours_is_refused() -> None:
    monitor = catalogue.monitors(VALUES)[0]
    monitor["triggers"][0]["query_level_trigger"]["actions"][0]["throttle"]["unit"] = "HOURS"
    assert any("MINUTES" in problem for problem in monitor_problems(monitor, opensearch=True))


def test_anomaly_detection_accepts_every_detector() -> None:
    for detector in catalogue.detectors(VALUES):
        assert list(detector_problems(detector)) == [], detector["name"]


def test_a_feature_named_twice_is_refused() -> None:
    detector = catalogue.detectors(VALUES)[0]
    detector["feature_attributes"] *= 2
    assert "Feature name has to be unique" in list(detector_problems(detector))


def test_the_index_name_is_in_every_object() -> None:
    bodies = [*catalogue.monitors(VALUES), *catalogue.detectors(VALUES)]
    assert all(body["name"].startswith("events") for body in bodies)


@pytest.mark.parametrize("folder", ["dashboards", "monitors", "detectors"])
def test_only_the_plugins_own_placeholders_remain(folder: str) -> None:
    made = {
        "dashboards": catalogue.saved_objects(VALUES),
        "monitors": catalogue.monitors(VALUES),
        "detectors": catalogue.detectors(VALUES),
    }[folder]
    open_names = set(re.findall(r"\{\{(\w+)\}\}", json.dumps(made)))
    assert open_names <= OWN_NAMES


def test_a_script_is_joined_into_one_string(objects: list[dict[str, Any]]) -> None:
    (panel,) = [one for one in objects if one["id"] == "events-visitors-retention"]
    spec = json.loads(json.loads(panel["attributes"]["visState"])["params"]["spec"])
    aggregation = spec["data"]["url"]["body"]["aggs"]["chosen"]["aggs"]["cohorts"]["scripted_metric"]
    lines = ["state.mask = 0;", "state.limit = params.limit;", "state.visitors = new HashMap();"]
    assert aggregation["init_script"]["source"] == "\n".join(lines)


def test_titles_do_not_contain_the_index_name(objects: list[dict[str, Any]]) -> None:
    assert [one["attributes"]["title"] for one in objects if "[" in one["attributes"]["title"]] == []


def test_each_dashboard_describes_its_index(objects: list[dict[str, Any]]) -> None:
    said = [one["attributes"]["description"] for one in objects if one["type"] == "dashboard"]
    assert [text for text in said if not text.endswith(" Index: events-*.")] == []


def test_a_number_stays_a_number() -> None:
    monitor = catalogue.monitors({**VALUES, "monitor_interval_minutes": 7})[0]
    assert monitor["schedule"]["period"]["interval"] == 7


def test_the_alert_destination_before_opensearch_2() -> None:
    values = {"index_name": "events", "topic_arn": "arn:topic", "publishing_role_arn": "arn:role"}
    assert catalogue.destination(values) == {
        "name": "events-alarms",
        "type": "sns",
        "sns": {"topic_arn": "arn:topic", "role_arn": "arn:role"},
    }


def test_the_notification_channel_since_opensearch_2() -> None:
    values = {"index_name": "events", "topic_arn": "arn:topic", "publishing_role_arn": "arn:role"}
    body = catalogue.channel(values)
    assert (body["config_id"], body["config"]["config_type"]) == ("events-alarms", "sns")


# What the alerting plugin of OpenSearch answers for a stored range, term, order and unit.
SPELLED_OUT = {
    "name": "x",
    "query": {
        "range": {"t": {"from": "a", "to": "b", "include_lower": True, "include_upper": False, "boost": 1.0}},
        "term": {"is_bot": {"value": False, "boost": 1.0}},
        "minimum_should_match": "1",
    },
    "order": [{"pages": "desc"}, {"_key": "asc"}],
    "unit": "MINUTES",
    "last_update_time": 1,
}
OURS = {
    "name": "x",
    "query": {"range": {"t": {"gte": "a", "lt": "b"}}, "term": {"is_bot": False}, "minimum_should_match": 1},
    "order": {"pages": "desc"},
    "unit": "Minutes",
}


def test_a_body_equals_its_expanded_form() -> None:
    assert catalogue.same(OURS, SPELLED_OUT)


def test_the_colours_of_a_scale_are_not_compared_as_a_range_query() -> None:
    scale = {"scale": {"domain": ["People", "Bots"], "range": ["#006bb4", "#bd271e"]}}
    assert catalogue.same(scale, copy.deepcopy(scale))
    assert not catalogue.same(scale, {"scale": {**scale["scale"], "range": ["#006bb4", "#54b399"]}})


@pytest.mark.parametrize(
    "change",
    [
        {"name": "y"},
        {"order": {"items": "desc"}},
        {"unit": "Hours"},
        {"more": 1},
        {"query": {"range": {"t": {"gte": "a", "lte": "b"}}}},
        {"query": {"range": {"t": {"gt": "a", "lt": "b"}}}},
        {"query": {"range": {"u": {"gte": "a", "lt": "b"}}}},
        {"query": {"term": {"is_bot": True}}},
        {"query": ["a"]},
    ],
)
def test_a_changed_body_differs(change: dict[str, Any]) -> None:
    assert not catalogue.same({**OURS, **change}, SPELLED_OUT)


# The sign-in monitor's search as OpenSearch 2.19.4 spelled it out in its slow log; alerting stores it in this form.
AS_AN_ENGINE_WRITES_IT = """
{"size": 0, "query": {"bool": {"filter": [{"range": {"timestamp": {"from": "{{period_end}}||-10m-15m",
"to": "{{period_end}}||-10m", "include_lower": true, "include_upper": false, "format": "epoch_millis", "boost": 1.0}}},
{"bool": {"should": [{"terms": {"action_name": ["login_failed", "sign_in_failed", "authentication_failed"],
"boost": 1.0}}, {"bool": {"filter": [{"terms": {"http.status": [401, 403, 429], "boost": 1.0}}, {"prefix":
{"page.path": {"value": "/login", "boost": 1.0}}}], "adjust_pure_negative": true, "boost": 1.0}}],
"adjust_pure_negative": true, "minimum_should_match": "1", "boost": 1.0}}], "adjust_pure_negative": true,
"boost": 1.0}}, "aggregations": {"clients": {"terms": {"field": "ip_prefix", "size": 50, "min_doc_count": 20,
"shard_min_doc_count": 0, "show_term_doc_count_error": false, "order": [{"accounts": "desc"}, {"_key": "asc"}]},
"aggregations": {"accounts": {"cardinality": {"field": "user_id"}}, "programs": {"cardinality": {"field":
"client_id"}}}}}}
"""


def sign_in_search(**values: int | str) -> dict[str, Any]:
    (monitor,) = [body for body in catalogue.monitors({**VALUES, **values}) if "sign-ins" in body["name"]]
    found: dict[str, Any] = monitor["inputs"][0]["search"]["query"]
    return found


def test_a_search_equals_the_form_that_the_engine_stores() -> None:
    assert catalogue.same(sign_in_search(), json.loads(AS_AN_ENGINE_WRITES_IT))


@pytest.mark.parametrize("values", [{"failed_sign_ins": 21}, {"sign_in_path": "/sign-in"}, {"delay_minutes": 11}])
def test_a_search_with_another_threshold_differs(values: dict[str, int | str]) -> None:
    assert not catalogue.same(sign_in_search(**values), json.loads(AS_AN_ENGINE_WRITES_IT))


def test_the_documented_defaults_are_the_defaults() -> None:
    page = (Path(__file__).parents[2] / "docs" / "dashboards.md").read_text(encoding="utf-8")
    rows = [
        row.split("|")[1:3]
        for row in page.partition("## Changing thresholds")[2].splitlines()
        if "`" in row and "|" in row
    ]
    documented = {
        name: value.strip().strip("`")
        for names, values in rows
        for name, value in zip(re.findall(r"`(\w+)`", names), values.split(","), strict=True)
    }
    defaults = {name: str(value) for name, value in catalogue.DEFAULTS.items() if name != "vega_lite_version"}
    assert documented == defaults

"""Rules of the plugins and Dashboards for what they refuse, from their published sources.

They are not published where tests could start them, so their parsers' rules are written down here, each with the file
that it comes from (all Apache-2.0, read, not copied):

- alerting: opensearch-project/common-utils, ``org/opensearch/commons/alerting/model``: ``Monitor.kt``, ``Schedule.kt``,
  ``SearchInput.kt``, ``QueryLevelTrigger.kt``, ``action/Action.kt``, ``action/Throttle.kt``;
  opensearch-project/alerting, ``settings/AlertingSettings.kt``;
- anomaly detection: opensearch-project/anomaly-detection, ``timeseries/model/Config.java``, ``Feature.java``,
  ``timeseries/settings/TimeSeriesSettings.java``, ``ad/model/AnomalyDetector.java``;
- Dashboards: opensearch-project/OpenSearch-Dashboards, ``dashboard/server/saved_objects/dashboard.ts``,
  ``visualizations/server/saved_objects/visualization.ts``, ``vis_type_*/public``, ``vis_type_vega/public/data_model``;
- Kibana 7.1: elastic/kibana, ``src/legacy/core_plugins/kibana/migrations.js``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Body = Mapping[str, Any]

# --- alerting


def monitor_problems(monitor: Body, *, opensearch: bool) -> Iterator[str]:
    """What ``Monitor.parse`` and ``Monitor.init`` would throw."""
    if not isinstance(monitor.get("name"), str) or not monitor["name"]:
        yield "Monitor name is null"
    if monitor.get("type") != "monitor":
        yield "a scheduled job that is no monitor"
    if opensearch and monitor.get("monitor_type", "query_level_monitor") != "query_level_monitor":
        yield "Incompatible trigger for monitor type"
    if not opensearch and "monitor_type" in monitor:
        yield "Elasticsearch's alerting knows no monitor types"
    yield from _schedule_problems(monitor.get("schedule", {}))
    if len(monitor.get("inputs", [])) != 1:
        yield "Monitors can only have 1 search input."
    for given in monitor.get("inputs", []):
        search = given.get("search", {})
        if not search.get("indices") or not isinstance(search.get("query"), dict):
            yield "SearchInput query is null"
    triggers = monitor.get("triggers", [])
    if len(triggers) > 10:
        yield "Monitors can only support up to 10 triggers."
    if any(("query_level_trigger" in trigger) is not opensearch for trigger in triggers):
        yield "triggers in the other engine's form"
    plain = [trigger.get("query_level_trigger", trigger) for trigger in triggers]
    if len({trigger.get("id") for trigger in plain}) != len(plain):
        yield "Duplicate trigger id"
    for trigger in plain:
        yield from _trigger_problems(trigger)


def _schedule_problems(schedule: Body) -> Iterator[str]:
    if set(schedule) != {"period"}:
        yield "Schedule is null."
        return
    period = schedule["period"]
    if not isinstance(period.get("interval"), int) or period["interval"] <= 0:
        yield "Interval is not allowed to be 0 or negative"
    if str(period.get("unit")).upper() not in {"MINUTES", "HOURS", "DAYS"}:
        yield "unit is not supported"


def _trigger_problems(trigger: Body) -> Iterator[str]:
    for name in ("name", "severity"):
        if not isinstance(trigger.get(name), str) or not trigger[name]:
            yield f"Trigger {name} is null"
    if trigger.get("severity") not in {"1", "2", "3", "4", "5"}:
        yield "severity is one of 1 to 5"
    script = trigger.get("condition", {}).get("script", {})
    if script.get("lang") != "painless" or not script.get("source"):
        yield "Invalid script language. Allowed languages are [painless]"
    for action in trigger.get("actions", []):
        yield from _action_problems(action)


def _action_problems(action: Body) -> Iterator[str]:
    known = {"id", "name", "destination_id", "subject_template", "message_template", "throttle", "throttle_enabled"}
    yield from (f"Unexpected field: {name}, while parsing action" for name in set(action) - known)
    if not action.get("name") or not action.get("destination_id"):
        yield "Destination id is null"
    for template in ("subject_template", "message_template"):
        if action.get(template, {}).get("lang") != "mustache":
            yield f"{template} must be a mustache script"
    throttle = action.get("throttle")
    if action.get("throttle_enabled") and throttle is None:
        yield "Action throttle enabled but not set throttle value"
    if throttle is not None and (throttle.get("unit") != "MINUTES" or not 0 < throttle.get("value", 0) <= 24 * 60):
        yield "Can only set positive throttle period, in MINUTES, of at most a day"


# --- anomaly detection


def detector_problems(detector: Body) -> Iterator[str]:
    """What ``AnomalyDetector.parse`` and the checks when a detector is stored would refuse."""
    if not re.fullmatch(r"[a-zA-Z0-9._-]+", detector.get("name", "")):
        yield "Valid characters for name are a-z, A-Z, 0-9, -(hyphen), _(underscore) and .(period)"
    if len(detector.get("name", "")) > 64:
        yield "Name should be shortened. The maximum limit is 64 characters."
    if len(detector.get("description", "")) > 1000:
        yield "Description length is too long. Max length is 1000 characters."
    if not detector.get("time_field"):
        yield "Time field should be set"
    if not detector.get("indices"):
        yield "Indices should be set"
    for field in ("detection_interval", "window_delay"):
        period = detector.get(field, {}).get("period", {})
        if not isinstance(period.get("interval"), int) or period["interval"] <= 0:
            yield f"{field} must be a positive integer"
        if str(period.get("unit")).upper() not in {"MINUTES", "SECONDS"}:
            yield f"{field} is in minutes or seconds"
    if not 1 <= detector.get("shingle_size", 8) <= 128:
        yield "Shingle size must be between 1 and 128"
    if len(detector.get("category_field", [])) > 2:
        yield "We can have only 2 categorical field."
    yield from _feature_problems(detector.get("feature_attributes", []))


def _feature_problems(features: list[Body]) -> Iterator[str]:
    if not 1 <= len(features) <= 5:
        yield "Can't create more than 5 features"
    names = Counter(feature.get("feature_name") for feature in features)
    if any(number > 1 for number in names.values()):
        yield "Feature name has to be unique"
    for feature in features:
        if not feature.get("feature_name") or len(feature.get("aggregation_query", {})) != 1:
            yield "Feature aggregation query should be set, exactly one"
        if not set(feature.get("aggregation_query", {})) <= set(names):
            yield "an aggregation is named after its feature"


# --- saved objects

# Attributes that the strict mappings of the Dashboards index know.
_ATTRIBUTES = {
    "index-pattern": {"title", "timeFieldName", "fields", "fieldFormatMap", "sourceFilters", "type", "typeMeta"},
    "visualization": {
        *("title", "description", "version", "visState", "uiStateJSON", "kibanaSavedObjectMeta", "savedSearchRefName"),
    },
    "dashboard": {
        *("title", "description", "version", "hits", "timeRestore", "timeFrom", "timeTo", "refreshInterval"),
        *("optionsJSON", "panelsJSON", "kibanaSavedObjectMeta"),
    },
}
# The newest migration that the oldest Kibana served knows; an object from a later version is refused.
_KNOWN_MIGRATIONS = {"index-pattern": "6.5.0", "visualization": "7.0.1", "dashboard": "7.0.0"}
# Least and most aggregations of each role (schema) of a visualization type, and which aggregations it takes.
_ANY = 99
_XY = {"metric": (1, _ANY), "radius": (0, 1), "segment": (0, 1), "group": (0, 3), "split": (0, 1)}
_SCHEMAS: dict[str, dict[str, tuple[int, int]]] = {
    "histogram": _XY,
    "line": _XY,
    "area": _XY,
    "horizontal_bar": _XY,
    "pie": {"metric": (1, 1), "segment": (0, _ANY), "split": (0, 1)},
    "metric": {"metric": (1, _ANY), "group": (0, 1)},
    "table": {"metric": (1, _ANY), "bucket": (0, _ANY), "split": (0, 1)},
    "tagcloud": {"metric": (1, 1), "segment": (0, 1)},
    "vega": {},
}
_METRICS = {"count", "cardinality", "avg", "sum", "min", "max"}
_BUCKETS = {"terms", "filters", "date_histogram", "histogram", "range"}
_WITHOUT_FIELD = {"count", "filters"}


def saved_object_problems(objects: list[dict[str, Any]]) -> Iterator[str]:
    """What an import would refuse, or what would be drawn as an error afterwards."""
    known = {(saved["type"], saved["id"]) for saved in objects}
    if len(known) != len(objects):
        yield "two objects with one id"
    for saved in objects:
        name, attributes = saved["id"], saved["attributes"]
        yield from (f"{name}: no attribute {x}" for x in set(attributes) - _ATTRIBUTES[saved["type"]])
        if not attributes.get("title"):
            yield f"{name}: no title"
        if saved["migrationVersion"] != {saved["type"]: _KNOWN_MIGRATIONS[saved["type"]]}:
            yield f"{name}: belongs to a version that some engine's Kibana does not know"
        for reference in saved["references"]:
            if (reference["type"], reference["id"]) not in known:
                yield f"{name}: refers to {reference['id']}, which is not there"
        names = {reference["name"] for reference in saved["references"]}
        if saved["type"] == "visualization":
            yield from (f"{name}: {problem}" for problem in _visualization_problems(attributes, names))
        if saved["type"] == "dashboard":
            yield from (f"{name}: {problem}" for problem in _dashboard_problems(attributes, names))


def _visualization_problems(attributes: Body, references: set[str]) -> Iterator[str]:
    state = json.loads(attributes["visState"])
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    if state["title"] != attributes["title"]:
        yield "two titles"
    if source["query"].keys() != {"language", "query"} or source["query"]["language"] not in {"lucene", "kuery"}:
        yield "query in no known language"
    if {source["indexRefName"]} - references if "indexRefName" in source else state["type"] != "vega":
        yield "no index pattern"
    if state["type"] not in _SCHEMAS:
        yield f"no visualization type {state['type']}"
        return
    if state["type"] == "vega":
        yield from _vega_problems(json.loads(state["params"]["spec"]))
    used = Counter(agg["schema"] for agg in state["aggs"])
    for schema, (least, most) in _SCHEMAS[state["type"]].items():
        if not least <= used.pop(schema, 0) <= most:
            yield f"{schema}: at least {least}, at most {most}"
    yield from (f"{state['type']} has no {schema}" for schema in used)
    ids = [agg["id"] for agg in state["aggs"]]
    if len(set(ids)) != len(ids):
        yield "two aggregations with one id"
    for agg in state["aggs"]:
        yield from _aggregation_problems(
            agg, {x["id"] for x in state["aggs"] if x["schema"] == "metric"}, state["type"]
        )


def _aggregation_problems(agg: Body, metrics: set[str], kind: str) -> Iterator[str]:
    if agg["type"] not in (_METRICS if agg["schema"] in {"metric", "radius"} else _BUCKETS):
        yield f"{agg['type']} is no aggregation for {agg['schema']}"
    if agg["type"] not in _WITHOUT_FIELD and not agg["params"].get("field"):
        yield f"{agg['type']} without a field"
    if agg["type"] == "terms" and agg["params"]["orderBy"] not in metrics | {"_key"}:
        yield "ordered by no metric of this visualization"
    if agg["type"] == "filters" and not all(
        {"query", "language"} == f["input"].keys() and f["label"] for f in agg["params"]["filters"]
    ):
        yield "a filter without query, language or label"
    if kind == "tagcloud" and agg["schema"] == "segment" and agg["type"] != "terms":
        yield "a tag cloud shows terms"


def _vega_problems(spec: Body) -> Iterator[str]:
    """``opensearch_query_parser.ts``: the time field is injected unless a query is given, and needs an index."""
    if not re.fullmatch(r"https://vega\.github\.io/schema/vega-lite/v[245]\.json", spec.get("$schema", "")):
        yield "no known grammar"
    url = spec["data"]["url"]
    if url.get("%timefield%") and "query" in url["body"]:
        yield "url.%context% and url.%timefield% must not be used when url.body.query is set"
    if not url.get("index"):
        yield "a query without an index"
    if not spec["data"]["format"]["property"].startswith("aggregations."):
        yield "reads something else than its aggregations"


def _dashboard_problems(attributes: Body, references: set[str]) -> Iterator[str]:
    panels = json.loads(attributes["panelsJSON"])
    if {panel["panelRefName"] for panel in panels} != references:
        yield "panels and references differ"
    if len({panel["panelIndex"] for panel in panels}) != len(panels):
        yield "two panels with one index"
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        grid = panel["gridData"]
        if panel["panelIndex"] != grid["i"] or grid["x"] + grid["w"] > 48:
            yield "outside the grid of 48 columns"
        cells = {(grid["x"] + dx, grid["y"] + dy) for dx in range(grid["w"]) for dy in range(grid["h"])}
        if cells & taken:
            yield "panels on top of each other"
        taken |= cells

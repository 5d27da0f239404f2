"""The search that OpenSearch Dashboards or Kibana sends for a saved visualization, and its answer as rows.

Follows OpenSearch-Dashboards ``src/plugins/data/common/search/aggs`` (each aggregation is named by its id, bucket
aggregations nest in their order, metrics go into the innermost) and ``vis_type_vega/public/data_model``
(``%context%`` and ``%timefield%`` become a filter on the chosen time).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

Body = dict[str, Any]

# Intervals for "auto": the first that gives at most a hundred bars (`histogram:maxBars`).
_INTERVALS = {"10m": 600, "30m": 1800, "1h": 3600, "3h": 10800, "12h": 43200, "1d": 86400, "1w": 604800, "30d": 2592000}
_MAX_BARS = 100
_MISSING = "__missing__"
"""Label of documents without the field in Dashboards (``src/plugins/data/common/search/aggs/buckets``)."""


@dataclass(frozen=True)
class Times:
    """The time range chosen in Dashboards."""

    start: datetime
    end: datetime

    def filter(self) -> Body:
        """The filter for documents of this time range."""
        bounds = {"gte": _iso(self.start), "lte": _iso(self.end), "format": "strict_date_optional_time"}
        return {"range": {"timestamp": bounds}}

    def interval(self) -> str:
        """The interval for ``auto``."""
        seconds = (self.end - self.start) / timedelta(seconds=1)
        return next(name for name, length in _INTERVALS.items() if seconds / length <= _MAX_BARS or name == "30d")


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Panel:
    """A parsed saved visualization."""

    id: str
    title: str
    kind: str
    state: Body
    source: Body

    @property
    def spec(self) -> Body:
        """A Vega panel's specification."""
        spec: Body = json.loads(self.state["params"]["spec"])
        return spec

    def search(self, times: Times, *, legacy: bool = False) -> Body:
        """The body of its search; ``legacy`` for Kibana 7.1, which knew no fixed and calendar intervals."""
        if self.kind == "vega":
            return _vega_search(self.spec, times)
        return _classic_search(self, times, legacy=legacy)

    def rows(self, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A classic panel's answer as its table: a column for each bucket and metric, by aggregation id."""
        metrics = [agg for agg in self.state["aggs"] if agg["schema"] == "metric"]
        everything = {"doc_count": answer["hits"]["total"], **answer.get("aggregations", {})}
        return list(_rows(everything, _buckets(self.state), metrics, {}))

    def labels(self) -> dict[str, str]:
        """The names of the columns."""
        return {agg["id"]: agg["params"].get("customLabel", agg["type"]) for agg in self.state["aggs"]}


def panels(objects: list[dict[str, Any]]) -> dict[str, Panel]:
    """The visualizations among saved objects, by id."""
    found = {}
    for saved in objects:
        if saved["type"] == "visualization":
            attributes = saved["attributes"]
            state = json.loads(attributes["visState"])
            source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
            found[saved["id"]] = Panel(saved["id"], attributes["title"], state["type"], state, source)
    return found


# --- classic


def _buckets(state: Body) -> list[Body]:
    return [agg for agg in state["aggs"] if agg["schema"] not in {"metric", "radius"} and agg["enabled"]]


def _query(text: str) -> list[Body]:
    return [{"query_string": {"query": text, "analyze_wildcard": True}}] if text else []


def _classic_search(panel: Panel, times: Times, *, legacy: bool) -> Body:
    metrics = [agg for agg in panel.state["aggs"] if agg["schema"] == "metric"]
    inner: Body = {
        agg["id"]: {agg["type"]: {"field": agg["params"]["field"], **json.loads(agg["params"].get("json", "{}"))}}
        for agg in metrics
        if agg["type"] != "count"
    }
    aggs: Body = inner
    for agg in reversed(_buckets(panel.state)):
        made = _bucket(agg, metrics, times, legacy=legacy)
        ordered = {name: inner[name] for name in made.get("terms", {}).get("order", {}) if name in inner}
        below = {**ordered, **aggs}
        aggs = {agg["id"]: {**made, **({"aggs": below} if below else {})}}
    query = {"bool": {"must": _query(panel.source["query"]["query"]), "filter": [times.filter()]}}
    return {"size": 0, "track_total_hits": True, "query": query, "aggs": aggs}


def _bucket(agg: Body, metrics: list[Body], times: Times, *, legacy: bool) -> Body:
    params = agg["params"]
    if agg["type"] == "date_histogram":
        chosen = times.interval() if params["interval"] == "auto" else params["interval"]
        kind = "interval" if legacy else "calendar_interval" if chosen[:-1] == "1" else "fixed_interval"
        return {
            "date_histogram": {
                "field": params["field"],
                kind: chosen,
                "time_zone": "UTC",
                "min_doc_count": params["min_doc_count"],
            }
        }
    if agg["type"] == "terms":
        counts = {metric["id"] for metric in metrics if metric["type"] == "count"}
        by = "_count" if params["orderBy"] in counts else params["orderBy"]
        missing = {"missing": _MISSING} if params["missingBucket"] else {}
        return {"terms": {"field": params["field"], "size": params["size"], "order": {by: params["order"]}, **missing}}
    chosen_filters = {
        given["label"]: {"bool": {"must": _query(given["input"]["query"])}} for given in params["filters"]
    }
    return {"filters": {"filters": chosen_filters}}


def _rows(level: Mapping[str, Any], buckets: list[Body], metrics: list[Body], so_far: Body) -> Iterator[dict[str, Any]]:
    if not buckets:
        yield so_far | {
            metric["id"]: _total(level["doc_count"]) if metric["type"] == "count" else level[metric["id"]]["value"]
            for metric in metrics
        }
        return
    first, *rest = buckets
    found = level[first["id"]]["buckets"] if first["id"] in level else []
    named = found.items() if isinstance(found, dict) else ((_key(first, bucket), bucket) for bucket in found)
    for key, bucket in named:
        yield from _rows(bucket, rest, metrics, so_far | {first["id"]: key})


def _key(agg: Body, bucket: Mapping[str, Any]) -> Any:
    if bucket["key"] == _MISSING:
        return agg["params"]["missingBucketLabel"]
    return bucket["key"] if agg["type"] == "date_histogram" else bucket.get("key_as_string", bucket["key"])


def _total(given: Any) -> Any:
    """The number of hits, which is an object since Elasticsearch 7."""
    return given["value"] if isinstance(given, dict) else given


# --- Vega


def _vega_search(spec: Body, times: Times) -> Body:
    url = copy.deepcopy(spec["data"]["url"])
    body: Body = url["body"]
    if url.get("%timefield%"):
        body["query"] = {"bool": {"must": [times.filter()], "filter": [], "should": [], "must_not": []}}
    return body


def vega_data(spec: Body, answer: Mapping[str, Any]) -> Body:
    """The specification for Vega, with the answer instead of its search."""
    data = {name: value for name, value in spec["data"].items() if name != "url"}
    return {**spec, "data": {**data, "values": dict(answer)}}

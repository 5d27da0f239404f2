"""Turns the files of dashboards, alert monitors and anomaly detectors beside this module into the bodies of the APIs.

Each file is the body for its API, in readable form:

``dashboards/*.json``
    A list of saved objects for OpenSearch Dashboards and Kibana 7 (``saved_objects/_import``). Where the API wants JSON
    inside a string (``visState``, ``panelsJSON``, a Vega specification ...), the file holds it as plain JSON; the
    ``source`` of a script is a list of lines there.
``monitors/*.json``
    One monitor of the alerting plugin a file, each with one query-level trigger.
``detectors/*.json``
    One detector of the anomaly detection plugin a file.
``notifications/*.json``
    Where alerts go: ``channel.json`` for the notifications plugin (OpenSearch 2 and later), ``destination.json`` for
    the alerting plugin of older engines.

``{{name}}`` is replaced with the given value, with its type if it is the whole string. Other names are not replaced:
they belong to the plugin (``{{period_end}}``, ``{{ctx.monitor.name}}``). Ids and names begin with the index name, so a
second installation finds the existing objects, and two pipelines on one domain do not conflict.

This module sends no requests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECOMMENDATIONS = "recommendations"

DEFAULTS: Mapping[str, int | str] = {
    # Delay of documents after their events: the buffers of Firehose and the transform, and the index refresh.
    "delay_minutes": 10,
    "monitor_interval_minutes": 5,
    "detector_interval_minutes": 10,
    # A person does not cause two events a second for five minutes.
    "burst_events": 600,
    "failed_sign_ins": 20,
    "distinct_accounts": 10,
    # For documents without accounts, such as server logs.
    "nameless_sign_ins": 100,
    "scraped_pages": 300,
    "sign_in_path": "/login",
    # Kibana 7.1 has Vega-Lite 2; later versions have Vega-Lite 4 or 5, which both read version 4.
    "vega_lite_version": "v4",
}

# Fields that the saved objects API expects as JSON inside a string.
_ENCODED = {"visState", "uiStateJSON", "panelsJSON", "optionsJSON", "searchSourceJSON"}
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def saved_objects(values: Mapping[str, int | str], *, arms: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Index pattern, visualizations and dashboards; each comes after the objects that it references.

    ``values`` needs ``index_name`` and ``index_pattern``. The dashboard of recommendations, by the recommender's
    ``arms``, is included only if there are arms.
    """
    left_out = {"index-pattern"} if arms else {"index-pattern", RECOMMENDATIONS}
    files = ["index-pattern", *sorted(path.stem for path in _files("dashboards") if path.stem not in left_out)]
    by_arm = {
        "arm_filters": [{"prefix": {"recommendation_id": f"r1.{arm}."}} for arm in arms],
        "arm_names": json.dumps(list(arms)),
    }
    return [_encoded(saved) for name in files for saved in _load("dashboards", name, {**values, **by_arm})]


def import_body(objects: list[dict[str, Any]]) -> str:
    """The file that ``POST .../api/saved_objects/_import?overwrite=true`` takes: one object a line."""
    return "".join(json.dumps(saved, sort_keys=True) + "\n" for saved in objects)


def monitors(values: Mapping[str, int | str], *, opensearch: bool = True) -> list[dict[str, Any]]:
    """The alert monitors, bodies for ``POST .../_alerting/monitors``.

    ``values`` needs ``index_name`` and ``index_pattern``. Without a ``destination_id`` alerts appear only in
    Dashboards. Elasticsearch's alerting knows one kind of monitor and does not wrap its triggers.
    """
    return [
        _dialect(_load("monitors", path.stem, values), values, opensearch=opensearch) for path in _files("monitors")
    ]


def detectors(values: Mapping[str, int | str]) -> list[dict[str, Any]]:
    """The anomaly detectors, bodies for ``POST .../_anomaly_detection/detectors``; each is then started by its id.

    ``values`` needs ``index_name`` and ``index_pattern``.
    """
    return [_load("detectors", path.stem, values) for path in _files("detectors")]


def channel(values: Mapping[str, int | str]) -> dict[str, Any]:
    """Body for ``POST _plugins/_notifications/configs``.

    ``values`` needs ``index_name``, ``topic_arn`` and ``publishing_role_arn``.
    """
    body: dict[str, Any] = _load("notifications", "channel", values)
    return body


def destination(values: Mapping[str, int | str]) -> dict[str, Any]:
    """Body for ``POST .../_alerting/destinations``.

    ``values`` needs ``index_name``, ``topic_arn`` and ``publishing_role_arn``.
    """
    body: dict[str, Any] = _load("notifications", "destination", values)
    return body


def filled(folder: str, name: str, values: Mapping[str, int | str]) -> dict[str, Any]:
    """One file beside this module with its ``{{name}}`` replaced."""
    content: dict[str, Any] = _load(folder, name, values)
    return content


def same(ours: Any, theirs: Any) -> bool:
    """Whether a plugin's object equals the file's: it has all of the file's fields, in the engine's notation.

    Plugins add fields (versions, times, the user) and engines spell queries out (``gte`` becomes ``from`` with
    ``include_lower``, a term becomes an object with its boost, an order becomes a list, a count becomes a string), so
    the JSON differs.
    """
    if isinstance(ours, Mapping):
        if isinstance(theirs, list) and theirs:  # an order: ours first, then the engine's tie-breaker
            return same(ours, theirs[0])
        return isinstance(theirs, Mapping) and all(
            name in theirs and _same_field(name, value, theirs[name]) for name, value in ours.items()
        )
    if isinstance(theirs, Mapping):
        return "value" in theirs and same(ours, theirs["value"])
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    return ours is theirs if isinstance(ours, bool) else str(ours) == str(theirs)


def _same_field(name: str, ours: Any, theirs: Any) -> bool:
    if name == "range" and isinstance(ours, Mapping):  # a query's range, not the colours of a scale
        return isinstance(theirs, Mapping) and _same_range(ours, theirs)
    if name == "unit":
        return str(ours).upper() == str(theirs).upper()
    return same(ours, theirs)


def _same_range(ours: Mapping[str, Mapping[str, Any]], theirs: Mapping[str, Mapping[str, Any]]) -> bool:
    return ours.keys() == theirs.keys() and all(_bounds(ours[field]) == _bounds(theirs[field]) for field in ours)


def _bounds(given: Mapping[str, Any]) -> tuple[Any, bool, Any, bool]:
    lower, upper = (
        given.get("gte", given.get("gt", given.get("from"))),
        given.get("lte", given.get("lt", given.get("to"))),
    )
    include_lower = given.get("include_lower", True) and "gt" not in given
    return lower, include_lower, upper, given.get("include_upper", True) and "lt" not in given


def _files(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob("*.json"))


def _load(folder: str, name: str, values: Mapping[str, Any]) -> Any:
    content = json.loads((HERE / folder / f"{name}.json").read_text(encoding="utf-8"))
    return _filled(content, {**DEFAULTS, **values})


def _filled(content: Any, values: Mapping[str, Any]) -> Any:
    """The content with every known ``{{name}}`` replaced; a string that is only a ``{{name}}`` takes the value's
    type."""
    if isinstance(content, dict):
        return {name: _filled(_text(value) if name == "source" else value, values) for name, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, values) for value in content]
    if not isinstance(content, str):
        return content
    whole = _PLACEHOLDER.fullmatch(content)
    if whole and whole[1] in values:
        return values[whole[1]]
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), content)


def _text(source: Any) -> Any:
    """A script stored as a list of lines, joined."""
    return "\n".join(source) if isinstance(source, list) else source


def _encoded(saved: Any) -> Any:
    """The saved object for the API, with the JSON of some fields encoded as strings."""
    if isinstance(saved, list):
        return [_encoded(value) for value in saved]
    if not isinstance(saved, dict):
        return saved
    if saved.get("type") == "vega" and "params" in saved:
        saved = {**saved, "params": {**saved["params"], "spec": json.dumps(saved["params"]["spec"], indent=2)}}
    return {
        name: json.dumps(_encoded(value), sort_keys=True) if name in _ENCODED else _encoded(value)
        for name, value in saved.items()
    }


def _dialect(monitor: dict[str, Any], values: Mapping[str, int | str], *, opensearch: bool) -> dict[str, Any]:
    for trigger in _triggers(monitor):
        if not values.get("destination_id"):
            trigger["actions"] = []
    if opensearch:
        return monitor
    return {name: value for name, value in monitor.items() if name != "monitor_type"} | {
        "triggers": list(_triggers(monitor))
    }


def _triggers(monitor: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (trigger["query_level_trigger"] for trigger in monitor["triggers"])

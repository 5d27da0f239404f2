"""A dashboard as one HTML page: Vega panels drawn by Vega, classic ones by their numbers."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from rehearsal.panels.browser import document, libraries
from rehearsal.panels.searches import Panel, vega_data

Rows = list[dict[str, Any]]

COLUMNS, CELL, ROW, MARGIN = 48, 25, 20, 8
_COLOURS = [
    "#006bb4",
    "#54b399",
    "#d36086",
    "#9170b8",
    "#ca8eae",
    "#d6bf57",
    "#b9a888",
    "#da8b45",
    "#aa6556",
    "#e7664c",
]
_SCHEMA = "https://vega.github.io/schema/vega-lite/v4.json"
_STYLE = """
body { margin: 0; font: 12px sans-serif; color: #343741; background: #f5f7fa; }
h1 { font-size: 16px; margin: 8px; }
.panel { position: absolute; background: #fff; border: 1px solid #d3dae6; border-radius: 4px; overflow: hidden; }
.panel h2 { font-size: 12px; margin: 6px 8px; }
.tiles { display: flex; justify-content: space-around; text-align: center; }
.tiles b { display: block; font-size: 36px; }
table { border-collapse: collapse; width: calc(100% - 16px); margin: 0 8px; }
td, th { text-align: left; border-bottom: 1px solid #d3dae6; padding: 2px 6px; max-width: 260px; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.cloud { text-align: center; padding: 4px 12px; line-height: 1.3; }
"""
# Draws the panels in `vega`, then writes a report into the page for tests: rows of the drawn data, marks, errors.
_SCRIPT = """
const report = {};
const jobs = Object.entries(panels).map(async ([id, spec]) => {
  try {
    const compiled = vegaLite.compile(spec).spec;
    const view = new vega.View(vega.parse(compiled)).renderer("svg").initialize(document.getElementById(id));
    await view.runAsync();
    const mark = compiled.marks.find(x => x.from);
    const rows = view.data(mark.from.data || mark.from.facet.data);
    const marks = document.getElementById(id).querySelectorAll(".role-mark path, .role-mark text").length;
    report[id] = {rows, marks};
  } catch (error) { report[id] = {error: String(error)}; }
});
Promise.all(jobs).then(() => {
  const out = document.createElement("script");
  out.type = "application/json"; out.id = "report";
  out.textContent = JSON.stringify(report).replace(/</g, "\\\\u003c");
  document.body.appendChild(out);
});
"""


def page(title: str, places: Mapping[str, Mapping[str, int]], found: Mapping[str, tuple[Panel, Any]]) -> str:
    """One page with the panels at their places on the grid of a dashboard.

    Args:
        title: the dashboard's.
        places: each panel's place on the grid.
        found: each panel with its answer; None if the engine cannot run its scripts, which the page then shows.
    """
    boxes, specs = [], {}
    for id_, place in places.items():
        panel, answer = found[id_]
        width, height = place["w"] * CELL - MARGIN, place["h"] * ROW - MARGIN
        inner = f'<div id="{id_}"></div>'
        size = {"width": width - 90, "height": height - 80, "autosize": {"type": "fit", "contains": "padding"}}
        if answer is None:
            inner = "<p>This engine cannot run the panel's scripts (Painless).</p>"
        elif panel.kind == "vega":
            specs[id_] = {**vega_data(panel.spec, answer), **size, "width": width - 16, "height": height - 36}
        elif panel.kind in _CHARTS:
            specs[id_] = {**_CHARTS[panel.kind](panel, panel.rows(answer)), **size}
            specs[id_] |= {"width": width - 16, "height": height - 36}
        else:
            inner = _WORDS[panel.kind](panel, panel.rows(answer))
        where = f"left:{place['x'] * CELL + MARGIN}px;top:{place['y'] * ROW + 36}px;width:{width}px;height:{height}px"
        boxes.append(f'<div class="panel" style="{where}"><h2>{html.escape(panel.title)}</h2>{inner}</div>')
    scripts = "".join(f"<script>{_embedded(path.read_text(encoding='utf-8'))}</script>" for path in libraries())
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><style>{_STYLE}</style></head><body>'
        f"<h1>{html.escape(title)}</h1>{''.join(boxes)}{scripts}"
        f"<script>const panels = {_as_script(specs)};{_SCRIPT}</script></body></html>"
    )


def drawn(page_: str) -> dict[str, Any]:
    """The browser's report on the page: for each chart its drawn ``rows`` and number of ``marks``, or the ``error``."""
    found = re.search(r'<script type="application/json" id="report">(.*?)</script>', document(page_), re.DOTALL)
    report: dict[str, Any] = json.loads(found[1]) if found else {}
    return report


def _embedded(script: str) -> str:
    return script.replace("</script", "<\\/script")


def _as_script(value: Any) -> str:
    """JSON that is safe inside a script element, because these pages contain texts that visitors sent."""
    return json.dumps(value).replace("<", "\\u003c")


def _columns(panel: Panel) -> tuple[list[str], list[str]]:
    """Ids of the panel's bucket aggregations and of its metrics."""
    metrics = [agg["id"] for agg in panel.state["aggs"] if agg["schema"] == "metric"]
    return [agg["id"] for agg in panel.state["aggs"] if agg["id"] not in metrics], metrics


def _named(panel: Panel, rows: Rows) -> Rows:
    """Rows with column names for charts: b0, b1 for buckets, m0 for the first metric."""
    buckets, metrics = _columns(panel)
    names = {id_: f"b{n}" for n, id_ in enumerate(buckets)} | {id_: f"m{n}" for n, id_ in enumerate(metrics)}
    return [{names[id_]: value for id_, value in row.items()} for row in rows]


def _colour(panel: Panel, field: str) -> dict[str, Any]:
    buckets, _ = _columns(panel)
    title = panel.labels()[buckets[int(field[1:])]]
    return {"field": field, "type": "nominal", "scale": {"range": _COLOURS}, "legend": {"title": title}}


def _over_time(panel: Panel, rows: Rows) -> dict[str, Any]:
    buckets, metrics = _columns(panel)
    mark = "bar" if panel.kind == "histogram" else panel.kind
    step = min((b - a for a, b in _pairs(sorted({row[buckets[0]] for row in rows}))), default=3600000)
    encoding = {
        "x": {"field": "b0", "type": "temporal", "scale": {"type": "utc"}, "axis": {"title": None}},
        "y": {"field": "m0", "type": "quantitative", "axis": {"title": panel.labels()[metrics[0]]}},
        "color": _colour(panel, "b1") if len(buckets) > 1 else {"value": _COLOURS[0]},
    }
    made = [row | {"until": row["b0"] + step} for row in _named(panel, rows)]
    if mark == "bar":
        encoding["x2"] = {"field": "until"}
    return {"$schema": _SCHEMA, "data": {"values": made}, "mark": mark, "encoding": encoding}


def _pairs(values: list[Any]) -> list[tuple[Any, Any]]:
    return list(pairwise(values))


def _bars(panel: Panel, rows: Rows) -> dict[str, Any]:
    buckets, metrics = _columns(panel)
    encoding = {
        "y": {"field": "b0", "type": "nominal", "sort": "-x", "axis": {"title": None, "labelLimit": 260}},
        "x": {"field": "m0", "type": "quantitative", "axis": {"title": panel.labels()[metrics[0]]}},
        "color": _colour(panel, "b1") if len(buckets) > 1 else {"value": _COLOURS[0]},
    }
    return {"$schema": _SCHEMA, "data": {"values": _named(panel, rows)}, "mark": "bar", "encoding": encoding}


def _pie(panel: Panel, rows: Rows) -> dict[str, Any]:
    buckets, _ = _columns(panel)
    named = _named(panel, rows)
    total = sum(row["m0"] for row in named) or 1
    made = []
    for row in named:
        name = " / ".join(str(row[f"b{n}"]) for n in range(len(buckets)))
        made.append(row | {"slice": f"{name} ({100 * row['m0'] / total:.1f} %)"})
    encoding = {
        "theta": {"field": "m0", "type": "quantitative", "stack": True},
        "order": {"field": "m0", "type": "quantitative", "sort": "descending"},
        "color": {
            "field": "slice",
            "type": "nominal",
            "sort": "-theta",
            "scale": {"range": _COLOURS},
            "legend": {"title": None},
        },
    }
    mark = {"type": "arc", "innerRadius": 40}
    return {"$schema": _SCHEMA, "data": {"values": made}, "mark": mark, "encoding": encoding}


def _tiles(panel: Panel, rows: Rows) -> str:
    labels = panel.labels()
    buckets, metrics = _columns(panel)
    tiles = [
        (f"{row[buckets[0]]}: {labels[metric]}" if buckets else labels[metric], row[metric])
        for row in rows
        for metric in metrics
    ]
    inner = "".join(f"<div><b>{value:,.0f}</b>{html.escape(label)}</div>" for label, value in tiles)
    return f'<div class="tiles">{inner}</div>'


def _table(panel: Panel, rows: Rows) -> str:
    labels = panel.labels()
    buckets, metrics = _columns(panel)
    head = "".join(f"<th>{html.escape(labels[id_])}</th>" for id_ in buckets + metrics)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(row[id_]))}</td>" for id_ in buckets + metrics) + "</tr>"
        for row in rows[: panel.state["params"]["perPage"]]
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _cloud(panel: Panel, rows: Rows) -> str:
    (bucket, *_), (metric, *_) = _columns(panel)
    most = max((row[metric] for row in rows), default=1)
    words = [
        f'<span style="font-size:{14 + 20 * row[metric] / most:.0f}px;color:{_COLOURS[n % 10]}">'
        f"{html.escape(row[bucket])}</span>"
        for n, row in enumerate(rows)
    ]
    return f'<div class="cloud">{" &nbsp; ".join(words)}</div>'


_CHARTS: dict[str, Callable[[Panel, Rows], dict[str, Any]]] = {
    "histogram": _over_time,
    "line": _over_time,
    "area": _over_time,
    "horizontal_bar": _bars,
    "pie": _pie,
}
_WORDS: dict[str, Callable[[Panel, Rows], str]] = {"metric": _tiles, "table": _table, "tagcloud": _cloud}

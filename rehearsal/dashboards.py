"""Draws the dashboards over the rehearsed events, as pages to open in a browser.

The panels use the searches of Dashboards; each page contains its own scripts and loads nothing external.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from constructs_lib.bootstrap.runtime import catalogue
from rehearsal.delivery.bulk import SearchClient
from rehearsal.panels.drawing import page
from rehearsal.panels.searches import Panel, Times, panels

FOLDER = Path("build", "rehearsal", "dashboards")


_NO_SCRIPTS = "script_lang not supported [painless]"
"""The error of an engine without the script module."""


class PanelError(Exception):
    """The search of a panel failed; the message names the panel."""


def draw(client: SearchClient, index_name: str, documents: Iterable[Mapping[str, Any]], folder: Path = FOLDER) -> Path:
    """Write a page for each dashboard, over the whole days in which the documents happened; the page that lists them.

    Args:
        client: the engine that holds the documents, with the bootstrap's templates.
        index_name: name of the deployment's indices, before their date.
        documents: the engine's documents, at least one.

    Raises:
        PanelError: a search failed.
    """
    times = _days(documents)
    objects = catalogue.saved_objects({"index_name": index_name, "index_pattern": f"{index_name}-*"})
    found = panels(objects)
    legacy = _is_legacy(client)
    client.request("POST", f"/{index_name}-*/_refresh")
    folder.mkdir(parents=True, exist_ok=True)
    boards = {}
    for board in (one for one in objects if one["type"] == "dashboard"):
        title = board["attributes"]["title"]
        names = {reference["name"]: reference["id"] for reference in board["references"]}
        shown = json.loads(board["attributes"]["panelsJSON"])
        places = {names[each["panelRefName"]]: each["gridData"] for each in shown}
        answers = {id_: (found[id_], _ask(client, index_name, found[id_], times, legacy=legacy)) for id_ in places}
        file = folder / f"{board['id'].removeprefix(f'{index_name}-')}.html"
        file.write_text(page(title, places, answers), encoding="utf-8")
        boards[file.name] = title
    index = folder / "index.html"
    index.write_text(_index(boards, times), encoding="utf-8")
    return index


def _days(documents: Iterable[Mapping[str, Any]]) -> Times:
    moments = [datetime.fromisoformat(str(each["timestamp"]).replace("Z", "+00:00")) for each in documents]
    first, last = (each.replace(hour=0, minute=0, second=0, microsecond=0) for each in (min(moments), max(moments)))
    return Times(first, last + timedelta(days=1))


def _is_legacy(client: SearchClient) -> bool:
    """Whether it is an Elasticsearch before 7.2, whose Kibana used other parameters for date histograms."""
    version = client.request("GET", "/")[1]["version"]
    return "distribution" not in version and [int(part) for part in version["number"].split(".")[:2]] < [7, 2]


def _ask(client: SearchClient, index_name: str, panel: Panel, times: Times, *, legacy: bool) -> Any:
    """The engine's answer; None if it has no interpreter for the panel's scripts."""
    body = json.dumps(panel.search(times, legacy=legacy)).encode()
    status, answer = client.request("POST", f"/{index_name}-*/_search", body)
    if _NO_SCRIPTS in json.dumps(answer):
        return None
    if status != 200 or answer["_shards"]["failed"]:
        raise PanelError(f"the search of the panel {panel.title!r} failed: {json.dumps(answer)[:500]}")
    return answer


def _index(boards: Mapping[str, str], times: Times) -> str:
    listed = "".join(
        f'<li><a href="{html.escape(file)}">{html.escape(title)}</a></li>' for file, title in boards.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dashboards</title></head>'
        f'<body style="font: 16px sans-serif; margin: 2em"><h1>Dashboards</h1><ul>{listed}</ul>'
        f"<p>Events from {times.start:%Y-%m-%d} to before {times.end:%Y-%m-%d}, UTC.</p></body></html>"
    )

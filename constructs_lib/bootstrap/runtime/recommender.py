"""The recommender's indices: sessions, profiles, items, and the fold's progress.

Each is one index with a fixed name, the events index's with a dot and a word: ``events-*`` matches none of them, and no
name is the beginning of another. Each has a template too, so a deleted index is created again with the right mapping.
They have no lifecycle policy; the fold deletes old documents.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from urllib.parse import quote

from .client import Client, Refused
from .dialect import Dialect
from .outcome import Report
from .settings import RECOMMENDER_INDICES, Settings
from .templates import HERE, META, PRIORITY, complete, put_template

PERSONAL = ("sessions", "profiles")
"""Indices with personal data."""
SORTED: dict[str, Any] = {"sort": {"field": ["ended_at", "source"], "order": ["desc", "asc"]}}
"""Sort order of the sessions index, the latest first: a search that stops early finds the latest among equally similar
sessions. Sessions with the same end are sorted by source, so that all engines find the same ones first."""


def name(settings: Settings, kind: str) -> str:
    """The index of one kind."""
    return f"{settings.index_name}.{kind}"


def wanted(settings: Settings, dialect: Dialect) -> dict[str, dict[str, Any]]:
    """Templates by path."""
    bodies: dict[str, dict[str, Any]] = {}
    for kind in RECOMMENDER_INDICES:
        index = name(settings, kind)
        body = {"settings": {"index": _index(settings, kind)}, "mappings": _mapping(kind)}
        if dialect.composable:
            priority = PRIORITY + len(index)
            bodies[f"_index_template/{index}"] = {
                "index_patterns": [index],
                "template": body,
                "priority": priority,
                "_meta": META,
            }
        else:
            bodies[f"_template/{index}"] = {
                "order": PRIORITY + len(index),
                "index_patterns": [index],
                "aliases": {},
                **body,
            }
    return bodies


def install(client: Client, settings: Settings, dialect: Dialect, report: Report) -> None:
    """Install the templates, then the indices."""
    if not settings.recommender:
        return
    for path, body in wanted(settings, dialect).items():
        kind = path.partition("/")[0].strip("_").replace("_", " ")
        report.attempt(kind, path.rpartition("/")[2], partial(put_template, client, path, body, report))
    for kind in RECOMMENDER_INDICES:
        index = name(settings, kind)
        report.attempt("index", index, partial(_create, client, index, _mapping(kind), report))


def _create(client: Client, index: str, mapping: dict[str, Any], report: Report) -> None:
    answer = client.request("PUT", quote(index), {})
    if answer.ok:
        report.add("index", index, "created")
    elif "resource_already_exists" in json.dumps(answer.body):
        complete(client, index, mapping, report)
    else:
        raise Refused(f"PUT {index}: {answer.reason}", answer.status, answer.body)


def _index(settings: Settings, kind: str) -> dict[str, Any]:
    """Settings with one shard: a query's candidates must be the best of the whole index, not of each shard."""
    return {
        "number_of_shards": "1",
        "number_of_replicas": str(settings.replicas),
        "refresh_interval": "10s",
        **(SORTED if kind == "sessions" else {}),
    }


def _mapping(kind: str) -> dict[str, Any]:
    mapping: dict[str, Any] = json.loads((HERE / "mappings" / f"{kind}.json").read_text(encoding="utf-8"))
    return mapping

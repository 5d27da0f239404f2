"""Index templates: settings and mappings of events and queries indices, installed before the first document.

Firehose's first document of a period creates that period's index. With a template in place it gets explicit types and
``dynamic: false``; without one the engine guesses the types, which the index then keeps.

With the index name ``events`` it installs the component templates ``events-settings``,
``events-document`` and ``events-query`` and the index templates ``events`` and ``events-queries`` made of them; on
engines without components the legacy templates ``events`` and ``events-queries``. Templates with these
names are overwritten when they differ. Existing fields of existing indices do not change: missing fields are added,
fields of another type are reported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .client import Client, Refused
from .dialect import Dialect
from .outcome import Report
from .settings import Settings

HERE = Path(__file__).parent
PRIORITY = 100
"""Lowest priority of the index templates, above the usual ones; a longer, more specific index name gets a higher
one."""
META = {"managed_by": "behaviour-analytics"}
SLOW_LOGS: dict[str, Any] = {
    "search": {"slowlog": {"threshold": {"query": {"warn": "5s"}, "fetch": {"warn": "1s"}}}},
    "indexing": {"slowlog": {"threshold": {"index": {"warn": "5s"}}, "source": "false"}},
}
"""Thresholds of the slow logs, without document contents. A domain that publishes slow logs publishes nothing if its
indices have no thresholds
(https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html)."""


def wanted(settings: Settings, dialect: Dialect, aliases: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Bodies by path. ``aliases`` are those of each new events index."""
    name = settings.index_name
    index = {
        "number_of_shards": str(settings.shards),
        "number_of_replicas": str(settings.replicas),
        "refresh_interval": settings.refresh_interval,
        **SLOW_LOGS,
    }
    # Applications write one document a search to the queries index, so it stays small.
    queries_index = {**index, "number_of_shards": "1"}
    priority = PRIORITY + len(name)
    parts = {"document": _mapping("events", dialect), "query": _mapping("queries", dialect)}
    patterns = {"document": settings.index_pattern, "query": f"{settings.queries_name}-*"}
    if not dialect.composable:
        return {
            f"_template/{_template(name, kind)}": {
                "order": priority,
                "index_patterns": [patterns[kind]],
                "settings": {"index": index if kind == "document" else queries_index},
                "mappings": mapping,
                "aliases": aliases if kind == "document" else {},
            }
            for kind, mapping in parts.items()
        }
    bodies: dict[str, dict[str, Any]] = {
        f"_component_template/{name}-settings": {"template": {"settings": {"index": index}}, "_meta": META}
    }
    for kind, mapping in parts.items():
        bodies[f"_component_template/{name}-{kind}"] = {"template": {"mappings": mapping}, "_meta": META}
    for kind in parts:
        own: dict[str, Any] = {"aliases": aliases} if kind == "document" and aliases else {}
        if kind == "query":
            own["settings"] = {"index": {"number_of_shards": "1"}}
        bodies[f"_index_template/{_template(name, kind)}"] = {
            "index_patterns": [patterns[kind]],
            "composed_of": [f"{name}-settings", f"{name}-{kind}"],
            "priority": priority,
            "_meta": META,
            **({"template": own} if own else {}),
        }
    return bodies


def install(client: Client, settings: Settings, dialect: Dialect, report: Report) -> None:
    """Install templates, then update existing indices and aliases."""
    aliases = _aliases(client, settings, report)
    for path, body in wanted(settings, dialect, aliases).items():
        report.attempt(
            path.partition("/")[0].strip("_").replace("_", " "),
            path.rpartition("/")[2],
            partial(put_template, client, path, body, report),
        )
    for pattern, mapping in (
        (settings.index_pattern, _mapping("events", dialect)),
        (f"{settings.queries_name}-*", _mapping("queries", dialect)),
    ):
        report.attempt(
            "index",
            pattern,
            partial(complete, client, pattern, mapping, report),
        )
    if aliases:
        report.attempt("alias", next(iter(aliases)), partial(_attach, client, settings, next(iter(aliases)), report))
    rotated = [settings.queries_name, *([settings.index_name] if settings.rolls_over else [])]
    for alias in rotated:
        report.attempt("write alias", alias, partial(_first_index, client, alias, report))


def _template(name: str, kind: str) -> str:
    return name if kind == "document" else f"{name}-queries"


def _mapping(name: str, dialect: Dialect) -> dict[str, Any]:
    return dialect.mapping(json.loads((HERE / "mappings" / f"{name}.json").read_text(encoding="utf-8")))


def put_template(client: Client, path: str, body: dict[str, Any], report: Report) -> None:
    kind, name = path.split("/")
    label = kind.strip("_").replace("_", " ")
    found = client.find(path)
    current = _current(found, kind, name)
    if current is not None and same_template(body, current):
        report.add(label, name, "unchanged")
        return
    client.ask("PUT", path, body)
    report.add(label, name, "created" if current is None else "updated")


def _current(found: Any, kind: str, name: str) -> dict[str, Any] | None:
    if not found:
        return None
    if kind == "_template":
        return found.get(name)  # type: ignore[no-any-return]
    listed = found.get(f"{kind[1:]}s", [])
    return next((each[kind[1:]] for each in listed if each["name"] == name), None)


def same_template(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether a stored template is equal; engines return numbers and booleans as strings."""
    extra = {name: value for name, value in theirs.items() if name not in ours and value not in ({}, [], None)}
    return not extra and all(_plain(theirs.get(name, {})) == _plain(value) for name, value in ours.items())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        # An empty part and a missing one are the same to the engine.
        return {name: _plain(each) for name, each in sorted(value.items()) if each not in ({}, [])}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value).lower() if isinstance(value, (bool, int)) else value


def complete(client: Client, pattern: str, mapping: dict[str, Any], report: Report) -> None:
    """Add missing fields to existing indices; report indices with fields of another type."""
    found = client.find(f"{pattern}/_mapping?expand_wildcards=open") or {}
    for index, body in sorted(found.items()):
        differing, missing = _compared(mapping, body.get("mappings", {}))
        if differing:
            shown = ", ".join(differing[:8]) + (f" and {len(differing) - 8} more" if len(differing) > 8 else "")
            report.add(
                "index",
                index,
                "conflict",
                f"has other field types for {shown}; not changed: reindex it, or wait until it is deleted by age",
            )
        elif missing:
            answer = client.request("PUT", f"{quote(index)}/_mapping", {"properties": missing})
            if answer.ok:
                report.add("index", index, "updated", f"fields added: {', '.join(sorted(missing))}")
            else:
                report.add("index", index, "conflict", f"fields are missing and could not be added: {answer.reason}")


def _compared(ours: dict[str, Any], theirs: dict[str, Any], path: str = "") -> tuple[list[str], dict[str, Any]]:
    """Fields whose type differs, as ``a.b (text, not keyword)``, and properties that are missing, as a mapping."""
    differing: list[str] = []
    missing: dict[str, Any] = {}
    existing = theirs.get("properties", {})
    for name, field in ours.get("properties", {}).items():
        other = existing.get(name)
        if other is None:
            missing[name] = field
            continue
        kind, theirs_kind = (each.get("type", "object") for each in (field, other))
        if kind != theirs_kind or field.get("enabled", True) != other.get("enabled", True):
            differing.append(f"{path}{name} ({theirs_kind}, not {kind})")
            continue
        inner, lacking = _compared(field, other, f"{path}{name}.")
        differing += inner
        if lacking:
            missing[name] = {"properties": lacking}
    return differing, missing


def _aliases(client: Client, settings: Settings, report: Report) -> dict[str, Any]:
    """The alias of each events index; none if an index has that name, because the engine would refuse every new
    index."""
    alias = settings.ubi_events_alias
    if alias is None:
        return {}
    found = client.find(f"{alias}/_alias") or {}
    if alias in found:
        report.add("alias", alias, "conflict", f"an index has the name {alias}, so the alias is not created")
        return {}
    return {alias: {}}


def _attach(client: Client, settings: Settings, alias: str, report: Report) -> None:
    """Add the alias to events indices that are older than the template."""
    found = client.find(f"{settings.index_pattern}/_alias") or {}
    lacking = sorted(index for index, body in found.items() if alias not in body.get("aliases", {}))
    if not lacking:
        report.add("alias", alias, "unchanged")
        return
    client.ask("POST", "_aliases", {"actions": [{"add": {"index": index, "alias": alias}} for index in lacking]})
    report.add("alias", alias, "updated", f"added to {len(lacking)} indices")


def _first_index(client: Client, alias: str, report: Report) -> None:
    """Create the first index behind a write alias, for indices that the engine rolls over."""
    first = f"{alias}-000001"
    found = client.find(f"{alias}/_alias") or {}
    if alias in found:
        report.add(
            "write alias",
            alias,
            "conflict",
            f"an index has the name {alias}; it is not changed, and neither template nor lifecycle applies to it",
        )
    elif found:
        report.add("write alias", alias, "unchanged")
    else:
        answer = client.request("PUT", first, {"aliases": {alias: {"is_write_index": True}}})
        if answer.ok:
            report.add("write alias", alias, "created", f"writes go to {first}")
        elif "resource_already_exists" in json.dumps(answer.body):  # another run, or one that was cut short
            client.ask(
                "POST",
                "_aliases",
                {"actions": [{"add": {"index": first, "alias": alias, "is_write_index": True}}]},
            )
            report.add("write alias", alias, "updated", f"writes go to {first}")
        else:
            raise Refused(f"PUT {first}: {answer.reason}", answer.status, answer.body)


def indices(client: Client, pattern: str) -> Iterator[dict[str, Any]]:
    """Indices in hot storage that a pattern matches: name and settings."""
    found = client.find(f"{pattern}/_settings?expand_wildcards=open&flat_settings=true") or {}
    for name, body in sorted(found.items()):
        yield {"name": name, **body["settings"]}

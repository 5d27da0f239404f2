"""Installs the catalogue's dashboards, alert monitors and anomaly detectors in the domain.

Each is found by its id or name, compared, and written only when it differs. A monitor or a detector that people
disabled stays disabled.
"""

from __future__ import annotations

import json
import uuid
from functools import partial
from typing import Any
from urllib.parse import quote

from . import catalogue
from .client import Answer, Client, Refused
from .dialect import Dialect
from .outcome import Report
from .settings import Settings

MISSING_INDEX = ("index_not_found_exception", "no such index", "Configured indices are not found", "NoSuchIndex")
NO_DOCUMENTS = ("no document is found", "index does not exist", *MISSING_INDEX)
"""Errors of the detector API for indices without documents."""
SIGN_IN = frozenset({301, 302, 303, 307, 401})


def install(client: Client, settings: Settings, dialect: Dialect, report: Report) -> None:
    """Install the features that the settings list."""
    values = {
        **settings.names,
        "vega_lite_version": "v2" if not dialect.opensearch and dialect.version < (7, 5) else "v4",
    }
    if "dashboards" in settings.install:
        report.attempt(
            "dashboards", settings.index_name, partial(_dashboards, client, settings, values, dialect, report)
        )
    if "monitors" in settings.install:
        report.attempt("monitors", settings.index_name, partial(_monitors, client, settings, values, dialect, report))
    if "detectors" in settings.install:
        report.attempt("detectors", settings.index_name, partial(_detectors, client, values, dialect, report))


def _dashboards(
    client: Client, settings: Settings, values: dict[str, int | str], dialect: Dialect, report: Report
) -> None:
    api = f"{dialect.dashboards}/api/saved_objects"
    headers = {dialect.dashboards_header: "true", "securitytenant": "global"}
    ours = catalogue.saved_objects(values, arms=settings.recommender_arms if settings.recommender else ())
    wanted = [{"type": each["type"], "id": each["id"]} for each in ours]
    answer = client.request("POST", f"{api}/_bulk_get", wanted, headers=headers)
    if answer.unknown_path or answer.status == 404:
        report.add("dashboards", str(values["index_name"]), "skipped", "OpenSearch Dashboards do not respond")
        return
    if answer.status in SIGN_IN:
        reason = "Dashboards require a sign-in (SAML or Cognito); import the saved objects manually"
        report.add("dashboards", str(values["index_name"]), "skipped", reason)
        return
    _good(answer, f"POST {api}/_bulk_get")
    found = {(each["type"], each["id"]): each for each in answer.body["saved_objects"] if "error" not in each}
    outcomes = {
        (each["type"], each["id"]): "created"
        if (each["type"], each["id"]) not in found
        else "unchanged"
        if _same_saved(each, found[each["type"], each["id"]])
        else "updated"
        for each in ours
    }
    changed = [each for each in ours if outcomes[each["type"], each["id"]] != "unchanged"]
    if changed:
        _import(client, f"{api}/_import?overwrite=true", catalogue.import_body(changed), headers)
    for (kind, name), outcome in outcomes.items():
        report.add(kind, name, outcome)  # type: ignore[arg-type]


def _same_saved(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether saved objects are equal; Dashboards migrate imported objects and only add to them."""
    return all(
        catalogue.same(_decoded(ours.get(part) or []), _decoded(theirs.get(part) or []))
        for part in ("attributes", "references")
        if part in ours
    )


def _decoded(value: Any) -> Any:
    """The value with JSON inside strings parsed, so that spacing and order do not count."""
    if isinstance(value, dict):
        return {name: _decoded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_decoded(each) for each in value]
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return _decoded(json.loads(value))
        except ValueError:
            return value
    return value


def _import(client: Client, path: str, lines: str, headers: dict[str, str]) -> None:
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="objects.ndjson"\r\n'
        f"Content-Type: application/ndjson\r\n\r\n{lines}\r\n--{boundary}--\r\n"
    ).encode()
    given = client.ask(
        "POST", path, body, headers={**headers, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    )
    if not given.get("success"):
        raise Refused(f"POST {path}: {json.dumps(given.get('errors', given))[:500]}")


def _monitors(
    client: Client, settings: Settings, values: dict[str, int | str], dialect: Dialect, report: Report
) -> None:
    api = f"{dialect.plugins}/_alerting"
    if client.request("POST", f"{api}/monitors/_search", _named("monitor.name", "")).unknown_path:
        report.add("monitors", settings.index_name, "skipped", "this engine has no alerting")
        return
    if settings.topic_arn and settings.publishing_role_arn:
        addressed = {**values, "topic_arn": settings.topic_arn, "publishing_role_arn": settings.publishing_role_arn}
        if dialect.opensearch and dialect.version >= (2,):
            values = {**values, "destination_id": _channel(client, catalogue.channel(addressed), report)}
        else:
            values = {**values, "destination_id": _destination(client, api, catalogue.destination(addressed), report)}
    for monitor in catalogue.monitors(values, opensearch=dialect.opensearch):
        report.attempt(
            "monitor",
            monitor["name"],
            partial(_monitor, client, api, monitor, report),
        )


def _named(field: str, name: str) -> dict[str, Any]:
    return {"size": 20, "query": {"match_phrase": {field: name}}}


def _search(client: Client, path: str, field: str, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Ids and sources of objects with exactly this name, lowest id first."""
    answer = client.request("POST", path, _named(field, name))
    if not answer.ok and any(text in json.dumps(answer.body) for text in MISSING_INDEX):
        return []
    _good(answer, f"POST {path}")
    hits = [(hit["_id"], hit["_source"]) for hit in answer.body["hits"]["hits"]]
    sources = [(id_, next(iter(source.values())) if len(source) == 1 else source) for id_, source in hits]
    return sorted((id_, source) for id_, source in sources if source.get("name") == name)


def _monitor(client: Client, api: str, ours: dict[str, Any], report: Report) -> None:
    name = ours["name"]
    found = [id_ for id_, _ in _search(client, f"{api}/monitors/_search", "monitor.name", name)]
    if not found:
        made = client.ask("POST", f"{api}/monitors?refresh=true", ours)["_id"]
        report.add("monitor", name, "created")
        _give_way(client, f"{api}/monitors", "monitor.name", name, made)
        return
    if len(found) > 1:
        report.add("monitor", name, "conflict", f"{len(found)} monitors have this name; only the first is updated")
    current = client.ask("GET", f"{api}/monitors/{found[0]}")
    theirs = current["monitor"]
    wanted = {**ours, "enabled": theirs.get("enabled", True)}
    if catalogue.same(wanted, theirs):
        report.add("monitor", name, "unchanged")
        return
    _guarded_put(client, f"{api}/monitors/{found[0]}", current, wanted)
    report.add("monitor", name, "updated")


def _give_way(client: Client, path: str, field: str, name: str, made: str) -> None:
    """If concurrent runs created duplicates, keep the one with the lowest id; each run deletes only its own."""
    others = [id_ for id_, _ in _search(client, f"{path}/_search", field, name)]
    if made in others and min(others) != made:
        client.ask("DELETE", f"{path}/{made}")


def _guarded_put(client: Client, path: str, current: dict[str, Any], body: dict[str, Any]) -> None:
    client.ask("PUT", f"{path}?if_seq_no={current['_seq_no']}&if_primary_term={current['_primary_term']}", body)


def _channel(client: Client, ours: dict[str, Any], report: Report) -> str:
    api, id_ = "_plugins/_notifications/configs", str(ours["config_id"])
    found = (client.find(f"{api}/{id_}") or {}).get("config_list", [])
    if not found:
        client.ask("POST", api, ours)
        report.add("notification channel", id_, "created")
    elif catalogue.same(ours["config"], found[0]["config"]):
        report.add("notification channel", id_, "unchanged")
    else:
        client.ask("PUT", f"{api}/{id_}", {"config": ours["config"]})
        report.add("notification channel", id_, "updated")
    return id_


def _destination(client: Client, api: str, ours: dict[str, Any], report: Report) -> str:
    name = ours["name"]
    answer = client.request("GET", f"{api}/destinations?searchString={quote(name)}&size=50")
    if not answer.ok and any(text in json.dumps(answer.body) for text in MISSING_INDEX):
        listed: list[dict[str, Any]] = []
    else:
        listed = _good(answer, f"GET {api}/destinations").body.get("destinations", [])
    current = next((each for each in listed if each.get("name") == name), None)
    if current is None:
        made = client.ask("POST", f"{api}/destinations", ours)
        report.add("destination", name, "created")
        return str(made["_id"])
    if catalogue.same(ours, current):
        report.add("destination", name, "unchanged")
    else:
        guard = f"?if_seq_no={current['seq_no']}&if_primary_term={current['primary_term']}"
        client.ask("PUT", f"{api}/destinations/{current['id']}{guard}", ours)
        report.add("destination", name, "updated")
    return str(current["id"])


def _detectors(client: Client, values: dict[str, int | str], dialect: Dialect, report: Report) -> None:
    api = f"{dialect.plugins}/_anomaly_detection/detectors"
    if client.request("POST", f"{api}/_search", _named("name", "")).unknown_path:
        report.add("detectors", str(values["index_name"]), "skipped", "this engine has no anomaly detection")
        return
    for detector in catalogue.detectors(values):
        report.attempt(
            "detector",
            detector["name"],
            partial(_detector, client, api, detector, report),
        )


def _detector(client: Client, api: str, ours: dict[str, Any], report: Report) -> None:
    name = ours["name"]
    found = _search(client, f"{api}/_search", "name", name)
    if not found:
        answer = client.request("POST", api, ours)
        if not answer.ok and any(text in json.dumps(answer.body).lower() for text in map(str.lower, NO_DOCUMENTS)):
            reason = "a detector needs documents, and there are none yet; a later run installs it"
            report.add("detector", name, "skipped", reason)
            return
        if not answer.ok and "already used" in json.dumps(answer.body):  # by a concurrent run
            report.add("detector", name, "unchanged")
            return
        made = _good(answer, f"POST {api}").body["_id"]
        client.ask("POST", f"{api}/{made}/_start")
        report.add("detector", name, "created")
        return
    current = client.ask("GET", f"{api}/{found[0][0]}?job=true")
    if catalogue.same(ours, current["anomaly_detector"]):
        report.add("detector", name, "unchanged")
        return
    # A running detector cannot be changed.
    running = (current.get("anomaly_detector_job") or {}).get("enabled", False)
    if running:
        client.ask("POST", f"{api}/{found[0][0]}/_stop")
    try:
        _guarded_put(client, f"{api}/{found[0][0]}", current, ours)
    finally:
        if running:
            client.ask("POST", f"{api}/{found[0][0]}/_start")
    report.add("detector", name, "updated")


def _good(answer: Answer, asked: str) -> Answer:
    if not answer.ok:
        raise Refused(f"{asked}: {answer.reason}", answer.status, answer.body)
    return answer

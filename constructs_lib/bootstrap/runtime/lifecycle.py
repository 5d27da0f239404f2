"""Index lifecycle: Index State Management policies with the configured ages.

A policy has only the states that the settings need, in order of age: ``hot`` (with a rollover if the engine rotates the
index; for indices that Firehose rotates by date, a rollover would only add empty ones), ``merged`` (one segment a
shard, after the last write), ``warm``, ``cold``, ``delete``. ``warm_migration``, ``cold_migration`` and ``cold_delete``
are AWS's own actions. There is no shrink action: it copies the index to a new name that the pattern matches too, so
searches would count each document twice; the index template sets the shard count instead.

Ages count from an index's creation. A policy attaches to new indices by its ``ism_template``; indices without a policy
get this one, indices with this one are moved to its newest version, and indices with another policy are not changed.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from .catalogue import same
from .client import Client, Refused
from .dialect import Dialect
from .outcome import Report
from .settings import Settings
from .templates import PRIORITY

ROTATION_DAYS = {"OneHour": 1, "OneDay": 1, "OneWeek": 7, "OneMonth": 31}
TRIES = 4
RETRY = {"count": 5, "backoff": "exponential", "delay": "1h"}


def policy(settings: Settings, *, queries: bool = False) -> dict[str, Any]:
    """The policy of the events indices, or of the queries indices, which roll over and otherwise share the ages."""
    pattern = f"{settings.queries_name}-*" if queries else settings.index_pattern
    rolls_over = queries or settings.rolls_over
    ages: list[tuple[int, str, dict[str, Any]]] = []
    if settings.merge_after_days is not None:
        ages.append((settings.merge_after_days, "merged", {"force_merge": {"max_num_segments": 1}}))
    if settings.warm_after_days is not None:
        ages.append((settings.warm_after_days, "warm", {"warm_migration": {}, "timeout": "24h", "retry": RETRY}))
    if settings.cold_after_days is not None:
        ages.append(
            (
                settings.cold_after_days,
                "cold",
                {"cold_migration": {"timestamp_field": "timestamp"}, "timeout": "24h", "retry": RETRY},
            )
        )
    if settings.delete_after_days is not None:
        last = "cold_delete" if settings.cold_after_days is not None else "delete"
        ages.append((settings.delete_after_days, "delete", {last: {}}))
    days = settings.rollover_after_days or (30 if queries else 1)
    rollover = {"rollover": {"min_index_age": f"{days}d", "min_size": settings.rollover_size}}
    # An index is written to during its period, and afterwards by Firehose's retries.
    period = 0 if rolls_over else ROTATION_DAYS[settings.index_rotation]
    states: list[dict[str, Any]] = [{"name": "hot", "actions": [rollover] if rolls_over else [], "transitions": []}]
    for age, name, action in ages:
        after = {"min_index_age": f"{max(age, period + 1)}d"}
        states[-1]["transitions"] = [{"state_name": name, "conditions": after}]
        states.append({"name": name, "actions": [action], "transitions": []})
    return {
        "policy": {
            "description": f"Lifecycle of {pattern}",
            "default_state": "hot",
            "states": states,
            "ism_template": [{"index_patterns": [pattern], "priority": PRIORITY + len(settings.index_name)}],
        }
    }


def install(client: Client, settings: Settings, dialect: Dialect, report: Report) -> None:
    """Install both policies and attach them to existing indices."""
    api = f"{dialect.plugins}/_ism"
    if client.request("GET", f"{api}/policies/{settings.index_name}").unknown_path:
        report.add("lifecycle policy", settings.index_name, "skipped", "this engine has no Index State Management")
        return
    for name, pattern, queries in (
        (settings.index_name, settings.index_pattern, False),
        (f"{settings.index_name}-queries", f"{settings.queries_name}-*", True),
    ):
        body = policy(settings, queries=queries)
        alias = settings.queries_name if queries else settings.index_name if settings.rolls_over else None
        report.attempt(
            "lifecycle policy",
            name,
            partial(_put, client, api, name, body, report),
        )
        report.attempt(
            "lifecycle", pattern,
            partial(_attach, client, api, name, report, dialect=dialect, pattern=pattern, alias=alias),
        )  # fmt: skip


def _put(client: Client, api: str, name: str, body: dict[str, Any], report: Report) -> None:
    path = f"{api}/policies/{name}"
    for _ in range(TRIES):
        found = client.find(path)
        if found is not None and _same_policy(body["policy"], found["policy"]):
            report.add("lifecycle policy", name, "unchanged")
            return
        guard = "" if found is None else f"?if_seq_no={found['_seq_no']}&if_primary_term={found['_primary_term']}"
        answer = client.request("PUT", path + guard, body)
        if (
            not answer.ok
            and answer.status == 400
            and "ism_template" in answer.reason
            and "ism_template" in body["policy"]
        ):
            # Engines before this field attach by index; each run does that anyway.
            body = {"policy": {key: value for key, value in body["policy"].items() if key != "ism_template"}}
            continue
        if answer.ok:
            report.add("lifecycle policy", name, "created" if found is None else "updated")
            return
        if answer.status != 409:  # a concurrent change: read again
            raise Refused(f"PUT {path}: {answer.reason}", answer.status, answer.body)
    raise Refused(f"PUT {path}: other changes conflicted in {TRIES} tries; run it again")


def _same_policy(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether policies are equal; the plugin adds defaults (a retry to each action) and times, but no states or
    actions."""
    return same(ours, {name: value for name, value in theirs.items() if value is not None})


def _attach(
    client: Client, api: str, name: str, report: Report, *, dialect: Dialect, pattern: str, alias: str | None
) -> None:
    answer = client.request("GET", f"{api}/explain/{pattern}")
    if answer.status == 404:
        return
    if not answer.ok:
        raise Refused(f"GET {api}/explain/{pattern}: {answer.reason}", answer.status, answer.body)
    stored = client.find(f"{api}/policies/{name}") or {}
    prefix = "index.plugins" if dialect.opensearch else "index.opendistro"
    for index, each in sorted(answer.body.items()):
        if not isinstance(each, dict):
            continue
        theirs = _policy_of(each)
        if theirs and theirs != name:
            report.add("lifecycle", index, "conflict", f"has the policy {theirs}; not changed")
            continue
        if alias:
            setting = {f"{prefix}.index_state_management.rollover_alias": alias}
            client.ask("PUT", f"{quote(index)}/_settings", setting)
        if not theirs:
            _change(client, f"{api}/add/{quote(index)}", index, name, report)
        elif each.get("policy_seq_no", stored.get("_seq_no")) != stored.get("_seq_no"):
            # A managed index keeps its policy version; the next run of its job uses the newest.
            _change(client, f"{api}/change_policy/{quote(index)}", index, name, report)


def _change(client: Client, path: str, index: str, name: str, report: Report) -> None:
    body = client.ask("POST", path, {"policy_id": name})
    if body.get("failures"):
        reasons = "; ".join(str(each.get("reason")) for each in body.get("failed_indices", []))
        report.add("lifecycle", index, "conflict", f"the policy {name} could not be attached: {reasons}")
    else:
        report.add("lifecycle", index, "updated", f"uses the newest policy {name}")


def _policy_of(explained: dict[str, Any]) -> str | None:
    keys = ("index.plugins.index_state_management.policy_id", "index.opendistro.index_state_management.policy_id")
    return next((str(explained[key]) for key in ("policy_id", *keys) if explained.get(key)), None)

"""Erasure: deletes one person's documents from writable indices, and lists what remains and until when.

A person is known by ``user_id``, by the ``client_id`` of each browser or device and by the ``session_id`` of each
visit; `erasure_request` converts them to the values in documents. Documents are deleted from hot indices. UltraWarm
and cold indices are read-only and deleted by age, as are the copies in the archive and in AWS's snapshots. After the
pseudonym key is destroyed, the remaining pseudonyms can no longer be linked to a person.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from . import recommender
from .client import Client, Refused
from .erasure_request import Request
from .outcome import Report
from .settings import Settings
from .templates import indices

PASSES = 5
LONGEST_POLL_SECONDS = 5.0

COLD_PAGE = 100
COLD_DAYS_AFTER_DELETION = 14
"""Days for which AWS can restore a deleted cold index."""

WRITE_BLOCK = "index.blocks.write"
WARM = "index.routing.allocation.require.box_type"


def query(people: dict[str, list[str]]) -> dict[str, Any]:
    """The query for documents with one of the ids."""
    terms = [{"terms": {name: sorted(ids)}} for name, ids in sorted(people.items()) if ids]
    return {"bool": {"should": terms, "minimum_should_match": 1}}


def erase(
    client: Client,
    settings: Settings,
    request: Request,
    report: Report,
    *,
    dry_run: bool = False,
    today: Callable[[], dt.date] = lambda: dt.datetime.now(dt.timezone.utc).date(),
) -> dict[str, Any]:
    """Delete the documents, index by index, and list what remains.

    Args:
        request: the ids to search for.
        dry_run: count only.

    Returns:
        ``deleted``, ``found``, ``searched`` (how many values in which field, in which indices; no id) and
        ``remaining``: places with what they hold, why, and until which date.
    """
    asked = query(request.terms)
    deleted = found = 0
    remaining: list[dict[str, Any]] = []
    events = (settings.index_pattern, settings.index_name, f"{settings.queries_name}-*", settings.queries_name)
    patterns = (*events, *(recommender.name(settings, kind) for kind in recommender.PERSONAL))
    seen = {index["name"]: index for pattern in patterns for index in indices(client, pattern)}
    for name, index in sorted(seen.items()):
        count = int(client.ask("POST", f"{quote(name)}/_count", {"query": asked})["count"])
        found += count
        if not count:
            continue
        if index.get(WARM) == "warm":
            remaining.append(_until(settings, name, count, "UltraWarm storage is read-only", index))
        elif dry_run:
            report.add("index", name, "skipped", f"{count} documents; nothing is deleted in a dry run")
        else:
            gone = _from_index(client, name, asked, blocked=str(index.get(WRITE_BLOCK)).lower() == "true")
            deleted += gone
            report.add("index", name, "updated", f"{gone} documents deleted")
    remaining += _cold(client, settings)
    searched = {
        "values": {field: len(values) for field, values in sorted(request.terms.items())},
        "ignored": request.ignored,
        "indices": sorted(seen),
    }
    remaining += _copies(settings, today())
    return {"found": found, "deleted": deleted, "searched": searched, "remaining": remaining}


def _from_index(client: Client, name: str, asked: dict[str, Any], *, blocked: bool) -> int:
    """Delete from one index. Remove the write block of its lifecycle's force merge meanwhile."""
    path = quote(name)
    if blocked:
        client.ask("PUT", f"{path}/_settings", {WRITE_BLOCK: False})
    try:
        gone = 0
        for _ in range(PASSES):
            # A document that changes meanwhile is a conflict; the next pass deletes it.
            client.ask("POST", f"{path}/_refresh")
            task = client.ask(
                "POST", f"{path}/_delete_by_query?conflicts=proceed&refresh=true&wait_for_completion=false",
                {"query": asked},
            )["task"]  # fmt: skip
            done = _finished(client, task)
            gone += int(done["deleted"])
            if done.get("failures"):
                raise Refused(f"{name}: {done['failures'][:2]}")
            if not int(client.ask("POST", f"{path}/_count", {"query": asked})["count"]):
                return gone
        raise Refused(
            f"{name}: new documents of this person keep arriving; {gone} are deleted so far, run the erasure again"
        )
    finally:
        if blocked:
            client.ask("PUT", f"{path}/_settings", {WRITE_BLOCK: True})


def _finished(client: Client, task: str) -> dict[str, Any]:
    """The result of a task. Poll, because a connection would time out during a long task."""
    pause = 0.1
    while True:
        body = client.ask("GET", f"_tasks/{quote(task, safe=':')}")
        if body["completed"]:
            if "error" in body:
                raise Refused(f"task {task}: {body['error']}")
            return dict(body["response"])
        if time.monotonic() > client.deadline:
            raise Refused(f"task {task} is still running in the domain; run the erasure again later")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_POLL_SECONDS)


def _until(settings: Settings, name: str, count: int, why: str, index: dict[str, Any]) -> dict[str, Any]:
    created = dt.datetime.fromtimestamp(int(index["index.creation_date"]) / 1000, dt.timezone.utc).date()
    return {
        "place": f"index {name}",
        "documents": count,
        "why": why,
        "until": _plus(created, settings.delete_after_days),
    }


def _cold(client: Client, settings: Settings) -> list[dict[str, Any]]:
    """Cold indices, which cannot be searched: their number of documents of a person is unknown.

    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cold-storage.html
    """
    days = settings.delete_after_days
    places = []
    for pattern in (settings.index_pattern, f"{settings.queries_name}-*"):
        for each in _cold_indices(client, pattern, sure=settings.cold_after_days is not None):
            created = dt.date.fromisoformat(str(each["creation_date"])[:10])
            until = _plus(created, None if days is None else days + COLD_DAYS_AFTER_DELETION)
            places.append(
                {
                    "place": f"index {each['index']}",
                    "documents": None,
                    "why": "cold storage is not searchable",
                    "until": until,
                }
            )
    return places


def _cold_indices(client: Client, pattern: str, *, sure: bool) -> Iterator[dict[str, Any]]:
    """All cold indices that match a pattern. A domain without cold storage may refuse the request."""
    body: dict[str, Any] = {"filters": {"index_pattern": pattern}}
    seen: set[str] = set()
    while True:
        answer = client.request("GET", f"_cold/indices/_search?page_size={COLD_PAGE}", body)
        if not answer.ok:
            if sure:
                raise Refused(f"GET _cold/indices/_search: {answer.reason}", answer.status, answer.body)
            return
        page = [each for each in answer.body.get("indices", []) if each["index"] not in seen]
        yield from page
        seen.update(each["index"] for each in page)
        if len(seen) >= int(answer.body.get("total_results", 0)) or not page:
            return
        body = {"pagination_id": answer.body["pagination_id"]}


def _copies(settings: Settings, today: dt.date) -> list[dict[str, Any]]:
    kept = (
        ("stream, records as they came", settings.stream_days, True),
        ("archive, delivered events", settings.archive_days, settings.archive == "all"),
        ("archive, records that could not be delivered", settings.failed_days, True),
        ("automated snapshots of the domain", settings.snapshot_days, True),
    )
    return [
        {
            "place": place,
            "documents": None,
            "why": "a copy that is deleted by age only; the date is that of a copy made today",
            "until": _plus(today, days),
        }
        for place, days, there in kept
        if there
    ]


def _plus(day: dt.date, days: int | None) -> str:
    return "no end: it is never deleted" if days is None else (day + dt.timedelta(days=days)).isoformat()

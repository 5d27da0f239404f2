"""The function behind the collector's API: puts the events of a body on the stream and answers what became of them.

``200`` means that the stream has every event except those that ``rejected`` names, each with its place in the body and
a reason (refusal.py has all of them). Nothing that a client sends makes the function fail: it refuses invalid requests
and events, and answers ``503`` only if the stream does not accept events.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from . import batch, metrics, request, settings, shapes
from .kinesis import Stream
from .refusal import REQUESTS, Refusal
from .signature import Credentials

RETRY_AFTER = (2, 8)
"""Range of ``Retry-After`` in seconds; a random value spreads the clients' retries."""


@dataclass
class _Tally:
    """The progress of one request."""

    counts: Counter[str] = field(
        default_factory=lambda: Counter(Requests=1, Events=0, Stored=0, Rejected=0, NotStored=0, Bytes=0)
    )
    rejected: list[dict[str, Any]] = field(default_factory=list)
    key: str | None = None
    """Name of the given key."""


class Collector:
    """The collector with its settings and its connection; one for each execution environment."""

    def __init__(self, given: settings.Settings, stream: Stream) -> None:
        self.settings = given
        self.stream = stream

    def answer(self, event: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The answer to one event of API Gateway, and its metrics line."""
        started = time.perf_counter()
        tally, reason, place = _Tally(), None, None
        try:
            self._collect(event, tally)
        except Refusal as refusal:
            reason = str(refusal.args[0])
        except Exception as error:  # noqa: BLE001 - the runtime would log the text, which may quote the body
            reason, place = "internal_error", _place(error)
        status, content = 200, {"success": reason is None, "rejected": tally.rejected}
        headers = {"content-type": "application/json", "cache-control": "no-store"}
        if reason is not None:
            tally.counts[f"Refused_{reason}"] += 1
            status, message = REQUESTS[reason]
            content |= {"reason": reason, "message": message}
        if status == 503:
            headers["retry-after"] = str(random.randint(*RETRY_AFTER))  # noqa: S311 - spreads clients
        if status == 401:
            # HTTP requires a challenge; browsers open no dialog for an unknown scheme.
            headers["www-authenticate"] = "WriteKey"
        properties: dict[str, Any] = {"Status": status}
        if self.stream.errors:
            properties["StreamErrors"] = dict(self.stream.errors)
            self.stream.errors.clear()
        if place is not None:
            properties["InternalError"] = place
        tally.counts["Duration"] = round((time.perf_counter() - started) * 1000)
        line = metrics.line(
            self.settings.metrics_namespace, self.settings.collector, tally.key, tally.counts, properties
        )
        return {"statusCode": status, "headers": headers, "body": json.dumps(content, separators=(",", ":"))}, line

    def _collect(self, event: dict[str, Any], tally: _Tally) -> None:
        """Put the valid events of a request on the stream; raises `Refusal` unless at least one is there."""
        path = event["rawPath"].rstrip("/")
        if event["requestContext"]["http"]["method"] != "POST" or path not in batch.PATHS:
            raise Refusal("not_found")
        headers: dict[str, str] = event.get("headers") or {}
        request.check_proxy(headers, self.settings)
        request.check_origin(headers, self.settings)
        content = request.body(event)
        tally.counts["Bytes"] += len(content)
        read = batch.read(content, path)
        tally.counts["Events"] += len(read.events)
        tally.key = request.key_name([request.key_in_headers(event, headers), *read.keys], self.settings)
        beginning = shapes.prefix(request.server_facts(event, headers, tally.key, self.settings))
        records: list[bytes] = []
        places: list[int] = []
        for place, item in enumerate(read.events):
            try:
                shapes.check(item)
                records.append(shapes.record(item, beginning))
                places.append(place)
            except Refusal as refusal:  # noqa: PERF203 - one invalid event must not affect the others
                tally.rejected.append({"index": place, "reason": refusal.args[0]})
                tally.counts[f"Rejected_{refusal.args[0]}"] += 1
        tally.counts["Rejected"] += len(tally.rejected)
        if not records:
            raise Refusal("no_valid_event")
        left = self.stream.put(records)
        tally.counts["Stored"] += len(records) - len(left)
        tally.counts["NotStored"] += len(left)
        if left:
            tally.rejected += [{"index": places[number], "reason": "not_stored"} for number in left]
            tally.rejected.sort(key=lambda entry: int(entry["index"]))
            raise Refusal("not_stored")


def _place(error: Exception) -> str:
    """Type, module and line of an unexpected error."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__}@{where}"


_collector: Collector | None = None


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """AWS Lambda's entry point."""
    global _collector  # noqa: PLW0603 - one for each execution environment
    if _collector is None:
        given = settings.from_environment()
        credentials = Credentials.from_environment()
        stream = Stream(given.stream_name, endpoint=given.endpoint, region=given.region, credentials=credentials)
        _collector = Collector(given, stream)
    answer, line = _collector.answer(event)
    sys.stdout.write(line + "\n")
    return answer

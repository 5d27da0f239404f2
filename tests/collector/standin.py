"""A Kinesis in this process that takes PutRecords over HTTP, requests as API Gateway makes them, and their answers."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.collector.runtime.handler import Collector
from constructs_lib.collector.runtime.kinesis import Stream
from constructs_lib.collector.runtime.settings import Settings
from constructs_lib.collector.runtime.signature import Credentials
from constructs_lib.replay.aggregates import user_records
from tests.http_server import Handler, serving

CREDENTIALS = Credentials("AKIDEXAMPLE", "secret", "token")
ORIGIN = "https://shop.example"
ARRIVAL = 1_767_225_600_000
KEYS = {"wk_web": "web", "wk_app": "app"}
"""Write keys, and the names of what sends with them."""

Answer = Callable[[dict[str, Any]], tuple[int, Any]]


def taken(request: dict[str, Any]) -> tuple[int, Any]:
    """Kinesis's answer when it takes every record."""
    results = [{"SequenceNumber": str(number), "ShardId": "s"} for number in range(len(request["Records"]))]
    return 200, {"FailedRecordCount": 0, "Records": results}


def refused(request: dict[str, Any]) -> tuple[int, Any]:
    """Kinesis's answer when the shard's throughput is used up."""
    results = [{"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow"}] * len(
        request["Records"]
    )
    return 200, {"FailedRecordCount": len(results), "Records": results}


@dataclass
class Kinesis:
    """The requests to the stand-in, and its next answers."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    says: list[Answer | None] = field(default_factory=list)
    """What it says to the next requests, None closing the connection without a word; when there is nothing left, it
    takes what it gets."""
    naps: list[float] = field(default_factory=list)
    """Seconds that the collector waited between tries."""
    connections: int = 0

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of every record that it was sent, taken apart as Firehose does."""
        return [json.loads(event) for request in self.requests for event in events_of(request)]


class Taking(Stream):
    """A stream that accepts and stores everything."""

    def __init__(self) -> None:
        self.errors = Counter()
        self.taken: list[bytes] = []

    def put(self, events: Sequence[bytes]) -> list[int]:
        self.taken += events
        return []


def events_of(request: dict[str, Any]) -> list[bytes]:
    """The events of one PutRecords request."""
    return [event for record in request["Records"] for event in user_records(base64.b64decode(record["Data"]))]


@contextmanager
def kinesis() -> Iterator[Kinesis]:
    """A stand-in on a free loopback port."""
    seen = Kinesis()

    class Answering(Handler):
        def setup(self) -> None:
            super().setup()
            seen.connections += 1

        def answer(self) -> None:
            request = json.loads(self.received())
            seen.requests.append(request)
            seen.headers.append({name.lower(): value for name, value in self.headers.items()})
            says = seen.says.pop(0) if seen.says else taken
            if says is None:
                self.close_connection = True
                return
            status, answer = says(request)
            self.reply(status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    with serving(Answering) as seen.url:
        yield seen


def collector(there: Kinesis, **settings: Any) -> Collector:
    """A collector before the stand-in; it does not wait between tries, but its clock runs as if it did."""
    given = Settings(
        stream_name="shop-events",
        endpoint=there.url,
        region="eu-west-1",
        **{"origins": frozenset({ORIGIN}), **settings},
    )
    stream = Stream(
        given.stream_name,
        endpoint=given.endpoint,
        region=given.region,
        credentials=CREDENTIALS,
        sleep=there.naps.append,
        clock=lambda: sum(there.naps),
    )
    return Collector(given, stream)


def posted(
    body: Any = None,
    path: str = "/collect",
    *,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    source: str = "198.51.100.7",
    method: str = "POST",
) -> dict[str, Any]:
    """The event that API Gateway makes of a request; bytes come in base64, as it passes what is no text."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "content-type": "text/plain;charset=UTF-8",
            "origin": ORIGIN,
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0",
            "x-forwarded-for": source,
            **(headers or {}),
        },
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": source, "userAgent": "?"},
            "requestId": "id",
            "timeEpoch": ARRIVAL,
        },
        "isBase64Encoded": isinstance(body, bytes),
    }
    if query:
        event["queryStringParameters"] = query
    if isinstance(body, bytes):
        event["body"] = base64.b64encode(body).decode()
    elif body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def click(**more: Any) -> dict[str, Any]:
    """A small valid event."""
    return {"action_name": "click", "client_id": "c-1", "timestamp": "2025-12-31T23:59:59Z", **more}


def answered(there: Kinesis, event: dict[str, Any], **settings: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer."""
    answer, _ = collector(there, **settings).answer(event)
    return answer["statusCode"], json.loads(answer["body"])


def facts(there: Kinesis, event: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """The server facts in the record of an accepted event."""
    assert answered(there, event, **settings)[0] == 200
    known: dict[str, Any] = there.events[0]["collector"]
    return known

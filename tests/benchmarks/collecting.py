"""The processes that the collector's costs are measured in; started by `test_collector`, with a role as argument.

``collect`` is a container with the collector's archive on its path, ``separate`` the same with a record for each event,
``boto3`` one with the same work done the usual way. They print the milliseconds of CPU from the start of the process to
the first answer, and then of each further request.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

EVENTS = 10
WARM = 300


def request() -> dict[str, Any]:
    """Ten events of a page as the browser client sends them, as API Gateway hands them over."""
    events = [
        {
            "event_id": f"0a1b2c3d-0000-4000-8000-00000000000{number}",
            "action_name": "click",
            "timestamp": "2026-01-01T10:00:00.000Z",
            "client_id": "6f1c2e9a-5b7d-4c3e-9f80-1a2b3c4d5e6f",
            "session_id": "d2719c55-8b0e-4f5d-a1c7-3e9f6b2d4a10",
            "query_id": "b7e6a1f0-3c2d-4e5f-8a9b-0c1d2e3f4a5b",
            "event_attributes": {
                "object": {"object_id": f"B0{number}", "object_id_field": "product", "name": "A lamp of brass"},
                "position": {"ordinal": number},
                "properties": {"list": "search results", "variant": "b"},
            },
            "page": {"url": "https://shop.example/search?q=lamp", "title": "lamp: search results"},
            "referrer": "https://www.bing.com/",
        }
        for number in range(EVENTS)
    ]
    return {
        "version": "2.0",
        "rawPath": "/collect",
        "headers": {"origin": "https://shop.example", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0"},
        "requestContext": {"http": {"method": "POST", "sourceIp": "198.51.100.7"}, "timeEpoch": 1_767_261_600_000},
        "isBase64Encoded": False,
        "body": json.dumps({"key": "wk_1", "sent_at": "2026-01-01T10:00:05.000Z", "events": events}),
    }


def collector() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The collector's own handler."""
    from collector.handler import handler  # type: ignore[import-not-found]  # noqa: PLC0415 - in the archive

    return lambda event: handler(event, None)


def separate() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The collector, were each event a record of its own."""
    from collector import kinesis  # type: ignore[import-not-found]  # noqa: PLC0415 - in the archive

    def each_alone(events: list[bytes], _key: str) -> list[tuple[bytes, range]]:
        return [(event, range(place, place + 1)) for place, event in enumerate(events)]

    kinesis.aggregated = each_alone
    return collector()


def with_boto3() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The same work with AWS's SDK: each event a record, what only the server knows added, PutRecords."""
    import boto3  # noqa: PLC0415 - what is measured

    client = boto3.client("kinesis", endpoint_url=os.environ["KINESIS_ENDPOINT"])

    def handle(event: dict[str, Any]) -> dict[str, Any]:
        http = event["requestContext"]["http"]
        facts = {"ip": http["sourceIp"], "user_agent": event["headers"]["user-agent"]}
        body = json.loads(event["body"])
        records = [
            {"Data": json.dumps({**given, "collector": facts}).encode(), "PartitionKey": given["client_id"]}
            for given in body["events"]
        ]
        answer = client.put_records(StreamName=os.environ["STREAM_NAME"], Records=records)
        return {"statusCode": 503 if answer["FailedRecordCount"] else 200}

    return handle


def measure(make: Callable[[], Callable[[dict[str, Any]], dict[str, Any]]]) -> None:
    """Print the CPU of a cold start with its first answer, and of a warm request: the best of some rounds."""
    event = request()
    first = (handle := make())(event)
    cold = time.process_time()
    assert first["statusCode"] == 200, first
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(WARM // 5):
            handle(event)
        rounds.append((time.process_time() - began) / (WARM // 5))
    print(json.dumps({"cold": cold * 1000, "warm": min(rounds) * 1000}), file=sys.stderr)


if __name__ == "__main__":
    {
        "collect": lambda: measure(collector),
        "separate": lambda: measure(separate),
        "boto3": lambda: measure(with_boto3),
    }[sys.argv[1]]()

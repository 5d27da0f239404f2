"""Alarms of the collector: what API Gateway counts, and what its function counts itself
(``collector/runtime/metrics.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.monitoring.alarm import GE, GT, Alarm

PERIOD = 300
"""Seconds."""
SLOW_MS = 1_000
"""Milliseconds that a page should never wait for an answer; a request takes some ten of them."""


def gateway_alarms() -> Iterator[Alarm]:
    """Alarms on what API Gateway counts by API
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html)."""
    yield Alarm(
        "server-errors",
        {"5xx": "Sum", "Count": "Sum"},
        GE,
        1,
        PERIOD,
        3,
        "One of a hundred requests or more is answered with an error of the server: the stream does not take events, "
        "or the function fails or has no room. Clients send them again. The function's log and its metric NotStored "
        "say why.",
        expression="m1 / m2 * 100",
        missing="notBreaching",
    )
    yield Alarm(
        "latency",
        {"Latency": "p95"},
        GE,
        SLOW_MS,
        PERIOD,
        3,
        "One of twenty requests takes a second or more: the stream is slow or refuses records, which are sent again, "
        "or cold starts are many.",
        missing="notBreaching",
    )


def collector_alarms(*, rejected_percent: int) -> Iterator[Alarm]:
    """Alarms on what the function counts."""
    yield Alarm(
        "rejected-share",
        {"Rejected": "Sum", "Events": "Sum"},
        GE,
        rejected_percent,
        PERIOD,
        3,
        f"{rejected_percent} % of the events or more are refused as invalid: often a page or an app changed what it "
        "sends. The metrics Rejected_... say why.",
        expression="m1 / m2 * 100",
        missing="notBreaching",
    )
    yield Alarm(
        "not-stored",
        {"NotStored": "Sum"},
        GT,
        0,
        PERIOD,
        3,
        "The stream does not take all events, after several tries. Clients keep them and send them again; those of "
        "people who do not come back are lost. Look at the stream's throughput and at the key.",
        missing="notBreaching",
    )

"""Alarms of the collector: what API Gateway counts, and what its function counts itself
(``collector/runtime/metrics.py``).
"""

from __future__ import annotations

from constructs_lib.monitoring.alarm import GE, GT, Alarm

PERIOD = 300
"""Seconds."""
SLOW_MS = 1_000
"""Milliseconds that a page should not wait for an answer; a usual request takes about 10."""


def gateway_alarms() -> list[Alarm]:
    """Alarms on what API Gateway counts by API
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html)."""
    return [
        Alarm(
            "server-errors",
            {"5xx": "Sum", "Count": "Sum"},
            GE,
            1,
            PERIOD,
            3,
            "The collector answers 1 % of the requests or more with a server error (5xx); clients send them again. "
            "Causes: the stream refuses events, the function fails, or it is throttled. Look at the function's log and "
            "its metric NotStored.",
            expression="m1 / m2 * 100",
            missing="notBreaching",
        ),
        Alarm(
            "latency",
            {"Latency": "p95"},
            GE,
            SLOW_MS,
            PERIOD,
            3,
            "5 % of the requests take a second or more. Causes: the stream is slow, the stream refuses records and the "
            "function retries, or there are many cold starts. Look at the stream's throttles and the function's log.",
            missing="notBreaching",
        ),
    ]


def collector_alarms(*, rejected_percent: int) -> list[Alarm]:
    """Alarms on what the function counts."""
    return [
        Alarm(
            "rejected-share",
            {"Rejected": "Sum", "Events": "Sum"},
            GE,
            rejected_percent,
            PERIOD,
            3,
            f"The collector refuses {rejected_percent} % of the events or more as invalid. Often a page or an app "
            "changed its format. The metrics Rejected_... name the reason; correct the page or the app.",
            expression="m1 / m2 * 100",
            missing="notBreaching",
        ),
        Alarm(
            "not-stored",
            {"NotStored": "Sum"},
            GT,
            0,
            PERIOD,
            3,
            "The stream refused events after several tries. Clients keep them and send them again; events of people "
            "who do not return are lost. Check the stream's throughput (more shards) and its KMS key.",
            missing="notBreaching",
        ),
    ]

"""Alarms of a function."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.alarms.alarm import GE, GT, Alarm


def function_alarms(*, timeout_seconds: int) -> Iterator[Alarm]:
    """Alarms of a function with this timeout."""
    yield Alarm(
        "errors", {"Errors": "Sum"}, GT, 0, 60, 3, "The function fails; its log says why.", missing="notBreaching"
    )
    yield Alarm(
        "throttles",
        {"Throttles": "Sum"},
        GT,
        0,
        60,
        5,
        "Calls are refused: the reserved concurrency is too small.",
        missing="notBreaching",
    )
    yield Alarm(
        "slow",
        {"Duration": "p90"},
        GE,
        timeout_seconds * 1000 * 0.9,
        60,
        15,
        "A tenth of the calls take nine tenths of the timeout or more.",
        missing="notBreaching",
    )

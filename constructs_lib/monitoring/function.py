"""Alarms of a function."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits.quotas import LAMBDA_TIMEOUT_S
from constructs_lib.monitoring.alarm import GE, GT, Alarm


def function_alarms(*, timeout_seconds: int) -> Iterator[Alarm]:
    """Alarms of a function with this timeout that is called all the time."""
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
        "Calls are refused: the reserved concurrency is too small, or, with none reserved, the account has none left.",
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


def rare_function_alarms() -> Iterator[Alarm]:
    """Alarms of a function that is called once a day or so.

    One failure is all there is to see of it. What wants several minutes in a row cannot ring, so it is left out: a
    call that is refused is made again by Lambda for hours, and one that runs into the timeout is an error. An error's
    time is that of the call, so the period is as long as the longest call: a shorter one may be over by then.
    """
    yield Alarm(
        "errors",
        {"Errors": "Sum"},
        GE,
        1,
        LAMBDA_TIMEOUT_S,
        1,
        "A run of the function failed; its log says why.",
        missing="notBreaching",
    )

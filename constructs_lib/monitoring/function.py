"""Alarms of a function."""

from __future__ import annotations

from constructs_lib.limits.quotas import LAMBDA_TIMEOUT_S
from constructs_lib.monitoring.alarm import GE, GT, Alarm


def function_alarms(*, timeout_seconds: int) -> list[Alarm]:
    """Alarms of a function with this timeout that is called all the time."""
    return [
        Alarm(
            "errors",
            {"Errors": "Sum"},
            GT,
            0,
            60,
            3,
            "The function fails. Its log shows the error.",
            missing="notBreaching",
        ),
        Alarm(
            "throttles",
            {"Throttles": "Sum"},
            GT,
            0,
            60,
            5,
            "Lambda throttles the function. Raise its reserved concurrency or, with none reserved, the account's "
            "quota.",
            missing="notBreaching",
        ),
        Alarm(
            "slow",
            {"Duration": "p90"},
            GE,
            timeout_seconds * 1000 * 0.9,
            60,
            15,
            "10 % of the calls take 90 % of the timeout or more. Raise the timeout or the memory.",
            missing="notBreaching",
        ),
    ]


def rare_function_alarms() -> list[Alarm]:
    """Alarms of a function that is called once a day or so.

    A single failure must fire it, so alarms that need several minutes in a row are left out. Lambda retries a
    throttled call for hours, and a timeout counts as an error. CloudWatch dates an error by the start of the call, so
    the period is as long as the longest call: a shorter period may be over by then.
    """
    return [
        Alarm(
            "errors",
            {"Errors": "Sum"},
            GE,
            1,
            LAMBDA_TIMEOUT_S,
            1,
            "A run of the function failed. Its log shows the error.",
            missing="notBreaching",
        ),
    ]

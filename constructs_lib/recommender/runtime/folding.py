"""The handler of the fold: called on a schedule, and once a day with ``{"look_back_hours": 48}``.

It returns its results. After a failure it raises, so that Lambda counts the call as failed.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any

from . import metrics
from .domain import Domain, role_signature
from .fold import Fold
from .settings import Settings, from_environment

MARGIN_SECONDS = 20
"""Seconds reserved for the current slice and the answer before the function's timeout."""
MOST_SECONDS = 0.7
"""Share of the function's timeout after which no further slice begins."""
ANSWER_SECONDS = 60.0
"""Timeout of one answer of the domain in seconds."""
MOST_LOOK_BACK_HOURS = 24 * 90


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """AWS Lambda's entry point."""
    left = context.get_remaining_time_in_millis() / 1000 if context is not None else 300.0
    settings = from_environment()
    patience = time.monotonic() + left - MARGIN_SECONDS
    domain = Domain(settings.endpoint, role_signature(settings.region), seconds=ANSWER_SECONDS, patience=patience)
    return run(event, settings, domain, seconds=left * MOST_SECONDS)


def run(
    event: dict[str, Any], settings: Settings, domain: Domain, *, seconds: float, now: datetime | None = None
) -> dict[str, Any]:
    """Fold new events; with ``look_back_hours`` fold those hours again instead, and delete old sessions.

    Raises:
        ValueError: ``look_back_hours`` is not a whole number of hours within 90 days.
        DomainError: the domain refused a request or did not answer in time.
    """
    began = time.monotonic()
    hours = event.get("look_back_hours")
    if hours is not None and (
        isinstance(hours, bool) or not isinstance(hours, int) or not 1 <= hours <= MOST_LOOK_BACK_HOURS
    ):
        raise ValueError(
            f"look_back_hours: is out of range (given {hours!r}; allowed: whole hours from 1 to {MOST_LOOK_BACK_HOURS})"
        )
    fold = Fold(domain, settings, now or datetime.now(timezone.utc), time.monotonic() + seconds)
    values: dict[str, float] = {}
    if hours is None:
        done, lag = fold.recent()
        values["FoldLag"] = lag.total_seconds()
        counted = fold.count()
    else:
        done = fold.again(hours)
        fold.tidy(done)
        counted = False
    values |= {
        "Sessions": done.sessions,
        "Interactions": done.events,
        "FoldDuration": (time.monotonic() - began) * 1000,
    }
    answer = {**asdict(done), "counted": counted, "seconds": round(time.monotonic() - began, 3)}
    print(metrics.line(settings.metrics_namespace, settings.deployment, values, {"fold": answer}))
    return answer

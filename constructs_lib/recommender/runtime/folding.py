"""The function that folds: run by a schedule, and once a day with ``{"look_back_hours": 48}``.

It answers with what it did. A failure raises, so that the call counts as one.
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
"""Kept for the slice under way and the answer before Lambda ends the function."""
MOST_SECONDS = 0.7
"""Part of the function's time after which no further slice is begun."""
ANSWER_SECONDS = 60.0
"""How long one answer of the domain is waited for."""
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
    """Fold what arrived; with ``look_back_hours`` look at those hours once more instead, and tidy up.

    Raises:
        ValueError: ``look_back_hours`` is no whole number of hours within 90 days.
        DomainError: the domain refused something or stayed away.
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

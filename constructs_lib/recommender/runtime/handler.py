"""The handler of the recommender: behind an HTTP API, or called directly by a site's backend.

=========================================  ============================================================================
``GET`` or ``POST /recommendations``        `recommender.Recommender.recommend`
``POST /rank``                              `recommender.Recommender.rank`
``PUT /items``                              `recommender.Recommender.put_items`
=========================================  ============================================================================

The answer to a refused request has one line in ``message``: 400 for an invalid request, 404, 413; 503 if the domain is
unavailable and there is no snapshot in memory. A direct call gets the same as an object with ``statusCode`` and
``message``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from . import metrics, requests
from .domain import Domain, DomainError, role_signature
from .memory import UnavailableError
from .recommender import Recommender
from .requests import RequestError
from .settings import Settings, from_environment

FLUSH_SECONDS = 60.0
MOST_VALUES = 100
"""Most values of one metric in one line (the embedded metric format's limit)."""

_STARTED: list[Service] = []


class Service:
    """State that stays in memory between calls."""

    def __init__(self, settings: Settings, recommender: Recommender) -> None:
        self.settings = settings
        self.recommender = recommender
        self._took: list[float] = []
        self._degraded = 0
        self._flushed = time.monotonic()

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to an event, in the format of its sender (HTTP API or direct call)."""
        try:
            status, body = 200, self._do(*requests.asked(event))
        except RequestError as error:
            status, body = error.status, {"message": str(error)}
        except (DomainError, UnavailableError) as error:
            print(f"503: {error}")
            status, body = 503, {"message": "the search domain does not answer; try again in a moment"}
        self._note(body)
        if "requestContext" not in event:
            return body if status == 200 else {"statusCode": status, **body}
        headers = {"content-type": "application/json", "cache-control": "no-store"}
        if status == 503:
            headers["retry-after"] = "5"
        return {"statusCode": status, "headers": headers, "body": json.dumps(body)}

    def _do(self, action: str, given: dict[str, Any]) -> dict[str, Any]:
        began = time.perf_counter()
        if action == "items":
            return self.recommender.put_items(requests.catalogue(given))
        if action == "rank":
            answer = self.recommender.rank(requests.ranking(given))
        else:
            answer = self.recommender.recommend(requests.wanted(given))
        self._took.append(round((time.perf_counter() - began) * 1000, 2))
        return answer

    def _note(self, body: Mapping[str, Any]) -> None:
        """Write a line of metrics periodically, not for each call."""
        self._degraded += bool(body.get("degraded"))
        now = time.monotonic()
        if len(self._took) < MOST_VALUES and now - self._flushed < FLUSH_SECONDS and not body.get("degraded"):
            return
        values: dict[str, Any] = {"Degraded": self._degraded}
        if self._took:
            values["RecommendTime"] = self._took[:MOST_VALUES]
        print(metrics.line(self.settings.metrics_namespace, self.settings.deployment, values, {}))
        self._took, self._degraded, self._flushed = [], 0, now


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """AWS Lambda's entry point."""
    if not _STARTED:
        settings = from_environment()
        domain = Domain(settings.endpoint, role_signature(settings.region), seconds=settings.timeout_ms / 1000)
        _STARTED.append(Service(settings, Recommender(settings, domain)))
    return _STARTED[0].answer(event)

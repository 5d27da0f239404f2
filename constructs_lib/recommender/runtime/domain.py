"""Requests to the domain: signed, over one kept connection, with a short timeout.

A visitor who waits for a recommendation must not wait for a busy domain, so a request is sent once, and once more only
if the kept connection was closed meanwhile. Only the fold retries for longer (`patience`), since nobody waits for it.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from .signature import signed

BUSY = frozenset({429, 500, 502, 503, 504})
"""Statuses of a domain that is busy, changing or starting."""
TRIES = 6
IDLE_SECONDS = 30.0
"""A connection idle for this long may have been closed: a frozen function does not notice."""
LONGEST_PAUSE = 10.0

Sign = Callable[[str, str, bytes, Mapping[str, str]], Mapping[str, str]]
"""Takes method, URL, body and headers (names in lower case); returns the headers to send."""


class DomainError(Exception):
    """The domain refused a request or did not answer; the text has the request and the answer."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class Domain:
    """One domain.

    Args:
        endpoint: URL without a path.
        sign: makes a request's headers (`role_signature` in a function).
        seconds: timeout of one answer.
        patience: time on ``clock`` until which requests to a busy domain are retried; None: no retry.
    """

    def __init__(
        self,
        endpoint: str,
        sign: Sign,
        *,
        seconds: float,
        patience: float | None = None,
        context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(endpoint)
        self.endpoint = f"{parts.scheme}://{parts.netloc}"
        self._parts = parts
        self._sign = sign
        self._seconds = seconds
        self.patience = patience
        self._context = context
        self._clock = clock
        self._sleep = sleep
        self._connection: http.client.HTTPConnection | None = None
        self._used_at = 0.0

    def ask(self, method: str, path: str, body: Any = None, *, missing: Any = None) -> Any:
        """The parsed body of a successful answer, or ``missing`` for status 404.

        A list as body is sent as lines of JSON, as ``_bulk`` and ``_msearch`` take them; strings in it must be JSON
        already.

        Raises:
            DomainError: any other answer, or none.
        """
        data, kind = _encoded(body)
        problem = DomainError(f"{method} {path}: not asked")
        for attempt in range(1, TRIES + 1):
            try:
                status, text = self._send(method, path, data, kind)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                problem = DomainError(
                    f"{method} {path}: no answer from {self.endpoint}: {error or type(error).__name__}"
                )
            else:
                if 200 <= status < 300:
                    return json.loads(text) if text else {}
                if status == 404 and missing is not None:
                    return missing
                problem = DomainError(f"{method} {path}: {status} {text[:300].decode(errors='replace')}", status)
                if status not in BUSY:
                    raise problem
            if not self.pause(attempt):
                break
        raise problem

    def pause(self, attempt: int) -> bool:
        """Wait before the next try, longer after each; returns False at once if no time is left for retries."""
        pause = random.uniform(0, min(LONGEST_PAUSE, 0.25 * 2**attempt))  # noqa: S311 - spreads callers, keeps no secret
        if self.patience is None or self._clock() + pause > self.patience:
            return False
        self._sleep(pause)
        return True

    def close(self) -> None:
        """Close the kept connection; the next request opens one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, data: bytes, kind: str) -> tuple[int, bytes]:
        # The signed form has no comma either.
        target = f"/{path.lstrip('/')}".replace(",", "%2C")
        headers = self._sign(method, f"{self.endpoint}{target}", data, {"content-type": kind} if data else {})
        kept = self._connection is not None
        try:
            return self._exchange(method, target, data, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if not kept:
                raise
        # The other side closed the idle connection, so it did not receive the request.
        self.close()
        return self._exchange(method, target, data, headers)

    def _exchange(self, method: str, target: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        if self._clock() - self._used_at > IDLE_SECONDS:
            self.close()
        if self._connection is None:
            self._connection = self._connect()
        self._used_at = self._clock()
        self._connection.request(method, target, body=data or None, headers=dict(headers))
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _connect(self) -> http.client.HTTPConnection:
        host = self._parts.netloc
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, timeout=self._seconds)
        if self._context is None:
            # Read the certificate authorities once: that takes longer than a request.
            self._context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, timeout=self._seconds, context=self._context)


def role_signature(region: str, environment: Mapping[str, str] = os.environ) -> Sign:
    """Signs with the credentials that Lambda puts into the environment, valid as long as the function's instance."""

    def sign(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
        moment = datetime.now(timezone.utc)
        return signed(method, url, body, headers, credentials=environment, region=region, moment=moment)

    return sign


def _encoded(body: Any) -> tuple[bytes, str]:
    if body is None:
        return b"", ""
    if isinstance(body, list):
        lines = (line if isinstance(line, str) else compact(line) for line in body)
        return "".join(f"{line}\n" for line in lines).encode(), "application/x-ndjson"
    return compact(body).encode(), "application/json"


def compact(value: Any) -> str:
    """JSON without spaces, on one line."""
    return json.dumps(value, separators=(",", ":"))

"""Sends signed requests to the domain, with retries where they help, and returns status and body."""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses of a domain that is busy, changing or starting."""
UNKNOWN_CALLER = frozenset({401, 403})
"""Statuses before a caller's new permissions take effect: policies take a while to reach the domain."""
LET_IN = (
    "if the domain has another master user, have that user map this function's role to all_access and security_manager"
)
"""Advice if they do not take effect: at first, fine-grained access control knows only the master user."""

LONGEST_NAP = 5.0

Sign = Callable[[str, str, bytes | None, Mapping[str, str]], Mapping[str, str]]
"""Takes method, URL, body and headers; gives the headers to send."""


class Refused(Exception):  # noqa: N818 - named after the domain's answer
    """The domain refused a request or did not answer; the text has the request and the answer."""

    def __init__(self, text: str, status: int = 0, body: Any = None) -> None:
        super().__init__(text)
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Answer:
    """Status and parsed body; a body that is not JSON is a string."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def unknown_path(self) -> bool:
        """Whether the domain has no such API, because it lacks the plugin."""
        return self.status in {400, 404, 405} and "no handler found" in json.dumps(self.body)

    @property
    def reason(self) -> str:
        """The error in a body, in one line."""
        return f"{self.status} {_said(self.body)}"


class Client:
    """Talks to one domain.

    Args:
        endpoint: URL without a path.
        sign: makes a request's headers (`signature` for AWS).
        deadline: when to give up, on ``clock``.
        attempts: tries of one request.
    """

    def __init__(
        self,
        endpoint: str,
        sign: Sign,
        *,
        deadline: float,
        attempts: int = 6,
        opener: urllib.request.OpenerDirector | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint = endpoint
        self.deadline = deadline
        self._sign = sign
        self._attempts = attempts
        self._opener = opener or urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
        self._clock = clock
        self._sleep = sleep

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        attempts: int | None = None,
    ) -> Answer:
        """Send a request and return the answer, whatever its status.

        Retries for busy and starting domains, after a growing, random pause.

        Raises:
            Refused: nothing answered.
        """
        url = f"{self.endpoint}/{path.lstrip('/')}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        given = {"Host": urlsplit(url).netloc, **({} if data is None else {"Content-Type": "application/json"})}
        given |= headers or {}
        last = attempts or self._attempts
        answer, problem = Answer(0, None), ""
        for attempt in range(1, last + 1):
            try:
                answer, problem = self._send(method, url, data, given), ""
                if answer.status not in PASSING:
                    return answer
            except (OSError, HTTPException) as error:
                answer, problem = Answer(0, None), str(error) or type(error).__name__
            pause = random.uniform(0, min(20.0, 0.5 * 2**attempt))  # noqa: S311 - spreads callers, keeps no secret
            if attempt == last or self._clock() + pause > self.deadline:
                break
            self._sleep(pause)
        if answer.status:
            return answer
        raise Refused(f"{method} {path}: no answer from {self.endpoint}: {problem}")

    def ask(self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Any:
        """The body of a successful answer.

        Raises:
            Refused: any other answer.
        """
        answer = self.request(method, path, body, headers=headers)
        if not answer.ok:
            raise Refused(f"{method} {path}: {answer.reason}", answer.status, answer.body)
        return answer.body

    def find(self, path: str) -> Any:
        """The body of a successful answer to a GET, or None for status 404.

        Raises:
            Refused: any other answer.
        """
        answer = self.request("GET", path)
        if answer.status == 404:
            return None
        if not answer.ok:
            raise Refused(f"GET {path}: {answer.reason}", answer.status, answer.body)
        return answer.body

    def wait(self, seconds: float) -> Any:
        """Wait until the domain answers this caller, and return the answer of ``GET /``.

        A new or changed domain does not answer, answers 503, or does not know its callers yet. The cluster's health
        does not matter: a red index of others must not prevent the installation.

        Raises:
            Refused: it does not answer in time; the text has the last answer.
        """
        until = min(self._clock() + seconds, self.deadline)
        while True:
            problem, status = self._unready()
            if not problem:
                return self.ask("GET", "/")
            if status not in PASSING | UNKNOWN_CALLER:
                raise Refused(f"the domain answered {problem}")
            if self._clock() + LONGEST_NAP > until:
                advice = f"; {LET_IN}" if status in UNKNOWN_CALLER else ""
                raise Refused(f"the domain was not ready within {seconds:g} s: {problem}{advice}")
            self._sleep(random.uniform(1, LONGEST_NAP))  # noqa: S311 - spreads callers, keeps no secret

    def _unready(self) -> tuple[str, int]:
        """The reason why the domain is not ready, and its status."""
        try:
            answer = self.request("GET", "/_cluster/health", attempts=1)
        except Refused as error:
            return str(error), HTTPStatus.SERVICE_UNAVAILABLE
        return ("" if answer.ok else answer.reason, answer.status)

    def _send(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> Answer:
        signed = self._sign(method, url, data, headers)
        request = urllib.request.Request(url, data=data, headers=dict(signed), method=method)  # noqa: S310 - settings.py
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Answer(answer.status, _parsed(answer.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _parsed(error.read()))


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects: Dashboards redirect callers without a sign-in to the sign-in page."""

    def redirect_request(self, *_: object) -> None:
        return None


def signature(region: str) -> Sign:
    """Signature Version 4 with the credentials that the function runs under."""
    import botocore.session  # noqa: PLC0415 - tests that sign nothing do not need it
    from botocore.auth import SigV4Auth  # noqa: PLC0415
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415

    credentials = botocore.session.get_session().get_credentials()

    def sign(method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> Mapping[str, str]:
        request = AWSRequest(method=method, url=url, data=data or b"", headers=dict(headers))
        SigV4Auth(credentials.get_frozen_credentials(), "es", region).add_auth(request)
        return dict(request.headers.items())

    return sign


def _parsed(body: bytes) -> Any:
    text = body.decode("utf-8", errors="replace")
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return text


def _said(body: Any) -> str:
    if isinstance(body, dict):
        error = body.get("error", body.get("message", body.get("Message", body)))
        if isinstance(error, dict):
            causes = error.get("root_cause") or [error]
            reason = error.get("reason") or causes[0].get("reason")
            inner = error.get("caused_by", {}).get("reason")
            return ": ".join(str(part) for part in (error.get("type"), reason, inner) if part)[:500]
        return str(error)[:500]
    return str(body)[:300].replace("\n", " ")

"""A domain in memory: the engine's root, health and templates, and the plugins (`rehearsal.emulated.plugins`)."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import unquote, urlsplit

from constructs_lib.bootstrap.runtime.client import Client
from rehearsal.emulated.plugins import Body, Plugins, Reply
from tests.http_server import Handler, serving


class Answered:
    """What an opener gives for a good answer."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self._body = body

    def read(self) -> bytes:
        return self._body

    def __enter__(self) -> Answered:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@dataclass
class Domain(Plugins):
    """The domain; its parts are dictionaries that tests look into and change as somebody else would."""

    documents: bool = False
    """Whether there is anything that a detector could learn from."""
    version: str = "2.19.0"
    opensearch: bool = True
    lacking: tuple[str, ...] = ()
    """Beginnings of paths that this domain does not know."""
    faults: list[int | Exception] = field(default_factory=list)
    """What the next requests get instead of an answer."""
    requests: list[str] = field(default_factory=list)
    meanwhile: Callable[[str, str], Reply | None] = lambda _method, _path: None
    """Called with each request's method and path before it is answered; what it returns is the answer instead."""
    plain: dict[str, Body] = field(default_factory=dict)
    """Documents by the path that they were written to."""

    def __post_init__(self) -> None:
        self.has_documents = lambda _: self.documents

    def open(self, request: urllib.request.Request, timeout: float) -> Answered:
        assert timeout > 0
        parts = urlsplit(request.full_url)
        method, path = request.get_method(), unquote(parts.path).lstrip("/")
        self.requests.append(f"{method} {path}")
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            status, answer = fault, {"message": "try again"}
        else:
            data = request.data if isinstance(request.data, bytes) else b""
            headers = {name.lower(): value for name, value in request.header_items()}
            target = f"{parts.path}?{parts.query}"
            status, answer = self.meanwhile(method, path) or self.reply(method, target, headers, data)
        raw = json.dumps(answer).encode()
        if status >= 300:
            raise urllib.error.HTTPError(request.full_url, status, "", Message(), io.BytesIO(raw))
        return Answered(status, raw)

    def reply(self, method: str, target: str, headers: Mapping[str, str], data: bytes) -> Reply:
        """Status and document of a request's answer, with headers by lower-case name."""
        path = unquote(urlsplit(target).path).lstrip("/")
        if path.startswith(self.lacking) and self.lacking:
            return 400, {"error": f"no handler found for uri [/{path}] and method [{method}]"}
        answer = self.answer(method, target, headers, data)
        if answer is not None:
            return answer
        if not path:
            distribution = {"distribution": "opensearch"} if self.opensearch else {}
            return 200, {"version": {"number": self.version, **distribution}}
        if path == "_cluster/health":
            return 200, {"status": "green"}
        return self._plain(method, path, json.loads(data) if data else None)

    def _plain(self, method: str, path: str, body: Any) -> Reply:
        """Templates and whatever else is written and read under its own path."""
        if method != "GET":
            self.plain[path] = body
            return 200, {"acknowledged": True}
        kind, _, name = path.partition("/")
        if path not in self.plain:
            return 404, {}
        if kind in {"_index_template", "_component_template"}:
            return 200, {f"{kind[1:]}s": [{"name": name, kind[1:]: self.plain[path]}]}
        return 200, self.plain[path]


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def client(domain: Domain, *, seconds: float = 600.0, clock: Clock | None = None) -> Client:
    """A client of the domain in memory, whose time costs nothing."""
    clock = clock or Clock()
    return Client(
        "https://domain.example", lambda _m, _u, _d, headers: headers, deadline=seconds,
        opener=domain, clock=clock, sleep=clock.sleep,  # type: ignore[arg-type]
    )  # fmt: skip


@contextmanager
def served(environment: Mapping[str, Any]) -> Iterator[str]:
    """The domain of an environment file behind HTTP; yields its address."""
    engine, _, version = str(environment["domain"].get("engine_version", "OpenSearch_2.19")).partition("_")
    domain = Domain(opensearch=engine == "OpenSearch", version=f"{version}.0")

    class Answering(Handler):
        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = domain.reply(self.command, self.path, headers, self.received())
            self.reply(status, json.dumps(answer).encode(), {"content-type": "application/json"})

    with serving(Answering) as address:
        yield address

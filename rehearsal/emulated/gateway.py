"""The endpoint of each emulated domain: TLS, a signature check, and a real search engine behind it.

A managed domain takes requests over HTTPS, signed for the service ``es``; an unsigned or wrongly signed one gets 403
before any engine sees it. This module does the same: each domain gets a server on a free loopback port, whose address
is the endpoint that the domain reports, and valid requests are passed to the emulator's engine (`set_engine`).

An engine with the security plugin supports passwords but not signatures, so the endpoint creates a user for the signer
with the signer's ARN as backend role, as fine-grained access control on AWS, and the domain's master user becomes its
administrator. `plugins` answers requests to plugins that are not published (lifecycle, alerting, detectors, saved
objects).
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from rehearsal.certificates import HOST
from rehearsal.emulated import plugins
from rehearsal.emulated.credentials import STORE
from rehearsal.emulated.signatures import SignatureRefused, verify

_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "te",
    "upgrade",
    "proxy-authorization",
    "content-length",
}

_NOT_FORWARDED = _HOP_BY_HOP | {
    "host",
    "authorization",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "accept-encoding",
}

ENGINE_TIMEOUT = 60
"""Seconds that an engine may take for one request."""


class _Settings:
    """The settings of the process."""

    context: ssl.SSLContext | None = None
    engine: str | None = None
    administrator: str | None = None
    doors: ClassVar[dict[str, Door]] = {}


def configure(context: ssl.SSLContext) -> None:
    """The certificate of all endpoints."""
    _Settings.context = context


def set_engine(url: str | None, administrator: tuple[str, str] | None = None) -> None:
    """The engine behind all endpoints: its address, and user and password of its administrator if it has the security
    plugin.
    """
    _Settings.engine = url
    _Settings.administrator = None if administrator is None else _basic(*administrator)


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def requests_seen() -> dict[str, list[dict[str, Any]]]:
    """The requests to each domain's endpoint: method, path, status, principal (absent if refused)."""
    return {name: list(door.seen) for name, door in _Settings.doors.items()}


class Door:
    """One domain's endpoint; ``address`` is ``host:port``."""

    def __init__(self, domain: str, region: str, master: str | None) -> None:
        self.domain, self.region, self.master = domain, region, master
        self._users: dict[str, str] = {}
        self._lock = threading.Lock()
        self.seen: list[dict[str, Any]] = []
        self.plugins = plugins.Plugins(has_documents=_has_documents)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if _Settings.context is not None:
            self._server.socket = _Settings.context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.address = f"{HOST}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True, name=f"door of {domain}").start()

    def authorization(self, principal: str) -> str | None:
        """The engine's user for the signer: its administrator, or a user with this ARN as backend role."""
        if _Settings.administrator is None or principal == self.master:
            return _Settings.administrator
        with self._lock:
            if principal not in self._users:
                name, password = f"signer-{len(self._users)}", f"Aa1-{secrets.token_urlsafe(24)}"
                user = json.dumps({"password": password, "backend_roles": [principal]}).encode()
                path = f"/_plugins/_security/api/internalusers/{self.domain}-{name}"
                headers = {"content-type": "application/json"}
                status, _, answer = _forward("PUT", path, headers, user, _Settings.administrator)
                if status not in {200, 201}:
                    raise OSError(f"the engine does not accept a user for {principal}: {answer.decode()[:200]}")
                self._users[principal] = _basic(f"{self.domain}-{name}", password)
            return self._users[principal]

    def close(self) -> None:
        """Stop listening."""
        _Settings.doors.pop(self.domain, None)
        self._server.shutdown()
        self._server.server_close()


def open_door(domain: str, region: str, master: str | None) -> Door:
    """An endpoint for a new domain; ``master`` is the ARN of its master user under fine-grained access control."""
    door = Door(domain, region, master)
    _Settings.doors[domain] = door
    return door


def _forward(
    method: str, target: str, headers: dict[str, str], body: bytes, authorization: str | None
) -> tuple[int, str, bytes]:
    """The engine's answer: status, content type, body."""
    if _Settings.engine is None:
        return 503, "application/json", b'{"message":"no search engine stands behind this domain"}'
    url = urlsplit(_Settings.engine)
    sent = {name: value for name, value in headers.items() if name not in _NOT_FORWARDED}
    if authorization is not None:
        sent["authorization"] = authorization
    connection: http.client.HTTPConnection
    if url.scheme == "https":
        # The engine's certificate is temporary and local; the endpoint's certificate is the one under test.
        trusting = ssl._create_unverified_context()  # noqa: S323, SLF001
        connection = http.client.HTTPSConnection(url.netloc, timeout=ENGINE_TIMEOUT, context=trusting)
    else:
        connection = http.client.HTTPConnection(url.netloc, timeout=ENGINE_TIMEOUT)
    try:
        connection.request(method, target, body=body or None, headers=sent)
        answer = connection.getresponse()
        return answer.status, answer.getheader("content-type", "application/json"), answer.read()
    except OSError as error:
        return 504, "application/json", json.dumps({"message": f"the engine does not answer: {error}"}).encode()
    finally:
        connection.close()


def _has_documents(indices: list[str]) -> bool:
    """Whether the engine has documents in indices of these names."""
    target = f"/{quote(','.join(indices), safe=',*')}/_count"
    status, _, answer = _forward("GET", target, {}, b"", _Settings.administrator)
    return status == http.client.OK and bool(json.loads(answer).get("count"))


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 120

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _serve(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            path = urlsplit(self.path).path
            entry: dict[str, Any] = {"method": self.command, "path": path}
            door.seen.append(entry)
            try:
                credentials = verify(self.command, self.path, headers, body, region=door.region, store=STORE)
            except SignatureRefused as refused:
                entry["status"] = 403
                self._answer(403, "application/json", json.dumps({"message": str(refused)}).encode())
                return
            entry["principal"] = credentials.principal
            reply = door.plugins.answer(
                self.command, self.path, headers, body, own_access=_Settings.administrator is None
            )
            if reply is None:
                authorization = door.authorization(credentials.principal)
                status, kind, content = _forward(self.command, self.path, headers, body, authorization)
            else:
                status, kind, content = reply[0], "application/json; charset=UTF-8", json.dumps(reply[1]).encode()
            entry["status"] = status
            self._answer(status, kind, content)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = _serve  # noqa: N815 - the names that the base calls

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's signature
            """Print nothing; ``door.seen`` has the requests."""

    return Handler

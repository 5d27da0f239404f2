"""HTTP servers in this process, each on a free loopback port, as stand-ins for tests."""

from __future__ import annotations

import ssl
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rehearsal.certificates import HOST, Certificates


class Handler(BaseHTTPRequestHandler, ABC):
    """Keeps connections and prints nothing; :meth:`answer` answers requests of every method."""

    protocol_version = "HTTP/1.1"

    @abstractmethod
    def answer(self) -> None:
        """Answer the request, by :meth:`reply`."""

    def _asked(self) -> None:
        self.answer()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _asked  # noqa: N815 - as the base class names them

    def received(self) -> bytes:
        """The request's body."""
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def reply(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Answer the request; of a request for the head only, the body stays here."""
        self.send_response(status)
        for name, value in {**(headers or {}), "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print errors, except for a client that disconnects during an answer."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(handler: type[Handler], certificates: Certificates | None = None) -> Iterator[str]:
    """Serve until the end of the block, over TLS where there are certificates; yields ``http://127.0.0.1:PORT``."""
    server = _Server(("127.0.0.1", 0), handler)
    scheme, host = "http", "127.0.0.1"
    if certificates is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server, certificates.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme, host = "https", HOST
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{scheme}://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

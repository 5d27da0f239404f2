"""The emulator's process: ``python -m rehearsal.emulated.server`` (started and stopped by `rehearsal.emulator`).

Serves moto's AWS on a free loopback port, with the extensions of this package, and prints the address on its first line
of output. Requests under ``/_rehearsal/`` are for the emulator itself: ``PUT engine`` sets the search engine behind the
domains, ``PUT faults`` sets faults, ``GET requests`` lists the requests to the domains' endpoints.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import signal
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from rehearsal import certificates
from rehearsal.emulated import faults, functions, gateway

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


EXTENSIONS = (
    *("alarms", "buckets", "delivery_streams", "domains", "http_apis", "network", "sessions", "streams", "topics"),
)
"""The modules of this package that extend moto when they are imported, besides `functions`."""


class Application:
    """Moto's application, with routes for the emulator's own settings."""

    def __init__(self) -> None:
        for name in EXTENSIONS:
            importlib.import_module(f"rehearsal.emulated.{name}")
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/_rehearsal/"):
            return self._own(path, environ, start_response)
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer

    @staticmethod
    def _own(path: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        document: Any = {}
        if path == "/_rehearsal/engine":
            given = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
            administrator = given.get("administrator")
            gateway.set_engine(given["url"], tuple(administrator) if administrator else None)
        elif path == "/_rehearsal/faults":
            faults.set_faults(json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))))
        else:
            document = gateway.requests_seen()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(document).encode()]


def main() -> None:
    """Serve until the parent ends or requests a stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, help="file for one line a request")
    arguments = parser.parse_args()
    logger = logging.getLogger("werkzeug")
    logger.propagate = False
    logger.addHandler(logging.FileHandler(arguments.log) if arguments.log else logging.NullHandler())
    logger.setLevel(logging.INFO if arguments.log else logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        folder = Path(name)
        made = certificates.make(folder, "door")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.server, made.key)
        gateway.configure(context)
        server = make_server("127.0.0.1", 0, Application(), threaded=True, request_handler=MotoRequestHandler)
        functions.Settings.endpoint = f"http://127.0.0.1:{server.server_port}"
        functions.Settings.trusted, functions.Settings.folder = made.authority, folder
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        threading.Thread(target=_end_with_parent, daemon=True).start()
        print(json.dumps({"url": functions.Settings.endpoint, "trusted": str(made.authority)}), flush=True)
        try:
            server.serve_forever()
        finally:
            functions.stop_all()


def _end_with_parent() -> None:
    """Stop at the end of standard input: it is a pipe from the parent, so the parent has ended."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()

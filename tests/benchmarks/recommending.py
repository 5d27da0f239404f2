"""The processes that the recommender's cold start is measured in; started by `test_recommender`, with a role as
argument.

``serve CERTIFICATE KEY`` is a domain over TLS with a snapshot and 150 neighbours. ``recommend`` is a container with the
recommender's archive on its path; it prints the milliseconds of CPU from the start of the process to the first answer,
then of each further one, and which modules it loaded that are not of Python itself.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

NEIGHBOURS, LENGTH, ITEMS, COUNTED, POPULAR = 150, 5, 1000, 5000, 500
WARM = 100
SEPARATOR = "\x1f"


def item(number: int) -> str:
    """An item's id."""
    return f"item-{number % ITEMS:05}"


def answers() -> dict[str, Any]:
    """What the domain answers, by the last part of the path and, where that is ``_mget``, the index."""
    snapshot = {
        "sessions": 1_000_000,
        "counts": {item(number) + ("" if number < ITEMS else "-rare"): 1000 for number in range(COUNTED)},
        "others": 5.0,
        "popular": [{"item": item(number), "score": 1.0} for number in range(POPULAR)],
    }
    hits = [
        {
            "_score": 1 / (1 + place),
            "fields": {
                "sequence": [
                    SEPARATOR.join((f"s{place}", f"n{place}", *(item(place * 7 + step) for step in range(LENGTH))))
                ]
            },
        }
        for place in range(NEIGHBOURS)
    ]
    return {
        "events.recommender/_mget": {"docs": [{"found": True, "_source": snapshot}]},
        "events.items/_mget": {"docs": [{"found": False}]},
        "events.profiles/_mget": {"docs": [{"found": False}]},
        "events.sessions/_search": {"took": 2, "hits": {"hits": hits}},
    }


def serve(certificate: str, key: str) -> None:
    """A domain that always answers the same; says its port on the first line."""
    import ssl  # noqa: PLC0415 - not to be loaded by those that are measured
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # noqa: PLC0415

    bodies = {path: json.dumps(answer).encode() for path, answer in answers().items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            body = bodies[self.path.strip("/").partition("?")[0]]
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's signature
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()


def recommend() -> None:
    """Print what a cold start with its first answer costs, and then each answer."""
    from recommender.handler import handler  # type: ignore[import-not-found]  # noqa: PLC0415 - in the archive

    event = {
        "version": "2.0",
        "rawPath": "/recommendations",
        "rawQueryString": f"client_id=c-17&recentItems={item(7)},{item(14)}",
        "requestContext": {"http": {"method": "GET"}, "stage": "$default"},
    }
    first = handler(event, None)
    cold = time.process_time()
    assert first["statusCode"] == 200, first
    found = json.loads(first["body"])
    assert len(found["itemList"]) == 20, found
    assert "degraded" not in found, found
    began = time.process_time()
    for _ in range(WARM):
        handler(event, None)
    warm = (time.process_time() - began) / WARM
    foreign = sorted(
        {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - {"recommender", "__main__"}
    )
    print(json.dumps({"cold": cold * 1000, "warm": warm * 1000, "foreign": foreign}), file=sys.stderr)


if __name__ == "__main__":
    {"serve": lambda: serve(*sys.argv[2:]), "recommend": recommend}[sys.argv[1]]()

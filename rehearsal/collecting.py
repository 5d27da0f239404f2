"""Runs the collector on this machine, with a shop of a few pages (``make rehearse COLLECTOR=1``).

A person opens the page and clicks; the events go through the collector's own archive behind an emulated API Gateway,
the stream, the transform and a search engine, and each document is shown as it arrives, here and on the page itself.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import os
import sys
import threading
from collections import deque
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from clients.browser.build import SHIPPED
from constructs_lib.collector.api import CORS_HEADERS, ROUTES, environment_variables
from constructs_lib.collector.package import HANDLER, collector_archive
from constructs_lib.configuration.collector import CollectorSettings
from constructs_lib.terminal import one_line
from rehearsal.definition import Deployment, create, synthesize
from rehearsal.delivery import Outcome, Record
from rehearsal.delivery.aws import delivery
from rehearsal.emulator import Emulator, emulator
from rehearsal.explaining import Handler
from rehearsal.rehearse import BUSY_SECONDS, Options, Teller, destination

PAGES = Path(__file__).with_name("demo")
KEPT = 200
"""Most documents that the page shows."""
INTERVAL = 0.5
"""Seconds between two reads of the stream."""

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}


def deploy(aws: Emulator, deployment: Deployment, origin: str) -> str:
    """Create the collector for the stream and pages of one origin; returns its endpoint.

    It has the construct's settings, but uses the emulated API instead of Terraform.
    """
    region, name = deployment.region, f"{deployment.stream.removesuffix('-events')}-collector"
    settings = CollectorSettings(origins=[origin])
    role = aws.client("iam", region).create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]
    function = aws.client("lambda", region).create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler=HANDLER,
        Role=role["Arn"],
        Code={"ZipFile": collector_archive().path.read_bytes()},
        Timeout=settings.function.timeout,
        Environment={
            "Variables": {
                **environment_variables(settings),
                "STREAM_NAME": deployment.stream,
                "KINESIS_ENDPOINT": aws.url,
            }
        },
    )
    gateway = aws.client("apigatewayv2", region)
    cors = {"AllowOrigins": [origin], "AllowMethods": ["POST"], "AllowHeaders": list(CORS_HEADERS)}
    api = gateway.create_api(
        Name=name, ProtocolType="HTTP", CorsConfiguration={**cors, "ExposeHeaders": ["retry-after"], "MaxAge": 600}
    )
    integration = gateway.create_integration(
        ApiId=api["ApiId"],
        IntegrationType="AWS_PROXY",
        IntegrationUri=function["FunctionArn"],
        PayloadFormatVersion="2.0",
    )
    for key in ROUTES.values():
        target = f"integrations/{integration['IntegrationId']}"
        gateway.create_route(ApiId=api["ApiId"], RouteKey=key, Target=target)
    gateway.create_stage(
        ApiId=api["ApiId"],
        StageName="$default",
        AutoDeploy=True,
        DefaultRouteSettings={
            "ThrottlingRateLimit": settings.throttle.rate,
            "ThrottlingBurstLimit": settings.throttle.burst,
        },
    )
    aws.client("lambda", region).add_permission(
        FunctionName=name, StatementId="gateway", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
    )
    return f"{api['ApiEndpoint']}/collect"


class Shop:
    """The demo's pages on a port of this machine, and the documents that its page asks for."""

    def __init__(self, port: int = 0) -> None:
        self.documents: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.endpoint = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.origin = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True, name="shop").start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Content type and body of a path; None if it does not exist."""
        if path == "/documents":
            return "application/json", json.dumps(list(self.documents)).encode()
        if path == "/settings.js":
            return "text/javascript", f"export const endpoint = {json.dumps(self.endpoint)};\n".encode()
        if path == f"/{SHIPPED.name}":
            return "text/javascript", SHIPPED.read_bytes()
        name = "index.html" if path in {"/", "/lamp", "/basket"} else path.lstrip("/")
        file = PAGES / name
        if "/" in name or not file.is_file():
            return None
        return mimetypes.guess_type(name)[0] or "application/octet-stream", file.read_bytes()


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = shop.answer(urlsplit(self.path).path)
            kind, body = found or ("text/plain", b"not found\n")
            self.send_response(200 if found else 404)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "no-store")
            self.send_header(
                "content-security-policy",
                f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {shop.endpoint}",
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's signature
            """Print nothing; the documents are the output."""

    return Handler


class Watching:
    """The transform's handler, which also shows each document."""

    def __init__(self, shop: Shop, out: TextIO) -> None:
        self.handler, self._shop, self._out = Handler(), shop, out

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """One invocation."""
        answer = self.handler(event)
        for record in answer["records"]:
            if record["result"] == "Ok":
                document: dict[str, Any] = json.loads(base64.b64decode(record["data"]))
                self._shop.documents.append(document)
                self._out.write(f"{in_a_line(document)}\n")
        self._out.flush()
        return answer

    def report(self, record: Record, outcome: Outcome) -> None:
        """Called by the delivery loop; prints each record that became no document, and why."""
        if outcome.kind != "indexed":
            kind, reason = self.handler.explain(record)
            self._out.write(f"          {outcome.kind}: {kind}: {reason or outcome.message}\n")


def in_a_line(document: dict[str, Any]) -> str:
    """A document as one line for the terminal."""
    attributes = document.get("event_attributes", {})
    thing = attributes.get("object", {}).get("object_id", "")
    parts = {
        "time": document["timestamp"][11:19],
        "action": document["action_name"],
        "about": document.get("user_query") or thing or json.dumps(attributes.get("properties", {})),
        "page": document.get("page", {}).get("path", ""),
        "visitor": document.get("client_id", "-")[:8],
        "session": document.get("session_id", "-")[:8],
        "network": document.get("ip_prefix", "-"),
    }
    return "{time}  {action:<12} {about:<28.28} {page:<12.12} visitor {visitor} session {session} {network}".format(
        **{name: one_line(part) for name, part in parts.items()}
    )


def collect(
    options: Options,
    out: TextIO = sys.stdout,
    *,
    port: int = 8080,
    stop: threading.Event | None = None,
    shop: Shop | None = None,
) -> int:
    """Serve until stopped; returns 0.

    Args:
        port: of the page; 0 takes a free one.
        stop: stops it, like Ctrl-C.
        shop: a running one to use.
    """
    stop = stop or threading.Event()
    with ExitStack() as stack:
        say = Teller(out)
        say.line(f"synthesizing {options.environment}")
        synthesized = synthesize(options.environment)
        say.line("starting emulated AWS")
        aws = stack.enter_context(emulator())
        deployment = create(synthesized, aws)
        shop = shop or _shop(port)
        stack.callback(shop.close)
        shop.endpoint = deploy(aws, deployment, shop.origin)
        os.environ.update({**aws.environment(deployment.region), **deployment.variables})
        search, _ = destination(options, deployment, stack, say)
        watching = Watching(shop, out)
        loop = delivery(
            aws,
            deployment.delivery,
            deployment.region,
            search,
            report=watching.report,
            transform=watching,
            most_retry_seconds=BUSY_SECONDS,
        )
        out.write(f"\nopen {shop.origin}/ and click; the collector is {shop.endpoint}; Ctrl-C ends it\n\n")
        out.flush()
        while not stop.wait(INTERVAL):
            if loop.step():
                loop.finish()
    return 0


def _shop(port: int) -> Shop:
    """The demo's pages, on another port if this one is in use."""
    try:
        return Shop(port)
    except OSError:
        return Shop()

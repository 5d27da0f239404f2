"""The data plane of an HTTP API: routes, throttling, CORS, Lambda proxy integrations, access logs.

Does the work of API Gateway between a client and a function, on a loopback port: the event in payload format 2.0, text
as text and anything else in base64, the function's answer or 500, 429 above the stage's rate, and the API's configured
CORS headers instead of the function's. It uses plain HTTP, because a browser would not trust a local certificate.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
"""

from __future__ import annotations

import base64
import json
import re
import sys
import threading
import time
import uuid
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from moto.apigatewayv2.models import Api, Route, Stage
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.logs.models import logs_backends

from rehearsal.emulated import faults
from rehearsal.emulated.credentials import STORE
from rehearsal.emulated.functions import run
from rehearsal.emulated.signatures import HTTP_API, SignatureRefused, verify

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes of a request's payload (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)."""
SLOWEST = 30
"""Seconds that a client may take for its request."""
ACCOUNT_RATE, ACCOUNT_BURST = 10_000, 5_000
"""Default rate and burst of a stage: the account's limits."""

_TEXT = re.compile(r"text/|application/(json|javascript|xml)\b|application/[\w.-]+\+(json|xml)\b", re.IGNORECASE)


class _Bucket:
    """A token bucket: so many at once, so many a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: float | None = None
        self._at = time.monotonic()

    def take(self, rate: float, burst: float) -> bool:
        with self._lock:
            now = time.monotonic()
            tokens = burst if self._tokens is None else min(burst, self._tokens + (now - self._at) * rate)
            self._at = now
            self._tokens = tokens - 1 if tokens >= 1 else tokens
            return tokens >= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print errors, except for a client that disconnects during an answer."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class HttpDoor:
    """One API's server; ``url`` has no path."""

    def __init__(self, api: Api, account: str, region: str) -> None:
        self.api, self.account, self.region = api, account, region
        self.buckets: dict[str, _Bucket] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True, name=f"door of {api.api_id}").start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def stage(self) -> Stage | None:
        """The stage for a path without a stage's name."""
        return self.api.stages.get("$default")

    def allows(self, stage: Stage, route_key: str) -> bool:
        """Whether the route's rate allows another request."""
        settings = {**(stage.default_route_settings or {}), **(stage.route_settings or {}).get(route_key, {})}
        rate = settings.get("throttlingRateLimit") or ACCOUNT_RATE
        burst = settings.get("throttlingBurstLimit") or ACCOUNT_BURST
        return self.buckets.setdefault(route_key, _Bucket()).take(float(rate), float(burst))

    def route(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a request and its path parameters: the most specific first, ``$default`` last."""
        found: list[tuple[int, Route, dict[str, str]]] = []
        for route in self.api.routes.values():
            if route.route_key == "$default":
                found.append((0, route, {}))
                continue
            wanted, _, pattern = route.route_key.partition(" ")
            names = re.findall(r"\{(\w+)\+?\}", pattern)
            expression = re.sub(r"\\\{\w+\\\+\\\}", "(.+)", re.escape(pattern))
            match = re.fullmatch(re.sub(r"\\\{\w+\\\}", "([^/]+)", expression), path)
            if match is not None and wanted in {method, "ANY"}:
                weight = 4 - len(names) - ("+" in pattern) + (wanted == method) * 10
                found.append((weight, route, dict(zip(names, map(unquote, match.groups()), strict=True))))
        if not found:
            return None
        _, route, parameters = max(found, key=lambda entry: entry[0])
        return route, parameters

    def function(self, route: Route) -> LambdaFunction | None:
        """The function behind a route, by its version or alias; None if the gateway may not call it."""
        integration = self.api.integrations[str(route.target).rpartition("/")[2]]
        uri = str(integration.integration_uri)
        arn = uri.partition("/functions/")[2].removesuffix("/invocations") or uri
        parts = arn.split(":")
        qualifier = parts[7] if len(parts) > 7 else None
        backend = lambda_backends[parts[4]][parts[3]]
        unqualified = backend.get_function(parts[6])
        source = f"arn:aws:execute-api:{self.region}:{self.account}:{self.api.api_id}/$default/{route.route_key}"
        for statement in unqualified.policy.statements:
            patterns = _values(statement.get("Condition", {}), "SourceArn")
            permitted = (
                fnmatchcase(source.replace(" /", "/").replace(" ", "/"), (patterns or ["*"])[0])
                and statement.get("Principal", {}).get("Service") == "apigateway.amazonaws.com"
            )
            if (
                permitted
                and str(statement.get("Resource", "")).removesuffix(f":{qualifier}") == unqualified.function_arn
            ):
                return backend.get_function(parts[6], qualifier)
        return None

    def log(self, stage: Stage, values: dict[str, str]) -> None:
        """Write a line of the access log, if the stage has one."""
        settings = stage.access_log_settings or {}
        group = str(settings.get("destinationArn", "")).partition(":log-group:")[2].removesuffix(":*")
        backend = logs_backends[self.account][self.region]
        if group not in backend.groups:
            return
        line = re.sub(r"\$context\.([\w.]+)", lambda match: values.get(match[1], "-"), settings.get("format", ""))
        if "access" not in backend.groups[group].streams:
            backend.create_log_stream(group, "access")
        backend.put_log_events(group, "access", [{"timestamp": int(time.time() * 1000), "message": line}])


DOORS: dict[str, HttpDoor] = {}
"""By API id."""


def _values(condition: dict[str, Any], name: str) -> list[str]:
    """The values of a key in a resource policy's condition, whatever its operator and the key's prefix."""
    for entries in condition.values():
        for key, value in entries.items():
            if key.lower().endswith(name.lower()):
                return value if isinstance(value, list) else [value]
    return []


def _event(
    door: HttpDoor, route: Route, parameters: dict[str, str], request: BaseHTTPRequestHandler, body: bytes
) -> dict[str, Any]:
    """The request in payload format 2.0."""
    url = urlsplit(request.path)
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in request.headers.items():
        lower = name.lower()
        if lower == "cookie":
            cookies += [part.strip() for part in value.split(";")]
        elif lower not in {"connection", "transfer-encoding"}:
            headers[lower] = f"{headers[lower]},{value}" if lower in headers else value
    peer = request.client_address[0]
    headers["x-forwarded-for"] = ", ".join(filter(None, (headers.get("x-forwarded-for"), peer)))
    now = time.time()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.route_key,
        "rawPath": unquote(url.path),
        "rawQueryString": url.query,
        "headers": headers,
        "requestContext": {
            "accountId": door.account,
            "apiId": door.api.api_id,
            "domainName": headers.get("host", ""),
            "http": {
                "method": request.command,
                "path": unquote(url.path),
                "protocol": request.request_version,
                "sourceIp": peer,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route.route_key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if parameters:
        event["pathParameters"] = parameters
    if query := parse_qsl(url.query, keep_blank_values=True):
        collected: dict[str, str] = {}
        for name, value in query:
            collected[name] = f"{collected[name]},{value}" if name in collected else value
        event["queryStringParameters"] = collected
    if body:
        text = _TEXT.match(headers.get("content-type", "")) and "content-encoding" not in headers
        event["isBase64Encoded"] = not text
        event["body"] = body.decode("utf-8", "replace") if text else base64.b64encode(body).decode()
    return event


class _Answer(NamedTuple):
    """What the client gets."""

    status: int
    headers: dict[str, str]
    body: bytes


def _message(status: int, text: str) -> _Answer:
    """An answer of the gateway itself."""
    return _Answer(status, {"content-type": "application/json"}, json.dumps({"message": text}).encode())


def _answer(result: dict[str, Any]) -> _Answer:
    """The client's answer from the function's result; a result without a status is the body itself."""
    if "error" in result:
        return _message(500, "Internal Server Error")
    value = result.get("value")
    if not isinstance(value, dict) or "statusCode" not in value:
        return _Answer(200, {"content-type": "application/json"}, json.dumps(value).encode())
    body = str(value.get("body") or "")
    content = base64.b64decode(body) if value.get("isBase64Encoded") else body.encode()
    headers = {
        "content-type": "text/plain;charset=UTF-8",
        **{k.lower(): str(v) for k, v in (value.get("headers") or {}).items()},
    }
    return _Answer(int(value["statusCode"]), headers, content)


def _cors(api: Api, origin: str | None, *, preflight: bool) -> dict[str, str]:
    """The API's configured CORS headers; empty for an unknown origin."""
    given: Any = api.cors_configuration
    if not given or not origin:
        return {}
    allowed = given.get("allowOrigins") or []
    if origin not in allowed and "*" not in allowed:
        return {}
    headers = {"access-control-allow-origin": "*" if "*" in allowed else origin, "vary": "origin"}
    if given.get("allowCredentials"):
        headers["access-control-allow-credentials"] = "true"
    if exposed := given.get("exposeHeaders"):
        headers["access-control-expose-headers"] = ",".join(exposed)
    if preflight:
        headers["access-control-allow-methods"] = ",".join(given.get("allowMethods") or [])
        headers["access-control-allow-headers"] = ",".join(given.get("allowHeaders") or [])
        if given.get("maxAge"):
            headers["access-control-max-age"] = str(given["maxAge"])
    return headers


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection's requests for the door that `_handler` sets."""

    door: HttpDoor
    protocol_version = "HTTP/1.1"
    timeout = SLOWEST

    def _serve(self) -> None:
        door, origin = self.door, self.headers.get("origin")
        preflight = self.command == "OPTIONS" and "access-control-request-method" in self.headers
        if preflight and door.api.cors_configuration:
            self._send(_Answer(204, _cors(door.api, origin, preflight=True), b""))
            return
        answer = self._respond()
        if answer is None:
            self.close_connection = True
            return
        if door.api.cors_configuration:
            headers = {name: value for name, value in answer.headers.items() if not name.startswith("access-control-")}
            answer = answer._replace(headers=headers | _cors(door.api, origin, preflight=False))
        self._send(answer)

    def _send(self, answer: _Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _respond(self) -> _Answer | None:
        """The answer to the request; None where the function ran, but the answer is lost."""
        length = self._length()
        if isinstance(length, _Answer):
            self.close_connection = True
            return length
        body = self.rfile.read(length)
        stage = self.door.stage
        found = self.door.route(self.command, unquote(urlsplit(self.path).path)) if stage is not None else None
        if stage is None or found is None or self.door.api.disable_execute_api_endpoint:
            return _message(404, "Not Found")
        route, parameters = found
        refusal = self._refused(route, body)
        return refusal or self._called(stage, route, parameters, body)

    def _length(self) -> int | _Answer:
        """Length of the body, or the refusal of a request without one that is known and small enough."""
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdecimal():
            return _message(400, "Bad Request")
        return _message(413, "Request Entity Too Large") if int(length) > LARGEST_BODY else int(length)

    def _refused(self, route: Route, body: bytes) -> _Answer | None:
        """403 for an unsigned request to a route that needs a signature, 401 for a route that needs a token: no issuer
        is known here, so no token is valid. The signer's policies are not checked.
        """
        if route.authorization_type == "JWT":
            return _message(401, "Unauthorized")
        if route.authorization_type != "AWS_IAM":
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            verify(self.command, self.path, headers, body, region=self.door.region, store=STORE, service=HTTP_API)
        except SignatureRefused:
            return _message(403, "Forbidden")
        return None

    def _called(self, stage: Stage, route: Route, parameters: dict[str, str], body: bytes) -> _Answer | None:
        """The function's answer, or the refusal of a request above the rate; the access log has both."""
        began = time.monotonic()
        if faults.happens("throttled") or not self.door.allows(stage, route.route_key):
            request_id, answer = str(uuid.uuid4()), _message(429, "Too Many Requests")
        else:
            event = _event(self.door, route, parameters, self, body)
            request_id = event["requestContext"]["requestId"]
            function = self.door.function(route)
            answer = _answer({"error": "not permitted"} if function is None else run(function, event))
        self._log(stage, route, request_id, answer, seconds=time.monotonic() - began)
        return None if answer.status < 429 and faults.happens("lost") else answer

    def _log(self, stage: Stage, route: Route, request_id: str, answer: _Answer, *, seconds: float) -> None:
        values = {
            "requestId": request_id,
            "routeKey": route.route_key,
            "httpMethod": self.command,
            "status": str(answer.status),
            "responseLength": str(len(answer.body)),
            "responseLatency": str(int(seconds * 1000)),
            "identity.sourceIp": self.client_address[0],
        }
        self.door.log(stage, values)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815 - the base's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's signature
        """Print nothing; the stage has an access log."""


def _handler(door: HttpDoor) -> type[_Handler]:
    """The handler of one door's requests; the server makes one of it for each connection."""
    return type("_DoorHandler", (_Handler,), {"door": door})

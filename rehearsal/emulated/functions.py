"""Runs the functions that Terraform uploaded: unpacks the archive and calls its handler, with its environment.

Stock moto answers an invocation with a fixed text (or wants Docker) and forgets a function's dead-letter setting,
logging format and others. Here each published version has one worker process (`worker`), like a Lambda environment:
started on the first call, kept warm, stopped when it times out. It sees only the archive and the packages of AWS's
runtime (boto3 and its dependencies); the function's own environment variables, and AWS's variables with the emulator's
address and keys of the execution role. Memory is not limited; time is.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from moto.awslambda import models
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.logs.models import logs_backends

from rehearsal.emulated.credentials import STORE
from rehearsal.emulated.extension import extends

RUNTIME_PACKAGES = ("boto3", "botocore", "jmespath", "s3transfer", "urllib3", "python-dateutil", "six")
"""Distributions included in the Python runtimes of Lambda
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html)."""

START_TIMEOUT = 60.0
"""Seconds that loading a handler may take here; AWS allows ten and then counts it to the first call."""

PAYLOAD_LIMIT = 6_291_556
"""Bytes of a synchronous invocation's payload, each way
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

EVENT_LIMIT = 1024 * 1024
"""Bytes of an asynchronous invocation's payload."""

_KEPT = ("DeadLetterConfig", "LoggingConfig", "FileSystemConfigs", "SnapStart", "TracingConfig", "KMSKeyArn",
         "EphemeralStorage", "ImageConfig")  # fmt: skip
"""Settings that are returned as given."""

_stock_configuration = LambdaFunction.get_configuration
_stock_update = LambdaFunction.update_configuration


class Settings:
    """The functions' address of AWS, set once by `server`."""

    endpoint = ""
    trusted: Path | None = None
    folder = Path(tempfile.gettempdir())


def runtime_packages(folder: Path) -> Path:
    """A folder with only the packages of AWS's Python runtime."""
    target = folder / "runtime"
    if target.exists():
        return target
    target.mkdir()
    for name in RUNTIME_PACKAGES:
        distribution = metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or () if file.parts[0] not in {"..", "__pycache__"}}:
            (target / top).symlink_to(Path(str(distribution.locate_file(top))))
    return target


class Worker:
    """One warm environment of a function: a process that calls the handler, one event after the other."""

    def __init__(self, function: LambdaFunction) -> None:
        self.lock = threading.Lock()
        folder = Settings.folder / "functions" / hashlib.sha256(function.code_bytes).hexdigest()[:16]
        if not folder.exists():
            with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
                archive.extractall(folder)
        credentials = STORE.for_role(function.role)
        self.log_stream = f"{time.strftime('%Y/%m/%d')}/[{function.version}]{uuid.uuid4().hex}"
        trusted = (
            {}
            if Settings.trusted is None
            else {name: str(Settings.trusted) for name in ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")}
        )
        environment = {
            "PATH": os.defpath,
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "LAMBDA_TASK_ROOT": str(folder),
            "LAMBDA_RUNTIME_DIR": str(runtime_packages(Settings.folder)),
            "_HANDLER": str(function.handler),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_LOG_GROUP_NAME": log_group(function),
            "AWS_LAMBDA_LOG_STREAM_NAME": self.log_stream,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_SESSION_TOKEN": str(credentials.session_token),
            "AWS_ENDPOINT_URL": Settings.endpoint,
            **trusted,
            **{str(name): str(value) for name, value in function.environment_vars.items()},
        }
        self._log = tempfile.TemporaryFile(dir=Settings.folder)  # noqa: SIM115 - closed in `stop`
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(Path(__file__).with_name("worker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=folder,
            env=environment,
        )
        self._read = 0
        self._started = False

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()

    def call(self, event: Any, function: LambdaFunction, request_id: str, arn: str) -> dict[str, Any]:
        """The handler's answer: ``{"value": ...}`` or ``{"error": {...}}``, as the runtime would report it."""
        allowed = float(function.timeout) + (0 if self._started else START_TIMEOUT)
        message = {"event": event, "request_id": request_id, "arn": arn, "timeout": function.timeout}
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        timer = threading.Timer(allowed, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = b""
        expired = not timer.is_alive()
        timer.cancel()
        self._started = True
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        if expired:
            return {
                "error": {
                    "errorType": "Sandbox.Timedout",
                    "errorMessage": f"RequestId: {request_id} Error: Task timed out after {function.timeout} seconds",
                }
            }
        return {
            "error": {
                "errorType": "Runtime.ExitError",
                "errorMessage": f"RequestId: {request_id} Error: Runtime exited",
            }
        }

    def new_output(self) -> str:
        """The function's output since the last call."""
        self._log.seek(self._read)
        text = self._log.read()
        self._read += len(text)
        return text.decode(errors="replace")


_WORKERS: dict[tuple[str, str, str], Worker] = {}
_LOCK = threading.Lock()


def _fingerprint(function: LambdaFunction) -> str:
    settings = [function.environment_vars, function.handler, function.role, function.timeout, function.memory_size]
    return hashlib.sha256(function.code_bytes + json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _worker(function: LambdaFunction) -> Worker:
    """The warm environment of this version with its present configuration."""
    key = (function.function_arn, str(function.version), _fingerprint(function))
    with _LOCK:
        for old in [other for other in _WORKERS if other[:2] == key[:2] and other != key]:
            _WORKERS.pop(old).stop()
        worker = _WORKERS.get(key)
        if worker is None or not worker.alive():
            worker = _WORKERS[key] = Worker(function)
        return worker


def stop_all() -> None:
    """End every worker process."""
    with _LOCK:
        while _WORKERS:
            _WORKERS.popitem()[1].stop()


atexit.register(stop_all)


def log_group(function: LambdaFunction) -> str:
    """The log group for the function's output."""
    given: str | None = (_kept(function).get("LoggingConfig") or {}).get("LogGroup")
    return given or f"/aws/lambda/{function.function_name}"


def _kept(function: LambdaFunction) -> dict[str, Any]:
    kept: dict[str, Any] = function.__dict__.setdefault("kept_settings", {})
    return kept


def _write_log(function: LambdaFunction, stream: str, text: str) -> None:
    """Write to the function's log group, if it exists; the function's role may not create it."""
    backend = logs_backends[function.account_id][function.region]
    group = log_group(function)
    if group not in backend.groups or not text:
        return
    if stream not in backend.groups[group].streams:
        backend.create_log_stream(group, stream)
    now = int(time.time() * 1000)
    backend.put_log_events(group, stream, [{"timestamp": now, "message": line} for line in text.splitlines()])


def run(function: LambdaFunction, event: Any, qualifier: str | None = None) -> dict[str, Any]:
    """Call the handler with the event: ``{"value": ...}``, or ``{"error": {...}}`` as the service would report it.

    Args:
        qualifier: the version or alias that the caller named, with which the handler's context names the function.
    """
    arn = ":".join([*function.function_arn.split(":")[:7], *([qualifier] if qualifier else [])])
    worker = _worker(function)
    with worker.lock:
        answer = worker.call(event, function, str(uuid.uuid4()), arn)
        output = worker.new_output()
    _write_log(function, worker.log_stream, output)
    return answer


@extends(LambdaResponse)
def invoke(self: LambdaResponse) -> tuple[int, dict[str, str], str]:
    """Invoke the requested version or alias, within the service's limits of payloads.

    Stock moto reads the qualifier from the wrong place and has a limit of 6,000,000 bytes. An asynchronous invocation
    runs before it is answered, and its failure is discarded: this emulator has no dead-letter queues.
    """
    name = unquote(self.path.rpartition("/functions/")[2].rpartition("/invocations")[0])
    qualifier = self.querystring.get("Qualifier", [None])[0]
    function = self.backend.get_function(name, qualifier)
    kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
    if len(self.body) > (PAYLOAD_LIMIT if kind == "RequestResponse" else EVENT_LIMIT):
        refused = {"Type": "User", "Message": f"{len(self.body)} byte payload is too large for the {kind} invocation"}
        return 413, {"x-amzn-errortype": "RequestTooLargeException", "status": "413"}, json.dumps(refused)
    headers = {"x-amz-executed-version": str(function.version), "content-type": "application/json"}
    if kind == "DryRun":
        return 204, headers | {"status": "204"}, ""
    answer = run(function, json.loads(self.body) if self.body else {}, qualifier)
    if kind == "Event":
        return 202, headers | {"status": "202"}, ""
    payload = json.dumps(answer.get("value"))
    if "error" not in answer and len(payload) > PAYLOAD_LIMIT:
        answer = {
            "error": {
                "errorType": "Function.ResponseSizeTooLarge",
                "errorMessage": f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes).",
            }
        }
    if "error" in answer:
        return 200, headers | {"x-amz-function-error": "Unhandled"}, json.dumps(answer["error"])
    return 200, headers, payload


@extends(LambdaFunction)
def get_configuration(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
    """The function's configuration, with every given setting."""
    configuration: dict[str, Any] = _stock_configuration(self, on_create)
    kept = dict(_kept(self))
    storage = kept.pop("EphemeralStorage", None)
    if storage:
        configuration["EphemeralStorage"] = storage
    snap = kept.pop("SnapStart", None)
    if snap:
        configuration["SnapStart"] = {**snap, "OptimizationStatus": "Off"}
    logging = {"LogFormat": "Text", "LogGroup": log_group(self)} | (kept.pop("LoggingConfig", None) or {})
    if logging["LogFormat"] == "JSON":
        logging = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"} | logging
    configuration.update(kept)
    configuration["LoggingConfig"] = logging
    return configuration


@extends(LambdaFunction)
def update_configuration(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
    """UpdateFunctionConfiguration: moto's settings and the others."""
    _kept(self).update({name: config_updates[name] for name in _KEPT if name in config_updates})
    configuration: dict[str, Any] = _stock_update(self, config_updates)
    return configuration


_stock_create = models.LambdaBackend.create_function


@extends(models.LambdaBackend)
def create_function(self: models.LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
    """CreateFunction; version 1 is published only after every setting is known."""
    publish = spec.pop("Publish", False)
    function: LambdaFunction = _stock_create(self, spec)
    _kept(function).update({name: spec[name] for name in _KEPT if spec.get(name) is not None})
    if publish:
        published = self.publish_version(function.function_name)
        assert published is not None  # noqa: S101 - the function was made two lines above
        return published
    return function

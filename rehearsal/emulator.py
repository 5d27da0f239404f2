"""Emulated AWS in a separate process: moto's server with the extensions of `rehearsal.emulated`.

    with emulator() as aws:
        aws.client("kinesis").list_streams()

It listens on a free loopback port, knows one account, keeps everything in memory and ends with the ``with`` block (or
with the process that started it). Its domains pass requests to the search engine set by `Emulator.use_engine`; its
functions run the uploaded code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.emulated.credentials import OPERATOR_ACCESS_KEY, OPERATOR_SECRET_KEY

ACCOUNT_ID = "123456789012"
"""Default account: AWS's own example number."""

REGION = "eu-west-1"
"""Default region of clients."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    url: str
    """Its address, for `endpoint_url` and ``AWS_ENDPOINT_URL``."""
    trusted: Path
    """PEM file with the certificate of the domains' front doors; it lasts as long as the emulator."""
    account_id: str

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client for one of its services, with the operator's keys."""
        import boto3  # noqa: PLC0415 - slow to import
        from botocore.config import Config  # noqa: PLC0415

        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=OPERATOR_ACCESS_KEY,
            aws_secret_access_key=OPERATOR_SECRET_KEY,
            config=Config(retries={"max_attempts": 1}, read_timeout=330, s3={"addressing_style": "path"}),
        )

    def environment(self, region: str = REGION) -> dict[str, str]:
        """Environment variables that make AWS's tools and Terraform use only the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": OPERATOR_ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": OPERATOR_SECRET_KEY,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_CA_BUNDLE": str(self.trusted),
        }

    def use_engine(self, url: str | None, administrator: tuple[str, str] | None = None) -> None:
        """Put a search engine behind the domains, with its administrator's name and password if it asks for one."""
        self._own("PUT", "engine", {"url": url, "administrator": administrator})

    def fail(self, **times: int) -> None:
        """Inject a fault a number of times: ``throttled``, ``lost``, ``stream`` (`rehearsal.emulated.faults`)."""
        self._own("PUT", "faults", times)

    def requests(self) -> dict[str, list[dict[str, Any]]]:
        """The requests to each domain's endpoint: method, path, status, and the principal unless refused."""
        seen: dict[str, list[dict[str, Any]]] = self._own("GET", "requests", None)
        return seen

    def _own(self, method: str, name: str, document: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the emulator's own loopback address
            f"{self.url}/_rehearsal/{name}",
            data=None if document is None else json.dumps(document).encode(),
            method=method,
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def emulator(account_id: str = ACCOUNT_ID, log: Path | None = None) -> Iterator[Emulator]:
    """Start an emulator for an account, and stop it after the block; its resources are lost.

    ``log`` names a file that gets one line a request. Raises `RuntimeError` with the process's last output if it does
    not start.
    """
    command = [sys.executable, "-m", "rehearsal.emulated.server"]
    if log is not None:
        command += ["--log", str(log)]
    root = Path(__file__).resolve().parent.parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "PYTHONPATH": str(root),
        "MOTO_ACCOUNT_ID": account_id,
    }
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None  # noqa: S101 - requested above
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the emulator did not start (exit status {process.wait()}); its reason is above")
        started = json.loads(line)
        yield Emulator(url=started["url"], trusted=Path(started["trusted"]), account_id=account_id)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

"""The bootstrap function run against an engine, without Lambda and without a signature."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import Any

from constructs_lib.bootstrap.runtime.client import Client
from constructs_lib.bootstrap.runtime.handler import run
from constructs_lib.bootstrap.runtime.settings import Settings
from rehearsal.engines import ADMINISTRATOR, Server


def client(server: Server, user: tuple[str, str] = ADMINISTRATOR) -> Client:
    """A client for a server; a secured one is asked as its administrator."""

    def sign(_method: str, _url: str, _data: bytes | None, headers: Mapping[str, str]) -> Mapping[str, str]:
        if not server.security:
            return headers
        return {**headers, "Authorization": "Basic " + base64.b64encode(":".join(user).encode()).decode()}

    return Client(server.url, sign, deadline=time.monotonic() + 300, opener=server.opener())


def bootstrap(server: Server, event: Mapping[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """The function's answer."""
    return run(dict(event or {}), Settings(server.url, **settings), client(server))


def outcomes(answer: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Outcomes by kind and name."""
    return {(each["kind"], each["name"]): each["outcome"] for each in answer["objects"]}

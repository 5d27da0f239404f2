"""Real search engines on loopback, for tests and experiments.

    with engine("opensearch-3.4.0") as server:
        server.request("GET", "/_cat/indices")

``SEARCH_URL`` names a running engine to use instead of starting one (``SEARCH_URL=http://127.0.0.1:9200``); user and
password in it are not supported, so the engine must not require them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.engines.artifacts import ENGINES, Engine, EngineUnavailableError
from rehearsal.engines.server import ADMINISTRATOR, Answer, Server, running

__all__ = ["ADMINISTRATOR", "ENGINES", "Answer", "Engine", "EngineUnavailableError", "Server", "engine", "named_server"]


def named_server() -> Server | None:
    """The server in ``SEARCH_URL``, if set."""
    url = os.environ.get("SEARCH_URL", "").rstrip("/")
    return Server("SEARCH_URL", url) if url else None


@contextmanager
def engine(
    name: str, *, security: bool = False, heap: str = "512m", port: int = 0, timed: bool = False
) -> Iterator[Server]:
    """A running engine by name (see `ENGINES`), started for this block; ``SEARCH_URL`` replaces an unsecured one.

    Raises:
        EngineUnavailableError: an unknown name, or it cannot be downloaded or started here; the text has the reason.
    """
    named = None if security else named_server()
    if named is not None:
        yield named
        return
    if name not in ENGINES:
        raise EngineUnavailableError(f"no engine is called {name!r}; there are {', '.join(ENGINES)}")
    with running(ENGINES[name], security=security, heap=heap, port=port, timed=timed) as server:
        yield server

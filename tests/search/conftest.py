"""Real engines for a session (`make search-test`): all of them, or those that ``SEARCH_ENGINES`` names."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from rehearsal.engines import ENGINES, EngineUnavailableError, Server, engine, named_server
from tests.search.behaviour import set_up
from tests.search.corpus import Corpus

NAMES = [name for name in os.environ.get("SEARCH_ENGINES", "").split(",") if name] or list(ENGINES)
SECURED = [name for name in NAMES if ENGINES[name].security]
if named_server() is not None:
    NAMES, SECURED = ["SEARCH_URL"], []
# Without an engine that has the security plugin there is nothing to ask there.
collect_ignore = [] if SECURED else ["test_secured.py"]


def started(name: str, *, security: bool = False) -> Iterator[Server]:
    """A running engine, or a skipped test that says what this machine lacks."""
    try:
        with engine(name, security=security) as server:
            yield server
    except EngineUnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session", params=[pytest.param(name, marks=pytest.mark.search) for name in NAMES])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """An open engine."""
    yield from started(request.param)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Documents that the transform made of the real inputs."""
    return Corpus.of_real_inputs()


@pytest.fixture(scope="session")
def behaviour(server: Server) -> Server:
    """An engine with all documents of the real inputs in an index of their own (`tests.search.behaviour`)."""
    set_up(server)
    return server

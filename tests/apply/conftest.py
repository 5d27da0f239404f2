"""Runs every environment's lifecycle once, concurrently; the tests read the results."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from constructs_lib.plans.terraform import Terraform, TerraformError
from rehearsal.engines import EngineUnavailableError
from rehearsal.inputs import find
from tests.apply.lifecycle import Lifecycle, lifecycle
from tests.stacks import ENVIRONMENTS

LINES_OF_EACH = 100
"""Lines of each input that are put on each applied stream."""


BEGAN = datetime.now(timezone.utc)


def events() -> list[bytes]:
    """The beginning of the real inputs (or of the sample), visitors who look at items today, and one record that is
    broken.
    """
    lines = [line for given in find([]) for _, line in zip(range(LINES_OF_EACH), given.lines(), strict=False)]
    return [*lines, *visits(), b'{"action_name": "click", "timestamp": "never"}']


def visits() -> list[bytes]:
    """Ten visitors look at a kettle, then a cup; two at a kettle, then a plate; twelve at a lamp, then a shade."""
    pairs = [("kettle", "cup")] * 10 + [("kettle", "plate")] * 2 + [("lamp", "shade")] * 12
    found = []
    for number, pair in enumerate(pairs):
        for place, item in enumerate(pair):
            event = {
                "action_name": "view",
                "timestamp": (BEGAN - timedelta(minutes=30 - place)).isoformat(timespec="milliseconds"),
                "application": "shop",
                "client_id": f"visitor-{number}",
                "session_id": f"visit-{number}",
                "event_attributes": {"object": {"object_id": item, "object_id_field": "sku"}},
            }
            found.append(json.dumps(event).encode())
    return found


@pytest.fixture(scope="session")
def lifecycles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lifecycle]:
    """The finished lifecycles, by environment."""
    try:
        Terraform.find()
    except TerraformError as error:
        pytest.skip(f"needs Terraform: {error}")
    lines = events()

    def live(name: str) -> Lifecycle:
        with lifecycle(name, tmp_path_factory.mktemp(name)) as life:
            life.live(lines)
        return life

    began = time.monotonic()
    with ThreadPoolExecutor(len(ENVIRONMENTS)) as pool:
        try:
            done = dict(zip(ENVIRONMENTS, pool.map(live, ENVIRONMENTS), strict=True))
        except EngineUnavailableError as error:
            pytest.skip(f"needs a search engine: {error}")
    print(f"all environments in {time.monotonic() - began:.0f} s", flush=True)
    return done


@pytest.fixture(params=ENVIRONMENTS)
def life(request: pytest.FixtureRequest, lifecycles: dict[str, Lifecycle]) -> Lifecycle:
    """One environment's lifecycle."""
    return lifecycles[request.param]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder applies."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.apply)

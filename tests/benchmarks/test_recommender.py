"""CPU time of a cold start and of an answer of the recommender's function: ``make bench``."""

from __future__ import annotations

import json
import sys
import zipfile
from typing import Any, ClassVar

import pytest

from constructs_lib.recommender.construct import recommender_archive
from rehearsal import certificates
from tests.benchmarks import recommending
from tests.benchmarks.containers import environment, measured
from tests.http_server import Handler, serving

pytestmark = pytest.mark.bench

MOST_COLD = 400
"""Milliseconds of CPU from the start of a process to the first answer."""
MOST_WARM = 20
ROUNDS = 3


class Answers(Handler):
    """A domain with a snapshot and the neighbours of a visit, which always answers the same."""

    bodies: ClassVar = {path: json.dumps(answer).encode() for path, answer in recommending.answers().items()}

    def answer(self) -> None:
        self.received()
        body = self.bodies[self.path.strip("/").partition("?")[0]]
        self.reply(200, body, {"content-type": "application/json"})


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The best of some fresh processes."""
    folder = tmp_path_factory.mktemp("recommender")
    with zipfile.ZipFile(recommender_archive().path) as archive:
        archive.extractall(folder / "archive")
    made = certificates.make(folder, "domain")
    with serving(Answers, made) as endpoint:
        variables = {**environment(made), "ENDPOINT": endpoint, "TIMEOUT_MS": "10000"}
        found = [measured(recommending.__file__, folder / "archive", variables) for _ in range(ROUNDS)]
    return {**found[0], **{name: min(each[name] for each in found) for name in ("cold", "warm")}}


def test_cpu_time_of_a_cold_start(figures: dict[str, Any]) -> None:
    sys.stdout.write(f"\n  a fresh process: {figures['cold']:.0f} ms of CPU to the first list (at most {MOST_COLD})")
    assert figures["cold"] <= MOST_COLD


def test_cpu_time_of_a_list(figures: dict[str, Any]) -> None:
    sys.stdout.write(
        f"\n  a list of {recommending.NEIGHBOURS} neighbours: {figures['warm']:.1f} ms of CPU (at most {MOST_WARM})"
    )
    assert figures["warm"] <= MOST_WARM


def test_a_cold_start_loads_only_the_archive_and_the_standard_library(figures: dict[str, Any]) -> None:
    assert figures["foreign"] == []

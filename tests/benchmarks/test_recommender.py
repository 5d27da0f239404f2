"""What a cold start and an answer cost the recommender's function: ``make bench``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.recommender.construct import recommender_archive
from rehearsal import certificates
from tests.benchmarks import recommending

pytestmark = pytest.mark.bench

MOST_COLD = 400
"""Milliseconds of CPU from the start of a process to the first answer."""
MOST_WARM = 20
ROUNDS = 3


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The best of some fresh processes that see the standard library and the archive, without compiled modules, as on
    Lambda.
    """
    folder = tmp_path_factory.mktemp("recommender")
    with zipfile.ZipFile(recommender_archive().path) as archive:
        archive.extractall(folder / "archive")
    made = certificates.make(folder, "domain")
    script = str(Path(recommending.__file__))
    code = (
        f"import sys; sys.path.insert(0, {str(folder / 'archive')!r}); "
        f"import runpy; runpy.run_path({script!r}, run_name='__main__')"
    )
    server = subprocess.Popen(
        [sys.executable, script, "serve", str(made.server), str(made.key)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        environment = {
            "PATH": os.defpath,
            "ENDPOINT": f"https://{certificates.HOST}:{server.stdout.readline().strip()}",
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_SESSION_TOKEN": "token",
            "SSL_CERT_FILE": str(made.authority),
            "TIMEOUT_MS": "10000",
        }
        found = []
        for _ in range(ROUNDS):
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-B", "-c", code, "recommend"],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            found.append(json.loads(done.stderr.splitlines()[-1]))
        return {**found[0], **{name: min(each[name] for each in found) for name in ("cold", "warm")}}
    finally:
        server.kill()
        server.wait()


def test_a_fresh_container_recommends_soon(figures: dict[str, Any]) -> None:
    sys.stdout.write(f"\n  a fresh process: {figures['cold']:.0f} ms of CPU to the first list (at most {MOST_COLD})")
    assert figures["cold"] <= MOST_COLD


def test_a_list_costs_little(figures: dict[str, Any]) -> None:
    sys.stdout.write(
        f"\n  a list of {recommending.NEIGHBOURS} neighbours: {figures['warm']:.1f} ms of CPU (at most {MOST_WARM})"
    )
    assert figures["warm"] <= MOST_WARM


def test_a_start_loads_nothing_but_the_archive(figures: dict[str, Any]) -> None:
    assert figures["foreign"] == []

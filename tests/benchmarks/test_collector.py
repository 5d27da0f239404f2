"""What a request costs the collector, beside the same work with AWS's SDK: ``make bench``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.collector.package import collector_archive
from rehearsal import certificates
from rehearsal.emulated.functions import runtime_packages
from tests.benchmarks import collecting

pytestmark = pytest.mark.bench

MOST_WARM = 1.5
"""Milliseconds of CPU of a request with ten events."""
MOST_COLD = 400
"""Milliseconds of CPU from the start of a process to the first answer."""

Costs = dict[str, dict[str, float]]


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Costs]:
    """By way of doing it, the best of some fresh processes; taken in turns, so that they meet the same machine."""
    folder = tmp_path_factory.mktemp("collector")
    with zipfile.ZipFile(collector_archive().path) as archive:
        archive.extractall(folder / "archive")
    paths = {"collect": folder / "archive", "separate": folder / "archive", "boto3": runtime_packages(folder)}
    made = certificates.make(folder, "stream")
    script = str(Path(collecting.__file__))
    server = subprocess.Popen(
        [sys.executable, script, "serve", str(made.server), str(made.key)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        environment = {
            "PATH": os.defpath,
            "STREAM_NAME": "shop-events",
            "ORIGINS": "https://shop.example",
            "KINESIS_ENDPOINT": f"https://{certificates.HOST}:{server.stdout.readline().strip()}",
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_SESSION_TOKEN": "token",
            "SSL_CERT_FILE": str(made.authority),
            "AWS_CA_BUNDLE": str(made.authority),
        }
        found: Costs = {}
        for _ in range(3):
            for way, path in paths.items():
                one = _run(script, way, path, environment)
                best = found.setdefault(way, one)
                found[way] = {name: min(best[name], one[name]) for name in one}
        yield found
    finally:
        server.kill()
        server.wait()


def _run(script: str, way: str, path: Path, environment: dict[str, str]) -> dict[str, float]:
    """One fresh process that sees the standard library and one folder, without compiled modules, as on Lambda."""
    code = (
        f"import sys; sys.path.insert(0, {str(path)!r}); import runpy; runpy.run_path({script!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code, way],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return figures


def test_a_request_costs_little(costs: Costs) -> None:
    ours, theirs = costs["collect"]["warm"], costs["boto3"]["warm"]
    sys.stdout.write(
        f"\n  a request with {collecting.EVENTS} events: {ours:.2f} ms of CPU (at most {MOST_WARM:g}); with boto3"
        f" {theirs:.2f} ms, {theirs / ours:.1f} times that"
    )
    assert ours <= MOST_WARM


def test_one_record_a_request_is_not_dearer_than_one_an_event(costs: Costs) -> None:
    ours, theirs = costs["collect"]["warm"], costs["separate"]["warm"]
    sys.stdout.write(f"\n  with a record for each event: {theirs:.2f} ms, {theirs / ours:.2f} times that")
    assert ours <= theirs * 1.1


def test_a_fresh_container_answers_soon(costs: Costs) -> None:
    ours, theirs = costs["collect"]["cold"], costs["boto3"]["cold"]
    sys.stdout.write(
        f"\n  a fresh process: {ours:.0f} ms of CPU to the first answer (at most {MOST_COLD}); with boto3"
        f" {theirs:.0f} ms, {theirs / ours:.1f} times that"
    )
    assert ours <= MOST_COLD

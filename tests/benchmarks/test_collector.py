"""CPU time of a request to the collector, compared with the same work with AWS's SDK: ``make bench``."""

from __future__ import annotations

import json
import sys
import zipfile

import pytest

from constructs_lib.collector.package import collector_archive
from rehearsal import certificates
from rehearsal.emulated.functions import runtime_packages
from tests.benchmarks import collecting
from tests.benchmarks.containers import environment, measured
from tests.http_server import Handler, serving

pytestmark = pytest.mark.bench

MOST_WARM = 1.5
"""Milliseconds of CPU of a request with ten events."""
MOST_COLD = 400
"""Milliseconds of CPU from the start of a process to the first answer."""

Costs = dict[str, dict[str, float]]


class Kinesis(Handler):
    """A Kinesis that takes everything."""

    def answer(self) -> None:
        records = json.loads(self.received())["Records"]
        results = [{"SequenceNumber": "4" * 56, "ShardId": "shardId-000000000000"}] * len(records)
        body = json.dumps({"FailedRecordCount": 0, "Records": results, "EncryptionType": "KMS"}).encode()
        headers = {
            "x-amzn-RequestId": "c0ffee00-0000-4000-8000-000000000000",
            "Content-Type": "application/x-amz-json-1.1",
        }
        self.reply(200, body, headers)


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    """By way of doing it, the best of some fresh processes; taken in turns, so that they meet the same machine."""
    folder = tmp_path_factory.mktemp("collector")
    with zipfile.ZipFile(collector_archive().path) as archive:
        archive.extractall(folder / "archive")
    paths = {"collect": folder / "archive", "separate": folder / "archive", "boto3": runtime_packages(folder)}
    made = certificates.make(folder, "stream")
    found: Costs = {}
    with serving(Kinesis, made) as endpoint:
        stream = {"STREAM_NAME": "shop-events", "ORIGINS": "https://shop.example", "KINESIS_ENDPOINT": endpoint}
        for _ in range(3):
            for way, path in paths.items():
                one = measured(collecting.__file__, path, {**environment(made), **stream}, way)
                best = found.setdefault(way, one)
                found[way] = {name: min(best[name], one[name]) for name in one}
    return found


def test_cpu_time_of_a_request(costs: Costs) -> None:
    ours, theirs = costs["collect"]["warm"], costs["boto3"]["warm"]
    sys.stdout.write(
        f"\n  a request with {collecting.EVENTS} events: {ours:.2f} ms of CPU (at most {MOST_WARM:g}); with boto3"
        f" {theirs:.2f} ms, {theirs / ours:.1f} times that"
    )
    assert ours <= MOST_WARM


def test_one_record_a_request_costs_no_more_than_one_an_event(costs: Costs) -> None:
    ours, theirs = costs["collect"]["warm"], costs["separate"]["warm"]
    sys.stdout.write(f"\n  with a record for each event: {theirs:.2f} ms, {theirs / ours:.2f} times that")
    assert ours <= theirs * 1.1


def test_cpu_time_of_a_cold_start(costs: Costs) -> None:
    ours, theirs = costs["collect"]["cold"], costs["boto3"]["cold"]
    sys.stdout.write(
        f"\n  a fresh process: {ours:.0f} ms of CPU to the first answer (at most {MOST_COLD}); with boto3"
        f" {theirs:.0f} ms, {theirs / ours:.1f} times that"
    )
    assert ours <= MOST_COLD

"""Bounds of memory and of CPU time by size for hostile records (``make bench``)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.fuzz.costliest import MOST, Search
from tests.fuzz.transform_records import KNOWN_COSTLY

pytestmark = pytest.mark.bench

MOST_MEMORY = 256
RECORDS = int(os.environ.get("HOSTILE_RECORDS", "100000"))
"""The caches are full after some 50,000; ``HOSTILE_RECORDS=1000000`` tries a million."""
SEARCH_SECONDS = 20


def test_hostile_records_do_not_fill_the_memory() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.hostile", str(RECORDS)]
    memory = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    sys.stdout.write(f"\n  {RECORDS:,} hostile records: {memory:.0f} MiB (at most {MOST_MEMORY})")
    assert memory <= MOST_MEMORY


def test_the_costliest_records_stay_below_the_bound_for_their_size() -> None:
    search = Search(seed=1)
    known = max(search.cost(record, 5) for record in KNOWN_COSTLY)
    found, record = search.run(SEARCH_SECONDS, say=lambda _: None)
    sys.stdout.write(
        f"\n  the costliest record known: {known:.2f}, found now: {found:.2f} ms of CPU a KiB (at most {MOST:g}):"
        f" {json.dumps(record.decode()[:80])}"
    )
    assert max(known, found) <= MOST

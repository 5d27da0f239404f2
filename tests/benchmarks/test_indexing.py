"""CPU time of a document in a real engine, with this product's own template and documents: ``make bench``.

CPU seconds of the engine's process are counted, not the clock, so that a busy machine disturbs little. Requests come
one after the other and are as large as Firehose's; the first part of the documents, in which the engine compiles
itself, is not counted. The figures in `constructs_lib.limits.capacity` are held against what is measured
here."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any, cast

import pytest

from constructs_lib.limits import capacity
from rehearsal.engines import EngineUnavailableError, Server, engine
from tests.benchmarks.traffic import documents, events, sequence
from tests.search.bootstrapped import bootstrap

pytestmark = pytest.mark.bench

DOCUMENTS = 120_000
WARM_UP = 40_000
REQUEST_BYTES = 5 * 1024 * 1024
INDEX = "events-2025-12-01"
MARGIN = 0.6
"""Part of the measured figure that a run on another machine, or a disturbed one, must reach."""


@pytest.fixture(scope="module", params=[False, True], ids=["first compiler", "all compilers"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """An engine with Java's first compiler only, as rehearsals start it, or with all of them, as production has it."""
    try:
        with engine("opensearch-3.4.0", heap="1g", timed=request.param) as running:
            yield running
    except EngineUnavailableError as error:
        pytest.skip(str(error))


def requests(count: int) -> Iterator[tuple[int, int, bytes]]:
    """Documents, their bytes, and a bulk request of them; made as they are asked for."""
    lines: list[bytes] = []
    size = documents_in = bytes_in = number = 0
    source = events(count)
    while batch := [line for line, _ in zip(source, range(5000), strict=False)]:
        for document in documents(batch, number):
            text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
            lines += [json.dumps({"index": {"_index": INDEX, "_id": f"{sequence(number)}.0"}}).encode(), text]
            size += len(lines[-1]) + len(lines[-2]) + 2
            number, documents_in, bytes_in = number + 1, documents_in + 1, bytes_in + len(text)
            if size >= REQUEST_BYTES:
                yield documents_in, bytes_in, b"\n".join(lines) + b"\n"
                lines, size, documents_in, bytes_in = [], 0, 0, 0
    if lines:
        yield documents_in, bytes_in, b"\n".join(lines) + b"\n"


def cpu_seconds(server: Server) -> float:
    """CPU that the engine's process has used since it started."""
    stats = cast("dict[str, Any]", server.request("GET", "_nodes/_local/stats/process").json)
    (node,) = stats["nodes"].values()
    return float(node["process"]["cpu"]["total_in_millis"]) / 1000


def stored(server: Server) -> float:
    """Bytes of the index on disk, once the files that nothing refers to any more are gone."""
    for action in ("_refresh", "_flush?force=true&wait_if_ongoing=true", "_refresh"):
        assert server.request("POST", f"{INDEX}/{action}").status == 200
    time.sleep(5)
    stats = cast("dict[str, Any]", server.request("GET", f"{INDEX}/_stats/store").json)
    return float(stats["_all"]["primaries"]["store"]["size_in_bytes"])


def test_documents_a_second_of_cpu_and_their_size_on_disk(server: Server) -> None:
    bootstrap(server, index_name="events", queries_name="ubi_queries", shards=1, replicas=0, install=())
    done = size = 0
    counted_from: tuple[int, float] | None = None
    for count, length, request in requests(DOCUMENTS):
        if counted_from is None and done >= WARM_UP:
            counted_from = (done, cpu_seconds(server))
        answer = server.request("POST", "_bulk?filter_path=errors", request, seconds=300)
        assert (answer.status, answer.json) == (200, {"errors": False})
        done, size = done + count, size + length
    assert counted_from is not None
    rate = (done - counted_from[0]) / (cpu_seconds(server) - counted_from[1])
    before = stored(server) / size
    assert server.request("POST", f"{INDEX}/_forcemerge?max_num_segments=1", seconds=600).status == 200
    after = stored(server) / size
    low, _ = capacity.PUBLISHED_DOCUMENTS_PER_VCPU["StackOverflow, long texts"]
    sys.stdout.write(
        f"\n  OpenSearch 3.4: {rate:,.0f} documents of {size / done:,.0f} bytes a second of CPU:"
        f" {rate / capacity.DOCUMENTS_PER_VCPU:.1f} times what sizing counts on, {rate / low:.1f} times the least that"
        f" is published. The index takes {before:.2f} x the documents, merged {after:.2f}; sizing counts on"
        f" {capacity.INDEX_RATIO_SIZED:g}"
    )
    assert rate >= capacity.MEASURED_DOCUMENTS_PER_CPU_SECOND * MARGIN
    assert size / done == pytest.approx(capacity.EVENT_BYTES + capacity.DOCUMENT_BYTES_ADDED, rel=0.05)
    assert before == pytest.approx(capacity.INDEX_RATIO, rel=0.1)
    assert after == pytest.approx(capacity.MERGED_RATIO, rel=0.1)

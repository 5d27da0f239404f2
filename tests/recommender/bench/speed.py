"""Speed of the query and the whole function over invented sessions in a real engine, and the engine's CPU time."""

from __future__ import annotations

import json
import multiprocessing
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from constructs_lib.recommender.runtime.domain import Domain
from constructs_lib.recommender.runtime.nearest import FILTER_PATH, search, weights
from constructs_lib.recommender.runtime.requests import Wanted
from rehearsal.engines import Server
from tests.recommender.bench.generated import NOW, sequences, sessions
from tests.recommender.bench.quality import engine_cpu
from tests.search.recommending import Site, domain

WARM_UP, ROUNDS = 2000, 1500
FRESH_SHARE = 0.005
"""Sessions of the last day, which lie in segments of their own until the next second look."""
TRIES = 60
"""How often a busy engine is asked to take documents, a second apart."""
BULK = 5000
START = """
import os, resource, sys
sys.path.insert(0, {root!r})
begin = resource.getrusage(resource.RUSAGE_SELF)
os.environ.update(ENDPOINT={endpoint!r}, INDEX_NAME={index!r}, AWS_ACCESS_KEY_ID="AKIA", AWS_SECRET_ACCESS_KEY="secret")
from constructs_lib.recommender.runtime.handler import handler
answer = handler({{"recentItems": ["item-1", "item-2"]}}, None)
assert len(answer["itemList"]) == 20 and "degraded" not in answer, answer
end = resource.getrusage(resource.RUSAGE_SELF)
print(end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime)
"""


@dataclass(frozen=True)
class Times:
    """Milliseconds at three shares of the requests."""

    p50: float
    p90: float
    p99: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Times:
        """Of measured values."""
        ordered = sorted(values)
        return cls(*(ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.9, 0.99)))

    def __str__(self) -> str:
        return f"{self.p50:7.1f} {self.p90:7.1f} {self.p99:7.1f}"


@dataclass(frozen=True)
class Load:
    """What so many callers at once saw."""

    callers: int
    took: Times
    whole: Times
    a_second: float


def fill(server: Server, name: str, number: int) -> Site:
    """An index of so many sessions as it is between two second looks."""
    site = Site(server, name, retention_days=365)
    fresh = int(number * FRESH_SHARE)
    _bulk(server, site.settings.names.sessions, sessions(number - fresh))
    server.request("POST", f"/{site.settings.names.sessions}/_forcemerge?max_num_segments=1", seconds=600)
    _bulk(server, site.settings.names.sessions, sessions(fresh, seed=2, days=(0, 1)))
    server.request("POST", f"/{site.settings.names.sessions}/_refresh")
    site.fold(now=NOW)
    return site


def bytes_a_session(site: Site) -> float:
    """Of the index on disk."""
    index = site.settings.names.sessions
    primaries = domain(site.server).ask("GET", f"{index}/_stats/store,docs")["_all"]["primaries"]
    return float(primaries["store"]["size_in_bytes"] / primaries["docs"]["count"])


def requests(number: int, *, seed: int = 7) -> list[tuple[str, ...]]:
    """Running sessions, cut anywhere."""
    draw = random.Random(seed)  # noqa: S311 - invented data
    return [tuple(items[: draw.randint(1, len(items))]) for items in sequences(number, seed=seed)]


def load(site: Site, callers: int, *, rounds: int = ROUNDS) -> Load:
    """Ask from so many processes at once, each with a connection of its own, as instances of the function have."""
    context = multiprocessing.get_context("fork")
    results: Any = context.Queue()
    gate = context.Barrier(callers + 1)
    each = max(20, rounds // callers)
    processes = [context.Process(target=_ask, args=(site, number, each, gate, results)) for number in range(callers)]
    for process in processes:
        process.start()
    gate.wait()
    began = time.perf_counter()
    found = [results.get() for _ in processes]
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    took = [value for values, _ in found for value in values]
    whole = [value for _, values in found for value in values]
    return Load(callers, Times.of(took), Times.of(whole), len(whole) / seconds)


def _ask(site: Site, number: int, rounds: int, gate: Any, results: Any) -> None:
    recommender = site.recommender()
    asked = requests(rounds + 1, seed=100 + number)
    recommender.recommend(Wanted(recent=asked.pop()), now=NOW)
    gate.wait()
    took, whole = [], []
    for recent in asked:
        began = time.perf_counter()
        answer = recommender.recommend(Wanted(recent=recent, explain=True), now=NOW)
        whole.append((time.perf_counter() - began) * 1000)
        assert "degraded" not in answer
        took.append(float(answer["explain"]["engineTook"]))
    results.put((took, whole))


@dataclass(frozen=True)
class Cost:
    """Milliseconds of the engine's CPU a query."""

    nearest: float
    term: float
    recommendation: float


Work = Callable[[tuple[str, ...]], None]


def costs(sites: Sequence[Site]) -> list[Cost]:
    """What the query costs the engine over each index, and what a plain term query over the same index does.

    All are warmed up first and then measured by turns, so that whatever else the machine does falls on all alike.
    """
    asked = requests(ROUNDS)
    works = [_works(site) for site in sites]
    for each in works:
        for work in each:
            for recent in asked:
                work(recent)
    spent = [[0.0] * len(each) for each in works]
    for begin in range(0, len(asked), 250):
        for site, each, so_far in zip(sites, works, spent, strict=True):
            for place, work in enumerate(each):
                so_far[place] += _time(site.domain, work, asked[begin : begin + 250])
    return [Cost(*(total / len(asked) for total in so_far)) for so_far in spent]


def _works(site: Site) -> tuple[Work, Work, Work]:
    """As `Cost`."""
    recommender = site.recommender()
    recommender.memory.refresh()
    frequencies, parameters = recommender.memory.frequencies, site.settings.parameters
    client = domain(site.server)
    index = site.settings.names.sessions

    def nearest(recent: tuple[str, ...]) -> None:
        body = search(weights(recent, parameters, frequencies), parameters, now=NOW)
        client.ask("POST", f"{index}/_search?request_cache=false&filter_path={FILTER_PATH}", body)

    def term(recent: tuple[str, ...]) -> None:
        body = {"query": {"term": {"lookup_items": recent[-1]}}, "_source": False}
        client.ask("POST", f"{index}/_search?request_cache=false", body)

    def whole(recent: tuple[str, ...]) -> None:
        recommender.recommend(Wanted(recent=recent), now=NOW)

    return nearest, term, whole


def _time(client: Domain, work: Work, asked: Sequence[tuple[str, ...]]) -> float:
    began = engine_cpu(client)
    for recent in asked:
        work(recent)
    return engine_cpu(client) - began


def warm_up(site: Site) -> None:
    """Let the engine compile what it runs."""
    recommender = site.recommender()
    for recent in requests(WARM_UP, seed=3):
        recommender.recommend(Wanted(recent=recent), now=NOW)


def cold_start(site: Site, root: str) -> float:
    """CPU milliseconds of a process from importing the function to its first answer; the best of five."""
    program = START.format(root=root, endpoint=site.server.url, index=site.name)
    runs = [
        float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)
        for _ in range(5)
    ]
    return min(runs) * 1000


def tell(loads: Sequence[Load], out: TextIO = sys.stdout) -> None:
    """A table."""
    out.write(f"{'':10} {'took p50':>8} {'p90':>7} {'p99':>7}   {'whole p50':>8} {'p90':>7} {'p99':>7}   a second\n")
    out.writelines(f"{each.callers:4} at once {each.took}   {each.whole}   {each.a_second:7.0f}\n" for each in loads)
    out.flush()


def _bulk(server: Server, index: str, documents: Iterator[tuple[str, dict[str, Any]]]) -> None:
    lines: list[str] = []

    def send() -> None:
        for _ in range(TRIES):
            answer = server.request("POST", "/_bulk", "\n".join(lines) + "\n", seconds=300)
            if answer.status != 429:
                break
            # Its heap is full for the moment.
            time.sleep(1)
        assert isinstance(answer.json, dict), answer.text[:300]
        assert answer.json.get("errors") is False, answer.text[:1000]
        lines.clear()

    for identifier, document in documents:
        lines += [json.dumps({"index": {"_index": index, "_id": identifier}}), json.dumps(document)]
        if len(lines) >= 2 * BULK:
            send()
    if lines:
        send()

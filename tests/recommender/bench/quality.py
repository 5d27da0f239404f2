"""Quality of recommendations: a public data set through events, fold and recommender on a real engine, beside
baselines."""

from __future__ import annotations

import json
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO

from constructs_lib.recommender.evaluation.baselines import BASELINES
from constructs_lib.recommender.evaluation.protocol import LIST, Quality, Result, measured
from constructs_lib.recommender.evaluation.visits import Visit, moment, read
from constructs_lib.recommender.runtime.domain import Domain
from constructs_lib.recommender.runtime.memory import AWAY_SECONDS
from constructs_lib.recommender.runtime.nearest import written
from constructs_lib.recommender.runtime.recommender import Recommender
from constructs_lib.recommender.runtime.requests import MOST_RECENT, Wanted
from rehearsal.engines import Server
from tests.recommender.reference import Reference
from tests.search.recommending import Site

NAME = "bench"
REFERENCE = "plain reference of ours"
BULK = 5000
STALE_SECONDS = 1.1
PATIENCE = 5
"""How often a busy engine is asked once more."""


class DataError(Exception):
    """There is no data set; the message says what is expected where."""


@dataclass(frozen=True)
class DataSet:
    """Sessions to learn from and to be judged by."""

    name: str
    train: Sequence[Visit]
    test: Sequence[Visit]

    def shorter(self, positions: int) -> DataSet:
        """The same, judged by its first sessions with that many positions or a few more."""
        found = 0
        for number, visit in enumerate(self.test, 1):
            found += len(visit.items) - 1
            if found >= positions:
                return DataSet(self.name, self.train, self.test[:number])
        return self

    @property
    def repeats(self) -> bool:
        """Whether items follow themselves in the sessions that judge."""
        return any(len(visit.items) > len(visit.without_repeats().items) for visit in self.test)

    def events(self) -> Iterator[dict[str, Any]]:
        """The sessions to learn from as the transform would write their events."""
        for number, visit in enumerate(self.train):
            step = (visit.ended - visit.started) / max(1, len(visit.items) - 1)
            for place, item in enumerate(visit.items):
                at = written(moment(visit.started + place * step))
                yield {
                    "schema_version": "1.0",
                    "event_id": str(uuid.UUID(int=number << 64 | place)),
                    "action_name": "view",
                    "timestamp": at,
                    "received_at": at,
                    "session_id": f"s{number}",
                    "client_id": f"c{number}",
                    "event_attributes": {"object": {"object_id": item}, "position": {"ordinal": place}},
                }


def data_sets(folder: Path) -> Iterator[DataSet]:
    """The data sets of a folder: of each a file with ``train`` in its name and one with ``test``, which are named alike
    before that word. Where there is a ``train_full``, other training files are parts of it.

    Raises:
        DataError: there is none.
    """
    found: dict[str, dict[str, list[Path]]] = {}
    for path in sorted(folder.glob("*")):
        named = re.match(r"(?:(.*?)[-_. ])?(train|test)", path.name, re.IGNORECASE)
        if named and path.is_file():
            parts = found.setdefault(named[1] or folder.resolve().name, {})
            parts.setdefault(named[2].lower(), []).append(path)
    whole = {name: parts for name, parts in found.items() if len(parts) == 2}
    if not whole:
        raise DataError(f"{folder}: holds no two files with train and test in their names")
    for name, parts in whole.items():
        full = [path for path in parts["train"] if "full" in path.name]
        yield DataSet(name, read(full or parts["train"]), read(parts["test"]))


@dataclass
class Measured:
    """What an engine's recommendations were, and what folding cost.

    Attributes:
        results: by whether an item that follows itself counts.
        lists: as `results`; each list that was recommended.
        folding_cpu: seconds of the function's own.
        folding_cpu_in_all: seconds of the function and the engine.
    """

    engine: str
    results: dict[bool, Result] = field(default_factory=dict)
    lists: dict[bool, list[list[str]]] = field(repr=False, default_factory=dict)
    events: int = 0
    folding_cpu: float = 0.0
    folding_cpu_in_all: float = 0.0


def on_engine(server: Server, data: DataSet, *, ways: Sequence[bool] = (False,)) -> Measured:
    """Index the events, fold them, and ask for recommendations at every position.

    Args:
        ways: whether items that follow themselves count, and may be recommended.
    """
    site = Site(server, NAME, backfill_days=3650, retention_days=3650)
    index(server, f"{NAME}-train", data.events())
    found = Measured(server.name)
    end = moment(data.train[-1].ended) + timedelta(seconds=1)
    before = engine_cpu(site.domain)
    cpu = time.process_time()
    whole = False
    while not whole:
        done = site.fold(now=end)
        found.events += done["events"]
        whole = done["whole"]
    found.folding_cpu = time.process_time() - cpu
    found.folding_cpu_in_all = found.folding_cpu + (engine_cpu(site.domain) - before) / 1000
    site.fold(now=end + timedelta(seconds=1), look_back_hours=1)
    recommender = site.recommender()
    for repeats in ways:
        lists = found.lists[repeats] = []
        found.results[repeats] = measured(_asking(recommender, lists, repeats=repeats), data.test, repeats=repeats)
    return found


def _asking(
    recommender: Recommender, lists: list[list[str]], *, repeats: bool
) -> Callable[[Sequence[str], float], list[str]]:
    def recommend(session: Sequence[str], now: float) -> list[str]:
        wanted = Wanted(recent=tuple(session[-MOST_RECENT:]), number=LIST)
        answer = recommender.recommend(wanted, now=moment(now), repeats=repeats)
        for _ in range(PATIENCE):
            if "degraded" not in answer:
                break
            # The list from memory would be measured, not the engine's.
            time.sleep(AWAY_SECONDS)
            answer = recommender.recommend(wanted, now=moment(now), repeats=repeats)
        assert "degraded" not in answer
        lists.append([each["itemId"] for each in answer["itemList"]])
        return lists[-1]

    return recommend


def engine_cpu(domain: Domain) -> float:
    """Milliseconds of CPU that the engine has used so far; it looks at its own process once a second."""
    time.sleep(STALE_SECONDS)
    nodes = domain.ask("GET", "_nodes/stats/process")["nodes"]
    return float(next(iter(nodes.values()))["process"]["cpu"]["total_in_millis"])


def index(server: Server, name: str, documents: Iterator[dict[str, Any]]) -> None:
    """Put documents into an index."""
    lines: list[str] = []

    def send() -> None:
        answer = server.request("POST", "/_bulk", "\n".join(lines) + "\n")
        assert isinstance(answer.json, dict), answer.text[:300]
        assert answer.json.get("errors") is False, answer.text[:1000]
        lines.clear()

    for document in documents:
        lines += [json.dumps({"index": {"_index": name}}), json.dumps(document)]
        if len(lines) >= 2 * BULK:
            send()
    if lines:
        send()
    server.request("POST", f"/{name}/_refresh")


def beside(data: DataSet, *, repeats: bool = False) -> dict[str, Quality]:
    """The simple algorithms, and the plain reference of ours, on the same positions."""
    found = {name: measured(make(data.train), data.test, repeats=repeats).quality for name, make in BASELINES.items()}
    reference = Reference([(visit.items, visit.ended) for visit in data.train])
    found[REFERENCE] = measured(
        lambda session, now: reference.recommend(session, now, repeats=repeats), data.test, repeats=repeats
    ).quality
    return found


def tell(data: DataSet, qualities: dict[str, Quality], out: TextIO = sys.stdout) -> None:
    """A table."""
    positions = next(iter(qualities.values())).positions
    out.write(f"\n{data.name}: {len(data.train)} sessions learned from, {positions} positions\n")
    out.write(f"{'':32} {'HR@20':>7} {'MRR@20':>7}\n")
    out.writelines(
        f"{name:32} {quality.hit_rate:7.4f} {quality.reciprocal_rank:7.4f}\n" for name, quality in qualities.items()
    )
    out.flush()

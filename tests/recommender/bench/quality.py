"""How good: a public data set through events, fold and recommender of a real engine, beside simple algorithms."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO

from constructs_lib.recommender.evaluation.baselines import BASELINES
from constructs_lib.recommender.evaluation.protocol import LIST, Quality, Result, measured
from constructs_lib.recommender.evaluation.visits import Visit, moment, read
from constructs_lib.recommender.runtime.domain import Domain
from constructs_lib.recommender.runtime.nearest import written
from constructs_lib.recommender.runtime.requests import MOST_RECENT, Wanted
from rehearsal.engines import Server
from tests.recommender.reference import Reference
from tests.search.recommending import Site

NAME = "bench"
BULK = 5000
STALE_SECONDS = 1.1


class DataError(Exception):
    """There is no data set; the message says what is expected where."""


@dataclass(frozen=True)
class DataSet:
    """Sessions to learn from and to be judged by."""

    name: str
    train: Sequence[Visit]
    test: Sequence[Visit]

    @classmethod
    def of(cls, folder: Path) -> DataSet:
        """The files ``*train*`` and ``*test*`` of a folder, as `visits` reads them."""
        parts = {part: sorted(folder.glob(f"*{part}*")) for part in ("train", "test")}
        for part, files in parts.items():
            if not files:
                raise DataError(f"{folder}: holds no file with {part!r} in its name")
        name = parts["train"][0].name.partition("_")[0]
        return cls(name, read(parts["train"]), read(parts["test"]))

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


@dataclass
class Measured:
    """What an engine's recommendations were, and what folding cost."""

    engine: str
    result: Result
    lists: list[list[str]] = field(repr=False, default_factory=list)
    events: int = 0
    folding_seconds: float = 0.0
    folding_cpu: float = 0.0
    """Seconds of the function's own."""
    folding_cpu_in_all: float = 0.0
    """Seconds of the function and the engine."""


def on_engine(server: Server, data: DataSet, *, repeats: bool = False) -> Measured:
    """Index the events, fold them, and ask for recommendations at every position."""
    site = Site(server, NAME, backfill_days=3650, retention_days=3650)
    index(server, f"{NAME}-train", data.events())
    end = moment(data.train[-1].ended) + timedelta(seconds=1)
    before = engine_cpu(site.domain)
    began, cpu = time.perf_counter(), time.process_time()
    done = site.fold(now=end)
    folding = time.perf_counter() - began, time.process_time() - cpu
    spent = folding[1] + (engine_cpu(site.domain) - before) / 1000
    site.fold(now=end + timedelta(seconds=1), look_back_hours=1)
    recommender = site.recommender()
    lists: list[list[str]] = []

    def recommend(session: Sequence[str], now: float) -> list[str]:
        wanted = Wanted(recent=tuple(session[-MOST_RECENT:]), number=LIST)
        answer = recommender.recommend(wanted, now=moment(now), repeats=repeats)
        assert "degraded" not in answer, server.name
        lists.append([each["itemId"] for each in answer["itemList"]])
        return lists[-1]

    result = measured(recommend, data.test, repeats=repeats)
    return Measured(server.name, result, lists, done["events"], *folding, spent)


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
    found["plain reference of ours"] = measured(
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

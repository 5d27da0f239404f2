"""Print what was measured: ``python -m tests.recommender.bench`` (``make recommend-bench``).

``--quick`` is for every change: one engine, few sessions, some minutes. It ends with 1 where the quality is not what it
was; how fast a shared machine is says nothing about a change.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from constructs_lib.personalization.documents import UnreadableError
from constructs_lib.recommender.evaluation.protocol import Quality
from rehearsal.engines import ENGINES, EngineUnavailableError, engine
from tests.recommender.bench import generated, quality, speed
from tests.search.recommending import Site

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data" / "recommendations"
HEAP = "3g"
USUAL_ENGINE = "opensearch-2.19.4"
QUICK = (50_000, 100_000, 20_000)
"""Sessions for the speed, as in the long run: at which the load is measured, many, few."""
INVENTED, ASKED, CATALOGUE = 20_000, 300, 2_000
POSITIONS = 5000
"""That engines after the first are asked at: whether lists are the same shows sooner than how good they are."""
LEAST_EVENTS = 1000
"""A second of CPU, that the fold keeps up with."""
BARS = {"serenade": (0.667, 0.340)}
"""HR@20 and MRR@20 that are to be reached, by data set."""


def main(argv: list[str] | None = None) -> int:
    """0: every bar was reached; 1: one was not; 2: no data or no engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.recommender.bench", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with *train* and *test* files of sessions")
    parser.add_argument("--engines", default=",".join(ENGINES), help="for the quality, comma separated; default: all")
    parser.add_argument("--engine", default=USUAL_ENGINE, choices=ENGINES, help="for the speed")
    parser.add_argument("--sessions", type=int, default=1_000_000, help="for the speed; 0 leaves it out")
    parser.add_argument("--many", type=int, default=3_000_000, help="sessions that the cost is compared at")
    parser.add_argument("--few", type=int, default=100_000, help="sessions that it is compared with")
    parser.add_argument("--bars", action="store_true", help="end with 1 where a bar is missed")
    parser.add_argument(
        "--quick", action="store_true", help=f"{USUAL_ENGINE} and few sessions; end with 1 for the quality alone"
    )
    given = parser.parse_args(argv)
    if given.quick:
        given.engines = given.engine = USUAL_ENGINE
        given.sessions, given.many, given.few = QUICK
    try:
        missed: list[str] = []
        slow: list[str] = []
        for data in _data_sets(given.data, quick=given.quick):
            missed += _quality(data, [name for name in given.engines.split(",") if name], slow)
        if given.sessions:
            slow += _speed(given.engine, given.sessions, given.many, given.few)
    except EngineUnavailableError as error:
        # As tests that need one are skipped.
        sys.stderr.write(f"{error}\n")
        return 0 if given.quick else 2
    except (quality.DataError, UnreadableError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for each in [*missed, *slow]:
        print(f"MISSED: {each}")
    if given.quick:
        return 1 if missed else 0
    return 1 if given.bars and (missed or slow) else 0


def _data_sets(folder: Path, *, quick: bool) -> Iterator[quality.DataSet]:
    """The public ones; and an invented one where only that is there."""
    if quick:
        learned = generated.visits(INVENTED, seed=1, days=(1, generated.DAYS), items=CATALOGUE)
        asked = generated.visits(ASKED, seed=2, days=(0, 1), items=CATALOGUE)
        yield quality.DataSet("invented", learned, asked)
    if not quick or folder.exists():
        yield from quality.data_sets(folder)


def _quality(data: quality.DataSet, engines: list[str], slow: list[str]) -> list[str]:
    """Measure one data set on each engine; what is missed is returned, what is slow is added to ``slow``."""
    missed: list[str] = []
    ways = (False, True) if data.repeats else (False,)
    found = {}
    for name in engines:
        judged = data if name == engines[0] else data.shorter(POSITIONS)
        with engine(name, heap="1g") as server, contextlib.redirect_stdout(io.StringIO()):
            found[name] = each = quality.on_engine(server, judged, ways=ways)
        own, in_all = (each.events / cpu for cpu in (each.folding_cpu, each.folding_cpu_in_all))
        print(
            f"{data.name}, {name}: folded {each.events} events: {own:.0f} a second of the function's CPU, {in_all:.0f} "
            "a second of CPU with the engine's",
            flush=True,
        )
        if in_all < LEAST_EVENTS:
            slow.append(f"{name}: the fold takes {in_all:.0f} events a second of CPU, the bar is {LEAST_EVENTS}")
    for repeats in ways:
        qualities = quality.beside(data, repeats=repeats)
        reference = qualities[quality.REFERENCE]
        qualities |= {
            name: each.results[repeats].quality
            for name, each in found.items()
            if each.results[repeats].quality.positions == reference.positions
        }
        if data.repeats:
            print(f"\nitems that follow themselves: {'counted, and may be recommended' if repeats else 'left out'}")
        quality.tell(data, qualities)
        first = found[engines[0]].lists[repeats]
        for name, each in found.items():
            lists = each.lists[repeats]
            same = sum(one == other for one, other in zip(first, lists, strict=False))
            print(f"{name}: {same} of {len(lists)} lists are those of {engines[0]}")
            if same < len(lists):
                missed.append(f"{name}: other lists than {engines[0]}")
        ours = {name: qualities[name] for name in engines if name in qualities}
        for name, measured in ours.items():
            missed += _beside_reference(name, measured, reference)
        if data.name in BARS and not repeats:
            missed += _bars(data.name, ours)
    return missed


def _beside_reference(name: str, measured: Quality, reference: Quality) -> Iterator[str]:
    """No more than 1 % below the plain reference, in either measure. Above it is what fills a list that the nearest
    sessions do not fill.
    """
    for kind, ours, theirs in (
        ("HR@20", measured.hit_rate, reference.hit_rate),
        ("MRR@20", measured.reciprocal_rank, reference.reciprocal_rank),
    ):
        if ours < 0.99 * theirs:
            yield f"{name}: {kind} {ours:.4f} is more than 1 % below the plain reference's {theirs:.4f}"


def _bars(name: str, qualities: Mapping[str, Quality]) -> Iterator[str]:
    """The figures that a data set has to reach."""
    hit_rate, reciprocal_rank = BARS[name]
    for engine_name, measured in qualities.items():
        if measured.hit_rate < hit_rate:
            yield f"{engine_name}: HR@20 on {name} is {measured.hit_rate:.4f}, the bar is {hit_rate}"
        if measured.reciprocal_rank < reciprocal_rank:
            yield f"{engine_name}: MRR@20 on {name} is {measured.reciprocal_rank:.4f}, the bar is {reciprocal_rank}"


def _speed(name: str, number: int, many: int, few: int) -> list[str]:
    missed: list[str] = []
    with engine(name, heap=HEAP, timed=True) as server:
        sites: dict[int, Site] = {}
        for size in sorted({few, number, many}):
            with contextlib.redirect_stdout(io.StringIO()):
                sites[size] = speed.fill(server, f"speed-{size}", size)
            speed.warm_up(sites[size])
        costs = dict(zip(sites, speed.costs(list(sites.values())), strict=True))
        for size, cost in costs.items():
            print(
                f"\n{name}, {size} sessions: engine CPU a query {cost.nearest:.2f} ms, a whole recommendation "
                f"{cost.recommendation:.2f} ms, a plain term query {cost.term:.2f} ms, so the query is "
                f"{cost.nearest / cost.term:.1f} x that; {speed.bytes_a_session(sites[size]):.0f} bytes a session"
            )
            if cost.nearest > 10 * cost.term:
                missed.append(f"{size} sessions: a query costs more than 10 x a term query")
        loads = [speed.load(sites[number], callers) for callers in (1, 10, 50)]
        print(f"\n{number} sessions:")
        speed.tell(loads)
        start = speed.cold_start(sites[number], str(ROOT))
        print(f"cold start: {start:.0f} ms of CPU from the import to the first answer")
        if loads[0].took.p99 >= 20:
            missed.append(f"took: p99 is {loads[0].took.p99:.0f} ms at one at a time, the bar is 20")
        if loads[0].whole.p99 >= 50:
            missed.append(f"the handler's p99 is {loads[0].whole.p99:.0f} ms at one at a time, the bar is 50")
        if start >= 400:
            missed.append(f"a cold start takes {start:.0f} ms of CPU, the bar is 400")
    growth = costs[many].nearest / costs[few].nearest
    print(f"engine CPU a query at {many} sessions: {growth:.2f} x that at {few}")
    if growth > 1.5:
        missed.append(f"a query costs {growth:.2f} x more at {many} sessions than at {few}, the bar is 1.5")
    return missed


if __name__ == "__main__":
    sys.exit(main())

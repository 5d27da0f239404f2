"""Print what was measured: ``python -m tests.recommender.bench`` (``make recommend-bench``)."""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from pathlib import Path

from rehearsal.engines import ENGINES, EngineUnavailableError, engine
from tests.recommender.bench import quality, speed

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data" / "recommendations"
HEAP = "3g"


def main(argv: list[str] | None = None) -> int:
    """0: every bar was reached; 1: one was not; 2: no data or no engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.recommender.bench", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with *train* and *test* files of sessions")
    parser.add_argument("--engines", default=",".join(ENGINES), help="for the quality, comma separated; default: all")
    parser.add_argument("--engine", default="opensearch-2.19.4", choices=ENGINES, help="for the speed")
    parser.add_argument("--sessions", type=int, default=1_000_000, help="for the speed; 0 leaves it out")
    parser.add_argument("--many", type=int, default=3_000_000, help="sessions that the cost is compared at")
    parser.add_argument("--few", type=int, default=100_000, help="sessions that it is compared with")
    parser.add_argument("--bars", action="store_true", help="end with 1 where a bar is missed")
    given = parser.parse_args(argv)
    try:
        missed = _quality(given.data, [name for name in given.engines.split(",") if name])
        if given.sessions:
            missed += _speed(given.engine, given.sessions, given.many, given.few)
    except (quality.DataError, EngineUnavailableError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for each in missed:
        print(f"MISSED: {each}")
    return 1 if missed and given.bars else 0


def _quality(folder: Path, engines: list[str]) -> list[str]:
    data = quality.DataSet.of(folder)
    missed: list[str] = []
    for repeats in (False, True) if data.repeats else (False,):
        if data.repeats:
            print(f"\nitems that follow themselves: {'counted, and may be recommended' if repeats else 'left out'}")
        qualities = quality.beside(data, repeats=repeats)
        lists: dict[str, list[list[str]]] = {}
        for name in engines:
            with engine(name, heap="1g") as server, contextlib.redirect_stdout(io.StringIO()):
                found = quality.on_engine(server, data, repeats=repeats)
            qualities[found.engine], lists[name] = found.result.quality, found.lists
            own, in_all = (found.events / cpu for cpu in (found.folding_cpu, found.folding_cpu_in_all))
            print(
                f"{name}: folded {found.events} events in {found.folding_seconds:.1f} s: {own:.0f} a second of the "
                f"function's CPU, {in_all:.0f} a second of CPU with the engine's"
            )
            if in_all < 1000:
                missed.append(f"{name}: the fold takes {in_all:.0f} events a second of CPU, the bar is 1,000")
        quality.tell(data, qualities)
        reference = qualities["plain reference of ours"]
        first = next(iter(lists.values()), [])
        for name, each in lists.items():
            same = sum(one == other for one, other in zip(first, each, strict=True))
            print(f"{name}: {same} of {len(first)} lists are those of {engines[0]}")
            if same < len(first):
                missed.append(f"{name}: other lists than {engines[0]}")
            measured = qualities[name]
            for kind, ours, theirs in (
                ("HR@20", measured.hit_rate, reference.hit_rate),
                ("MRR@20", measured.reciprocal_rank, reference.reciprocal_rank),
            ):
                if abs(ours - theirs) > 0.01 * theirs:
                    missed.append(f"{name}: {kind} {ours:.4f} is not within 1 % of the plain reference's {theirs:.4f}")
    return missed


def _speed(name: str, number: int, many: int, few: int) -> list[str]:
    missed: list[str] = []
    costs: dict[int, speed.Cost] = {}
    with engine(name, heap=HEAP, timed=True) as server:
        for size in sorted({few, number, many}):
            with contextlib.redirect_stdout(io.StringIO()):
                site = speed.fill(server, "speed", size)
            speed.warm_up(site)
            costs[size] = cost = speed.cost(site)
            print(
                f"\n{name}, {size} sessions: engine CPU a query {cost.nearest:.2f} ms, a whole recommendation "
                f"{cost.recommendation:.2f} ms, a plain term query {cost.term:.2f} ms, so the query is "
                f"{cost.nearest / cost.term:.1f} x that; {speed.bytes_a_session(site):.0f} bytes a session"
            )
            if cost.nearest > 10 * cost.term:
                missed.append(f"{size} sessions: a query costs more than 10 x a term query")
            if size == number:
                loads = [speed.load(site, callers) for callers in (1, 10, 50)]
                speed.tell(loads)
                start = speed.cold_start(site, str(ROOT))
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

"""Search for better parameters of the recommender with your own documents, by random search.

Sessions are split by time: the recommender learns from most of them, the next ones select parameters, and the latest
ones test whether the selection is better than the defaults. Only then does the command print settings to paste.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from constructs_lib.personalization.documents import UnreadableError
from constructs_lib.recommender.evaluation import report, tuning, visits
from constructs_lib.recommender.evaluation.memory import MemoryIndex
from constructs_lib.recommender.evaluation.splitting import TooFewError, split
from constructs_lib.recommender.evaluation.tuning import Trial
from constructs_lib.recommender.runtime.parameters import SESSION

USUAL_TRIALS = 60
"""With this many random trials, the best is with 95 % probability among the best 5 % of all (1 - 0.95 ** 60)."""
SHARE = 0.1


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("documents", nargs="+", type=Path, help="files of documents or tables of sessions, .gz too")
    parser.add_argument("--trials", type=int, default=USUAL_TRIALS, help=f"random trials (default: {USUAL_TRIALS})")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same trials (default: 1)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the best parameters here, as JSON")
    parser.add_argument("--repeats", action="store_true", help="count an item that follows itself")


def run(arguments: argparse.Namespace) -> int:
    """0: printed; 1: too few sessions; 2: unreadable."""
    try:
        found = visits.read(arguments.documents)
        earlier, latest = split(found, SHARE)
        learned, choosing = split(earlier, SHARE)
    except TooFewError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except UnreadableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 2
    best = _search(arguments, MemoryIndex.of(learned), choosing)
    index = MemoryIndex.of(earlier)
    results = {
        "defaults": tuning.judged(index, latest, SESSION, repeats=arguments.repeats),
        "best try": tuning.judged(index, latest, best.parameters, repeats=arguments.repeats),
    }
    print(f"on {len(latest)} later sessions, not used for the selection:")
    known = {item for visit in earlier for item in visit.items}
    for line in report.comparison(results, items=len(known)):
        print(line)
    usual = SESSION.values()
    different = {name: value for name, value in best.parameters.values().items() if value != usual[name]}
    better = Trial(best.parameters, results["best try"]).value > Trial(SESSION, results["defaults"]).value
    print()
    if not better or not different:
        print("the defaults are as good: do not set recommender.parameters")
        different = {}
    else:
        print("recommender:\n  parameters:")
        for name, value in different.items():
            print(f"    {name}: {_written(value)}")
    if arguments.output is not None:
        arguments.output.write_text(json.dumps(different, indent=2) + "\n", encoding="utf-8")
    return 0


def _search(arguments: argparse.Namespace, index: MemoryIndex, choosing: list[visits.Visit]) -> Trial:
    best: Trial | None = None
    began = time.monotonic()
    live = sys.stderr.isatty()
    trials = tuning.search(index, choosing, trials=arguments.trials, seed=arguments.seed, repeats=arguments.repeats)
    for number, trial in enumerate(trials):
        better = best is None or trial.value > best.value
        best = trial if best is None or better else best
        quality = best.result.quality
        text = (
            f"{number}/{arguments.trials} trials in {time.monotonic() - began:.0f} s, best so far: "
            f"HR@20 {quality.hit_rate:.4f}, MRR@20 {quality.reciprocal_rank:.4f}"
        )
        if live:
            sys.stderr.write(f"\r{text}" + ("\n" if number == arguments.trials else ""))
        elif better or number == arguments.trials:
            sys.stderr.write(f"{text}\n")
    if best is None:
        raise AssertionError("the defaults are always tried")
    return best


def _written(value: float) -> str:
    """A number as YAML has it."""
    return ".inf" if value == float("inf") else str(value)

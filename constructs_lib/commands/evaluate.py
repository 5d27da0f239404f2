"""Measure the recommender on your own documents, and compare it with simpler algorithms.

The latest sessions are held out. At each of their items the recommender, which knows the items so far and the earlier
sessions, recommends twenty. HR@20 is how often the next item is among them, MRR@20 the mean of 1 / its rank. Coverage
is the share of all items that was recommended at least once; popularity bias is the popularity of the recommended items
divided by that of the items people took (1: equally popular).

Documents are JSON, one on each line: search hits, or output of the transform; a table with the columns SessionId,
ItemId and Time works as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from constructs_lib.personalization.documents import UnreadableError
from constructs_lib.recommender.evaluation import report, tuning, visits
from constructs_lib.recommender.evaluation.baselines import BASELINES
from constructs_lib.recommender.evaluation.memory import MemoryIndex
from constructs_lib.recommender.evaluation.protocol import measured
from constructs_lib.recommender.evaluation.splitting import TooFewError, split
from constructs_lib.recommender.runtime.parameters import SESSION

OURS = "nearest sessions"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("documents", nargs="+", type=Path, help="files of documents or tables of sessions, .gz too")
    parser.add_argument("--share", type=share, default=0.1, help="share of the sessions to hold out (default: 0.1)")
    parser.add_argument(
        "--parameters", metavar="FILE", type=Path, help="JSON object of parameters that differ from the defaults"
    )
    parser.add_argument(
        "--repeats", action="store_true", help="count an item that follows itself, as some publications do"
    )


def share(text: str) -> float:
    """A number between 0 and 1."""
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"is out of range (given {text}; allowed: more than 0 and less than 1)")
    return value


def run(arguments: argparse.Namespace) -> int:
    """0: printed; 1: too few sessions; 2: unreadable, or a wrong parameter."""
    try:
        parameters = SESSION
        if arguments.parameters is not None:
            parameters = SESSION.changed(json.loads(arguments.parameters.read_text(encoding="utf-8")))
        found = visits.read(arguments.documents)
        learned, judging = split(found, arguments.share)
    except TooFewError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (UnreadableError, ValueError, TypeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 2
    index = MemoryIndex.of(learned)
    known = {item for visit in learned for item in visit.items}
    counts = index.frequencies.counts
    popularity = {item: count / len(learned) for item, count in counts.items()}
    results = {
        name: measured(make(learned), judging, repeats=arguments.repeats, popularity=popularity)
        for name, make in BASELINES.items()
    }
    results[OURS] = tuning.judged(index, judging, parameters, repeats=arguments.repeats)
    print(f"{len(learned)} sessions learned from, {len(judging)} held out, {results[OURS].quality.positions} positions")
    for line in report.comparison(results, items=len(known)):
        print(line)
    print()
    for line in report.by_position(results[OURS]):
        print(line)
    return 0

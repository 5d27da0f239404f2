"""Compare the recommender's arms: click-through and conversion with their 95 % intervals.

The arm is part of each recommendation's id, which events carry back. A list counts as followed when an interaction
has its id, a visitor as converted when a purchase has. Two arms differ where the interval of the difference excludes
zero; read the result once, at the end of a period fixed in advance.

Documents are JSON, one on each line: search hits, or output of the transform.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from constructs_lib.personalization import documents
from constructs_lib.recommender.evaluation import arms
from constructs_lib.recommender.evaluation.arms import Arm, Interval


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("documents", nargs="*", type=Path, help="files of documents, .gz too; default: standard input")


def run(arguments: argparse.Namespace) -> int:
    """0: printed; 1: no document has a recommendation's id; 2: unreadable."""
    try:
        found = arms.of_documents(documents.read(arguments.documents))
    except documents.UnreadableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 2
    if not found:
        sys.stderr.write("no document has a recommendation_id of this recommender\n")
        return 1
    for line in table(found):
        print(line)
    return 0


def table(found: Mapping[str, Arm]) -> Iterator[str]:
    """A line for each arm, and one for each difference to the first."""
    yield f"{'arm':<20} {'visitors':>9} {'lists':>9} {'click-through':>26} {'conversion':>26}"
    for name, arm in found.items():
        rates = f"{_rate(arm.click_through()):>26} {_rate(arm.conversion()):>26}"
        yield f"{name[:20]:<20} {arm.visitors:>9} {arm.lists:>9} {rates}"
    first, *others = found
    for name in others:
        for label, rate in (("click-through", Arm.click_through), ("conversion", Arm.conversion)):
            value, (low, high) = arms.difference(rate(found[name]), rate(found[first]))
            told = "more" if low > 0 else "less" if high < 0 else "no significant difference"
            yield f"{name} - {first}: {label} {value:+.2%} ({low:+.2%} to {high:+.2%}): {told}"


def _rate(given: tuple[float, Interval]) -> str:
    value, (low, high) = given
    return f"{value:.2%} ({low:.2%} to {high:.2%})"

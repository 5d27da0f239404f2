"""Turn documents into a data set of Amazon Personalize interactions, within its limits.

Documents are JSON, one on each line: search hits, or output of the transform. Raw records, such as those in an archive
of all events, are refused: the transform has not checked their consent or removed personal data. Documents that are no
interaction (other actions, bots, no item, no person, no consent) and repeated documents are left out and counted; a
document with several items, such as an order, becomes one interaction for each. `--schema` prints the data set's Avro
schema instead.

Anybody can send any id. An id that a spreadsheet would read as a formula gets an apostrophe in front, in all columns;
`--verbatim` writes ids unchanged, for files that no spreadsheet opens.

Limits: https://docs.aws.amazon.com/personalize/latest/dg/limits.html and
https://docs.aws.amazon.com/personalize/latest/dg/interactions-datasets.html
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from constructs_lib.atomic_file import replacing
from constructs_lib.personalization import documents
from constructs_lib.personalization.interactions import COLUMNS, SCHEMA, VERBS, impression, interactions

LEAST_INTERACTIONS = 1000
LEAST_USERS = 25
LEAST_BY_USER = 2
LEAST_SHARE = 0.01
"""A model needs this many unique interactions in all, and this many users, and this share of them, with two or more."""
MOST_EVENT_TYPES = 8
"""Ten, less the optional columns that count against the same limit."""
LONGEST_ID = 256
MOST_REMEMBERED = 1_000_000
"""Number of event ids remembered to detect repetitions; in hits sorted by time and id they follow each other."""
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""How a formula begins (https://owasp.org/www-community/attacks/CSV_Injection)."""
_CONTROL = re.compile("[\x00-\x1f\x7f]")
"""Characters that end a cell or a line for some programs, even in quotes."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("documents", nargs="*", type=Path, help="files of documents, .gz too; default: standard input")
    parser.add_argument("--output", type=Path, help="the CSV file; default: standard output")
    parser.add_argument(
        "--verbs", help=f"actions that count, comma separated; default: {','.join(sorted(VERBS))}", default=None
    )
    parser.add_argument("--verbatim", action="store_true", help="leave ids that look like formulas as they are")
    parser.add_argument("--schema", action="store_true", help="print the data set's Avro schema")


def run(arguments: argparse.Namespace) -> int:
    """0: a model can be trained on it; 1: written, but Personalize would refuse it or train no model; 2: unreadable."""
    if arguments.schema:
        sys.stdout.write(json.dumps(SCHEMA, indent=2) + "\n")
        return 0
    verbs = frozenset(arguments.verbs.split(",")) if arguments.verbs else VERBS
    if len(verbs) > MOST_EVENT_TYPES:
        _say(f"--verbs: {len(verbs)} given, Personalize takes at most {MOST_EVENT_TYPES} event types")
        return 2
    tally = _Tally()
    try:
        if arguments.output is None:
            _write(arguments, verbs, sys.stdout, tally)
        else:
            with replacing(arguments.output) as made, made.open("w", encoding="utf-8", newline="") as target:
                _write(arguments, verbs, target, tally)
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return 2
    except documents.UnreadableError as error:
        _say(str(error))
        return 2
    problems = list(_problems(tally))
    _say(f"{tally.written} interactions of {len(tally.users)} users; {tally.left_out} documents left out")
    for number, what in (
        (tally.repeated, "repeated documents"),
        (tally.formulas, "interactions with an id that looks like a formula"),
    ):
        if number:
            _say(f"{number} {what}")
    for problem in problems:
        _say(problem)
    return 1 if problems else 0


@dataclass
class _Tally:
    """Counts of what was written. Distinct values are remembered only until there are enough of them."""

    written: int = 0
    left_out: int = 0
    too_long: int = 0
    unprintable: int = 0
    repeated: int = 0
    formulas: int = 0
    users: Counter[str] = field(default_factory=Counter)
    different: set[tuple[object, ...]] = field(default_factory=set)

    def add(self, found: dict[str, Any]) -> None:
        self.written += 1
        self.users[found["USER_ID"]] += 1
        if len(self.different) < LEAST_INTERACTIONS:
            self.different.add(tuple(found[name] for name in COLUMNS[:4]))


def _write(arguments: argparse.Namespace, verbs: frozenset[str], target: TextIO, tally: _Tally) -> None:
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    known: dict[str, None] = {}
    for document in documents.read(arguments.documents):
        if _repeated(document.get("event_id"), known):
            tally.repeated += 1
            continue
        found = interactions(document, verbs=verbs)
        tally.left_out += not found
        for interaction in found:
            row = interaction if arguments.verbatim else _guarded(interaction)
            tally.formulas += row != interaction
            if max(len(row["USER_ID"]), len(row["ITEM_ID"])) > LONGEST_ID:
                tally.too_long += 1
            elif any(_CONTROL.search(value) for value in row.values() if isinstance(value, str)):
                tally.unprintable += 1
            else:
                writer.writerow(row)
                tally.add(row)


def _repeated(event_id: str | None, known: dict[str, None]) -> bool:
    """Whether an event was read already, among the ids still remembered."""
    if event_id is None:
        return False
    if event_id in known:
        return True
    known[event_id] = None
    if len(known) > MOST_REMEMBERED:
        del known[next(iter(known))]
    return False


def _guarded(row: dict[str, Any]) -> dict[str, Any]:
    """The row with an apostrophe before each id that a spreadsheet would read as a formula."""

    def guard(value: str) -> str:
        return f"'{value}" if value.startswith(_FORMULA) else value

    changed = {name: guard(value) if isinstance(value, str) else value for name, value in row.items()}
    if "IMPRESSION" in row:
        changed["IMPRESSION"] = impression(guard(item) for item in row["IMPRESSION"].split("|"))
    return changed


def _problems(tally: _Tally) -> Iterator[str]:
    if tally.too_long:
        yield f"{tally.too_long} interactions left out: an id is longer than {LONGEST_ID} characters"
    if tally.unprintable:
        yield f"{tally.unprintable} interactions left out: an id holds a control character"
    if len(tally.different) < LEAST_INTERACTIONS:
        yield f"{len(tally.different)} different interactions: a model needs at least {LEAST_INTERACTIONS}"
    active = sum(number >= LEAST_BY_USER for number in tally.users.values())
    if active < LEAST_USERS or active < LEAST_SHARE * len(tally.users):
        yield (
            f"{active} users with {LEAST_BY_USER} interactions or more: a model needs at least {LEAST_USERS}, "
            f"and {LEAST_SHARE:.0%} of all"
        )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")

"""The recorded plans, and reports on them."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from constructs_lib.plans.document import Plan
from constructs_lib.plans.reading import parse
from constructs_lib.review.report import Entry, Report, build

PLANS = Path(__file__).parent / "plans"
NAMES = sorted(path.stem for path in PLANS.glob("*.json"))


@cache
def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return document


def document(name: str) -> dict[str, Any]:
    """A copy of a recorded plan, to be changed."""
    return copy.deepcopy(_document(name))


def plan(source: str | dict[str, Any]) -> Plan:
    """A plan, read: a recorded one by its name, or a document."""
    return parse(json.dumps(_document(source) if isinstance(source, str) else source))


def report(source: str | dict[str, Any]) -> Report:
    """The report on a plan, without the policies."""
    return build(plan(source), title="plan.json", policies=None)


def entry(of: Report, address: str) -> Entry:
    """What a report says of one resource."""
    return next(entry for entry in of.entries if entry.address == address)

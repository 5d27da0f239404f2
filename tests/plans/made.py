"""Plans and changes that a test writes down, read as files are."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from constructs_lib.plans.document import Change, Plan
from constructs_lib.plans.reading import parse


def plan_of(document: dict[str, Any]) -> Plan:
    """A plan from its document."""
    return parse(json.dumps(document))


def change_of(before: Any, after: Any, *, actions: tuple[str, ...] = ("update",), **marks: Any) -> Change:
    """A change from its two sides; ``marks`` are ``after_unknown``, ``before_sensitive`` and ``after_sensitive``."""
    document = {"actions": list(actions), "before": before, "after": after, **marks}
    return msgspec.json.decode(json.dumps(document), type=Change)

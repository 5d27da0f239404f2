"""The outcome of each object: the function's answer, which Terraform shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from .client import Refused

Kind = Literal["created", "updated", "unchanged", "conflict", "skipped", "failed"]


@dataclass
class Report:
    """Outcomes in the order of what was done.

    Outcomes are ``created``, ``updated``, ``unchanged``, ``failed``, ``conflict`` (an object that others own, not
    changed) and ``skipped`` (the domain does not support it, or not yet). The last two have a reason and are no
    failures.
    """

    objects: list[dict[str, str]] = field(default_factory=list)

    def add(self, kind: str, name: str, outcome: Kind, reason: str = "") -> None:
        """Note an outcome."""
        self.objects.append({"kind": kind, "name": name, "outcome": outcome, **({"reason": reason} if reason else {})})

    def attempt(self, kind: str, name: str, work: Callable[[], None]) -> None:
        """Run one step; record a `Refused` as a failure and continue."""
        try:
            work()
        except Refused as error:
            self.add(kind, name, "failed", str(error))

    @property
    def failures(self) -> list[str]:
        return [
            f"{each['kind']} {each['name']}: {each['reason']}" for each in self.objects if each["outcome"] == "failed"
        ]

    def answer(self, action: str, **further: Any) -> dict[str, Any]:
        """The structured answer."""
        counts = Counter(each["outcome"] for each in self.objects)
        return {"action": action, **further, "counts": dict(sorted(counts.items())), "objects": self.objects}

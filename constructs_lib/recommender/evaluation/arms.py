"""Compares arms: lists shown, clicked and bought from, with confidence intervals.

A recommendation's id names its arm (``r1.A.<uuid>``), and events carry the id back: impressions when a list was shown,
interactions when a visitor followed it. The lists of one visitor are not independent, so the interval of the
click-through rate counts visitors, not lists (the delta method for a ratio of two sums: Deng, Knoblich and Lu,
"Applying the Delta Method in Metric Analytics", KDD 2018). The interval of the conversion rate is Wilson's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from constructs_lib.recommender.runtime.recommender import VERSION
from constructs_lib.recommender.runtime.sessions import BOUGHT, VERBS

Z = 1.959964
"""Standard deviations from the mean that include 95 % of a normal distribution."""
Interval = tuple[float, float]
_OURS = re.compile(rf"{VERSION}\.([A-Za-z0-9_-]{{1,20}})\.[0-9a-f-]{{36}}")


@dataclass
class Arm:
    """Results of an arm's recommendations, by visitor."""

    shown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    followed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    buyers: set[str] = field(default_factory=set)

    @property
    def visitors(self) -> int:
        """Visitors who saw a list of this arm."""
        return len(self.shown)

    @property
    def lists(self) -> int:
        """Lists that were seen."""
        return sum(map(len, self.shown.values()))

    @property
    def clicked(self) -> int:
        """Lists that were followed at least once."""
        return sum(map(len, self.followed.values()))

    def click_through(self) -> tuple[float, Interval]:
        """Share of the lists that were followed, and its 95 % interval."""
        return ratio([(len(self.followed.get(who, ())), len(seen)) for who, seen in self.shown.items()])

    def conversion(self) -> tuple[float, Interval]:
        """Share of the visitors who bought a recommended item, and its 95 % interval."""
        return share(len(self.buyers), self.visitors)


def of_documents(documents: Iterable[Mapping[str, Any]]) -> dict[str, Arm]:
    """Arms by name, without bots and without recommendations from other systems."""
    arms: dict[str, Arm] = defaultdict(Arm)
    for document in documents:
        identifier = document.get("recommendation_id", "")
        ours = _OURS.fullmatch(identifier)
        if ours is None or document.get("is_bot") is True:
            continue
        arm = arms[ours[1]]
        who = document.get("client_id") or document.get("session_id") or identifier
        # A visitor who follows a list has seen it, even if no impression was sent.
        arm.shown[who].add(identifier)
        if document.get("action_name") in VERBS:
            arm.followed[who].add(identifier)
        if document.get("action_name") == BOUGHT:
            arm.buyers.add(who)
    return dict(sorted(arms.items()))


def ratio(pairs: list[tuple[int, int]]) -> tuple[float, Interval]:
    """The ratio of two sums over visitors, and its 95 % interval.

    Args:
        pairs: numerator and denominator of each visitor.
    """
    total = sum(below for _, below in pairs)
    if not total:
        return 0.0, (0.0, 1.0)
    value = sum(above for above, _ in pairs) / total
    if len(pairs) < 2:
        return value, (0.0, 1.0)
    mean = total / len(pairs)
    variance = sum((above - value * below) ** 2 for above, below in pairs) / (len(pairs) - 1)
    half = Z * sqrt(variance / len(pairs)) / mean
    return value, (max(0.0, value - half), min(1.0, value + half))


def share(number: int, total: int) -> tuple[float, Interval]:
    """A share and its 95 % interval by Wilson."""
    if not total:
        return 0.0, (0.0, 1.0)
    value = number / total
    middle = (value + Z * Z / (2 * total)) / (1 + Z * Z / total)
    half = Z * sqrt(value * (1 - value) / total + Z * Z / (4 * total * total)) / (1 + Z * Z / total)
    return value, (max(0.0, middle - half), min(1.0, middle + half))


def difference(one: tuple[float, Interval], other: tuple[float, Interval]) -> tuple[float, Interval]:
    """The difference of two rates, and its 95 % interval (Newcombe, "Interval estimation for the difference between
    independent proportions", 1998, method 10).
    """
    (first, (first_low, first_high)), (second, (second_low, second_high)) = one, other
    value = first - second
    return value, (
        value - sqrt((first - first_low) ** 2 + (second_high - second) ** 2),
        value + sqrt((first_high - first) ** 2 + (second - second_low) ** 2),
    )

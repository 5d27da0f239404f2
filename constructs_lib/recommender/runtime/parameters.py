"""How nearest sessions are found and their items scored: the algorithm's parameters and their defaults.

The algorithm is session-based k nearest neighbours: the sessions most like the running one vote for their items. It
descends from S-KNN and V-SKNN (Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms", 2018,
https://arxiv.org/abs/1803.09587) and STAN (Garg et al., "Sequence and Time Aware Neighborhood for Session-based
Recommendations", SIGIR 2019). The defaults were chosen on the validation parts of five public data sets, of shops and
of music, and are the same for every site; ``python -m constructs_lib tune`` looks for better ones in a site's own
documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import inf
from typing import Any


class ParameterError(ValueError):
    """An invalid parameter; the text has its name, what is wrong, and what is allowed."""

    def __init__(self, name: str, message: str, given: object, allowed: str) -> None:
        shown = "" if given is None else f"given {given!r}; "
        super().__init__(f"{name}: {message} ({shown}allowed: {allowed})")
        self.name, self.message, self.given, self.allowed = name, message, given, allowed


@dataclass(frozen=True)
class Parameters:
    """One set of parameters.

    Attributes:
        neighbours: sessions that vote: those that have most in common with the running one; of equal ones, the latest.
        items: number of latest items of the running session to search for.
        query_decay: an item ``d`` places before the latest weighs ``exp(-d / query_decay)`` when sessions are compared.
        age_days: a session that ended ``d`` days ago weighs ``exp(-d / age_days)``.
        match_decay: a session whose latest common item is ``d`` places before the latest weighs
            ``exp(-d / match_decay)``.
        distance_decay: an item ``d`` places away from the common one weighs ``1 / (1 + d / distance_decay)``; ``inf``:
            all the same.
        rarity: an item weighs ``1 + rarity * idf``, so that the most popular items do not displace all others.
        revisits: factor for items that the running session already has, since people return to items that they compare.
            1: like any other item; 0: only new items are recommended.
        query_rarity: exponent of the idf that an item's weight is multiplied by when sessions are compared.
        common_share: the search leaves out items that more than this share of all sessions have, if the session has
            others.
    """

    neighbours: int = 100
    items: int = 12
    query_decay: float = 6.0
    age_days: float = 30.0
    match_decay: float = 1.0
    distance_decay: float = 1.5
    rarity: float = 5.0
    revisits: float = 3.0
    query_rarity: float = 0.0
    common_share: float = 0.05

    def __post_init__(self) -> None:
        for name, (least, most) in BOUNDS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
                raise ParameterError(name, "is out of range", value, f"{least:g} to {most:g}")
            if name in WHOLE and not isinstance(value, int):
                raise ParameterError(name, "is not a whole number", value, f"{least:g} to {most:g}")

    def changed(self, values: Mapping[str, Any]) -> Parameters:
        """These parameters with some of them replaced.

        Raises:
            ParameterError: an unknown name, or a value out of range.
        """
        known = [each.name for each in fields(self)]
        for name in values:
            if name not in known:
                raise ParameterError(name, "unknown parameter", None, ", ".join(known))
        return replace(self, **values)

    def values(self) -> dict[str, Any]:
        """The parameters by name."""
        return asdict(self)


BOUNDS: Mapping[str, tuple[float, float]] = {
    "neighbours": (1, 1000),
    "items": (1, 50),
    "query_decay": (0.1, inf),
    "age_days": (0.1, inf),
    "match_decay": (0.1, inf),
    "distance_decay": (0.1, inf),
    "rarity": (0, 100),
    "revisits": (0, 10),
    "query_rarity": (0, 2),
    "common_share": (0.0001, 1),
}
"""Least and greatest value."""

WHOLE = frozenset({"neighbours", "items"})

SESSION = Parameters()
"""Defaults for a running session: they predict the next item."""
PROFILE = Parameters(
    neighbours=1000,
    items=20,
    query_decay=10.0,
    match_decay=2.0,
    distance_decay=inf,
    revisits=1.0,
    query_rarity=0.5,
)
"""Defaults for a person's past without a running session ("for you"), a long history in which order matters less."""

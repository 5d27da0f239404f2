"""Searches for better parameters: random search on sessions that are used neither for learning nor for the report.

Random search finds as good parameters as a grid with far fewer tries, since only some parameters matter (Bergstra and
Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 2012). The defaults are always the first try; sessions
later than those used for the choice show whether the best one is better.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from constructs_lib.recommender.evaluation.memory import MemoryIndex
from constructs_lib.recommender.evaluation.protocol import LIST, Result, measured
from constructs_lib.recommender.evaluation.visits import Visit
from constructs_lib.recommender.runtime.parameters import SESSION, Parameters

CHOICES: dict[str, tuple[Any, ...]] = {
    "neighbours": (50, 100, 150, 200, 300, 500),
    "items": (1, 2, 3, 5, 8, 12, 20),
    "query_decay": (0.5, 1.0, 1.5, 2.5, 4.0, 6.0, 10.0),
    "age_days": (3.0, 7.0, 15.0, 30.0, 60.0, 180.0),
    "match_decay": (0.5, 1.0, 1.5, 2.0, 4.0, 8.0),
    "distance_decay": (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, inf),
    "rarity": (0.0, 0.5, 1.0, 2.0, 5.0, 10.0),
    "revisits": (0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    "query_rarity": (0.0, 0.25, 0.5, 1.0),
    "common_share": (0.02, 0.05, 0.1, 1.0),
}
"""Values to try."""
MOST_SESSIONS = 3000
"""Sessions to measure one try with; more change the figures less than the choice of the sessions does."""


@dataclass(frozen=True)
class Trial:
    """A set of parameters and its quality."""

    parameters: Parameters
    result: Result

    @property
    def value(self) -> float:
        """The objective to maximize: both measures count equally."""
        return self.result.quality.hit_rate + self.result.quality.reciprocal_rank


def drawn(draw: random.Random) -> Parameters:
    """Random parameters."""
    return SESSION.changed({name: draw.choice(values) for name, values in CHOICES.items()})


def judged(index: MemoryIndex, visits: Sequence[Visit], parameters: Parameters, *, repeats: bool = False) -> Result:
    """The quality of parameters on sessions; without ``repeats`` the current item is not recommended."""
    sessions = index.frequencies.sessions
    popularity = {item: count / sessions for item, count in index.frequencies.counts.items()}

    def recommend(session: Sequence[str], now: float) -> list[str]:
        ranked = [each.item for each in index.recommend(session, parameters, now=now)[: LIST + 1]]
        return ranked if repeats else [item for item in ranked if item != session[-1]]

    return measured(recommend, visits, repeats=repeats, popularity=popularity)


def search(
    index: MemoryIndex, visits: Sequence[Visit], *, trials: int, seed: int, repeats: bool = False
) -> Iterator[Trial]:
    """Tries, the defaults first.

    Args:
        index: sessions to learn from.
        visits: sessions to measure with.
        trials: tries besides the defaults.
        seed: the same seed gives the same tries.
    """
    draw = random.Random(seed)  # noqa: S311 - tries, no secrets
    judges = list(visits) if len(visits) <= MOST_SESSIONS else draw.sample(list(visits), MOST_SESSIONS)
    yield Trial(SESSION, judged(index, judges, SESSION, repeats=repeats))
    for _ in range(trials):
        parameters = drawn(draw)
        yield Trial(parameters, judged(index, judges, parameters, repeats=repeats))

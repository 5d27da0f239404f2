"""Measures a recommender: at each position of each held-out session, is the next item among those recommended?

Hit rate (HR@20) is the share of positions where it is, mean reciprocal rank (MRR@20) the mean of 1 / its rank, or 0 if
it is not. This is the protocol of the published comparisons of session-based recommenders (Ludewig and Jannach 2018,
https://arxiv.org/abs/1803.09587). Coverage is the share of the known items that were recommended at all; popularity
bias is the mean share of sessions that have a recommended item, divided by that of the items that came next: 1 means as
popular as the items that people chose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from constructs_lib.recommender.evaluation.visits import Visit

LIST = 20
"""Length of the measured lists."""
LONG = 6
"""Positions from this one on are reported together."""

Recommender = Callable[[Sequence[str], float], Sequence[str]]
"""Takes the items of a session so far and the time; returns items, best first."""


@dataclass
class Quality:
    """Hits and ranks over positions."""

    positions: int = 0
    hits: int = 0
    reciprocal: float = 0.0

    def add(self, rank: int | None) -> None:
        """Count a position: the rank of the next item, from 1, or None if it was not recommended."""
        self.positions += 1
        if rank is not None:
            self.hits += 1
            self.reciprocal += 1 / rank

    @property
    def hit_rate(self) -> float:
        """HR@20."""
        return self.hits / self.positions if self.positions else 0.0

    @property
    def reciprocal_rank(self) -> float:
        """MRR@20."""
        return self.reciprocal / self.positions if self.positions else 0.0


@dataclass
class Result:
    """The measurements of one recommender."""

    quality: Quality = field(default_factory=Quality)
    by_position: dict[int, Quality] = field(default_factory=lambda: defaultdict(Quality))
    """Quality by the number of known items, `LONG` and more together."""
    recommended: set[str] = field(default_factory=set)
    popularity_of_recommended: float = 0.0
    popularity_of_next: float = 0.0

    def bias(self) -> float:
        """Mean popularity of the recommended items divided by that of the items that came next."""
        return self.popularity_of_recommended / self.popularity_of_next if self.popularity_of_next else 0.0


def measured(
    recommend: Recommender,
    visits: Iterable[Visit],
    *,
    repeats: bool = False,
    popularity: Mapping[str, float] | None = None,
    length: int = LIST,
) -> Result:
    """Ask a recommender at each position of each session.

    Args:
        recommend: the recommender.
        visits: sessions from which it did not learn.
        repeats: whether a repeated item counts as a position, as in some published figures. In use, the recommender
            never recommends the item that the visitor is looking at.
        popularity: share of sessions by item, for the bias.
        length: of the lists.
    """
    result = Result()
    shares = popularity or {}
    for visit in visits:
        items = visit.items if repeats else visit.without_repeats().items
        for place in range(1, len(items)):
            following = items[place]
            ranked = list(recommend(items[:place], visit.ended)[:length])
            rank = ranked.index(following) + 1 if following in ranked else None
            result.quality.add(rank)
            result.by_position[min(place, LONG)].add(rank)
            result.recommended.update(ranked)
            if ranked:
                result.popularity_of_recommended += sum(shares.get(item, 0.0) for item in ranked) / len(ranked)
                result.popularity_of_next += shares.get(following, 0.0)
    return result

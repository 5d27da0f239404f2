"""How common items are, from which their rarity is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

TABLE = 5000
"""Items with a count of their own; the others have the mean of the rest."""


@dataclass(frozen=True)
class Frequencies:
    """The number of sessions by item.

    Attributes:
        sessions: of all.
        counts: sessions by item, for the commonest.
        others: mean count of the items that are not among them.
    """

    sessions: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    others: float = 1.0

    def idf(self, item: str) -> float:
        """Inverse document frequency: the logarithm of all sessions over those that have the item."""
        if not self.sessions:
            return 0.0
        return log(max(1.0, self.sessions / max(1.0, self.counts.get(item, self.others))))

    def share(self, item: str) -> float:
        """Part of the sessions that have the item; nothing is known of an item outside the table: 0."""
        return self.counts.get(item, 0) / self.sessions if self.sessions else 0.0


def frequencies(counts: Mapping[str, int], *, sessions: int, items: int, occurrences: int) -> Frequencies:
    """Frequencies from the counts of the commonest items.

    Args:
        counts: sessions by item, of the commonest.
        sessions: of all.
        items: distinct items of all.
        occurrences: of all items, each once a session.
    """
    rest = items - len(counts)
    others = (occurrences - sum(counts.values())) / rest if rest > 0 else 1.0
    return Frequencies(sessions, dict(counts), max(1.0, others))

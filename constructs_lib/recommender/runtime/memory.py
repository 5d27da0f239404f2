"""What the recommender keeps in memory: the snapshot of popularity and rarity, and whether the domain is away."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import items, state
from .domain import Domain, DomainError
from .frequencies import Frequencies
from .popularity import frequencies_of
from .settings import Settings

FRESH_SECONDS = 60.0
AWAY_SECONDS = 5.0
"""After a failure the domain is left alone this long: a busy one is not made busier."""
MOST_CATEGORIES = 200


class UnavailableError(Exception):
    """The domain is away, and nothing is known from before."""


@dataclass
class Memory:
    """Read from the domain now and then; what was read last stays while the domain is away."""

    domain: Domain
    settings: Settings
    clock: Callable[[], float] = time.monotonic
    popular: list[dict[str, Any]] = field(default_factory=list)
    frequencies: Frequencies = field(default_factory=Frequencies)
    catalogue: bool = False
    _read_at: float | None = None
    _away_until: float = float("-inf")
    _by_category: dict[str, tuple[float, list[dict[str, Any]]]] = field(default_factory=dict)

    def refresh(self) -> None:
        """Read the snapshot where it is not fresh.

        Raises:
            DomainError: it could not be read, but an older one is there.
            UnavailableError: nothing is there.
        """
        now = self.clock()
        if self._read_at is not None and now - self._read_at < FRESH_SECONDS:
            return
        try:
            snapshot, self.catalogue = self.asking(self._read)
        except DomainError as error:
            if self._read_at is None:
                raise UnavailableError(str(error)) from error
            raise
        self.popular = snapshot.get("popular", [])
        self.frequencies = frequencies_of(snapshot)
        self._read_at = now

    def _read(self) -> tuple[dict[str, Any], bool]:
        names = self.settings.names
        (snapshot,) = self.domain.ask("POST", f"{names.state}/_mget", {"ids": [state.SNAPSHOT]})["docs"]
        (catalogue,) = self.domain.ask("POST", f"{names.items}/_mget", {"ids": [items.CATALOGUE]})["docs"]
        return snapshot.get("_source", {}), bool(catalogue.get("found"))

    def asking(self, work: Callable[[], Any]) -> Any:
        """What some work with the domain gives; after it failed the domain is not asked for a while.

        Raises:
            DomainError: it failed, or a failure was a moment ago.
        """
        if self.clock() < self._away_until:
            raise DomainError("the domain did not answer a moment ago")
        try:
            return work()
        except DomainError:
            self._away_until = self.clock() + AWAY_SECONDS
            raise

    def popular_in(self, category: str, number: int) -> list[dict[str, Any]]:
        """The most popular items of a category, read now and then.

        Raises:
            DomainError: they could not be read.
        """
        now = self.clock()
        read_at, found = self._by_category.get(category, (float("-inf"), []))
        if now - read_at >= FRESH_SECONDS:
            found = self.asking(lambda: items.popular_in(self.domain, self.settings, category, number))
            if len(self._by_category) >= MOST_CATEGORIES:
                self._by_category.pop(next(iter(self._by_category)))
            self._by_category[category] = (now, found)
        return found

"""The recommender's memory: the snapshot of popularity and rarity, and whether the domain is unavailable."""

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
"""Seconds without requests after a failure, so that a busy domain gets no more load."""
MOST_CATEGORIES = 200


class UnavailableError(Exception):
    """The domain is unavailable, and there is no snapshot in memory."""


@dataclass
class Memory:
    """Reads the snapshot periodically, and keeps the last one while the domain is unavailable."""

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
        """Read the snapshot if the present one is too old.

        Raises:
            DomainError: it could not be read, but there is an older one.
            UnavailableError: it could not be read, and there is no older one.
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
        """The result of a piece of work with the domain; after a failure the domain gets no requests for a while.

        Raises:
            DomainError: it failed, or a recent request failed.
        """
        if self.clock() < self._away_until:
            raise DomainError("the domain did not answer a moment ago")
        try:
            return work()
        except DomainError:
            self._away_until = self.clock() + AWAY_SECONDS
            raise

    def popular_in(self, category: str, number: int) -> list[dict[str, Any]]:
        """The most popular items of a category, cached for a while.

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

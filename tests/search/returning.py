"""Expected retention and paths, computed from the documents in Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.search.independent import Document, bot, moment, value

PAUSE = timedelta(minutes=30)
Sample = Callable[[str], bool]


def everybody(_id: str) -> bool:
    """No sample: every id."""
    return True


def sampled(mask: int) -> Sample:
    """The ids that the panels' scripts keep under a mask: those whose mixed hash has none of its bits."""

    def kept(id_: str) -> bool:
        java = 0
        for letter in id_:
            java = (31 * java + ord(letter)) & 0xFFFFFFFF
        mixed = java * (2**32 - 1640531527) & 0xFFFFFFFF
        return (mixed ^ mixed >> 15) & mask == 0

    return kept


def weeks_of(documents: Iterable[Document], kept: Sample = everybody) -> Mapping[str, set[datetime]]:
    """For each visitor the Mondays of the weeks in which there was an event."""
    found: dict[str, set[datetime]] = defaultdict(set)
    for one in documents:
        if not bot(one) and one.get("client_id") and kept(one["client_id"]):
            day = moment(one).replace(hour=0, minute=0, second=0, microsecond=0)
            found[one["client_id"]].add(day - timedelta(days=day.weekday()))
    return found


def cohorts(documents: Iterable[Document], kept: Sample = everybody) -> dict[tuple[datetime, int], tuple[int, int]]:
    """By the week of the first visit and weeks since: who came back, and how many they were at first."""
    weeks = weeks_of(documents, kept)
    size = Counter(min(seen) for seen in weeks.values())
    back = Counter((min(seen), (week - min(seen)).days // 7) for seen in weeks.values() for week in seen)
    latest = max(week for seen in weeks.values() for week in seen)
    return {
        (first, since): (back[first, since], size[first])
        for first in size
        for since in range((latest - first).days // 7 + 1)
    }


def retention(documents: Iterable[Document]) -> dict[Any, Any]:
    """What the panel writes into its cells."""
    return {
        f"{first:%-d %b %Y}, {size:,} visitors {since}": f"{100 * back / size:.0f} %"
        for (first, since), (back, size) in cohorts(documents).items()
    }


def pages_of(documents: Iterable[Document], kept: Sample = everybody) -> Mapping[str, list[tuple[datetime, str]]]:
    """For each visit its pages, and when."""
    views: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for one in documents:
        visit, path = one.get("session_id") or one.get("client_id"), value(one, "page.path")
        if visit and path and not bot(one) and one["action_name"] not in {"error", "redirect"} and kept(visit):
            views[visit].append((moment(one), path))
    return views


def views(documents: Iterable[Document], kept: Sample, *, longest: int) -> int:
    """How many pages of visits there are, of each visit as many as a script keeps."""
    return sum(min(len(seen), longest) for seen in pages_of(documents, kept).values())


def moves(documents: Iterable[Document], kept: Sample = everybody) -> Counter[str]:
    """How often people went from one page to another."""
    found: Counter[str] = Counter()
    for seen in map(sorted, pages_of(documents, kept).values()):
        for (then, before), (now, after) in pairwise(seen):
            if before != after and now - then <= PAUSE:
                found[f"{before} → {after}"] += 1
    return found


def paths(documents: Iterable[Document], most: int) -> dict[Any, Any]:
    """The most frequent ones."""
    return dict(sorted(moves(documents).items(), key=lambda item: (-item[1], item[0]))[:most])

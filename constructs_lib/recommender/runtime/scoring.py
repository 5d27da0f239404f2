"""Ranks items by the votes of the nearest sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp

from .frequencies import Frequencies
from .nearest import Neighbour, Unwanted
from .parameters import Parameters

MOST_BY_NETWORK = 10
"""Most neighbours of one network and day: enough for an office or a household, too few for invented visitors."""


@dataclass(frozen=True)
class Scored:
    """An item with its score, and the item of the running session that contributes most to it."""

    item: str
    score: float
    because: str
    votes: int


def counted(neighbours: Iterable[Neighbour]) -> tuple[list[Neighbour], Unwanted]:
    """The neighbours whose votes count, and the senders who exceed their limit.

    A client votes once a day, with its nearest session; a network at most `MOST_BY_NETWORK` times a day. If a site
    stores no network, the client counts as the network.
    """
    sources: Counter[str] = Counter()
    networks: Counter[str] = Counter()
    kept = []
    for each in neighbours:
        if each.source:
            sources[each.source] += 1
            if sources[each.source] > 1:
                continue
        if each.network:
            networks[each.network] += 1
            if networks[each.network] > MOST_BY_NETWORK:
                continue
        kept.append(each)
    return kept, Unwanted(
        sorted(source for source, number in sources.items() if number > 1),
        sorted(network for network, number in networks.items() if number > MOST_BY_NETWORK),
    )


def scores(
    session: Sequence[str], neighbours: Iterable[Neighbour], parameters: Parameters, frequencies: Frequencies
) -> list[Scored]:
    """Items of the neighbours, best first; equal scores are ordered by id, so that all engines give the same list.

    Args:
        session: items of the running session, in order.
        neighbours: sessions similar to it.
    """
    latest = session[-parameters.items :]
    places = {item: place + 1 - len(latest) for place, item in enumerate(latest)}
    found: dict[str, float] = {}
    strongest: dict[str, tuple[float, str]] = {}
    votes: Counter[str] = Counter()
    for neighbour in neighbours:
        matched = [index for index, item in enumerate(neighbour.sequence) if item in places]
        if not matched:
            continue
        common = max((places[neighbour.sequence[index]], neighbour.sequence[index]) for index in matched)
        vote = neighbour.similarity * exp(common[0] / parameters.match_decay)
        last = matched[-1]
        seen: set[str] = set()
        for index in range(len(neighbour.sequence) - 1, -1, -1):
            item = neighbour.sequence[index]
            if item in seen:
                continue
            seen.add(item)
            value = vote / (1 + abs(index - last) / parameters.distance_decay)
            found[item] = found.get(item, 0.0) + value
            votes[item] += 1
            if value > strongest.get(item, (0.0, ""))[0]:
                strongest[item] = (value, common[1])
    before = frozenset(session)
    ranked = []
    for item, value in found.items():
        score = value * (1 + parameters.rarity * frequencies.idf(item))
        if item in before:
            score *= parameters.revisits
        if score > 0:
            ranked.append(Scored(item, score, strongest.get(item, (0.0, ""))[1], votes[item]))
    ranked.sort(key=lambda each: (-each.score, each.item))
    return ranked

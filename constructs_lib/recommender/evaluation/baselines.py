"""Baselines for comparison: the simple algorithms of published comparisons.

Association rules count pairs of items within a session; sequential rules count them in order, nearer pairs with more
weight; popularity counts sessions; S-KNN finds sessions by the cosine of their sets of items. Source: Ludewig and
Jannach, "Evaluation of Session-based Recommendation Algorithms" (https://arxiv.org/abs/1803.09587), sections 3.1 and
3.2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from heapq import nsmallest
from math import sqrt

from constructs_lib.recommender.evaluation.protocol import LIST, Recommender
from constructs_lib.recommender.evaluation.visits import Visit

STEPS = 10
"""Positions that a sequential rule looks back."""
NEIGHBOURS = 100
SAMPLE = 500
"""Neighbours of S-KNN, and the number of latest sessions with a common item that they are chosen from."""


def popularity(visits: Sequence[Visit]) -> Recommender:
    """The same items for everybody: those in the most sessions."""
    ranked = _best(Counter(item for visit in visits for item in set(visit.items)), LIST + 1)
    return lambda session, _: _without(ranked, session)


def association_rules(visits: Sequence[Visit]) -> Recommender:
    """Items that were in the same sessions as the latest one."""
    pairs: dict[str, Counter[str]] = defaultdict(Counter)
    for visit in visits:
        for place, item in enumerate(visit.items):
            for other in visit.items[place + 1 :]:
                if item != other:
                    pairs[item][other] += 1
                    pairs[other][item] += 1
    return lambda session, _: _best(pairs.get(session[-1], {}), LIST)


def sequential_rules(visits: Sequence[Visit]) -> Recommender:
    """Items that came after the latest one, within `STEPS`; directly after it counts most."""
    rules: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for visit in visits:
        for place, item in enumerate(visit.items):
            for back in range(1, min(STEPS, place) + 1):
                earlier = visit.items[place - back]
                if earlier != item:
                    rules[earlier][item] += 1 / back
    return lambda session, _: _best(rules.get(session[-1], {}), LIST)


def session_knn(visits: Sequence[Visit]) -> Recommender:
    """Items of the sessions with the most items in common with this one; order and age do not count."""
    documents = sorted(((visit.ended, frozenset(visit.items)) for visit in visits), key=lambda each: -each[0])
    postings: dict[str, list[int]] = defaultdict(list)
    for number, (_, items) in enumerate(documents):
        for item in items:
            postings[item].append(number)

    def recommend(session: Sequence[str], _: float) -> Sequence[str]:
        own = set(session)
        latest = nsmallest(SAMPLE, {number for item in own for number in postings.get(item, ())})
        similar = sorted(
            (-len(own & documents[number][1]) / sqrt(len(own) * len(documents[number][1])), number) for number in latest
        )[:NEIGHBOURS]
        found: dict[str, float] = defaultdict(float)
        for negative, number in similar:
            for item in documents[number][1]:
                found[item] -= negative
        return _without(_best(found, LIST + 1), session)

    return recommend


BASELINES = {
    "popularity": popularity,
    "association rules": association_rules,
    "sequential rules": sequential_rules,
    "S-KNN": session_knn,
}
"""Baselines by their name in reports."""


def _best(found: dict[str, float] | Counter[str], length: int) -> list[str]:
    return [item for _, item in nsmallest(length, ((-value, item) for item, value in found.items()))]


def _without(ranked: Sequence[str], session: Sequence[str]) -> list[str]:
    return [item for item in ranked if item != session[-1]][:LIST]

"""The sessions index in memory: answers the query for nearest sessions like an engine, to measure and tune without one.

Tests compare it with the answers of real engines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from constructs_lib.recommender.evaluation.visits import Visit, moment
from constructs_lib.recommender.runtime.frequencies import TABLE, Frequencies, frequencies
from constructs_lib.recommender.runtime.nearest import RECENT_WEIGHT, Neighbour, recent, weighed, weights
from constructs_lib.recommender.runtime.parameters import Parameters
from constructs_lib.recommender.runtime.scoring import Scored, counted, scores
from constructs_lib.recommender.runtime.sessions import LONGEST


@dataclass(frozen=True)
class _Document:
    sequence: Sequence[str]
    ended: float
    source: str


@dataclass
class MemoryIndex:
    """Sessions, the latest first, like the engine's sorted index."""

    documents: list[_Document]
    frequencies: Frequencies
    _postings: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, visits: Sequence[Visit], *, table: int = TABLE) -> MemoryIndex:
        """An index of sessions; `table` is the number of items with a count of their own."""
        documents = []
        for visit in visits:
            sequence = visit.without_repeats().items[-LONGEST:]
            if sequence:
                documents.append(_Document(sequence, visit.ended, visit.source))
        documents.sort(key=lambda document: -document.ended)
        counts: dict[str, int] = defaultdict(int)
        postings: dict[str, list[int]] = defaultdict(list)
        for number, document in enumerate(documents):
            distinct = set(document.sequence)
            for item in distinct:
                counts[item] += 1
                if len(distinct) > 1:
                    postings[item].append(number)
        commonest = sorted(counts, key=lambda item: (-counts[item], item))[:table]
        known = frequencies(
            {item: counts[item] for item in commonest},
            sessions=len(documents),
            items=len(counts),
            occurrences=sum(counts.values()),
        )
        return cls(documents, known, dict(postings))

    def nearest(self, session: Sequence[str], parameters: Parameters, *, now: float) -> list[Neighbour]:
        """The sessions similar to one, nearest first."""
        found: dict[int, float] = defaultdict(float)
        wanted = weights(session, parameters, self.frequencies)
        for item, weight in wanted.items():
            for number in self._postings.get(item, ()):
                found[number] += weight
        bonus = RECENT_WEIGHT * max(wanted.values(), default=0.0)
        since = recent(moment(now)).timestamp()
        for number in found:
            if self.documents[number].ended >= since:
                found[number] += bonus
        nearest = sorted(found.items(), key=lambda each: (-each[1], each[0]))[: parameters.neighbours]
        neighbours = []
        for number, similarity in nearest:
            document = self.documents[number]
            weight = weighed(len(set(document.sequence)), now - document.ended, parameters)
            neighbours.append(Neighbour(similarity * weight, document.sequence, document.source))
        return sorted(neighbours, key=lambda each: -each.similarity)

    def recommend(self, session: Sequence[str], parameters: Parameters, *, now: float) -> list[Scored]:
        """Items for a session, best first, its own included."""
        voters, _ = counted(self.nearest(session, parameters, now=now))
        return scores(session, voters, parameters, self.frequencies)

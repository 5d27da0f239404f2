"""The algorithm once more, written down plainly from its description and sharing no code with what is deployed.

It holds the whole index in memory, looks at every session that has a common item, and knows the count of every item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import exp, log

K, LAST = 100, 12


class Reference:
    """Nearest sessions of some sessions: ``(items in order, seconds of the end)`` each."""

    def __init__(self, sessions: Sequence[tuple[Sequence[str], float]]) -> None:
        self.sessions = []
        for items, ended in sorted(sessions, key=lambda each: -each[1]):
            folded = [item for place, item in enumerate(items) if not place or items[place - 1] != item]
            self.sessions.append((folded[-50:], ended))
        self.having: dict[str, list[int]] = defaultdict(list)
        for number, (items, _) in enumerate(self.sessions):
            for item in set(items):
                self.having[item].append(number)

    def recommend(self, session: Sequence[str], now: float, *, repeats: bool = False) -> list[str]:
        """Items, best first."""
        latest = session[-LAST:]
        place = {item: position - len(latest) for position, item in enumerate(latest, 1)}
        # What more than one session in twenty has says little: it is looked for only where there is nothing else.
        rare = [item for item in place if len(self.having.get(item, ())) <= 0.05 * len(self.sessions)]
        similarity: dict[int, float] = defaultdict(float)
        for item in rare or place:
            distance = place[item]
            for number in self.having.get(item, ()):
                if len(set(self.sessions[number][0])) > 1:
                    similarity[number] += exp(distance / 6)
        # Of equally similar sessions those of the last day come first; a day begins with an hour.
        since = (now - 86400) // 3600 * 3600
        for number in similarity:
            if self.sessions[number][1] >= since:
                similarity[number] += 1e-4 * exp(max(place[item] for item in rare or place) / 6)
        best = sorted(similarity, key=lambda number: (-similarity[number], number))[:K]
        weighed = {}
        for number in best:
            items, ended = self.sessions[number]
            weighed[number] = similarity[number] / len(set(items)) ** 0.25 * exp(-max(0.0, now - ended) / 86400 / 30)
        neighbours = sorted(weighed, key=lambda number: (-weighed[number], number))
        score: dict[str, float] = defaultdict(float)
        for number in neighbours:
            items, _ = self.sessions[number]
            common = [position for position, item in enumerate(items) if item in place]
            vote = weighed[number] * exp(max(place[items[position]] for position in common))
            for item in set(items):
                position = max(at for at, other in enumerate(items) if other == item)
                score[item] += vote / (1 + abs(position - common[-1]) / 1.5)
        for item in score:
            score[item] *= 1 + 5 * log(len(self.sessions) / len(self.having[item]))
            # People go back to what they compare.
            if item in session:
                score[item] *= 3
        if not repeats:
            score.pop(session[-1], None)
        return sorted(score, key=lambda item: (-score[item], item))[:20]

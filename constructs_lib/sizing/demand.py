"""The demand: the numbers of the section ``traffic`` and values derived from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from constructs_lib.limits import capacity

GIB = 1024**3
MIB = 1024**2
HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
MONTH_DAYS = 30
_STEPS = (1, 1.1, 1.2, 1.35, 1.5, 1.65, 1.8, 2, 2.2, 2.5, 2.75, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 9)
"""Steps at most 10 % apart; three times a step is a step too, since the default peak is three times the average."""


@dataclass(frozen=True)
class Demand:
    """Traffic as numbers: rates in events, searches or recommendations a second, sizes in bytes, shares from 0 to 1."""

    average: float
    peak: float
    event_bytes: float
    document_bytes: float
    events_per_record: float
    events_per_request: float
    kept: float
    hot_days: float
    warm_days: float
    cold_days: float
    searches: float
    growth: float
    """Growth a month, 0.05 for 5 %."""
    documents_per_vcpu: float = capacity.DOCUMENTS_PER_VCPU
    """Document copies a second that one vCPU indexes."""
    recommendations: float = 0.0
    """Recommendations a second at peak; 0 where there is no recommender."""

    @property
    def peak_mib(self) -> float:
        """MiB a second that are put on the stream at peak."""
        return self.peak * self.event_bytes / MIB

    @property
    def peak_records(self) -> float:
        """Records a second that are put on the stream at peak."""
        return self.peak / self.events_per_record

    @property
    def peak_documents(self) -> float:
        """Documents a second that go to the domain at peak."""
        return self.peak * self.kept

    @property
    def daily_gib(self) -> float:
        """GiB of documents a day, one copy of each."""
        return self.average * self.kept * DAY_SECONDS * self.document_bytes / GIB

    def scaled(self, factor: float) -> Demand:
        """The same with all rates multiplied."""
        return replace(
            self,
            average=self.average * factor,
            peak=self.peak * factor,
            searches=self.searches * factor,
            recommendations=self.recommendations * factor,
        )

    def at_least(self, other: Demand) -> Demand:
        """The same with each rate no lower than another demand's."""
        return replace(
            self,
            average=max(self.average, other.average),
            peak=max(self.peak, other.peak),
            searches=max(self.searches, other.searches),
            recommendations=max(self.recommendations, other.recommendations),
        )

    def part(self, deployments: int) -> Demand:
        """The demand of one of several deployments that share the clients; a search queries all of them, a
        recommendation only the client's own.
        """
        return replace(
            self,
            average=self.average / deployments,
            peak=self.peak / deployments,
            recommendations=self.recommendations / deployments,
        )

    def after(self, months: float) -> Demand:
        """The same after some months of growth; searches grow with the events."""
        return self.scaled((1 + self.growth) ** months)

    def steady(self) -> Demand:
        """The same with each rate rounded to a step, so that a small change of the traffic changes no proposal.

        Steps lie about a tenth apart; a rate up to 2 % above one counts as on it.
        """
        average = step(self.average)
        return replace(
            self,
            average=average,
            peak=max(average, step(self.peak)),
            searches=step(self.searches),
            recommendations=step(self.recommendations),
        )


def step(rate: float) -> float:
    """The lowest step that a rate is at most 2 % above; 0 stays 0."""
    if rate <= 0:
        return 0.0
    power = math.floor(math.log10(rate)) - 1
    for exponent in (power, power + 1, power + 2):
        for mantissa in _STEPS:
            value = mantissa * 10.0**exponent
            if value * (1 + capacity.STEP_TOLERANCE) >= rate:
                return value
    raise AssertionError(rate)

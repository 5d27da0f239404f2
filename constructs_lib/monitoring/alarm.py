"""The description of one CloudWatch alarm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Comparison = Literal[
    "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"
]
MISSING = Literal["missing", "notBreaching", "ignore"]

GE: Comparison = "GreaterThanOrEqualToThreshold"
GT: Comparison = "GreaterThanThreshold"
LT: Comparison = "LessThanThreshold"
LE: Comparison = "LessThanOrEqualToThreshold"


@dataclass(frozen=True)
class Alarm:
    """One alarm on one metric, or on an expression over several.

    Attributes:
        id: part of the alarm's name and of its id in the tree; fixed.
        metrics: metric name to statistic.
        expression: metric math over ``m1``, ``m2`` ... in the order of ``metrics``; None for a single metric.
        evaluations: how many periods CloudWatch evaluates.
        breaches: how many of them put it into ALARM; None: all. With 1 of many, the first breach notifies once, and
            the alarm ends after ``evaluations`` periods without another.
        advice: what happened and what to do; the alarm's description.
        missing: how to treat a period without data. No alarm uses ``breaching``: CloudWatch fills in the periods
            before the alarm was created, so it would fire before its subject works.
        silence_rings: whether it also notifies when data stop. CloudWatch's state for that is ``INSUFFICIENT_DATA``;
            an alarm begins in that state, so one that has had no data yet notifies nobody
            (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
    """

    id: str
    metrics: Mapping[str, str]
    comparison: Comparison
    threshold: float
    period: int
    evaluations: int
    advice: str
    expression: str | None = None
    breaches: int | None = None
    missing: MISSING = "missing"
    silence_rings: bool = False

    def __post_init__(self) -> None:
        if not self.metrics or (len(self.metrics) > 1 and self.expression is None):
            raise ValueError(f"alarm {self.id}: metrics must name one metric, or several with an expression")

    @property
    def metric(self) -> tuple[str, str]:
        """The first metric and its statistic."""
        return next(iter(self.metrics.items()))

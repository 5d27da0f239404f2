"""One alarm, as CloudWatch is told of it."""

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
        evaluations: how many periods are looked at.
        breaches: how many of them make it ring; None: all. One of many rings at once and once, until as many periods as
            are looked at went by without another.
        advice: what it means and where to look; the alarm's description.
        missing: what a period without data counts as. Nothing counts as ``breaching``: CloudWatch fills in every
            period before the alarm was made, and so it would ring before its subject works.
        silence_rings: whether it is told too when data stop coming. CloudWatch's state for that is
            ``INSUFFICIENT_DATA``, in which an alarm begins, so that one without data yet tells nobody
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

    @property
    def metric(self) -> tuple[str, str]:
        """The first metric and its statistic."""
        return next(iter(self.metrics.items()))

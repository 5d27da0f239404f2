"""Alarms of the recommender: how far behind the fold is, and whether it answers from memory alone."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.monitoring.alarm import GE, GT, Alarm

PERIOD = 300
"""Seconds."""
LAG_SECONDS = 1800
"""Sessions of half an hour ago recommend a little worse; a day old, they cost up to six hits of a hundred
(docs/personalization.md)."""


def recommender_alarms() -> Iterator[Alarm]:
    """Alarms on what both functions count themselves, in ``recommender/runtime/metrics.py``."""
    yield Alarm(
        "fold-lag",
        {"FoldLag": "Maximum"},
        GE,
        LAG_SECONDS,
        PERIOD,
        3,
        "What visitors did half an hour ago or more is not in the recommendations yet: the fold fails, or more arrives "
        "than one run folds. Its log says which; a longer timeout or more memory helps with the second.",
        silence_rings=True,
    )
    yield Alarm(
        "degraded",
        {"Degraded": "Sum"},
        GT,
        0,
        PERIOD,
        3,
        "Recommendations come from memory: the same popular items for everybody. The domain does not answer the "
        "function, or not within a second; the function's log and the domain's alarms say why.",
        missing="notBreaching",
    )

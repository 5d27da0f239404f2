"""Alarms of the recommender: how far behind the fold is, and whether it answers from memory alone."""

from __future__ import annotations

from constructs_lib.monitoring.alarm import GE, GT, Alarm

PERIOD = 300
"""Seconds."""
LAG_SECONDS = 1800
"""Sessions half an hour old make recommendations slightly worse; a day old, they cost up to 6 hits in 100
(docs/personalization.md)."""


def recommender_alarms() -> list[Alarm]:
    """Alarms on both functions' own metrics, see ``recommender/runtime/metrics.py``."""
    return [
        Alarm(
            "fold-lag",
            {"FoldLag": "Maximum"},
            GE,
            LAG_SECONDS,
            PERIOD,
            3,
            "Recommendations lag: events of half an hour ago are not in them yet. The fold fails, or more events "
            "arrive than one run folds; its log says which. For the second, use a longer timeout or more memory.",
            silence_rings=True,
        ),
        Alarm(
            "degraded",
            {"Degraded": "Sum"},
            GT,
            0,
            PERIOD,
            3,
            "All visitors get the same popular items: the domain does not answer the function within a second, so it "
            "answers from memory. Look at the function's log and the domain's alarms.",
            missing="notBreaching",
        ),
    ]

"""Splits sessions by time: the sessions to learn from ended before those to measure with."""

from __future__ import annotations

from collections.abc import Sequence

from constructs_lib.recommender.evaluation.visits import Visit

LEAST_SESSIONS = 50
"""Fewest sessions to learn from; results from fewer are meaningless."""


class TooFewError(Exception):
    """Too few sessions to split; the message has their number."""


def split(visits: Sequence[Visit], share: float) -> tuple[list[Visit], list[Visit]]:
    """Sessions to learn from, and the latest ones of two items or more to measure with.

    Args:
        visits: in the order in which they ended.
        share: share of the sessions of two items or more to measure with.

    Raises:
        TooFewError: fewer than `LEAST_SESSIONS` remain to learn from, or none to measure with.
    """
    long = [place for place, visit in enumerate(visits) if len(visit.without_repeats().items) > 1]
    judging = int(len(long) * share)
    begin = long[-judging] if judging else len(visits)
    learned = [visit for visit in visits[:begin] if visit.ended < visits[min(begin, len(visits) - 1)].ended]
    if not judging or len(learned) < LEAST_SESSIONS:
        raise TooFewError(
            f"{len(visits)} sessions, {len(long)} of them with two items or more: too few to learn from and to judge "
            f"by (allowed: {LEAST_SESSIONS} to learn from, and one to judge by)"
        )
    return learned, [visits[place] for place in long[-judging:]]

"""Recommendations of every engine are the plain reference's: the small part of ``make recommend-bench`` in CI."""

from __future__ import annotations

import random

from constructs_lib.recommender.evaluation.visits import Visit
from rehearsal.engines import Server
from tests.recommender.bench.quality import DataSet, on_engine
from tests.recommender.reference import Reference
from tests.recommender.visits import NOW

SESSIONS, ASKED, DAYS = 500, 25, 60


def invented(number: int, seed: int, *, days: tuple[float, float]) -> list[Visit]:
    """Sessions over a few popular and many rare items, in the order in which they ended."""
    draw = random.Random(seed)  # noqa: S311 - invented data
    found = []
    for _ in range(number):
        ended = float(int(NOW.timestamp() - draw.uniform(*days) * 86400))
        items = [f"i{min(200, int(draw.paretovariate(0.7)))}" for _ in range(draw.randint(1, 8))]
        found.append(Visit(items, ended - 60 * (len(items) - 1), ended).without_repeats())
    return sorted(found, key=lambda visit: visit.ended)


def test_the_lists_match_the_plain_reference(server: Server) -> None:
    data = DataSet("invented", invented(SESSIONS, 1, days=(1, DAYS)), invented(ASKED, 2, days=(0, 0.5)))
    reference = Reference([(visit.items, visit.ended) for visit in data.train])
    measured = on_engine(server, data)
    asked = [(visit.items[:place], visit.ended) for visit in data.test for place in range(1, len(visit.items))]
    assert len(asked) == len(measured.lists[False]) > 50
    for (items, now), found in zip(asked, measured.lists[False], strict=True):
        expected = reference.recommend(items, now)
        # What the nearest sessions do not fill, popular items do.
        assert found[: len(expected)] == expected

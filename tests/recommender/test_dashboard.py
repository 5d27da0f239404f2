"""The dashboard draws each arm's rate and its confidence interval, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.bootstrap.runtime import catalogue
from constructs_lib.recommender.evaluation.arms import share
from rehearsal.panels.browser import browser
from rehearsal.panels.drawing import drawn, page
from rehearsal.panels.searches import panels

NAMES: dict[str, int | str] = {"index_name": "shop", "index_pattern": "shop-*"}
VISITORS, LISTS, FOLLOWED, BUYERS = 100, 200, 60, 7


def _arm(visitors: int, lists: int, followed: int, buyers: int) -> dict[str, Any]:
    """An arm as a search answers it."""
    return {
        "visitors": {"value": visitors},
        "shown": {"value": lists},
        "followed": {"lists": {"value": followed}},
        "bought": {"visitors": {"value": buyers}},
    }


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """What a browser made of both panels, of an arm with visitors and one without."""
    if browser() is None:
        pytest.skip("needs a browser (chromium) on PATH or in BROWSER_PATH")
    buckets = [_arm(VISITORS, LISTS, FOLLOWED, BUYERS), _arm(0, 0, 0, 0)]
    answer = {"aggregations": {"chosen": {"arms": {"buckets": buckets}}}}
    found = panels(catalogue.saved_objects(NAMES, arms=["A", "B"]))
    chosen = {id_: panel for id_, panel in found.items() if id_.startswith("shop-recommendations-")}
    places = {id_: {"x": 0, "y": 20 * place, "w": 48, "h": 20} for place, id_ in enumerate(chosen)}
    return drawn(page("arms", places, {id_: (panel, answer) for id_, panel in chosen.items()}))


@pytest.mark.parametrize(("panel", "part"), [("arms", FOLLOWED / LISTS), ("conversion", BUYERS / VISITORS)])
def test_a_rate_is_drawn_with_its_interval(report: dict[str, Any], panel: str, part: float) -> None:
    shown = report[f"shop-recommendations-{panel}"]
    assert shown.get("error") is None
    assert shown["marks"] == 1
    (row,) = shown["rows"]
    _, (low, high) = share(round(part * VISITORS), VISITORS)
    assert (row["arm"], row["rate"]) == ("A", pytest.approx(100 * part))
    assert (row["low"], row["high"]) == (pytest.approx(100 * low), pytest.approx(100 * high))

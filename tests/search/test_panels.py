"""Every panel of every dashboard with real data: its search on a real engine, its picture in a real browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.engines import Server
from rehearsal.panels.browser import browser
from rehearsal.panels.drawing import drawn, page
from tests.search import independent
from tests.search.behaviour import LOG, SHOP, all_panels, dashboards, days_of, documents, search
from tests.search.independent import action, bot, bucket_of, moment, unique, value, within

CLASSIC = [id_ for id_, (panel, _) in all_panels().items() if panel.kind != "vega"]
VEGA = [id_ for id_, (panel, _) in all_panels().items() if panel.kind == "vega"]


def legacy(server: Server) -> bool:
    """Whether Kibana 7.1's requests are right for this engine."""
    return server.name == "elasticsearch-7.1.0"


@pytest.mark.parametrize("id_", CLASSIC)
def test_a_classic_panel_shows_the_numbers_of_the_documents(behaviour: Server, id_: str) -> None:
    panel, times = all_panels()[id_]
    shown = panel.rows(search(behaviour, panel.search(times, legacy=legacy(behaviour))))
    expected = independent.rows(panel, documents(), times)
    assert expected
    # Counts are exact; numbers of distinct values are estimates, within a percent for these.
    distinct = {agg["id"] for agg in panel.state["aggs"] if agg["type"] == "cardinality"}
    assert len(shown) == len(expected)
    for found, wanted in zip(shown, expected, strict=True):
        for id_of, number in wanted.items():
            near = pytest.approx(number, rel=0.01, abs=0.5) if id_of in distinct else number
            assert found[id_of] == near


def _clicks_by(documents_: list[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> dict[Any, tuple[int, int]]:
    """Impressions and clicks by a key."""
    found: dict[Any, tuple[int, int]] = {}
    for one in documents_:
        seen, clicked = found.get(key(one), (0, 0))
        found[key(one)] = (seen + action("impression")(one), clicked + action("click")(one))
    return found


def _rates(by: dict[Any, tuple[int, int]]) -> dict[Any, float]:
    return {key: 100 * clicked / seen for key, (seen, clicked) in by.items() if seen}


def week() -> dict[Any, float]:
    """Events of people by weekday and hour."""
    found = Counter(moment(one).strftime("%a %-H") for one in within(documents(), days_of(LOG)) if not bot(one))
    return dict(found)


def funnel() -> dict[Any, float]:
    """Visitors at each step."""
    people = [one for one in within(documents(), days_of(SHOP)) if not bot(one)]
    steps = {
        "Seen": ("impression", "view", "watch"),
        "Clicked": ("click",),
        "In the basket": ("add_to_cart",),
        "Bought": ("purchase",),
    }
    return {step: unique([one for one in people if action(*names)(one)], "client_id") for step, names in steps.items()}


def rate() -> dict[Any, float]:
    """Clicks for each hundred impressions by day."""
    return _rates(_clicks_by(within(documents(), days_of(SHOP)), lambda one: bucket_of(one, 86400)))


def position() -> dict[Any, float]:
    """Clicks for each hundred impressions by position."""
    placed = [
        one for one in within(documents(), days_of(SHOP)) if value(one, "event_attributes.position.ordinal") is not None
    ]
    return _rates(_clicks_by(placed, lambda one: value(one, "event_attributes.position.ordinal")))


def share_of(test: Callable[[dict[str, Any]], bool]) -> dict[Any, float]:
    """Share of the log's events that pass a test, by hour, in percent."""
    hours: dict[Any, list[bool]] = {}
    for one in within(documents(), days_of(LOG)):
        hours.setdefault(bucket_of(one, 3600), []).append(test(one))
    return {hour: 100 * sum(found) / len(found) for hour, found in hours.items()}


# For each Vega panel, which columns of its drawn data are key and value, and what they should be.
EXPECTED: dict[str, tuple[str, str, Callable[[], dict[Any, float]]]] = {
    "events-traffic-week": ("weekday hour", "sum_doc_count", week),
    "events-funnel-steps": ("step", "visitors.value", funnel),
    "events-funnel-rate": ("key", "rate", rate),
    "events-funnel-position": ("key", "rate", position),
    "events-bots-share": ("key", "share", lambda: share_of(bot)),
    "events-errors-share": ("key", "share", lambda: share_of(independent.status(400, 599))),
}


@pytest.fixture(scope="module")
def report(behaviour: Server) -> dict[str, Any]:
    """What a browser made of all Vega panels, with the engine's answers."""
    if browser() is None:
        pytest.skip("needs a browser (chromium) on PATH or in BROWSER_PATH")
    found = {}
    for id_ in VEGA:
        panel, times = all_panels()[id_]
        found[id_] = (panel, search(behaviour, panel.search(times)))
    places = {id_: {"x": 0, "y": 20 * number, "w": 48, "h": 20} for number, id_ in enumerate(VEGA)}
    return drawn(page("Vega", places, found))


@pytest.mark.parametrize("id_", VEGA)
def test_a_browser_draws_the_vega_panel(report: dict[str, Any], id_: str) -> None:
    assert report[id_].get("error") is None
    assert report[id_]["marks"] > 0


@pytest.mark.parametrize("id_", EXPECTED)
def test_the_drawn_data_are_the_numbers_of_the_documents(report: dict[str, Any], id_: str) -> None:
    key, number, expected = EXPECTED[id_]
    shown = {_cell(row, key): _cell(row, number) for row in report[id_]["rows"]}
    assert shown == pytest.approx(expected())


def test_the_drawn_items_are_those_seen_and_clicked(report: dict[str, Any]) -> None:
    people = [one for one in within(documents(), all_panels()["events-content-attention"][1]) if not bot(one)]
    clicked = [one for one in people if action("click")(one)]
    rows = report["events-content-attention"]["rows"]
    most = max(_cell(row, "clicked.doc_count") for row in rows)
    by_item: dict[str, int] = {}
    for one in clicked:
        item = value(one, "event_attributes.object.object_id")
        by_item[item] = by_item.get(item, 0) + 1
    assert most == max(by_item.values())


def test_every_vega_panel_has_its_numbers_checked() -> None:
    assert set(VEGA) == {*EXPECTED, "events-content-attention"}


def test_a_panel_that_cannot_be_drawn_is_noticed(behaviour: Server) -> None:
    if browser() is None:
        pytest.skip("needs a browser (chromium) on PATH or in BROWSER_PATH")
    panel, times = all_panels()["events-bots-share"]
    broken = {**panel.state, "params": {"spec": panel.state["params"]["spec"].replace('"area"', '"no mark"')}}
    other = type(panel)(panel.id, panel.title, panel.kind, broken, panel.source)
    found = {panel.id: (other, search(behaviour, panel.search(times)))}
    report_ = drawn(page("Broken", {panel.id: {"x": 0, "y": 0, "w": 48, "h": 20}}, found))
    assert "error" in report_[panel.id]


def test_dashboards_hold_every_panel_once() -> None:
    held = [reference["id"] for board in dashboards() for reference in board["references"]]
    assert sorted(held) == sorted({*CLASSIC, *VEGA})


def _cell(row: dict[str, Any], path: str) -> Any:
    """A column of a drawn row, or two; Vega-Lite flattens ``a.b`` where it aggregates, else it is nested."""
    if " " in path:
        return " ".join(str(row[name]) for name in path.split())
    if path in row:
        return row[path]
    found: Any = row
    for name in path.split("."):
        found = found[name]
    return found

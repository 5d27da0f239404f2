"""Every panel of every dashboard with real data: its search on a real engine, its picture in a real browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from constructs_lib.recommender.evaluation.arms import Arm, Interval, of_documents
from rehearsal.engines import Server
from rehearsal.panels.browser import browser
from rehearsal.panels.drawing import drawn, page
from rehearsal.panels.searches import Times
from tests.recommender import shown
from tests.search import independent, returning, visits
from tests.search.behaviour import (
    LOG,
    SCRIPTED,
    SHOP,
    WHO_SAW,
    WITHOUT_PAINLESS,
    all_panels,
    answers,
    dashboards,
    days_of,
    documents,
    everything,
    search,
)
from tests.search.independent import action, bot, bucket_of, moment, status, unique, value, within

CLASSIC = [id_ for id_, (panel, _) in all_panels().items() if panel.kind != "vega"]
VEGA = [id_ for id_, (panel, _) in all_panels().items() if panel.kind == "vega"]


def legacy(server: Server) -> bool:
    """Whether Kibana 7.1's requests are right for this engine."""
    return server.name == "elasticsearch-7.1.0"


@pytest.mark.parametrize("id_", CLASSIC)
def test_a_classic_panel_matches_the_documents(behaviour: Server, id_: str) -> None:
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


def people(times: Times) -> list[dict[str, Any]]:
    """Documents of people in the chosen time."""
    return [one for one in within(documents(), times) if not bot(one)]


def visitors(given: list[dict[str, Any]]) -> int:
    """How many different visitors there are."""
    return unique(given, "client_id")


def traffic() -> dict[Any, Any]:
    """Documents, events and networks of the access log, which knows nobody."""
    found = people(days_of(LOG))
    return {
        "Documents": f"{len(found):,}",
        "Events": f"{unique(found, 'event_id'):,}",
        "Visitors": "needs a client id",
        "Sessions": "needs a session id",
        "Signed-in users": "needs a user id",
        "Networks": f"{unique(found, 'ip_prefix'):,}",
    }


def week() -> dict[Any, Any]:
    """Events of people by weekday and hour."""
    return dict(Counter(moment(one).strftime("%a %-H") for one in people(days_of(LOG))))


def most(given: list[dict[str, Any]], field: str, number: int) -> dict[Any, Any]:
    """The most frequent values of a field, each once a document, and how many documents have them."""
    found: Counter[Any] = Counter()
    for one in given:
        inner = value(one, field)
        found.update(inner if isinstance(inner, list) else [] if inner is None else [inner])
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:number])


def part_of(given: list[dict[str, Any]], field: str, number: int, test: Callable[[dict[str, Any]], bool]) -> Any:
    """Of each of the most frequent values of a field, the documents that pass a test."""
    passed = most([one for one in given if test(one)], field, len(given))
    return {key: passed.get(key, 0) for key in most(given, field, number)}


STEPS = {
    "Searched": ("search",),
    "Seen": ("impression", "view", "watch"),
    "Clicked": ("click",),
    "In the basket": ("add_to_cart",),
    "Bought": ("purchase",),
}


def steps() -> dict[Any, int]:
    """Visitors at each step."""
    found = people(days_of(SHOP))
    return {step: visitors([one for one in found if action(*names)(one)]) for step, names in STEPS.items()}


def step_shares() -> dict[Any, Any]:
    """Each step's share of all visitors."""
    everybody = visitors(people(days_of(SHOP)))
    return {step: f"{100 * number / everybody:.1f} % of visitors" for step, number in steps().items()} | {
        "Visitors": "100.0 % of visitors"
    }


def funnel() -> dict[Any, Any]:
    """Visitors of each step, and their share of those who saw something."""
    found = {step: number for step, number in steps().items() if step != "Searched"}
    return {step: f"{number:,} ({100 * number / found['Seen']:.1f} %)" for step, number in found.items()}


def searches() -> dict[Any, Any]:
    """Searches, those whose number of results is known, those that found nothing."""
    made = [one for one in people(everything()) if action("search")(one)]
    known = [one for one in made if "result_count" in one]
    without = [one for one in known if one["result_count"] == 0]
    return {
        "Searches": f"{unique(made, 'query_id'):,}",
        "Searches with a known number of results": f"{unique(known, 'query_id'):,}",
        "Searches without results": f"{unique(without, 'query_id'):,}",
    }


def requests() -> dict[Any, Any]:
    """Requests and how many of them failed, in percent."""
    found = within(documents(), days_of(LOG))
    all_of_them = sum(value(one, "http.status") is not None for one in found)
    client, server = (sum(status(least, least + 99)(one) for one in found) for least in (400, 500))
    return {
        "Requests": "",
        "Client errors (4xx)": f"{100 * client / all_of_them:.2f} % of requests",
        "Server errors (5xx)": f"{100 * server / all_of_them:.2f} % of requests",
    }


def failures() -> list[dict[str, Any]]:
    """Requests that failed."""
    return [one for one in within(documents(), days_of(LOG)) if status(400, 599)(one)]


def _by_hour(given: Iterable[dict[str, Any]]) -> dict[Any, int]:
    return dict(Counter(bucket_of(one, 3600) for one in given))


def failures_by_hour() -> dict[Any, Any]:
    """Failures by hour, hours without any included."""
    found = _by_hour(failures())
    return {hour: found.get(hour, 0) for hour in range(min(found), max(found) + 1, 3_600_000)}


def ordered() -> list[dict[str, Any]]:
    """Events of people that name several items."""
    return [one for one in people(everything()) if one.get("items")]


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


ITEM = "event_attributes.object.object_id"
# For each Vega panel, which columns of its drawn data are key and value, and what they should be.
EXPECTED: list[tuple[str, str, str, Callable[[], dict[Any, Any]]]] = [
    ("events-traffic-totals", "tile", "shown", traffic),
    ("events-traffic-week", "weekday hour", "sum_doc_count", week),
    ("events-traffic-browsers", "key", "doc_count", lambda: most(people(days_of(LOG)), "device.browser", 10)),
    ("events-funnel-totals", "tile", "note", step_shares),
    ("events-funnel-totals", "tile", "amount", lambda: steps() | {"Visitors": visitors(people(days_of(SHOP)))}),
    ("events-funnel-steps", "step", "label", funnel),
    ("events-funnel-rate", "key", "rate", rate),
    ("events-funnel-position", "key", "rate", position),
    ("events-content-items", "key", "doc_count", lambda: most(people(everything()), ITEM, 15)),
    ("events-content-items", "key", "part.doc_count", lambda: part_of(people(everything()), ITEM, 15, action("click"))),
    ("events-content-orders", "key", "doc_count", lambda: most(ordered(), "items.object_id", 15)),
    (
        "events-content-orders",
        "key",
        "part.doc_count",
        lambda: part_of(ordered(), "items.object_id", 15, action("purchase")),
    ),
    ("events-content-search-totals", "tile", "shown", searches),
    ("events-bots-share", "key", "share", lambda: share_of(bot)),
    (
        "events-bots-pages",
        "key",
        "doc_count",
        lambda: most([one for one in within(documents(), days_of(LOG)) if bot(one)], "page.path", 10),
    ),
    ("events-errors-totals", "tile", "note", requests),
    ("events-errors-over-time", "key", "doc_count", failures_by_hour),
    (
        "events-errors-over-time",
        "key",
        "server.doc_count",
        lambda: dict.fromkeys(failures_by_hour(), 0) | _by_hour(one for one in failures() if status(500, 599)(one)),
    ),
    ("events-errors-share", "key", "share", lambda: share_of(status(400, 599))),
    ("events-errors-programs", "key", "doc_count", lambda: most(failures(), "device.browser", 12)),
    ("events-errors-programs", "key", "part.doc_count", lambda: part_of(failures(), "device.browser", 12, bot)),
    ("events-visitors-retention", "first_week week", "label", lambda: returning.retention(visits.visits())),
    ("events-visitors-paths", "pair", "times", lambda: returning.paths(visits.visits(), 15)),
    ("events-recommendations-arms", "arm", "rate", lambda: rates_of_arms(Arm.click_through)),
    ("events-recommendations-conversion", "arm", "rate", lambda: rates_of_arms(Arm.conversion)),
]


def rates_of_arms(rate: Callable[[Arm], tuple[float, Interval]]) -> dict[Any, float]:
    """A rate of each of the recommender's arms, in percent."""
    return {name: 100 * rate(arm)[0] for name, arm in of_documents(shown.lists(WHO_SAW)).items()}


@pytest.fixture(scope="module")
def report(behaviour: Server) -> dict[str, Any]:
    """What a browser made of all Vega panels, with the engine's answers."""
    if browser() is None:
        pytest.skip("needs a browser (chromium) on PATH or in BROWSER_PATH")
    found = {}
    for id_ in VEGA:
        if not answers(behaviour, id_):
            continue
        panel, times = all_panels()[id_]
        found[id_] = (panel, search(behaviour, panel.search(times)))
    places = {id_: {"x": 0, "y": 20 * number, "w": 48, "h": 20} for number, id_ in enumerate(found)}
    return drawn(page("Vega", places, found))


def drawn_of(report: dict[str, Any], id_: str) -> dict[str, Any]:
    """What was drawn of a panel."""
    if id_ in SCRIPTED and id_ not in report:
        pytest.skip(f"the archive of {WITHOUT_PAINLESS} has no interpreter of scripts")
    found: dict[str, Any] = report[id_]
    return found


@pytest.mark.parametrize("id_", sorted(SCRIPTED))
def test_only_an_engine_without_an_interpreter_refuses_a_script(behaviour: Server, id_: str) -> None:
    panel, times = all_panels()[id_]
    answer = behaviour.request("POST", "/panels-*/_search", panel.search(times))
    assert (answer.status == 200) is answers(behaviour, id_)
    assert answer.status == 200 or "script_lang not supported [painless]" in answer.text


@pytest.mark.parametrize("id_", VEGA)
def test_a_browser_draws_the_vega_panel(report: dict[str, Any], id_: str) -> None:
    found = drawn_of(report, id_)
    assert found.get("error") is None
    assert found["marks"] > 0


@pytest.mark.parametrize(("id_", "key", "number", "expected"), EXPECTED)
def test_the_drawn_data_match_the_documents(
    report: dict[str, Any], id_: str, key: str, number: str, expected: Callable[[], dict[Any, Any]]
) -> None:
    shown = {_cell(row, key): _cell(row, number) for row in drawn_of(report, id_)["rows"]}
    assert shown == pytest.approx(expected())


NOT_KNOWN = [
    ("events-funnel-totals", LOG, "tile", "shown", dict.fromkeys([*STEPS, "Visitors"], "needs a client id")),
    ("events-funnel-steps", LOG, "step", "label", dict.fromkeys([*STEPS][1:], "needs a client id")),
    (
        "events-content-search-totals",
        LOG,
        "tile",
        "shown",
        {
            "Searches": "needs a query id",
            "Searches with a known number of results": "needs result_count",
            "Searches without results": "needs result_count",
        },
    ),
    (
        "events-errors-totals",
        SHOP,
        "tile",
        "shown",
        dict.fromkeys(["Requests", "Client errors (4xx)", "Server errors (5xx)"], "needs an access log"),
    ),
    ("events-visitors-retention", LOG, "first_week", "label", {"No visitor is known": "needs a client id"}),
    ("events-visitors-paths", LOG, "pair", "times", {"needs a client id": 0}),
]


def test_missing_data_is_reported_instead_of_zero(behaviour: Server) -> None:
    if browser() is None:
        pytest.skip("needs a browser (chromium) on PATH or in BROWSER_PATH")
    found = {
        id_: (panel, search(behaviour, panel.search(days_of(name))))
        for id_, name, *_ in NOT_KNOWN
        if answers(behaviour, id_)
        for panel, _ in [all_panels()[id_]]
    }
    places = {id_: {"x": 0, "y": 20 * number, "w": 48, "h": 20} for number, id_ in enumerate(found)}
    made = drawn(page("Not known", places, found))
    said = {
        id_: {_cell(row, key): _cell(row, shown) for row in made[id_]["rows"]}
        for id_, _, key, shown, _ in NOT_KNOWN
        if id_ in found
    }
    assert said == {id_: expected for id_, *_, expected in NOT_KNOWN if id_ in found}


def test_the_drawn_items_are_the_viewed_and_clicked_ones(report: dict[str, Any]) -> None:
    people = [one for one in within(documents(), all_panels()["events-content-attention"][1]) if not bot(one)]
    clicked = [one for one in people if action("click")(one)]
    rows = report["events-content-attention"]["rows"]
    most = max(_cell(row, "clicked.doc_count") for row in rows)
    by_item: dict[str, int] = {}
    for one in clicked:
        item = value(one, "event_attributes.object.object_id")
        by_item[item] = by_item.get(item, 0) + 1
    assert most == max(by_item.values())


def test_the_numbers_of_every_vega_panel_are_checked() -> None:
    assert set(VEGA) == {*(id_ for id_, *_ in EXPECTED), "events-content-attention"}


def test_a_panel_that_cannot_be_drawn_fails(behaviour: Server) -> None:
    if browser() is None:
        pytest.skip("needs a browser (chromium) on PATH or in BROWSER_PATH")
    panel, times = all_panels()["events-bots-share"]
    broken = {**panel.state, "params": {"spec": panel.state["params"]["spec"].replace('"area"', '"no mark"')}}
    other = type(panel)(panel.id, panel.title, panel.kind, broken, panel.source)
    found = {panel.id: (other, search(behaviour, panel.search(times)))}
    report_ = drawn(page("Broken", {panel.id: {"x": 0, "y": 0, "w": 48, "h": 20}}, found))
    assert "error" in report_[panel.id]


def test_dashboards_contain_every_panel_once() -> None:
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

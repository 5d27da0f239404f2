"""The dashboards that a rehearsal draws, over the real inputs on a real engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rehearsal.dashboards import draw
from rehearsal.delivery.bulk import SearchClient
from rehearsal.engines import Server
from rehearsal.panels.browser import browser
from rehearsal.panels.drawing import drawn
from tests.search.behaviour import NAME, WITHOUT_PAINLESS, dashboards, documents


@pytest.fixture(scope="module")
def pages(behaviour: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the pages."""
    return draw(SearchClient(behaviour.url), NAME, documents(), tmp_path_factory.mktemp("drawn")).parent


@pytest.mark.search
def test_there_is_a_page_for_each_dashboard(pages: Path) -> None:
    """But the one of a recommender's arms, which a rehearsal does not have."""
    names = {f"{board['id'].partition('-')[2]}.html" for board in dashboards()} - {"recommendations.html"}
    assert {path.name for path in pages.iterdir()} == names | {"index.html"}


@pytest.mark.search
def test_the_index_links_to_every_page_and_shows_the_days(pages: Path) -> None:
    index = (pages / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"]+)"', index)) == {path.name for path in pages.iterdir()} - {"index.html"}
    assert "Events from 2015-05-17 to before 2024-12-16, UTC." in index


@pytest.mark.search
def test_a_page_loads_nothing_external(pages: Path) -> None:
    for path in pages.iterdir():
        assert re.findall(r'<(?:script|img|link|iframe)[^>]* (?:src|href)="', path.read_text(encoding="utf-8")) == []


@pytest.mark.search
def test_a_panel_whose_scripts_the_engine_cannot_run_says_so(behaviour: Server, pages: Path) -> None:
    said = "cannot run the panel" in (pages / "visitors.html").read_text(encoding="utf-8")
    assert said == (behaviour.name == WITHOUT_PAINLESS)


@pytest.mark.search
def test_a_browser_draws_every_chart(pages: Path) -> None:
    if browser() is None:
        pytest.skip("needs a browser (chromium) on PATH or in BROWSER_PATH")
    report = drawn((pages / "traffic.html").read_text(encoding="utf-8"))
    assert report
    assert [id_ for id_, made in report.items() if "error" in made] == []

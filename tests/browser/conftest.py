"""A site, a browser with a visitor, and the collector as Terraform applied it, before a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from constructs_lib.plans.terraform import Terraform, TerraformError
from rehearsal.emulator import Emulator
from rehearsal.engines import EngineUnavailableError
from rehearsal.panels.browser import BrowserUnavailableError
from tests.apply.lifecycle import Lifecycle, lifecycle
from tests.browser.deployed import Deployed, collector_of
from tests.browser.devtools import Chromium, Tabs, chromium
from tests.browser.site import Site, site
from tests.browser.visiting import Visitor


@pytest.fixture(scope="session")
def shop() -> Iterator[Site]:
    """The site."""
    with site() as running:
        yield running


@pytest.fixture(scope="session")
def life(shop: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lifecycle]:
    """The smallest environment with a collector for the site, applied and planned again."""
    try:
        Terraform.find()
    except TerraformError as error:
        pytest.skip(f"needs Terraform: {error}")
    try:
        with lifecycle("dev", tmp_path_factory.mktemp("collector")) as living:
            living.synthesize(collector_of(shop), file_switch=True, synth_switch=True)
            living.terraform.init(living.work)
            applied = living.apply("apply")
            assert applied.status == 0, applied.output[-3000:]
            living.plan("re-plan")
            yield living
    except EngineUnavailableError as error:
        pytest.skip(f"needs a search engine: {error}")


@pytest.fixture(scope="session")
def deployed(life: Lifecycle, shop: Site) -> Deployed:
    """The applied collector; the site's pages send to it."""
    there = Deployed(life)
    shop.endpoint = str(there.outputs["collector_endpoint"])
    return there


@pytest.fixture
def aws(deployed: Deployed) -> Iterator[Emulator]:
    """Emulated AWS, where nothing goes wrong but what the test asks for."""
    deployed.aws.fail()
    yield deployed.aws
    deployed.aws.fail()


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """The browser."""
    try:
        with chromium() as running:
            yield running
    except BrowserUnavailableError as error:
        pytest.skip(f"needs a browser: {error}")


@pytest.fixture
def tabs(browser: Chromium) -> Iterator[Tabs]:
    """A profile that knows nothing yet."""
    with browser.tabs() as opened:
        yield opened


@pytest.fixture
def visitor(tabs: Tabs, shop: Site, deployed: Deployed, aws: Emulator) -> Visitor:
    """A visitor with an empty browser."""
    return Visitor(tabs, shop, deployed)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder stands on the applied collector."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.collector)

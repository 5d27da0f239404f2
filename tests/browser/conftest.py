"""A site, a browser, and the collector as Terraform applied it, before a real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.plans.terraform import Terraform, TerraformError
from rehearsal.delivery import DeliverySettings, Outcome, Record
from rehearsal.delivery.aws import delivery, front_door
from rehearsal.emulator import Emulator
from rehearsal.engines import EngineUnavailableError
from rehearsal.panels.browser import BrowserUnavailableError
from tests.apply.lifecycle import Lifecycle, lifecycle
from tests.browser.devtools import Chromium, Tabs, chromium
from tests.browser.site import Site, site

KEYS = {"web": "wk_web_1", "segment": "wk_segment", "rudder": "wk_rudder"}
MOST_DOCUMENTS = 10_000
"""What the engine gives back at once, for one client."""


class Deployed:
    """The applied collector, and what came of what it took."""

    def __init__(self, life: Lifecycle) -> None:
        self.life, self.aws = life, life.aws
        state = json.loads((life.folder / "terraform.tfstate").read_text("utf-8"))
        self.outputs: dict[str, Any] = {name: output["value"] for name, output in state["outputs"].items()}
        self.outcomes: list[tuple[Record, Outcome]] = []
        """Every record that came out of the stream, and where it went."""
        name = self.outputs["delivery_name"]
        description = self.aws.client("firehose", life.region).describe_delivery_stream(DeliveryStreamName=name)
        settings = DeliverySettings.from_description(description["DeliveryStreamDescription"])
        self._loop = delivery(
            self.aws,
            name,
            life.region,
            front_door(self.aws, settings, self.aws.trusted),
            report=lambda record, outcome: self.outcomes.append((record, outcome)),
            most_retry_seconds=20,
        )

    @property
    def url(self) -> str:
        """The collector's address, without a path."""
        return str(self.outputs["collector_endpoint"]).removesuffix("/collect")

    def deliver(self) -> None:
        """Deliver what is on the stream."""
        while self._loop.step():
            pass
        self._loop.finish()

    def documents(self, client_id: str) -> list[dict[str, Any]]:
        """A client's documents in the engine, in the order in which they happened."""
        self.deliver()
        self.life.server.request("POST", "/events-*/_refresh")
        query = {"size": MOST_DOCUMENTS, "query": {"term": {"client_id": client_id}}, "sort": ["timestamp"]}
        answer = self.life.server.request("POST", "/events-*/_search", query)
        assert answer.status == 200, answer
        found: Any = answer.json
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def raw(self, client_id: str) -> list[dict[str, Any]]:
        """What the collector put on the stream for a client."""
        events = [json.loads(record.data) for record, _ in self.outcomes]
        return [event for event in events if event.get("client_id") == client_id]

    def log(self, group: str) -> list[str]:
        """Everything that was written to a log group."""
        logs = self.aws.client("logs", self.life.region)
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"]]


@pytest.fixture(scope="session")
def shop() -> Iterator[Site]:
    """The site."""
    with site() as running:
        yield running


def collector_of(shop: Site) -> dict[str, Any]:
    """What is laid over the smallest environment: a collector for the site, and what watches it."""
    collector = {"origins": [shop.origin], "trusted_proxies": 1, "keys": KEYS}
    return {"collector": collector, "monitoring": {"enabled": True}, "transform": {"application": "shop"}}


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder stands on the applied collector."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.collector)

"""The applied collector, with its keys."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.delivery import DeliverySettings, Outcome, Record
from rehearsal.delivery.aws import delivery, front_door
from tests.apply.lifecycle import Lifecycle
from tests.browser.site import Site

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


def collector_of(shop: Site) -> dict[str, Any]:
    """What is laid over the smallest environment: a collector for the site, and what watches it."""
    collector = {"origins": [shop.origin], "trusted_proxies": 1, "keys": KEYS}
    return {"collector": collector, "monitoring": {"enabled": True}, "transform": {"application": "shop"}}

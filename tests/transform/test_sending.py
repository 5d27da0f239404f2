"""The examples of docs/sending.md work: its records become documents, its program sends every event."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from constructs_lib.configuration.load import parse_environment
from tests.stacks import ROOT
from tests.transform.batches import document

PAGE = (ROOT / "docs" / "sending.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)


RECORDS = [line for block in blocks("ndjson") for line in block.splitlines()]


@pytest.mark.parametrize(
    ("record", "action"),
    list(zip(RECORDS, ["view", "view", "view", "click", "add_to_cart", "checkout_started"], strict=True)),
    ids=lambda value: value[:12] if value.startswith("{") else value,
)
def test_each_record_on_the_page_becomes_a_document(record: str, action: str) -> None:
    made = document(record)
    assert made["action_name"] == action
    assert made["timestamp"] == "2025-03-12T07:00:01.000Z"


def test_the_environment_on_the_page_is_accepted() -> None:
    (text,) = blocks("yaml")
    parse_environment({"name": "shop", "region": "eu-west-1"} | yaml.safe_load(text), "shop.yaml")


def test_the_agents_configuration_is_json() -> None:
    (text,) = blocks("json")
    assert json.loads(text)["flows"]


class Kinesis:
    """Refuses every third record of a request, as a busy shard does."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.sizes: list[int] = []

    def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert StreamName == "shop-events"
        self.sizes.append(len(Records))
        refused = [number % 3 == 2 for number in range(len(Records))]
        self.taken += [record for record, no in zip(Records, refused, strict=True) if not no]
        answers = [
            {"ErrorCode": "ProvisionedThroughputExceededException"} if no else {"ShardId": "0"} for no in refused
        ]
        return {"Records": answers}


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """The program on the page."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    (text,) = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(text, "docs/sending.md", "exec"), names)  # noqa: S102 - our own page
    found: Callable[..., list[dict[str, Any]]] = names["send"]
    return found


def test_every_event_is_sent_once_even_if_some_are_refused_first(
    send: Callable[..., list[dict[str, Any]]],
) -> None:
    stream, events = Kinesis(), [{"action_name": "view", "client_id": str(number)} for number in range(1100)]
    assert send(stream, "shop-events", events, tries=20) == []
    sent = [json.loads(record["Data"])["client_id"] for record in stream.taken]
    assert sorted(sent, key=int) == [str(number) for number in range(1100)]
    assert max(stream.sizes) == 500


def test_unsent_events_are_reported(send: Callable[..., list[dict[str, Any]]]) -> None:
    left = send(Kinesis(), "shop-events", [{"action_name": "view"}] * 9, tries=1)
    assert len(left) == 3

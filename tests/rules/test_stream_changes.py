"""Changes of a stream that AWS refuses, at the bound and one past it."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.plans.judge import judge
from constructs_lib.rules import UNKNOWN, stream_changes
from tests.plans.made import plan_of
from tests.plans.test_judge import change, document

ON_DEMAND = {"stream_mode_details": [{"stream_mode": "ON_DEMAND"}]}
PROVISIONED = {"stream_mode_details": [{"stream_mode": "PROVISIONED"}]}


def shards(number: Any, mode: dict[str, Any] | None = None) -> dict[str, Any]:
    """A stream with so many shards."""
    return {"name": "events", "shard_count": number} | (mode or {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (shards(2), shards(4)),
        (shards(4), shards(2)),
        (shards(5), shards(3)),
        (shards(5), shards(10, PROVISIONED)),
        (shards(1), shards(1)),
        (shards(1), shards(UNKNOWN)),
        (shards(1), shards(9, {"stream_mode_details": UNKNOWN})),
        (shards(9), shards(0, ON_DEMAND)),
        (shards(0, ON_DEMAND), shards(0, ON_DEMAND)),
    ],
)
def test_accepted(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert stream_changes.check(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "severity", "message"),
    [
        (shards(2), shards(5), "error", "is more than double the present 2"),
        (shards(4), shards(1), "error", "is less than half of the present 4"),
        (shards(5), shards(2), "error", "is less than half of the present 5"),
        (shards(5, PROVISIONED), shards(11), "error", "is more than double the present 5"),
        (shards(0, ON_DEMAND), shards(4), "warning", "is refused if it is more than double"),
        (shards(None, ON_DEMAND), shards(4, PROVISIONED), "warning", "is refused if it is more than double"),
    ],
)
def test_found(before: dict[str, Any], after: dict[str, Any], severity: str, message: str) -> None:
    (finding,) = stream_changes.check(before, after)
    assert (finding.path, finding.severity) == ("shard_count", severity)
    assert finding.message.startswith(message)


def test_a_finding_names_the_steps_to_the_wanted_count() -> None:
    (finding,) = stream_changes.check(shards(5), shards(11))
    assert finding.allowed == "3 to 10 now, and the rest by further applies, 10 in 24 hours"


def judged(actions: list[str], **more: Any) -> list[str]:
    """Paths of what is found in a plan that takes two shards to five."""
    item = change("aws_kinesis_stream.a", shards(5), before=shards(2), actions=actions, **more)
    return [f"{address}.{finding.path}" for address, finding in judge(plan_of(document(item)))]


def test_changes_in_place_of_a_plan_are_checked() -> None:
    assert judged(["update"]) == ["aws_kinesis_stream.a.shard_count"]


@pytest.mark.parametrize("actions", [["delete", "create"], ["create", "delete"]])
def test_a_replaced_stream_may_have_any_number_of_shards(actions: list[str]) -> None:
    assert judged(actions) == []


def test_a_sensitive_number_is_not_guessed_at() -> None:
    assert judged(["update"], before_sensitive={"shard_count": True}) == []

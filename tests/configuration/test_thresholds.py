"""Numbers of monitors and detectors: which may be set, and which follow from the delivery."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.bootstrap.runtime import catalogue
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.judging import judge
from tests.stacks import stack_of


def environment(thresholds: dict[str, Any] | None = None, **sections: Any) -> Environment:
    values = {"name": "shop", "region": "eu-west-1", "bootstrap": {"thresholds": thresholds or {}}, **sections}
    return Environment.model_validate(values)


def mistakes(thresholds: dict[str, Any]) -> list[str]:
    return [finding.path for finding in judge(environment(thresholds)) if "thresholds" in finding.path]


@pytest.mark.parametrize(
    "thresholds",
    [
        {"burst_event": 1},
        {"burst_events": 0},
        {"burst_events": "600"},
        {"sign_in_path": "login"},
        {"sign_in_path": 1},
        {"vega_lite_version": "v5"},
    ],
)
def test_unusable_thresholds_are_refused(thresholds: dict[str, Any]) -> None:
    assert mistakes(thresholds) == [f"bootstrap.thresholds.{name}" for name in thresholds]


def test_every_threshold_can_be_set() -> None:
    values = {name: value for name, value in catalogue.DEFAULTS.items() if name != "vega_lite_version"}
    assert mistakes({name: 1 if isinstance(value, int) else value for name, value in values.items()}) == []


def values(**sections: Any) -> dict[str, int | str]:
    bootstrap = {"thresholds": sections.pop("thresholds", {})}
    variables = stack_of({**sections, "bootstrap": bootstrap}).one("aws_lambda_invocation")["triggers"]
    found: dict[str, int | str] = json.loads(variables["VALUES"])
    return found


def delivery(seconds: int) -> dict[str, Any]:
    return {"delivery": {"opensearch_configuration": {"buffering_interval": seconds}}}


@pytest.mark.parametrize(("seconds", "delay"), [(60, None), (360, None), (361, 11), (900, 19)])
def test_long_buffers_delay_the_monitors_window(seconds: int, delay: int | None) -> None:
    assert values(**delivery(seconds)).get("delay_minutes") == delay


def test_without_the_transform_its_buffer_does_not_count() -> None:
    assert values(**delivery(900), transform={"enabled": False})["delay_minutes"] == 18


def test_a_given_delay_is_kept() -> None:
    assert values(**delivery(900), thresholds={"delay_minutes": 30})["delay_minutes"] == 30

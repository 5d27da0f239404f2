"""Invalid settings under ``bootstrap``."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.configuration.bootstrap import BootstrapSettings
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.judging import judge


def problems(**settings: Any) -> list[str]:
    environment = Environment(name="shop", region="eu-west-1", bootstrap=BootstrapSettings(**settings))
    return [f"{found.path}: {found.message}" for found in judge(environment) if found.path.startswith("bootstrap.")]


def test_the_defaults_are_accepted() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"warm_after_days": 7}, "bootstrap.warm_after_days: needs warm nodes, which the domain lacks"),
        ({"cold_after_days": 7}, "bootstrap.cold_after_days: needs cold storage, which the domain lacks"),
        (
            {"cold_after_days": 7},
            "bootstrap.cold_after_days: needs bootstrap.warm_after_days: only warm indices become cold",
        ),
        ({"retention_days": 2}, "bootstrap.retention_days: is not after merge_after_days"),
        ({"merge_after_days": 0}, "bootstrap.merge_after_days: is out of range"),
        ({"number_of_shards": 0}, "bootstrap.number_of_shards: is out of range"),
        ({"number_of_replicas": -1}, "bootstrap.number_of_replicas: is out of range"),
        ({"refresh_interval": "30"}, "bootstrap.refresh_interval: has the wrong form"),
        ({"schedule": "daily"}, "bootstrap.schedule: is not a cron expression"),
        ({"queries_index_name": "Queries"}, "bootstrap.queries_index_name: has the wrong form"),
        ({"ubi_events_alias": "_ubi"}, "bootstrap.ubi_events_alias: has the wrong form"),
        ({"thresholds": {"bursts": 1}}, "bootstrap.thresholds.bursts: is not a threshold of a monitor or detector"),
        (
            {"function": {"reserved_concurrent_executions": 0}},
            "bootstrap.function.reserved_concurrent_executions: stops the function from running",
        ),
        ({"function": {"timeout": 59}}, "bootstrap.function.timeout: is out of range"),
        ({"function": {"timeout": 901}}, "bootstrap.function.timeout: is out of range"),
    ],
)
def test_invalid_settings_are_named(settings: dict[str, Any], problem: str) -> None:
    assert problem in problems(**settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"retention_days": 3},
        {"merge_after_days": 1},
        {"merge_after_days": None, "retention_days": 2},
        {"retention_days": None},
        {"refresh_interval": "-1"},
        {"schedule": "cron(0 4 * * ? *)"},
        {"schedule": None},
        {"thresholds": {"burst_events": 1200}},
        {"function": {"timeout": 60}},
        {"function": {"timeout": 900}},
        {"enabled": False, "retention_days": 1},
    ],
)
def test_the_bound_is_accepted(settings: dict[str, Any]) -> None:
    assert problems(**settings) == []

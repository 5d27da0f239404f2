"""Traffic at the bounds and past them gives a report or one line, never a stack trace."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.commands import size
from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.load import parse_environment
from constructs_lib.configuration.traffic import TrafficSettings
from constructs_lib.limits import ARGUMENTS, ENVIRONMENT, Range
from constructs_lib.sizing.deployment import deployment_of
from constructs_lib.sizing.report import build
from tests.sizing.drawn import BASE

KEYS = list(TrafficSettings.model_fields)
WHOLE = {"hot_days", "warm_days", "cold_days"}


def bounds(key: str) -> tuple[float, float]:
    """The least and the most that a key may say."""
    (limit,) = [each for each in ARGUMENTS[ENVIRONMENT, f"traffic.{key}"] if isinstance(each, Range)]
    assert limit.minimum is not None
    assert limit.maximum is not None
    return limit.minimum, limit.maximum


def sized(traffic: dict[str, Any], **more: Any) -> list[str]:
    """The errors of a file with this traffic; none where a report can be made of it."""
    document = BASE | {"traffic": traffic} | more
    try:
        environment, _ = parse_environment(document, "shop.yaml")
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems if problem.severity == "error"]
    build("shop.yaml", deployment_of(environment), prices=None, simulated=False)
    return []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("end", [0, 1])
def test_a_number_at_its_bound_makes_a_report_or_names_a_quota(key: str, end: int) -> None:
    number = bounds(key)[end]
    found = sized({key: int(number) if key in WHOLE else number})
    allowed = ("of the quota", "is below the average of the day", "need warm days: only warm indices become cold")
    assert [line for line in found if not any(text in line for text in allowed)] == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("end", [0, 1])
def test_a_number_past_its_bound_is_reported_in_one_line(key: str, end: int) -> None:
    number = bounds(key)[end]
    past = number - max(1, number) if end == 0 else number * 2
    found = sized({key: int(past) if key in WHOLE else past})
    assert [line for line in found if f"traffic.{key}: is out of range" in line] == found
    assert len(found) == 1


@pytest.mark.parametrize("given", ["ten", True, [10], {}, ".nan"])
def test_an_invalid_number_is_one_line_without_capacity_findings(given: Any) -> None:
    with pytest.raises(ConfigurationError) as error:
        parse_environment(BASE | {"traffic": {"events_per_second": given}}, "shop.yaml")
    said = [str(problem) for problem in error.value.problems]
    assert [line for line in said if "has the wrong type" not in line and "traffic" in line] == []


def test_negative_days_give_no_finding_about_retention() -> None:
    with pytest.raises(ConfigurationError) as error:
        parse_environment(BASE | {"traffic": {"warm_days": -1}}, "shop.yaml")
    assert [str(problem) for problem in error.value.problems if "retention_days" in problem.path] == []


@st.composite
def anything_allowed(draw: st.DrawFn) -> dict[str, Any]:
    """A section with any of its keys, each size as likely."""
    values: dict[str, Any] = {}
    for key in draw(st.sets(st.sampled_from(KEYS))):
        low, high = bounds(key)
        power = draw(st.floats(math.log10(max(low, 1e-3)), math.log10(high)))
        number = min(max(10**power, low), high)
        values[key] = math.floor(number) if key in WHOLE else number
    return values


@settings(max_examples=200, deadline=None)
@given(anything_allowed(), st.booleans(), st.booleans())
def test_any_allowed_traffic_makes_a_report_or_names_a_quota(
    traffic: dict[str, Any], collects: bool, recommends: bool
) -> None:
    more: dict[str, Any] = {"collector": {"origins": ["https://shop.example"]}} if collects else {}
    found = sized(traffic, **more, **({"recommender": {}} if recommends else {}))
    allowed = ("of the quota", "is below the average of the day", "need warm days: only warm indices become cold")
    assert [line for line in found if not any(text in line for text in allowed)] == []


def test_the_command_names_the_quota(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(yaml.safe_dump(BASE | {"traffic": {"events_per_second": 50_000_000}}), encoding="utf-8")
    arguments = argparse.ArgumentParser()
    size.configure(arguments)
    assert size.run(arguments.parse_args([str(file)])) == 1
    assert "of the quota Kinesis Data Streams: Shards per Region" in capsys.readouterr().err

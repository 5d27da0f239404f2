"""Names that Firehose makes from times."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

from rehearsal.delivery.names import index_name, prefix

WHEN = datetime(2026, 1, 1, 23, 4, 5, tzinfo=timezone.utc)
ARRIVAL = int(WHEN.timestamp() * 1000)


@pytest.mark.parametrize(
    ("rotation", "name"),
    [
        ("NoRotation", "events"),
        ("OneHour", "events-2026-01-01-23"),
        ("OneDay", "events-2026-01-01"),
        ("OneWeek", "events-2026-w01"),
        ("OneMonth", "events-2026-01"),
    ],
)
def test_an_index_is_rotated_by_arrival_in_utc(rotation: str, name: str) -> None:
    assert index_name("events", rotation, ARRIVAL) == name


@pytest.mark.parametrize(
    ("expression", "error", "key"),
    [
        (None, None, "2026/01/01/23/"),
        ("all/", None, "all/2026/01/01/23/"),
        ("all/", "processing-failed", "all/processing-failed/2026/01/01/23/"),
        ("all/!{timestamp:yyyy}/", None, "all/2026/"),
        ("year=!{timestamp:yyyy}/day=!{timestamp:dd}/", None, "year=2026/day=01/"),
        (
            "!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
            "processing-failed",
            "processing-failed/2026/01/01/",
        ),
        ("failed/!{firehose:error-output-type}/", "processing-failed", "failed/processing-failed/"),
        (
            "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/",
            "processing-failed",
            "failed/processing-failed/2026/01/01/23/",
        ),
        ("!{timestamp:yyyy-MM-dd'T'HH:mm:ss}/", None, "2026-01-01T23:04:05/"),
        ("!{timestamp:yy.M.d}/", None, "26.1.1/"),
    ],
)
def test_a_prefix_is_evaluated_as_the_service_does(expression: str | None, error: str | None, key: str) -> None:
    assert prefix(expression, WHEN, error) == key


def test_a_random_string_differs_each_time() -> None:
    assert prefix("!{firehose:random-string}/", WHEN) != prefix("!{firehose:random-string}/", WHEN)


def test_a_prefix_of_backups_without_a_time_gets_one() -> None:
    assert re.fullmatch(r"[a-zA-Z0-9]{11}/2026/01/01/23/", prefix("!{firehose:random-string}/", WHEN))


@pytest.mark.parametrize(
    "expression", ["!{firehose:error-output-type}/", "!{partitionKeyFromQuery:a}/", "!{timestamp:QQ}/"]
)
def test_an_invalid_expression_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"!\{"):
        prefix(expression, WHEN)

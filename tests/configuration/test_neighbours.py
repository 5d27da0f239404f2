"""Two deployments in one account do not make the same things."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.configuration.loading import parse_environment
from constructs_lib.configuration.neighbours import collisions

HERE = {"name": "shop", "region": "eu-west-1", "account_id": "123456789012"}


def found(*documents: dict[str, Any]) -> list[tuple[str, str, str]]:
    environments = {f"{number}.yaml": parse_environment(item, "x")[0] for number, item in enumerate(documents)}
    return [(problem.file, problem.path, problem.severity) for problem in collisions(environments)]


@pytest.mark.parametrize(
    "other",
    [
        HERE | {"name": "clicks"},
        HERE | {"region": "eu-central-1"},
        HERE | {"account_id": "210987654321"},
    ],
)
def test_neighbours_that_share_nothing(other: dict[str, Any]) -> None:
    assert found(HERE, other) == []


def test_one_name_in_one_account_is_an_error() -> None:
    assert found(HERE, HERE) == [("1.yaml", "name", "error")]


def test_one_name_in_accounts_that_nobody_names_is_a_warning() -> None:
    assert found(HERE, {"name": "shop", "region": "eu-west-1"}) == [("1.yaml", "name", "warning")]


def test_names_of_single_resources_count() -> None:
    one, other = HERE | {"domain": {"domain_name": "search"}}, {"name": "clicks", "domain": {"domain_name": "search"}}
    assert found(one, HERE | other) == [("1.yaml", "domain.domain_name", "error")]


def test_what_is_adopted_is_there_already() -> None:
    adopting = HERE | {"name": "clicks", "domain": {"domain_name": "search"}, "adopt": {"domain": "search"}}
    assert found(HERE | {"domain": {"domain_name": "search"}}, adopting) == []

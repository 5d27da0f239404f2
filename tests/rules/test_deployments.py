"""Conflicts between deployments in one account."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.configuration.load import parse_environment, shared_problems

HERE = {"name": "shop", "region": "eu-west-1", "account_id": "123456789012"}


def found(*documents: dict[str, Any]) -> list[tuple[str, str, str]]:
    environments = {f"{number}.yaml": (parse_environment(item, "x")[0], item) for number, item in enumerate(documents)}
    return [(problem.file, problem.path, problem.severity) for problem in shared_problems(environments)]


@pytest.mark.parametrize(
    "other",
    [
        HERE | {"name": "clicks"},
        HERE | {"name": "clicks", "region": "eu-central-1"},
        HERE | {"account_id": "210987654321"},
    ],
)
def test_deployments_without_shared_names_are_accepted(other: dict[str, Any]) -> None:
    assert found(HERE, other) == []


def test_the_same_name_in_one_account_is_an_error() -> None:
    assert found(HERE, HERE) == [("1.yaml", "name", "error")]


def test_the_same_name_in_unknown_accounts_is_a_warning() -> None:
    assert found(HERE, {"name": "shop", "region": "eu-west-1"}) == [("1.yaml", "name", "warning")]


def test_names_of_single_resources_are_compared() -> None:
    one, other = HERE | {"domain": {"domain_name": "search"}}, {"name": "clicks", "domain": {"domain_name": "search"}}
    assert found(one, HERE | other) == [("1.yaml", "domain.domain_name", "error")]


def test_roles_and_dashboards_must_be_unique_in_all_regions() -> None:
    assert found(HERE, HERE | {"region": "eu-central-1"}) == [("1.yaml", "name", "error")]


def test_the_same_domain_name_in_two_regions_is_accepted() -> None:
    one, other = HERE | {"domain": {"domain_name": "search"}}, {"name": "clicks", "domain": {"domain_name": "search"}}
    assert found(one, HERE | other | {"region": "eu-central-1"}) == []


@pytest.mark.parametrize(
    ("place", "taken"),
    [
        ({"region": "us-east-1", "account_id": "210987654321"}, True),
        ({"region": "us-gov-west-1", "account_id": "210987654321"}, False),
    ],
)
def test_bucket_names_must_be_globally_unique(place: dict[str, Any], *, taken: bool) -> None:
    archive = {"archive": {"bucket": "clicks-archive"}}
    expected = [("1.yaml", "archive.bucket", "error")] if taken else []
    assert found(HERE | archive, {"name": "clicks"} | place | archive) == expected


def test_an_account_has_only_one_service_linked_role() -> None:
    domain = {"domain": {"service_linked_role": True}}
    other = HERE | {"name": "clicks", "region": "eu-central-1"}
    assert found(HERE | domain, other | domain) == [("1.yaml", "domain.service_linked_role", "error")]


def test_adopted_resources_are_not_created_twice() -> None:
    adopting = HERE | {"name": "clicks", "domain": {"domain_name": "search"}, "adopt": {"domain": "search"}}
    assert found(HERE | {"domain": {"domain_name": "search"}}, adopting) == []


def test_a_derived_name_can_conflict_with_a_given_one() -> None:
    one, other = HERE, HERE | {"name": "clicks", "stream": {"name": "shop-events"}}
    assert found(one, other) == [("1.yaml", "stream.name", "error")]
    assert found(other, one) == [("1.yaml", "stream.name", "error")]


S3 = {"s3": {"bucket": "states", "key": "shop.tfstate", "region": "eu-west-1"}}
CLOUD = {"cloud": {"organization": "acme", "workspaces": {"name": "shop"}}}


@pytest.mark.parametrize("backend", [S3, CLOUD, {"local": {"path": "../../../states/x.tfstate"}}])
def test_two_deployments_never_share_a_state(backend: dict[str, Any]) -> None:
    other = {"name": "clicks", "region": "us-east-1", "account_id": "210987654321"}
    assert found(HERE | {"backend": backend}, other | {"backend": backend}) == [("1.yaml", "backend", "error")]


@pytest.mark.parametrize(
    "backend",
    [
        {"local": {"path": "terraform.tfstate"}},
        {"cloud": {"organization": "acme", "workspaces": {"tags": ["shop"]}}},
    ],
)
def test_default_states_of_stacks_are_separate(backend: dict[str, Any]) -> None:
    assert found(HERE | {"backend": backend}, HERE | {"name": "clicks", "backend": backend}) == []

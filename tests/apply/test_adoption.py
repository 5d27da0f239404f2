"""Existing resources are imported and not replaced: a real plan against an emulated account that has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.plans.terraform import Terraform, TerraformError
from rehearsal.emulator import Emulator, emulator
from tests.apply.accounts import make_legacy
from tests.apply.project import emulate
from tests.stacks import shipped_folder

pytestmark = pytest.mark.apply

ACCOUNT = "111122223333"


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    """An account with the stream, the domain and the bucket that `adopt-existing.yaml` names."""
    with emulator(ACCOUNT) as aws:
        make_legacy(aws)
        yield aws


@pytest.fixture(scope="module")
def plan(account: Emulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    try:
        terraform = replace(Terraform.find(), environment=account.environment())
    except TerraformError as error:
        pytest.skip(f"needs Terraform: {error}")
    folder = terraform.prepare(
        shipped_folder("adopt-existing", "environments/examples"), tmp_path_factory.mktemp("adopt"), offline=False
    )
    emulate(folder)
    terraform.init(folder)
    return terraform.plan(folder)


def adopted(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Changes that import, by resource type."""
    return {change["type"]: change["change"] for change in plan["resource_changes"] if "importing" in change["change"]}


def test_stream_domain_and_bucket_are_imported(plan: dict[str, Any]) -> None:
    assert set(adopted(plan)) == {"aws_kinesis_stream", "aws_opensearch_domain", "aws_s3_bucket"}


def test_nothing_that_exists_is_destroyed_or_replaced(plan: dict[str, Any]) -> None:
    for change in plan["resource_changes"]:
        assert "delete" not in change["change"]["actions"], change["address"]


def test_imported_resources_keep_their_identity(plan: dict[str, Any]) -> None:
    changes = adopted(plan)
    assert changes["aws_kinesis_stream"]["after"]["name"] == "legacy-clicks"
    assert changes["aws_opensearch_domain"]["after"]["domain_name"] == "legacy-search"
    assert changes["aws_s3_bucket"]["after"]["bucket"] == "legacy-click-archive"

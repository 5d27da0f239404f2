"""Rewrites and reports of the comparison with CDK Terrain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.successor import RENAMES, compare, rewrite


def renamed(text: str) -> str:
    for pattern, replacement in RENAMES:
        text = pattern.sub(replacement, text)
    return text


def stack(**parts: object) -> dict[str, bytes]:
    return {"dev/cdk.tf.json": json.dumps(parts).encode()}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from cdktf import App\n", "from cdktn import App\n"),
        ("    import cdktf  # here\n", "    import cdktn  # here\n"),
        ("from cdktf_cdktf_provider_aws import kms_key\n", "from cdktn_provider_aws import kms_key\n"),
        ('OUTPUT = "cdktf.out"\n', 'OUTPUT = "cdktf.out"\n'),
        ("from constructs import Construct\n", "from constructs import Construct\n"),
    ],
)
def test_imports_are_renamed_and_nothing_else(before: str, after: str) -> None:
    assert renamed(before) == after


def test_no_import_of_the_framework_is_left(tmp_path: Path) -> None:
    modules = rewrite(tmp_path / "checkout").rglob("*.py")
    left = [line for module in modules for line in module.read_text("utf-8").splitlines() if "import cdktf" in line]
    assert left == []


def test_another_value_is_reported_with_its_path() -> None:
    differences = list(compare(stack(resource={"a": [{"b": 1}]}), stack(resource={"a": [{"b": 2}]})))
    assert differences == ["dev/cdk.tf.json: resource.a.0.b: 1 became 2"]


def test_another_id_is_reported() -> None:
    assert len(list(compare(stack(resource={"key_A1": {}}), stack(resource={"key_B2": {}})))) == 2


def test_a_difference_of_the_frameworks_version_is_ignored() -> None:
    before, after = ({"metadata": {"version": version}} for version in ("0.21.0", "0.24.0"))
    assert list(compare(stack(**{"//": before}), stack(**{"//": after}))) == []


def test_a_stack_written_by_only_one_framework_is_reported() -> None:
    assert list(compare(stack(), {})) == ["dev/cdk.tf.json: only CDKTF writes it"]

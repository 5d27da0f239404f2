"""Finding and running Terraform."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.plans import terraform as module
from constructs_lib.plans.terraform import Diagnostic, Terraform, TerraformError, find_mirror, offline_override

STACK: dict[str, Any] = {
    "terraform": {
        "required_providers": {"aws": {"source": "aws", "version": ">= 5.100.0, < 7.0.0"}},
        "backend": {"s3": {"bucket": "states", "key": "events", "region": "eu-west-1", "use_lockfile": True}},
    },
    "provider": {"aws": [{"region": "eu-west-1", "default_tags": [{"tags": {"Service": "events"}}]}]},
    "resource": {"aws_kinesis_stream": {"events": {"name": "events", "shard_count": 1}}},
}


def write(folder: Path, stack: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "cdk.tf.json").write_text(json.dumps(stack), encoding="utf-8")
    return folder


def with_stream(**arguments: object) -> dict[str, Any]:
    return {**STACK, "resource": {"aws_kinesis_stream": {"events": {"name": "events", **arguments}}}}


def mirror(folder: Path) -> Path:
    (folder / "registry.terraform.io/hashicorp/aws/5.100.0" / module._machine()).mkdir(parents=True)
    return folder


@pytest.mark.terraform
def test_a_mistake_fails_with_terraforms_own_words(terraform: Terraform, tmp_path: Path) -> None:
    folder = terraform.prepare(write(tmp_path / "stack", with_stream(shard_count=0)), tmp_path / "work")
    terraform.init(folder)
    with pytest.raises(TerraformError, match=r"error \(aws_kinesis_stream\.events\): .*shard_count"):
        terraform.plan(folder)


@pytest.mark.terraform
def test_a_deprecation_fails_a_validation(validated: Callable[[Path], None], tmp_path: Path) -> None:
    stack = {**STACK, "resource": {"aws_s3_bucket": {"archive": {"bucket": "archive", "acl": "private"}}}}
    with pytest.raises(AssertionError, match=r"warning .*: Argument is deprecated"):
        validated(write(tmp_path / "stack", stack))


def test_the_stack_itself_is_copied_as_it_is(terraform: Terraform, tmp_path: Path) -> None:
    stack = write(tmp_path / "stack", STACK)
    folder = terraform.prepare(stack, tmp_path / "work")
    assert (folder / "cdk.tf.json").read_bytes() == (stack / "cdk.tf.json").read_bytes()


def test_preparing_again_leaves_nothing_of_the_earlier_stack(tmp_path: Path) -> None:
    terraform = Terraform(Path("terraform"), mirror=None)
    folder = terraform.prepare(write(tmp_path / "stack", STACK), tmp_path / "work")
    (folder / "assets").mkdir()
    (folder / ".terraform").mkdir()
    terraform.prepare(tmp_path / "stack", folder)
    assert sorted(path.name for path in folder.iterdir()) == [".terraform", "cdk.tf.json", module.OVERRIDE]


@pytest.mark.terraform
def test_a_stack_that_assumes_a_role_in_a_given_account_plans_without_aws(
    planned: Callable[[Path], dict[str, Any]], tmp_path: Path
) -> None:
    role = [{"role_arn": "arn:aws:iam::123456789012:role/deploy"}]
    provider = {**STACK["provider"]["aws"][0], "assume_role": role, "allowed_account_ids": ["123456789012"]}
    plan = planned(write(tmp_path / "stack", {**STACK, "provider": {"aws": [provider]}}))
    assert plan["resource_changes"][0]["change"]["after"]["tags_all"] == {"Service": "events"}


def test_every_aliased_provider_gets_dummy_credentials() -> None:
    override = offline_override(
        {"provider": {"aws": [{"region": "eu-west-1"}, {"alias": "us", "region": "us-east-1"}]}}
    )
    assert [provider.get("alias") for provider in override["provider"]["aws"]] == [None, "us"]


def test_a_named_mirror_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TF_PLUGIN_DIR", str(mirror(tmp_path)))
    assert find_mirror() == tmp_path


def test_a_named_folder_without_the_provider_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TF_PLUGIN_DIR", str(tmp_path))
    with pytest.raises(TerraformError, match=r"TF_PLUGIN_DIR: .* holds no registry\.terraform\.io/hashicorp/aws"):
        find_mirror()


@pytest.mark.parametrize("below", ["", "plugins", "a/b"])
def test_a_mirror_is_found_some_levels_below_a_usual_place(
    below: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TF_PLUGIN_DIR", raising=False)
    monkeypatch.setattr(module, "_places", lambda: iter([tmp_path / "absent", tmp_path]))
    expected = mirror(tmp_path / below)
    assert find_mirror() == expected


def test_a_mirror_for_another_machine_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TF_PLUGIN_DIR", raising=False)
    monkeypatch.setattr(module, "_places", lambda: iter([tmp_path]))
    (tmp_path / "registry.terraform.io/hashicorp/aws/5.100.0/plan9_mips").mkdir(parents=True)
    assert find_mirror() is None


def test_packed_providers_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packed = tmp_path / "registry.terraform.io/hashicorp/aws"
    packed.mkdir(parents=True)
    (packed / f"terraform-provider-aws_6.2.0_{module._machine()}.zip").touch()
    monkeypatch.setenv("TF_PLUGIN_DIR", str(tmp_path))
    assert find_mirror() == tmp_path


def test_a_diagnostic_reads_as_one_line() -> None:
    raw = {
        "severity": "error",
        "summary": "Unsupported argument",
        "detail": "No\n  such one.",
        "address": "aws_vpc.a",
    }
    assert str(Diagnostic.of(raw)) == "error (aws_vpc.a): Unsupported argument. No such one"

"""Finding and running Terraform."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.plans import terraform as module
from constructs_lib.plans.provider_lock import machine
from constructs_lib.plans.terraform import Diagnostic, Terraform, TerraformError, named_mirror, offline_override

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
    (folder / "registry.terraform.io/hashicorp/aws/5.100.0" / machine()).mkdir(parents=True)
    return folder


@pytest.mark.terraform
def test_an_error_has_terraforms_message(terraform: Terraform, tmp_path: Path) -> None:
    folder = terraform.prepare(write(tmp_path / "stack", with_stream(shard_count=0)), tmp_path / "work")
    terraform.init(folder)
    with pytest.raises(TerraformError, match=r"error \(aws_kinesis_stream\.events\): .*shard_count"):
        terraform.plan(folder)


@pytest.mark.terraform
def test_a_deprecation_fails_a_validation(validated: Callable[[Path], None], tmp_path: Path) -> None:
    stack = {**STACK, "resource": {"aws_s3_bucket": {"archive": {"bucket": "archive", "acl": "private"}}}}
    with pytest.raises(AssertionError, match=r"warning .*: Argument is deprecated"):
        validated(write(tmp_path / "stack", stack))


def test_the_stack_is_copied_unchanged(terraform: Terraform, tmp_path: Path) -> None:
    stack = write(tmp_path / "stack", STACK)
    folder = terraform.prepare(stack, tmp_path / "work")
    assert (folder / "cdk.tf.json").read_bytes() == (stack / "cdk.tf.json").read_bytes()


def test_preparing_again_removes_the_earlier_stack(tmp_path: Path) -> None:
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


def test_a_named_mirror_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TF_PLUGIN_DIR", str(mirror(tmp_path)))
    assert named_mirror() == tmp_path


def test_a_named_folder_without_the_provider_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TF_PLUGIN_DIR", str(tmp_path))
    with pytest.raises(TerraformError, match=r"TF_PLUGIN_DIR: .* has no registry\.terraform\.io/hashicorp/aws"):
        named_mirror()


def test_no_folder_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TF_PLUGIN_DIR")
    assert named_mirror() is None


def test_packed_providers_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packed = tmp_path / "registry.terraform.io/hashicorp/aws"
    packed.mkdir(parents=True)
    (packed / f"terraform-provider-aws_6.2.0_{machine()}.zip").touch()
    monkeypatch.setenv("TF_PLUGIN_DIR", str(tmp_path))
    assert named_mirror() == tmp_path


def test_a_diagnostic_reads_as_one_line() -> None:
    raw = {
        "severity": "error",
        "summary": "Unsupported argument",
        "detail": "No\n  such one.",
        "address": "aws_vpc.a",
    }
    assert str(Diagnostic.of(raw)) == "error (aws_vpc.a): Unsupported argument. No such one"


LEFT = (".terraform", "terraform.tfstate", "terraform.tfstate.backup", "errored.tfstate", "plan.bin", "notes.txt")


def test_terraforms_working_data_is_not_copied(tmp_path: Path) -> None:
    stack = write(tmp_path / "stack", STACK)
    (stack / "assets" / "function").mkdir(parents=True)
    (stack / "assets" / "function" / "archive.zip").write_bytes(b"PK")
    (stack / ".terraform" / "providers").mkdir(parents=True)
    for name in LEFT[1:]:
        (stack / name).write_text("{}")
    (stack / ".terraform.lock.hcl").write_text("# lock")
    folder = Terraform(Path("terraform"), mirror=None).prepare(stack, tmp_path / "work", offline=False)
    assert sorted(path.name for path in folder.iterdir()) == [".terraform.lock.hcl", "assets", "cdk.tf.json"]
    assert (folder / "assets" / "function" / "archive.zip").read_bytes() == b"PK"


@pytest.mark.terraform
def test_a_stack_is_planned_offline_after_its_backend_was_set_up(terraform: Terraform, tmp_path: Path) -> None:
    """The folder's working data says that the state lies elsewhere; the copy's is its own."""
    backend = {"local": {"path": str(tmp_path / "elsewhere.tfstate")}}
    stack = write(tmp_path / "stack", {**STACK, "terraform": {**STACK["terraform"], "backend": backend}})
    terraform.init(stack)
    assert (stack / ".terraform" / "terraform.tfstate").is_file()
    for _ in range(2):
        folder = terraform.prepare(stack, tmp_path / "work")
        terraform.init(folder)
        assert terraform.plan(folder)["resource_changes"]

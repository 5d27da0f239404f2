"""``plan``: with AWS or without, and its output files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.commands.plan import CREDENTIALS, is_offline
from constructs_lib.plans.terraform import Terraform, TerraformError


@pytest.mark.parametrize("name", CREDENTIALS)
def test_credentials_in_the_environment_mean_aws(name: str) -> None:
    assert is_offline({name: "x"}) == (False, f"{name} is set")


def test_no_credentials_mean_no_aws() -> None:
    assert is_offline({"AWS_REGION": "eu-west-1", "AWS_PROFILE": ""})[0]


@pytest.mark.parametrize(("asked", "offline"), [("1", True), ("0", False)])
def test_the_offline_variable_overrides_the_credentials(asked: str, offline: bool) -> None:
    assert is_offline({"OFFLINE": asked, "AWS_PROFILE": "x" if offline else ""}) == (offline, f"OFFLINE={asked}")


def test_an_unknown_offline_value_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    monkeypatch.setenv("OFFLINE", "yes")
    assert main(["plan", "--stacks", str(_stack(tmp_path)), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == "plan: OFFLINE is yes (allowed: 1, 0 or not set)\n"


def test_an_unsynthesized_environment_is_named(tmp_path: Path, capsys: Any) -> None:
    stacks = _stack(tmp_path)
    assert main(["plan", "prd", "--stacks", str(stacks)]) == 2
    assert capsys.readouterr().err == f"plan: prd is not synthesized: {stacks} has prod\n"


def test_an_example_has_the_same_name_as_for_synth(tmp_path: Path, fake: Fake) -> None:
    out = tmp_path / "out"
    assert main(["plan", "examples/prod", "--stacks", str(_stack(tmp_path)), "--out", str(out)]) == 0
    assert (out / "prod" / "plan.json").is_file()


def test_a_missing_synth_is_reported(tmp_path: Path, capsys: Any) -> None:
    assert main(["plan", "--stacks", str(tmp_path)]) == 2
    assert "has no stack" in capsys.readouterr().err


class Fake:
    """Stands for Terraform: remembers where it was asked to plan."""

    def __init__(self) -> None:
        self.planned: list[Path] = []
        self.fails = False

    def prepare(self, stack: Path, folder: Path) -> Path:
        assert (stack / "cdk.tf.json").is_file()
        return folder

    def init(self, folder: Path) -> None:
        pass

    def plan(self, folder: Path, *, strict: bool) -> dict[str, Any]:
        if self.fails:
            raise TerraformError("no such argument")
        assert not strict
        self.planned.append(folder)
        (folder / "plan.bin").write_bytes(b"PK")
        return {"resource_changes": [{"change": {"actions": ["create"]}}, {"change": {"actions": ["read"]}}]}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    terraform = Fake()
    monkeypatch.setattr(Terraform, "find", lambda: terraform)
    return terraform


def _stack(tmp_path: Path) -> Path:
    (tmp_path / "stacks" / "prod").mkdir(parents=True)
    (tmp_path / "stacks" / "prod" / "cdk.tf.json").write_text("{}")
    return tmp_path / "stacks"


@pytest.mark.parametrize(("asked", "where"), [("1", "out/prod"), ("0", "stacks/prod")])
def test_the_plan_and_its_json_are_written_to_the_output(
    asked: str, where: str, fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFLINE", asked)
    assert main(["plan", "prod", "--stacks", str(_stack(tmp_path)), "--out", str(tmp_path / "out")]) == 0
    kept = ["plan.bin", "plan.json"] if asked == "1" else ["cdk.tf.json", "plan.bin", "plan.json"]
    assert fake.planned == [tmp_path / where]
    assert sorted(path.name for path in (tmp_path / "out" / "prod").iterdir()) == kept
    assert json.loads((tmp_path / "out" / "prod" / "plan.json").read_text())["resource_changes"]


def test_a_plan_with_aws_leaves_no_files_beside_the_stack(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFLINE", "0")
    main(["plan", "prod", "--stacks", str(_stack(tmp_path)), "--out", str(tmp_path / "out")])
    assert [path.name for path in (tmp_path / "stacks" / "prod").iterdir()] == ["cdk.tf.json"]


def test_errors_of_terraform_exit_1(fake: Fake, tmp_path: Path, capsys: Any) -> None:
    fake.fails = True
    assert main(["plan", "prod", "--stacks", str(_stack(tmp_path)), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "plan: prod: no such argument\n"

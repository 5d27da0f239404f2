"""``compare``: two commits of one environment."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.commands import compare
from constructs_lib.plans.terraform import Terraform, TerraformError

MAIN = """
import os, pathlib, sys
name = pathlib.Path(sys.argv[1]).stem
folder = pathlib.Path(os.environ["CDKTF_OUTDIR"], "stacks", name)
folder.mkdir(parents=True)
text = pathlib.Path("environments", f"{name}.yaml").read_text()
if "broken" in text:
    sys.exit("environments/prod.yaml:1: name: is broken")
(folder / "cdk.tf.json").write_text(text)
"""


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose main.py copies the environment file, and a Terraform that says what it was given."""
    if shutil.which("git") is None:
        pytest.skip("needs git on the PATH")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "environments").mkdir()
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "environments" / "prod.yaml").write_text("one")
    git("init", "--quiet", "--initial-branch", "trunk")
    git("add", ".")
    git("commit", "--quiet", "--message", "one")
    (tmp_path / "environments" / "prod.yaml").write_text("two")
    (tmp_path / "environments" / "new.yaml").write_text("new")

    def planned(_terraform: Terraform, before: Path | None, after: Path, _folder: Path) -> dict[str, Any]:
        texts = ["nothing" if each is None else (each / "cdk.tf.json").read_text() for each in (before, after)]
        change = {"actions": ["create"], "before": None, "after": {"tags": {"texts": " to ".join(texts)}}}
        item = {"address": "aws_x.a", "type": "aws_x", "change": change}
        return {"format_version": "1.2", "resource_changes": [item]}

    monkeypatch.setattr(compare, "plan_since", planned)
    monkeypatch.setattr(Terraform, "find", lambda: None)
    return tmp_path


def texts(project: Path, stack: str) -> str:
    plan = json.loads((project / "build" / "compare" / stack / "plan.json").read_text())
    return str(plan["resource_changes"][0]["change"]["after"]["tags"]["texts"])


def test_both_commits_are_synthesized_and_compared(project: Path) -> None:
    assert main(["compare", "prod", "--base", "trunk", "--policies", "none"]) == 0
    assert texts(project, "prod") == "one to two"
    assert "prod since trunk" in (project / "build" / "review" / "prod" / "review.md").read_text()


def test_an_environment_has_the_same_name_as_for_synth(project: Path) -> None:
    assert main(["compare", "environments/prod.yaml", "--base", "trunk", "--policies", "none"]) == 0
    assert texts(project, "prod") == "one to two"


def test_an_environment_missing_in_the_first_commit_is_all_new(project: Path, capsys: Any) -> None:
    assert main(["compare", "new", "--base", "trunk", "--policies", "none"]) == 0
    assert texts(project, "new") == "nothing to new"
    assert "new: is not in trunk; everything is new" in capsys.readouterr().out


@pytest.mark.parametrize("base", ["nowhere", "--output=x", "-h"])
def test_an_unknown_commit_is_reported_in_one_line(base: str, project: Path, capsys: Any) -> None:
    assert main(["compare", "prod", f"--base={base}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{base}: is not a commit")


def test_errors_of_synth_are_printed(project: Path, capsys: Any) -> None:
    (project / "environments" / "prod.yaml").write_text("broken")
    assert main(["compare", "prod", "--base", "trunk"]) == 2
    assert capsys.readouterr().err == "environments/prod.yaml:1: name: is broken\n"


def test_errors_of_terraform_exit_1(project: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> dict[str, Any]:
        raise TerraformError("no such argument")

    monkeypatch.setattr(compare, "plan_since", refused)
    assert main(["compare", "prod", "--base", "trunk"]) == 1
    assert capsys.readouterr().err == "prod: no such argument\n"

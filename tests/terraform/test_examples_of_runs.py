"""Promises of docs/hcp-terraform.md on remote runs: the folder alone, mocked tests, the trust, the workflow."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from cdktf import App

from constructs_lib.__main__ import main
from constructs_lib.plans.terraform import Terraform
from constructs_lib.review.rego import rego
from tests.stacks import ENVIRONMENTS, ROOT, shipped_folder

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stack's folder as another machine gets it: committed alone to a repository, and cloned from there."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("needs git on the PATH")
    place = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(shipped_folder("dev"), place / "deploy")
    identity = ["-c", "user.name=Pipeline", "-c", "user.email=pipeline@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "--force", "."], [*identity, "commit", "--quiet", "--message", "x"]):
        subprocess.run([git, *command], cwd=place / "deploy", check=True)
    subprocess.run([git, "clone", "--quiet", str(place / "deploy"), str(place / "some where")], check=True)
    return place / "some where"


def test_a_committed_folder_keeps_its_bytes(elsewhere: Path) -> None:
    original = shipped_folder("dev")
    files = [path.relative_to(original) for path in original.rglob("*") if path.is_file()]
    assert len(files) > 1, "an archive of a function is there beside the JSON"
    assert [(elsewhere / path).read_bytes() for path in files] == [(original / path).read_bytes() for path in files]


@pytest.mark.terraform
def test_a_stacks_folder_plans_the_same_on_another_machine(
    elsewhere: Path, terraform: Terraform, planned: Callable[[Path], dict[str, Any]], tmp_path: Path
) -> None:
    shutil.copytree(elsewhere, tmp_path / "stack", ignore=shutil.ignore_patterns(".git"))
    work = terraform.prepare(tmp_path / "stack", tmp_path / "work")
    terraform.init(work)
    assert terraform.validate(work) == []
    changes = [change["address"] for change in terraform.plan(work)["resource_changes"]]
    assert changes == [change["address"] for change in planned(shipped_folder("dev"))["resource_changes"]]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_stacks_folder_has_no_references_outside(name: str) -> None:
    folder = shipped_folder(name)
    text = (folder / "cdk.tf.json").read_text(encoding="utf-8")
    assert not re.search(r'"(?:/|\.\./)[^"]*\.(?:zip|json|py)"', text)
    for asset in re.findall(r'"(assets/[^"]+)"', text):
        assert (folder / asset).exists(), asset


@pytest.mark.terraform
def test_terraforms_own_tests_pass_with_aws_mocked(terraform: Terraform, tmp_path: Path) -> None:
    shutil.copytree(shipped_folder("prod"), tmp_path / "work")
    shutil.copytree(EXAMPLES / "terraform-test", tmp_path / "work" / "tests")
    terraform.init(tmp_path / "work", backend=False)
    done = subprocess.run(
        [str(terraform.binary), "test", "-no-color"],
        cwd=tmp_path / "work",
        env=dict(terraform._environment()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Success! 1 passed, 0 failed." in done.stdout


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example's stack."""
    spec = importlib.util.spec_from_file_location("trust_example", EXAMPLES / "trust" / "main.py")
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    app = App(outdir=str(tmp_path_factory.mktemp("trust")))
    example.build(app)
    app.synth()
    return Path(app.outdir, "stacks", "trust")


@pytest.mark.terraform
def test_the_trust_is_planned_and_keeps_the_policies(trust: Path, planned: Callable[[Path], dict[str, Any]]) -> None:
    messages = rego(planned(trust), ROOT / "policies").failures
    assert messages == []


def test_the_apply_role_allows_the_workflows_session_duration(trust: Path) -> None:
    stack = json.loads((trust / "cdk.tf.json").read_text(encoding="utf-8"))
    (role,) = (role for id_, role in stack["resource"]["aws_iam_role"].items() if id_ == "github_apply")
    documents = stack["data"]["aws_iam_policy_document"]
    (statement,) = (each["statement"][0] for id_, each in documents.items() if id_ == "github_apply_trust")
    subjects = {each["variable"]: each["values"] for each in statement["condition"]}
    job = workflow()["jobs"]["apply"]
    assert subjects["token.actions.githubusercontent.com:sub"] == [
        f"repo:acme/behaviour-analytics:environment:{job['environment']}"
    ]
    (asked,) = (
        step["with"]["role-duration-seconds"] for step in job["steps"] if "role-to-assume" in step.get("with", {})
    )
    assert asked <= role["max_session_duration"]
    assert asked >= job["timeout-minutes"] * 60


def workflow() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((EXAMPLES / "github-actions" / "pipeline.yaml").read_text(encoding="utf-8"))
    return loaded


def steps() -> list[dict[str, Any]]:
    return [step for job in workflow()["jobs"].values() for step in job["steps"]]


def commands() -> str:
    return "\n".join(step["run"] for step in steps() if "run" in step)


def test_the_workflow_calls_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = set(re.findall(r"\bmake ([a-z-]+)", commands()))
    assert called >= {"synth", "plan", "policy-plans"}
    assert called <= targets


@pytest.mark.parametrize("line", re.findall(r"-m constructs_lib (review [^\n\\]*(?:\\\n[^\n\\]*)*)", commands()))
def test_the_workflow_uses_valid_options_of_the_report(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its options are read by the command, up to the plan that is not there."""
    monkeypatch.chdir(tmp_path)
    words = re.sub(r"\$\(.*?\)|\\\n", " ", line).replace('"', "").replace("drift of $ENVIRONMENT", "drift").split()
    assert main(words) == 2


def test_the_workflow_steps_run_in_the_promised_order() -> None:
    names = [step["name"] for step in workflow()["jobs"]["plan"]["steps"] if "name" in step]
    assert names == ["Synthesize", "Validate", "Plan", "Policy", "Review", "Comment", "Drift"]


def test_the_workflow_stores_no_access_key() -> None:
    text = (EXAMPLES / "github-actions" / "pipeline.yaml").read_text(encoding="utf-8")
    assert not re.search(r"aws-(access-key-id|secret-access-key)|secrets\.AWS", text)


def test_a_pull_request_cannot_apply() -> None:
    jobs = workflow()["jobs"]
    assert jobs["apply"]["if"] == "github.event_name == 'push'"
    assert jobs["apply"]["environment"] == "production"


def test_each_job_of_the_workflow_has_minimal_permissions() -> None:
    assert workflow()["permissions"] == {"contents": "read"}
    assert workflow()["jobs"]["apply"]["permissions"] == {"contents": "read", "id-token": "write"}


def test_no_shell_line_contains_untrusted_expressions() -> None:
    """Expressions in ``run`` are pasted into the shell: titles and branch names would run."""
    assert "${{" not in commands()

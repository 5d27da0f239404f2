"""``policy``: failures, and outdated exceptions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.commands import policy
from constructs_lib.review.checkov import CheckovError, Failure, Scan
from tests.stacks import ROOT

BUCKET = "aws_s3_bucket.a"
LAST = "2999-12-31"
EXCEPTION = (
    f"{{id: CKV_AWS_18, stack: prod, resource: {BUCKET}, expires: {LAST}, reason: nobody reads this access log}}"
)
STALE = f"{{id: CKV_AWS_99, stack: prod, resource: {BUCKET}, expires: {LAST}, reason: nobody knows what this was for}}"
PLAN = '{"format_version": "1.2", "resource_changes": []}'
UNTAGGED = json.dumps(
    {
        "format_version": "1.2",
        "resource_changes": [{"address": BUCKET, "type": "aws_s3_bucket", "change": {"actions": ["create"]}}],
    }
)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack with one policy, a plan, and a checkov that finds one failure."""
    (tmp_path / "policies" / "aws").mkdir(parents=True)
    shutil.copy2(ROOT / "policies" / "aws" / "main.rego", tmp_path / "policies")
    (tmp_path / "policies" / "tags.rego").write_text(
        "package behaviour.tags\nimport rego.v1\n"
        'deny contains "tags aws_s3_bucket.a: no tags" if count(input.resource_changes) > 0\n'
        'deny contains "x" if false\n'
    )
    (tmp_path / "build/plan/prod").mkdir(parents=True)
    (tmp_path / "build/plan/prod/plan.json").write_text(PLAN)
    failures = [Failure("CKV_AWS_18", "Ensure access logging", BUCKET)]
    raw = {"results": {"failed_checks": [{"check_id": "CKV_AWS_18", "resource": BUCKET}]}, "summary": {"passed": 7}}
    monkeypatch.setattr(policy, "scan", lambda *_: Scan(failures, 7, raw))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def judged(*exceptions: str) -> int:
    Path("policies/exceptions.yaml").write_text(f"production: [prod]\nexceptions: [{', '.join(exceptions)}]\n")
    main(["policy", "--write-exceptions"])
    return main(["policy"])


def test_a_checkov_failure_fails(workplace: Path, capsys: Any) -> None:
    assert judged() == 1
    assert "FAILED  prod: CKV_AWS_18 aws_s3_bucket.a: Ensure access logging\n" in capsys.readouterr().out


def test_an_excepted_failure_passes(workplace: Path, capsys: Any) -> None:
    assert judged(EXCEPTION) == 0
    said = "prod: checkov 7 passed, 0 failed; Rego pack of 4 files, 0 failed, 0 not judged; 1 excepted\n"
    assert capsys.readouterr().out == said


def test_an_excepted_failure_is_not_in_the_results(workplace: Path) -> None:
    judged(EXCEPTION)
    assert json.loads(Path("build/policy/prod.json").read_text())["results"]["failed_checks"] == []


def test_an_exception_that_matches_nothing_fails(workplace: Path, capsys: Any) -> None:
    assert judged(EXCEPTION, STALE) == 1
    assert "CKV_AWS_99 for aws_s3_bucket.a of prod: no longer matches anything" in capsys.readouterr().out


def test_a_failure_of_the_pack_fails(workplace: Path, capsys: Any) -> None:
    Path("build/plan/prod/plan.json").write_text(UNTAGGED)
    assert judged(EXCEPTION) == 1
    assert "FAILED  prod: tags aws_s3_bucket.a: no tags\n" in capsys.readouterr().out


def test_a_failure_of_the_pack_can_be_excepted(workplace: Path) -> None:
    Path("build/plan/prod/plan.json").write_text(UNTAGGED)
    assert judged(EXCEPTION, EXCEPTION.replace("CKV_AWS_18", "tags")) == 0


def test_an_empty_scan_fails(workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def nothing(plan: Path, checkov: Path, values: object) -> Scan:
        raise CheckovError("nothing was scanned")

    monkeypatch.setattr(policy, "scan", nothing)
    assert judged() == 1
    assert "FAILED  prod: nothing was scanned\n" in capsys.readouterr().out


def test_an_outdated_rego_file_fails(workplace: Path, capsys: Any) -> None:
    judged(EXCEPTION)
    Path("policies/exceptions.rego").write_text("package behaviour.exceptions\n")
    assert main(["policy"]) == 1
    assert "exceptions.rego: differs from exceptions.yaml; run make policy-exceptions" in capsys.readouterr().out


def test_a_missing_plan_is_a_usage_error(workplace: Path, capsys: Any) -> None:
    judged(EXCEPTION)
    assert main(["policy", "dev"]) == 2
    assert "has no plan of dev" in capsys.readouterr().err


def test_a_policy_that_does_not_compile_fails(workplace: Path, capsys: Any) -> None:
    Path("policies/broken.rego").write_text("package behaviour.broken\ndeny contains {")
    assert judged(EXCEPTION) == 1
    assert "the policies cannot be evaluated" in capsys.readouterr().out


def test_the_output_counts_the_remaining_failures(workplace: Path, capsys: Any) -> None:
    judged()
    plan = ROOT / "tests" / "review" / "plans" / "create.json"
    assert main(["review", str(plan), "--policies", "none", "--checkov", "build/policy/prod.json"]) == 4
    assert "checkov: 7 passed, 1 failure" in Path("build/review/create/review.md").read_text()


def test_an_exception_of_another_stack_does_not_apply(workplace: Path) -> None:
    assert judged(EXCEPTION.replace("stack: prod", "stack: dev")) == 1


def test_an_expired_exception_fails(workplace: Path, capsys: Any) -> None:
    assert judged(EXCEPTION.replace(LAST, "2026-01-31")) == 1
    said = capsys.readouterr().out
    assert "CKV_AWS_18 for aws_s3_bucket.a of prod: expired on 2026-01-31" in said
    assert "FAILED  prod: CKV_AWS_18 aws_s3_bucket.a" in said


def test_an_environment_has_the_same_name_as_for_synth(workplace: Path) -> None:
    judged(EXCEPTION)
    assert main(["policy", "environments/prod.yaml"]) == 0


def test_only_named_plans_are_checked(workplace: Path) -> None:
    (workplace / "build/plan/old").mkdir()
    (workplace / "build/plan/old/plan.json").write_text("not a plan")
    assert judged(EXCEPTION) == 0


def test_the_environments_of_production_are_listed(workplace: Path, capsys: Any) -> None:
    judged(EXCEPTION)
    capsys.readouterr()
    assert main(["policy", "--production"]) == 0
    assert capsys.readouterr().out == "prod\n"


def test_an_invalid_plan_is_reported_in_one_line(workplace: Path, capsys: Any) -> None:
    Path("build/plan/prod/plan.json").write_text("{")
    assert judged(EXCEPTION) == 1
    assert "FAILED  prod: build/plan/prod/plan.json: is not JSON" in capsys.readouterr().out


ELSEWHERE = STALE.replace("stack: prod", "stack: dev")


def test_an_exception_of_an_unchecked_environment_is_not_stale(workplace: Path) -> None:
    Path("environments").mkdir()
    Path("environments", "dev.yaml").write_text("name: dev\n", encoding="utf-8")
    assert judged(EXCEPTION, ELSEWHERE) == 0


def test_an_exception_of_no_environment_is_stale(workplace: Path, capsys: Any) -> None:
    assert judged(EXCEPTION, ELSEWHERE) == 1
    assert "no longer matches anything" in capsys.readouterr().out

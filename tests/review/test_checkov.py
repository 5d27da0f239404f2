"""Reading checkov's results: an empty or incomplete scan is an error."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.review.checkov import CheckovError, Failure, followed, judge

FAILED = {"check_id": "CKV_AWS_5", "check_name": "Ensure encryption", "resource": "aws_opensearch_domain.a"}


def answer(*failed: dict[str, str], **summary: Any) -> dict[str, Any]:
    counts = {"passed": 3, "failed": len(failed), "parsing_errors": 0, "resource_count": 2, **summary}
    return {"results": {"failed_checks": list(failed)}, "summary": counts}


def test_failures_are_read() -> None:
    found = judge(answer(FAILED), 2, "plan.json")
    assert found.failures == [Failure("CKV_AWS_5", "Ensure encryption", "aws_opensearch_domain.a")]
    assert found.passed == 3


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"passed": 0, "failed": 0}, "nothing was scanned"),
        ([], "nothing was scanned"),
        (None, "nothing was scanned"),
        (answer(parsing_errors=1), "1 files were not parsed"),
        (answer(passed=0), "not one check passed"),
        (answer(passed=None), "not one check passed"),
        (answer(resource_count=1), "saw 1 of 2 resources"),
    ],
)
def test_a_scan_of_a_part_of_the_plan_is_refused(document: object, message: str) -> None:
    with pytest.raises(CheckovError, match=message):
        judge(document, 2, "plan.json")


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["local.key_arn"], ["aws_kms_key.key.arn"]),
        (["local.twice"], ["aws_kms_key.key.arn"]),
        (["local.account"], ["data.aws_caller_identity.current.account_id"]),
        (["local.literal"], ["local.literal"]),
        (["local.unknown"], ["local.unknown"]),
        (["local.round"], ["local.round"]),
        (["aws_kms_key.key.arn", "aws_kms_key.key"], ["aws_kms_key.key.arn", "aws_kms_key.key"]),
    ],
)
def test_references_are_followed_through_local_values(references: list[str], expected: list[str]) -> None:
    values = {
        "key_arn": "${aws_kms_key.key.arn}",
        "twice": "${local.key_arn}",
        "account": "${data.aws_caller_identity.current.account_id}",
        "literal": "123",
        "round": "${local.round}",
    }
    expressions = {"block": [{"kms_key_id": {"references": references}}]}
    plan = {"configuration": {"root_module": {"resources": [{"expressions": expressions}]}}}
    found = followed(plan, values)["configuration"]["root_module"]["resources"][0]["expressions"]
    assert found["block"][0]["kms_key_id"]["references"] == expected

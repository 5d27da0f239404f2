"""Reading checkov's answers: a scan that saw nothing, or not everything, is no success."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.review.checkov import CheckovError, Failure, judge

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
def test_less_than_the_whole_plan_is_no_scan(document: object, message: str) -> None:
    with pytest.raises(CheckovError, match=message):
        judge(document, 2, "plan.json")

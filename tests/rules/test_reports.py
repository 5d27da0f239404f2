"""Each public report of the table gets its expected finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.reports import REPORTS, Report, expected, found, page

PAGE = Path(__file__).parents[2] / "docs" / "reports.md"


@pytest.mark.parametrize("report", REPORTS, ids=[f"{n}-{each.kind[:50]}" for n, each in enumerate(REPORTS)])
def test_each_report_gets_its_finding(report: Report) -> None:
    if report.path:
        assert expected(report) is not None
    else:
        assert [finding.path for finding in found(report) if finding.severity == "error"] == []


def test_every_report_is_public_and_listed_once() -> None:
    listed = [(report.url, report.kind) for report in REPORTS]
    assert len(listed) == len(set(listed))
    assert all(url.startswith("https://github.com/") for url, _ in listed)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make reports"

"""docs/transform.md is complete."""

from __future__ import annotations

import re

import pytest

from constructs_lib.transform.runtime import reasons
from constructs_lib.transform.runtime.formats import catalogue
from tests.stacks import ROOT

TEXT = (ROOT / "docs" / "transform.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("heading", "known"), [("dropped", reasons.DROPPED), ("failed", reasons.FAILED)])
def test_every_reason_is_documented(heading: str, known: dict[str, str]) -> None:
    table = TEXT.partition(f"| {heading} | why |")[2].partition("\n\n")[0]
    first = "".join(row.split("|")[1] for row in table.splitlines() if row.startswith("|"))
    assert set(re.findall(r"`(\w+)`", first)) == set(known)


def test_every_format_has_its_row() -> None:
    table = TEXT.partition("| format | what is recognised | what is read from it |")[2].partition("\n\n")[0]
    first = "".join(row.split("|")[1] for row in table.splitlines() if row.startswith("|"))
    assert set(re.findall(r"`(\w+)`", first)) == set(catalogue.NAMES)

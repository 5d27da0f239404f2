"""Redaction of the table: all private values are removed, all ordinary values are kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

import pytest

from tests.transform.batches import run
from tests.transform.privacy_going import must_go
from tests.transform.privacy_rows import Row
from tests.transform.privacy_staying import must_stay

LEAST_ROWS = 150


def outputs(rows: list[Row]) -> list[str]:
    """Each row's document as text, empty where there is none."""
    outcome = run(*(row.event for row in rows))
    documents = iter(outcome.documents)
    return [json.dumps(next(documents), ensure_ascii=False) if result == "Ok" else "" for result in outcome.results]


def leaks(rows: Iterable[Row]) -> list[str]:
    """Rows of which a word is left that must go."""
    rows = list(rows)
    return [
        f"{row.kind}: {row.words} in {output}"
        for row, output in zip(rows, outputs(rows), strict=True)
        if not output or any(word.lower() in output.lower() for word in row.words)
    ]


def losses(rows: Iterable[Row]) -> list[str]:
    """Rows of which a word is gone that must stay."""
    rows = list(rows)
    return [
        f"{row.kind}: {row.words} not in {output}"
        for row, output in zip(rows, outputs(rows), strict=True)
        if not all(json.dumps(word, ensure_ascii=False)[1:-1] in output for word in row.words)
    ]


def test_the_table_is_long_enough() -> None:
    assert len(list(must_go())) >= LEAST_ROWS
    assert len(list(must_stay())) >= LEAST_ROWS


def test_every_private_value_of_the_table_is_removed() -> None:
    assert leaks(must_go()) == []


def test_every_ordinary_value_of_the_table_is_kept() -> None:
    assert losses(must_stay()) == []


@pytest.mark.bench
def test_rates_of_leaks_and_losses() -> None:
    going, remaining = list(must_go()), list(must_stay())
    gone, stayed = len(going) - len(leaks(going)), len(remaining) - len(losses(remaining))
    sys.stdout.write(
        f"\n  privacy: {gone / len(going):.1%} of {len(going)} that must go are gone,"
        f" {stayed / len(remaining):.1%} of {len(remaining)} that must stay are there (100 % each)"
    )
    assert (gone, stayed) == (len(going), len(remaining))

"""``docs/rules.md`` matches the tables and rules."""

from __future__ import annotations

import pytest

from constructs_lib.commands import rules as command
from constructs_lib.rules import delivery, domain, environment, pipeline, stream, stream_changes
from constructs_lib.rules.rulebook import Rulebook
from tests.stacks import ROOT

BOOKS = [domain.BOOK, stream.BOOK, stream_changes.BOOK, delivery.BOOK, pipeline.BOOK, environment.BOOK]


def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == command.page(), "make rules renews it"


@pytest.mark.parametrize("book", BOOKS)
def test_every_rule_has_a_sentence_and_a_source(book: Rulebook) -> None:
    assert [rule.name for rule in book.rules if not rule.summary.endswith(".") or not rule.source] == []


def test_no_rule_is_entered_twice() -> None:
    names = [rule.name for book in BOOKS for rule in book.rules]
    assert len(names) == len(set(names))

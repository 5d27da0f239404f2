"""Untrusted texts in a terminal and in Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.review.text import LONGEST, cut, markdown_code, markdown_text
from constructs_lib.terminal import one_line


@given(st.text())
def test_a_text_stays_on_one_line_without_control_characters(text: str) -> None:
    assert one_line(text).isprintable()


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\u2028b", "a\x0bb", "a \t b"])
def test_line_breaks_become_a_space(text: str) -> None:
    assert one_line(text) == "a b"


@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b31m", "\u202e", "\u2066", "\x07", "\x00"])
def test_control_characters_become_a_question_mark(text: str) -> None:
    assert one_line(f"a{text}b").startswith("a?")


@given(st.text())
def test_markdown_text_contains_no_markup(text: str) -> None:
    written = markdown_text(text)
    assert not re.search(r"<|>|(?<!\\)[`*_\[\]|#~]|@(?!&)|://|www\.", written.replace("&#8203;", "&"), re.IGNORECASE)


@given(st.text())
def test_a_code_span_can_contain_any_text(text: str) -> None:
    written = markdown_code(text)
    fence = re.match(r"`+", written)
    assert fence is not None
    inner = written[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall(r"`+", inner)
    assert "|" not in written


def test_a_long_value_is_cut_with_a_note() -> None:
    assert cut("x" * LONGEST) == "x" * LONGEST
    assert cut("x" * (LONGEST + 1)).endswith("... (1 more characters)")

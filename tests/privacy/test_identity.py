"""Ids are normalised, placeholders are not ids, and pseudonyms are the same everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.privacy import identity
from constructs_lib.privacy.characters import visible

KEY = identity.keyed(b"a working key of 32 bytes ......")


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("4711", "4711"),
        (4711, "4711"),
        (4711.0, "4711"),
        ("  ann  ", "ann"),
        ("an\u200bn", "ann"),
        ("an\tn", "an n"),
        ("Ann", "Ann"),
        ("\ud83d", "\ufffd"),
        (True, ""),
        (None, ""),
        ({}, ""),
    ],
)
def test_ids_are_normalised_to_one_form(raw: Any, plain: str) -> None:
    assert identity.normalised(raw) == plain


def test_a_huge_number_is_not_an_id() -> None:
    assert identity.normalised(10**5000) == ""


@pytest.mark.parametrize(
    "placeholder",
    ["-", "null", "NULL", "undefined", "anonymous", "Guest", "0", 0, "(not set)", "none", "N/A", "[object Object]",
     "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "0.0", " - ", "xxxx"],
)  # fmt: skip
def test_a_placeholder_is_not_an_id(placeholder: Any) -> None:
    assert identity.normalised(placeholder) == ""


@pytest.mark.parametrize("somebody", ["10", "nullius", "guest-17", "annonymous", "0a", "-y"])
def test_ids_similar_to_a_placeholder_are_kept(somebody: str) -> None:
    assert identity.normalised(somebody) == somebody


@given(st.text(max_size=300))
def test_normalising_is_idempotent(raw: str) -> None:
    once = identity.normalised(raw)
    assert identity.normalised(once) == once


@given(st.text(min_size=1, max_size=300))
def test_a_pseudonym_of_a_pseudonym_is_itself(raw: str) -> None:
    made = identity.pseudonym(raw, KEY)
    assert identity.is_pseudonym(made)
    assert identity.pseudonym(made, KEY) == made


def test_a_short_id_is_searched_in_both_forms_and_a_longer_one_in_one() -> None:
    within, beyond = "a" * identity.LONGEST, "a" * (identity.LONGEST + 1)
    assert identity.forms(within, KEY) == [within, identity.pseudonym(within, KEY)]
    assert identity.forms(beyond, KEY) == [identity.pseudonym(beyond, KEY)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u200bb\ufeff", "ab"),
        ("a\u202eb\u2066c", "abc"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\x85b\x9fc\x00", "a b c "),
        ("a\u00adb", "ab"),
        ("a\U000e0041b", "ab"),
        ("a\u200db", "ab"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\u06cc\u200c\u062e", "\u06cc\u200c\u062e"),
        ("naïve 日本 é", "naïve 日本 é"),
    ],
)
def test_invisible_characters_are_removed_and_letters_kept(text: str, left: str) -> None:
    assert visible(text) == left


@given(st.text(st.characters(), max_size=100))
def test_visible_text_is_valid_utf8(text: str) -> None:
    visible(text).encode()

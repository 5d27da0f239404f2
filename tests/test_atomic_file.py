"""Atomic replacement of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from constructs_lib.atomic_file import replacing


def test_a_file_is_replaced_when_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "state.json"
    for text in ("first", "second"):
        with replacing(path) as made:
            made.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text
    assert list(path.parent.iterdir()) == [path]


def test_an_error_keeps_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text("first", encoding="utf-8")

    def fail() -> None:
        with replacing(path) as made:
            made.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_text(encoding="utf-8") == "first"
    assert list(tmp_path.iterdir()) == [path]

"""The public names exist and come from one list."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import constructs_lib


@pytest.mark.parametrize("name", constructs_lib.EXPORTS)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(constructs_lib, name) is not None


@pytest.mark.parametrize("name", constructs_lib.EXPORTS)
def test_every_public_name_is_documented(name: str) -> None:
    found = getattr(constructs_lib, name)
    # An alias of types has no text of its own.
    assert name == "Role" or (found.__doc__ or "").strip()


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(constructs_lib.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = {
        alias.name: node.module.removeprefix("constructs_lib.")
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    assert imported == constructs_lib.EXPORTS


def test_an_unknown_name_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        constructs_lib.Nothing  # noqa: B018 - to ask for it is the test

"""Every listed source and quota is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import constructs_lib
from constructs_lib.limits import quotas, sources

MODULES = {
    file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(Path(constructs_lib.__path__[0]).rglob("*.py"))
}


def used(module: ModuleType, tree: ast.AST) -> Iterator[str]:
    """Names of a module that another one imports from it or reads as its attributes."""
    _, _, short = module.__name__.rpartition(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == module.__name__:
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", None)
            if owner == short:
                yield node.attr


def cited(tree: ast.AST) -> Iterator[str]:
    """Sources that docstrings name, as ``sources.NAME``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from re.findall(r"\bsources\.(\w+)", node.value.value)


@pytest.mark.parametrize("module", [sources, quotas], ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_entry_is_used_elsewhere(module: ModuleType) -> None:
    others = [tree for file, tree in MODULES.items() if file != Path(str(module.__file__))]
    names = {name for tree in others for name in used(module, tree)}
    if module is sources:
        names |= {name for tree in others for name in cited(tree)}
    assert {name for name in vars(module) if not name.startswith("_") and name.isupper()} - names == set()

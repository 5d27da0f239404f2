"""Generated Python code, compiled for speed.

What jsii generates spends most of its time on types: a signature's type hints are computed when a module is imported,
every call checks every argument against them, and every value that comes back passes through ``typing.cast``. Node
checks the same values by the same types, so here all that is left out. What a module does is the same.
"""

from __future__ import annotations
import __future__

import ast
import importlib.util
import marshal
from importlib.machinery import ModuleSpec, PathFinder, SourcelessFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

_UNCHECKED = (1).to_bytes(4, "little")
"""PEP 552: Python takes the compiled file as it is; the copy's key says what it was made from."""


def compile_module(source: Path, compiled: Path) -> None:
    """Compile a generated module: without documentation, run-time type checks, computed annotations and casts.

    Raises:
        SyntaxError, ValueError: this Python cannot read the module.
    """
    text = source.read_bytes()
    tree = _WithoutCasts().visit(ast.parse(text))
    code = compile(tree, str(source), "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True, optimize=2)
    compiled.parent.mkdir(parents=True, exist_ok=True)
    digest = importlib.util.source_hash(text)
    compiled.write_bytes(importlib.util.MAGIC_NUMBER + _UNCHECKED + digest + marshal.dumps(code))


class _WithoutCasts(ast.NodeTransformer):
    """``typing.cast(T, value)`` is ``value``."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="typing"), attr="cast"), args=[_, value], keywords=[]):
                return value
        return node


class CompiledPackages:
    """A finder for packages whose ``__init__`` was compiled into another place; all else of them stays where it is."""

    def __init__(self, compiled: dict[str, Path]) -> None:
        self._compiled = compiled

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Where to load a package from; None for all others."""
        if name not in self._compiled:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = SourcelessFileLoader(name, str(self._compiled[name]))
        return spec

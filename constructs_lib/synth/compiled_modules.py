"""Generated Python code, compiled for speed.

What jsii generates spends most of its time on types: a signature's type hints are computed when a module is imported,
every call checks every argument against them, and every value that comes back passes through ``typing.cast``. Node
checks the same values by the same types, so here all that is left out, and with the checks the library that makes them,
whose import takes longer than the rest of a module. What a module does is the same.
"""

from __future__ import annotations
import __future__

import ast
import importlib.util
import marshal
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader, SourcelessFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

_UNCHECKED = (1).to_bytes(4, "little")
"""PEP 552: Python takes the compiled file as it is; the copy's key says what it was made from."""


def compile_module(source: Path, compiled: Path) -> None:
    """Compile a generated module: without documentation, run-time type checks, computed annotations and casts.

    Raises:
        SyntaxError, ValueError: this Python cannot read the module.
    """
    text = source.read_bytes()
    tree = _without_checker(_WithoutCasts().visit(ast.parse(text)))
    code = compile(tree, str(source), "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True, optimize=2)
    compiled.parent.mkdir(parents=True, exist_ok=True)
    digest = importlib.util.source_hash(text)
    compiled.write_bytes(importlib.util.MAGIC_NUMBER + _UNCHECKED + digest + marshal.dumps(code))


_CHECKER = {"typeguard", "_metadata_package_version", "TYPEGUARD_MAJOR_VERSION", "check_type"}
"""What the head of a generated module defines in order to check types."""


def _without_checker(module: ast.Module) -> ast.Module:
    """Leave out the head that checks types, if nothing asks for it but what ``__debug__`` switches off."""
    rest = [statement for statement in module.body if not _defined(statement) & _CHECKER]
    if not any(name in _CHECKER for statement in rest for name in _names(statement)):
        module.body = rest
    return module


def _defined(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {alias.asname or alias.name for alias in names}
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.FunctionDef(name=name):
            return {name}
    return set()


def _names(node: ast.AST) -> Iterator[str]:
    """Every name that is used, but for what stands under ``if __debug__``."""
    match node:
        case ast.If(test=ast.Name(id="__debug__"), orelse=[]):
            return
        case ast.Name(id=name):
            yield name
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


class _WithoutCasts(ast.NodeTransformer):
    """``typing.cast(T, value)`` is ``value``."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="typing"), attr="cast"), args=[_, value], keywords=[]):
                return value
        return node


class CompiledLoader(SourceFileLoader):
    """Loads a module's code from another place; what lies beside its source is found where that is."""

    def __init__(self, name: str, path: str, compiled: Path) -> None:
        super().__init__(name, path)
        self._compiled = SourcelessFileLoader(name, str(compiled))

    def get_code(self, fullname: str) -> CodeType | None:
        """The compiled code, taken as it is."""
        return self._compiled.get_code(fullname)


class CompiledPackages:
    """A finder for packages whose ``__init__`` was compiled into another place; all else of them stays where it is."""

    def __init__(self, compiled: dict[str, Path]) -> None:
        self._compiled = compiled

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Where to load a package from; None for all others."""
        if name not in self._compiled:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = CompiledLoader(name, spec.origin, self._compiled[name])
        return spec

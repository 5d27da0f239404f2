"""Reads a resource's arguments when any of them may be absent, unknown, or of the wrong type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from constructs_lib.rules.finding import UNKNOWN

_LARGEST = 10**15
"""No setting of AWS is nearly as large; beyond it arithmetic with ints and floats begins to fail."""
_STEP = re.compile(r"([^.\[\]]+)|\[(\d*)\]")


class Context(NamedTuple):
    """What is known about a resource besides its arguments."""

    region: str | None = None
    account: str | None = None
    existing: bool | None = None
    """Whether the resource exists already; None where that is unknown."""
    now: str | None = None
    """The current time, as RFC 3339 in UTC; None skips rules that need it."""


class Arguments:
    """Arguments of one resource in the provider's shape.

    A path is dotted (``cluster_config.instance_count``), ``[0]`` is an item of a list and ``[]`` every item. A block
    that may occur once is a mapping, or a list of one mapping as plans have it. Absent, null and empty are the same.

    The typed readers return None for a value that cannot be judged (unknown, or of another type), so that a rule which
    compares with ``is True`` or ``is not None`` reports nothing about it.
    """

    def __init__(self, values: object, context: Context | None = None) -> None:
        self.values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        self.context = context or Context()
        self._read: dict[str, Any] = {}
        """Values by path, cached: many rules read the same paths."""

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a path; `default` if absent, `UNKNOWN` if it or anything above it is unknown."""
        if path not in self._read:
            self._read[path] = self._find(path)
        value = self._read[path]
        return default if value is None else value

    def _find(self, path: str) -> Any:
        value: Any = self.values
        for name, index in _steps(path):
            if value is UNKNOWN:
                return UNKNOWN
            value = _item(value, int(index)) if index else _member(value, name)
            if value is None:
                return None
        return None if _is_absent(value) else value

    def present(self, path: str) -> bool | None:
        """Whether something is written at a path; None if that is unknown."""
        value = self.get(path)
        return None if value is UNKNOWN else value is not None

    def flag(self, path: str, *, default: bool = False) -> bool | None:
        """A boolean, `default` if absent."""
        value = self.get(path, default)
        return value if isinstance(value, bool) else None

    def number(self, path: str, default: float | None = None) -> float | None:
        """A finite number, `default` if absent."""
        value = self.get(path, default)
        return value if is_number(value) else None

    def text(self, path: str, default: str | None = None) -> str | None:
        """A string, `default` if absent."""
        value = self.get(path, default)
        return value if isinstance(value, str) else None

    def items(self, path: str) -> list[Any] | None:
        """A list, empty if absent; its items may be `UNKNOWN`."""
        value = self.get(path, [])
        if isinstance(value, Mapping):
            return [value]
        return list(value) if _is_list(value) else None

    def each(self, pattern: str) -> Iterator[tuple[str, Any]]:
        """Every known value that a path with ``[]`` in it names, with its own path."""
        head, brackets, tail = pattern.partition("[]")
        if not brackets:
            value = self.get(head)
            if value is not None and value is not UNKNOWN:
                yield head, value
            return
        for index, _ in enumerate(self.items(head) or []):
            yield from self.each(f"{head}[{index}]{tail}")

    def at(self, path: str) -> Arguments:
        """The arguments of a block, to be read by themselves."""
        value = self.get(path)
        return Arguments(value[0] if _is_list(value) and len(value) == 1 else value, self.context)


def is_number(value: object) -> bool:
    """True for an int or a float within `_LARGEST`; a boolean is not a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST


@lru_cache(maxsize=4096)
def _steps(path: str) -> list[tuple[str, str]]:
    return _STEP.findall(path)


# The ordinary types come first: a plan has tens of thousands of values, and asking an abstract class is slow.
def _is_list(value: object) -> bool:
    if value.__class__ in (list, tuple):
        return True
    if value.__class__ in (str, dict, bool, int, float):
        return False
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return value.__class__ is dict or (
        value.__class__ not in (str, list, bool, int, float) and isinstance(value, Mapping)
    )


def _is_absent(value: object) -> bool:
    return value is None or (not value and (isinstance(value, str) or _is_mapping(value) or _is_list(value)))


def _member(value: Any, name: str) -> Any:
    if _is_list(value) and len(value) == 1:
        value = value[0]
    if value is UNKNOWN:
        return UNKNOWN
    return value.get(name) if _is_mapping(value) else None


def _item(value: Any, index: int) -> Any:
    if _is_mapping(value):
        return value if index == 0 else None
    return value[index] if _is_list(value) and index < len(value) else None

"""The kinds of limits: a range, a choice, a pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """A number from `minimum` to `maximum`, both included; None is no bound."""

    minimum: float | None
    maximum: float | None
    source: str
    unit: str = ""
    zero_is_absent: bool = False
    """Whether 0 means "not set": the provider reports some counts so."""

    def accepts(self, value: float) -> bool:
        """Whether a number lies within."""
        if value == 0 and self.zero_is_absent:
            return True
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.maximum is None:
            return f"{_number(self.minimum)} or more{unit}"
        return f"{_number(self.minimum)} to {_number(self.maximum)}{unit}"


def _number(value: float | None) -> str:
    """A whole number with all its digits, any other number as short as possible."""
    return str(int(value or 0)) if value is None or value == int(value) else f"{value:g}"


@dataclass(frozen=True)
class Length(Range):
    """A text of `minimum` to `maximum` characters."""

    unit: str = "characters"


@dataclass(frozen=True)
class Count(Range):
    """A list of `minimum` to `maximum` items."""

    unit: str = "items"


@dataclass(frozen=True)
class Choice:
    """One of a few texts or numbers, written exactly so."""

    values: tuple[str | int, ...]
    source: str
    unit: str = ""
    meaning: str = ""
    """Description of the values, where they are too many to list."""

    def accepts(self, value: object) -> bool:
        """Whether the value is one of them (1 is not True)."""
        return any(value == one and type(value) is type(one) for one in self.values)

    def __str__(self) -> str:
        return self.meaning or ", ".join(str(value) for value in self.values)


@dataclass(frozen=True)
class Pattern:
    """A text that matches an expression as a whole."""

    expression: str
    meaning: str
    source: str

    def accepts(self, value: str) -> bool:
        """Whether the whole text matches."""
        return re.fullmatch(self.expression, value) is not None

    def __str__(self) -> str:
        return self.meaning


Limit = Range | Choice | Pattern

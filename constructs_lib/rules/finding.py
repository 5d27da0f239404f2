"""What a rule says about a value, and the mark for a value that nobody knows yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

Severity = Literal["error", "warning"]


class Unknown(Enum):
    """Type of `UNKNOWN`."""

    UNKNOWN = "known after apply"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands in the arguments for a value that is only known after an apply; no rule guesses at it."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong (error: AWS or its provider refuses it) or unwise (warning) about one resource's arguments."""

    path: str
    """Dotted path below the resource or section; items of lists as ``[0]``."""
    severity: Severity
    message: str
    """What is wrong, as a clause that reads well after the path."""
    given: object
    """The value as written; None where the argument is absent. Never a secret."""
    allowed: str
    """What would be accepted."""
    source: str
    """AWS page, service model or provider schema that says so."""

    def __str__(self) -> str:
        given = "nothing" if self.given is None else _shown(self.given)
        return f"{self.message}, given {given}, allowed {self.allowed}"


def _shown(value: object) -> str:
    """A value the way a YAML or Terraform author writes it, on one line and not longer than a line should be."""
    if isinstance(value, bool):
        return str(value).lower()
    text = value if isinstance(value, str) else repr(value)
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    text = text if len(text) <= 80 else f"{text[:77]}..."
    return f'"{text}"' if isinstance(value, str) else text

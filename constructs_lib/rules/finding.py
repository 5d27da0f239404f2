"""What a rule says about a value, and the mark for a value that is known only after an apply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

_EXACT = 1e15
"""Below it, a float's whole numbers are exact."""
Severity = Literal["error", "warning"]


class Unknown(Enum):
    """Type of `UNKNOWN`."""

    UNKNOWN = "known after apply"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands for a value that is known only after an apply; no rule judges it."""


@dataclass(frozen=True)
class Finding:
    """One error (AWS or its provider refuses it) or warning (accepted, but risky) about one resource's arguments."""

    path: str
    """Dotted path below the resource or file; items of lists as ``[0]``."""
    severity: Severity
    message: str
    """What is wrong, as a clause that reads well after the path."""
    given: object
    """The value as written; None where the argument is absent. Never a secret."""
    allowed: str
    """What would be accepted; empty where the message says it."""
    source: str
    """AWS page, service model or provider schema that the rule follows."""

    def __str__(self) -> str:
        label = "allowed" if self.severity == "error" else "recommended"
        return sentence(self.message, self.given, self.allowed, label)


def sentence(message: str, given: object, allowed: str, label: str = "allowed") -> str:
    """One line: ``what is wrong (given X; allowed: Y)``.

    Args:
        message: what is wrong.
        given: the value as written; None where there is none.
        allowed: what would be accepted; empty where the message says it.
        label: ``allowed``, or ``recommended`` in a warning.
    """
    parts = [f"given {shown(given)}"] if given is not None else []
    parts += [f"{label}: {allowed}"] if allowed else []
    return f"{message} ({'; '.join(parts)})" if parts else message


def shown(value: object) -> str:
    """A value as a YAML or Terraform author writes it, on one line of at most 80 characters."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)  # a whole number is written as one, wherever decimals are allowed too
    text = value if isinstance(value, str) else repr(value)
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    text = text if len(text) <= 80 else f"{text[:77]}..."
    return f'"{text}"' if isinstance(value, str) else text

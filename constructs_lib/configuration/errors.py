"""What is wrong with an environment file, one line a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One mistake, or one warning, in one file."""

    file: str
    path: str
    """Dotted path of the key, items of lists as ``[0]``; empty where the whole file is meant."""
    message: str
    """What is wrong, what was given, what is allowed."""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.file}: {self.path}: " if self.path else f"{self.file}: "
        line = where + ("warning: " if self.severity == "warning" else "") + self.message
        # One line, whatever stands in the file.
        return "".join(character if character.isprintable() else "?" for character in line)


class ConfigurationError(Exception):
    """An environment that cannot be synthesized, with all its problems at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


def dotted(parts: Sequence[str | int]) -> str:
    """A path of keys and indices as people write it.

    >>> dotted(["domain", "node_options", 0, "node_type"])
    'domain.node_options[0].node_type'
    """
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text

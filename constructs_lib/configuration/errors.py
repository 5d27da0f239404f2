"""Mistakes and warnings about a file: ``file:line: key.path: what is wrong (given X; allowed: Y)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from constructs_lib.terminal import one_line


@dataclass(frozen=True)
class Problem:
    """One mistake, or one warning, in one file."""

    file: str
    path: str
    """Dotted path of the key, items of lists as ``[0]``; empty for the whole file."""
    message: str
    """What is wrong, what was given, what is allowed."""
    severity: Literal["error", "warning"] = "error"
    line: int | None = None
    """Line of the key, from 1, or of the section that lacks it; None for the whole file."""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        label = "warning: " if self.severity == "warning" else ""
        text = f"{where}: {self.path}: {label}{self.message}" if self.path else f"{where}: {label}{self.message}"
        return one_line(text)


class ConfigurationError(Exception):
    """An environment file has mistakes; carries all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


class ArgumentTypeError(ConfigurationError, TypeError):
    """Arguments of a construct have other types than it takes; carries all of them."""


def dotted(parts: Sequence[str | int]) -> str:
    """A path of keys and indices as one text.

    >>> dotted(["domain", "node_options", 0, "node_type"])
    'domain.node_options[0].node_type'
    """
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text

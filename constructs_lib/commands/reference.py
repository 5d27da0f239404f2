"""Print the reference of environment files, docs/reference.md: one line for each key.

`make reference` keeps the published page.
"""

from __future__ import annotations

import argparse
from itertools import groupby

from constructs_lib.configuration.reference import FIRST_VERSION, Entry, entries

_INTRODUCTION = f"""\
# Reference of the environment file

<!-- Printed by `make reference` from constructs_lib/configuration; a test holds it to them. -->

Every key, one line each. *Provider argument* names the argument of the AWS provider that the key sets; a key without
one belongs to this project. *Since* is the version of this project that added the key, or the AWS provider version that
the key needs, which the stack then requires. {FIRST_VERSION} is the first version. [The rules](rules.md) list the
allowed values; [the page of the options](environment-file.md) has examples.
"""
_HEAD = ("key", "what it does", "type", "default", "unit", "provider argument", "since")


def configure(parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Print the page."""
    del arguments
    print(page(), end="")
    return 0


def page() -> str:
    """The page as Markdown."""
    parts = [_INTRODUCTION]
    for section, group in groupby(entries(), key=_section):
        lines = [f"## {section}\n", _row(_HEAD), _row(["---"] * len(_HEAD))]
        lines += [_row(_cells(entry)) for entry in group]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _section(entry: Entry) -> str:
    head, dot, _ = entry.key.partition(".")
    return f"`{head}`" if dot or "section" in entry.type else "The top of the file"


def _cells(entry: Entry) -> list[str]:
    argument = f"`{entry.argument}`" if entry.argument else ""
    text = entry.text.replace("``", "`")
    return [f"`{entry.key}`", text, entry.type, entry.default, entry.unit, argument, entry.since]


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

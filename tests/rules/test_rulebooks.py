"""Every finding comes from a rule or a table, has a public source, and is listed in docs/rules.md."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from constructs_lib import limits, rules
from constructs_lib.commands.rules import BOOKS
from constructs_lib.rules.rulebook import Rulebook
from tests.stacks import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
LISTED = [rule for _, _, book in BOOKS for rule in book.rules]
PACKAGE = ROOT / "constructs_lib"


def modules(package: str) -> Iterator[str]:
    path = [str(PACKAGE / package)]
    for found in pkgutil.walk_packages(path, f"constructs_lib.{package}."):
        yield found.name


def trees(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    for package in packages:
        whole = PACKAGE / package
        for path in sorted(whole.rglob("*.py")) if whole.is_dir() else [whole.with_suffix(".py")]:
            yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def test_only_rulebooks_create_findings() -> None:
    makers = {
        str(path)
        for path, tree in trees(".")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"
    }
    assert makers == {"rules/rulebook.py"}


def test_every_rule_is_on_the_page() -> None:
    books = [
        book
        for name in modules("rules")
        for book in vars(importlib.import_module(name)).values()
        if isinstance(book, Rulebook)
    ]
    entered = [rule for book in books for rule in book.rules]
    assert len(books) > 20
    assert [rule.name for rule in entered if rule not in LISTED] == []
    assert [rule.name for rule in LISTED if rule.summary.replace("|", "\\|") not in PAGE] == []


def test_every_limit_is_on_the_page() -> None:
    tables = [key for key in limits.ARGUMENTS if not key[1].startswith("elasticsearch_configuration.")]
    tables += [(type_, path) for type_, kinds in limits.ARNS.items() for path in kinds if "elasticsearch_" not in path]
    assert [path for _, path in tables if f"| `{path}` |" not in PAGE] == []


SOURCES = sorted(
    {rule.source for rule in LISTED}
    | {limit.source for applying in limits.ARGUMENTS.values() for limit in applying}
    | {kind.source for kinds in limits.ARNS.values() for kind in kinds.values()}
)


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_a_public_page_or_a_service_model(source: str) -> None:
    assert source.startswith(("https://", "service model "))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


ARITHMETIC = tuple(
    f"sizing.{name}" for name in ("demand", "shape", "numbers", "formulae", "hops", "one_deployment", "proposal")
)
"""What sizing computes from numbers alone, without a file or a report."""


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("limits", ("limits",)),
        ("rules", ("rules", "limits", *ARITHMETIC)),
        *((name, ("limits", *ARITHMETIC)) for name in ARITHMETIC),
    ],
    ids=["limits", "rules", *ARITHMETIC],
)
def test_imports_point_one_way(package: str, allowed: tuple[str, ...]) -> None:
    inside = tuple(f"constructs_lib.{name}" for name in allowed)
    own = [
        (str(path), name)
        for path, tree in trees(package.replace(".", "/"))
        for name in imported(tree)
        if name.startswith("constructs_lib.") and not f"{name}.".startswith(tuple(f"{each}." for each in inside))
    ]
    assert own == []


NUMBERS = (-1, 0, 1, 2, 100)
"""Numbers that count, compare or turn percent into shares, and limit nothing."""
NO_LIMITS = ("finding.py", "plan_values.py", "rulebook.py", "saml_metadata.py", "schedules.py")
"""Modules whose numbers are about texts: how long a message is, what a cron field may be."""


def test_rules_take_their_numbers_from_the_limits() -> None:
    found = [
        (str(path), node.lineno, node.value)
        for path, tree in trees("rules")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        if node.value not in NUMBERS and path.name not in NO_LIMITS
    ]
    assert found == []


def test_each_rule_has_a_unique_one_sentence_summary() -> None:
    summaries = [rule.summary for rule in LISTED]
    assert [text for text in summaries if not text.endswith(".") or summaries.count(text) > 1] == []
    assert rules.domain.BOOK.rules

"""Print what is refused and what is warned of, with the sources: the page docs/rules.md."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator

from constructs_lib import limits
from constructs_lib.limits.engines import VERSIONS
from constructs_lib.limits.instances import INSTANCE_TYPES, family
from constructs_lib.rules import delivery, domain, environment, pipeline, stream, stream_changes
from constructs_lib.rules.rulebook import Rule, Rulebook

_INTRODUCTION = """\
# What is refused, and what is warned of

<!-- Printed by `make rules` from constructs_lib/limits and constructs_lib/rules; a test holds it to them. -->

An **error** is what AWS or its Terraform provider refuses: an environment with one is not synthesized, and
`python -m constructs_lib check FILE...` exits with 1. A **warning** is what they accept and what hurts later. All of
them come at once, each with the key, the value and what is allowed. Plans of other people's Terraform are judged by
the same rules (`terraform show -json plan.bin > plan.json`), in any module: `aws_opensearch_domain`,
`aws_elasticsearch_domain`, `aws_kinesis_stream`, and `aws_kinesis_firehose_delivery_stream` that leads to a search
domain. What is only known after an apply is not guessed at; an argument that the configuration leaves out counts as
left out.
"""
_BOOKS: tuple[tuple[str, str, Rulebook], ...] = (
    ("Domain", "aws_opensearch_domain", domain.BOOK),
    ("Stream", "aws_kinesis_stream", stream.BOOK),
    ("Changes of a stream", "what a plan changes in place", stream_changes.BOOK),
    ("Delivery stream", "aws_kinesis_firehose_delivery_stream", delivery.BOOK),
    ("Between them", "what lies between the parts of a pipeline", pipeline.BOOK),
    ("The environment file's own keys", "what stands around the pipeline", environment.BOOK),
)
_ALIKE = "elasticsearch_configuration."


def configure(parser: argparse.ArgumentParser) -> None:
    """The command takes nothing."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Print the page."""
    del arguments
    print(page(), end="")
    return 0


def page() -> str:
    """The page as Markdown."""
    sections = [_INTRODUCTION]
    for title, about, book in _BOOKS:
        sections.append(f"## {title}\n\n{_sentence(about, book)}\n")
        sections.append(_table(("kind", "rule", "source"), map(_rule, book.rules)))
        arguments = list(_arguments(book.resource_type)) if book.resource_type else []
        if arguments:
            sections.append(f"### {title}: single values\n")
            sections.append(_table(("argument", "allowed", "source"), arguments))
    sections.append(_versions())
    sections.append(_types())
    return "\n".join(sections)


def _sentence(about: str, book: Rulebook) -> str:
    errors = sum(rule.severity == "error" for rule in book.rules)
    name = f"`{about}`" if about.startswith("aws_") else about[0].upper() + about[1:]
    return f"{name}: {errors} rules about errors, {len(book.rules) - errors} about warnings."


def _rule(rule: Rule) -> tuple[str, str, str]:
    return rule.severity, rule.summary, _link(rule.source)


def _arguments(resource_type: str | None) -> Iterator[tuple[str, str, str]]:
    for (type_, path), applying in limits.ARGUMENTS.items():
        if type_ == resource_type and not path.startswith(_ALIKE):
            for limit in applying:
                yield f"`{path}`", str(limit), _link(limit.source)


def _versions() -> str:
    rows = [
        (f"`{engine}`", support.standard if support else "", support.extended if support else "")
        for engine, support in VERSIONS.items()
    ]
    head = f"## Engine versions\n\nAs [AWS announces them]({limits.sources.SUPPORT_WINDOWS}).\n\n"
    return head + _table(("version", "standard support until", "extended support, billed, until"), rows)


def _types() -> str:
    families: dict[str, list[str]] = {}
    for name, facts in INSTANCE_TYPES.items():
        disks = "own disks" if not facts.takes_ebs else f"{facts.gp3_gib or facts.gp2_gib:,} GiB"
        request = f"{facts.http_mib} MiB" if facts.http_mib else "not published"
        size = name.split(".")[1]
        families.setdefault(family(name), []).append(f"{size}: {disks}, {request}")
    rows = [(f"`{name}`", "; ".join(sizes), "") for name, sizes in families.items()]
    head = (
        "## Instance types\n\nLargest volume (of the newest kind the type takes) and largest HTTP request, after"
        f" [AWS's quotas]({limits.sources.DOMAIN_QUOTAS}).\n\n"
    )
    return head + _table(("family", "sizes"), [row[:2] for row in rows])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = [_row(titles), _row("---" for _ in titles), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _link(source: str) -> str:
    """A source as a link, named by what it is part of."""
    if not source.startswith("https://"):
        return source
    last = re.sub(r"\.html?$", "", source.partition("#")[0].rstrip("/").rpartition("/")[2])
    return f"[{last}]({source})"

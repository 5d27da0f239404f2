"""Print all errors and warnings with their sources: the page docs/rules.md."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator

from constructs_lib import limits
from constructs_lib.configuration.form import FORM
from constructs_lib.limits.engines import VERSIONS
from constructs_lib.limits.instances import INSTANCE_TYPES, family
from constructs_lib.rules import (
    delivery,
    deployments,
    domain,
    domain_changes,
    elasticsearch_domain,
    environment,
    pipeline,
    resources,
    stream,
    stream_changes,
)
from constructs_lib.rules.rulebook import SCHEMAS as _SCHEMAS
from constructs_lib.rules.rulebook import Rule, Rulebook, counted

_INTRODUCTION = """\
# Errors and warnings

<!-- Printed by `make rules` from constructs_lib/limits and constructs_lib/rules; a test holds it to them. -->

An **error** is something that AWS or its Terraform provider refuses: an environment with an error is not synthesized,
and `python -m constructs_lib check FILE...` exits with 1. A **warning** is something that they accept and that causes
trouble later. All findings come at once, one line each: `file:line: key.path: what is wrong (given X; allowed: Y)`. A
warning has `warning:` before what is wrong, and `recommended:` in place of `allowed:`.

`check` applies the same rules to any Terraform plan (`terraform show -json plan.bin > plan.json`), in all modules:
`aws_opensearch_domain`, `aws_elasticsearch_domain`, `aws_kinesis_stream`, and `aws_kinesis_firehose_delivery_stream`
that delivers to a search domain. The rules of the other resources are for constructs that an app makes by itself, and
for overrides. `check` does not check values that are known only after an apply; an argument that the
configuration does not set counts as absent.
"""
BOOKS: tuple[tuple[str, str, Rulebook], ...] = (
    ("Domain", "aws_opensearch_domain", domain.BOOK),
    ("Elasticsearch domain", "aws_elasticsearch_domain", elasticsearch_domain.BOOK),
    ("Changes of a domain", "changes of an existing domain", domain_changes.BOOK),
    ("Stream", "aws_kinesis_stream", stream.BOOK),
    ("Changes of a stream", "changes of an existing stream", stream_changes.BOOK),
    ("Delivery stream", "aws_kinesis_firehose_delivery_stream", delivery.BOOK),
    ("Pipeline", "relations between the parts of a pipeline", pipeline.BOOK),
    ("Environment file", "the environment file's own keys", environment.BOOK),
    ("Several environments", "environments that are checked together", deployments.BOOK),
    ("Pipelines of an app", "a pipeline beside its stack's provider and other pipelines", resources.PIPELINES),
    ("Grants", "what a `grant_*` method of a construct is handed", resources.GRANTS),
    *(
        (type_.removeprefix("aws_").replace("_", " ").capitalize(), type_, book)
        for type_, book in resources.BOOKS.items()
    ),
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
    for title, about, book in BOOKS:
        sections.append(f"## {title}\n\n{_sentence(about, book)}\n")
        if book.rules:
            sections.append(_table(("kind", "rule", "source"), map(_rule, book.rules)))
        arguments = sorted(_arguments(book.resource_type)) if book.resource_type else []
        if arguments:
            sections.append(f"### {title}: single values\n")
            sections.append(_table(("argument", "allowed", "source"), arguments))
    sections += [_form(), _versions(), _upgrades(), _types()]
    return "\n".join(sections)


def _sentence(about: str, book: Rulebook) -> str:
    errors = sum(rule.severity == "error" for rule in book.rules)
    name = f"`{about}`" if about.startswith("aws_") else about[0].upper() + about[1:]
    return f"{name}: {counted(errors, 'error')}, {counted(len(book.rules) - errors, 'warning')}."


def _rule(rule: Rule) -> tuple[str, str, str]:
    return rule.severity, rule.summary, _link(rule.source)


def _arguments(resource_type: str) -> Iterator[tuple[str, str, str]]:
    for (type_, path), applying in limits.ARGUMENTS.items():
        if type_ == resource_type and not path.startswith(_ALIKE):
            for limit in applying:
                yield f"`{path}`", str(limit), _link(limit.source)
    for path, kind in limits.ARNS.get(resource_type, {}).items():
        if not path.startswith(_ALIKE):
            places = [word for word, wanted in (("region", kind.regional), ("account", kind.own_account)) if wanted]
            where = f", in the same {' and '.join(['partition', *places])}"
            yield f"`{path}`", f"the ARN of {kind.meaning}{where}", _link(kind.source)
    for block, names in limits.REQUIRED.get(resource_type, {}).items():
        if not block.startswith(_ALIKE.rstrip(".")):
            for name in names:
                yield f"`{block}.{name}`" if block else f"`{name}`", "is required", _link(_SCHEMAS[resource_type])


def _form() -> str:
    """The section about the form of a file, which is checked before the rules."""
    head = (
        "## The form of a file\n\nAn environment file must be plain data in"
        " [YAML 1.2](https://yaml.org/spec/1.2.2/) and match the"
        " [JSON Schema](../schema/environment.schema.json).\n\n"
    )
    return head + _table(("kind", "problem"), [("error", text) for text in FORM])


def _versions() -> str:
    rows = [
        (f"`{engine}`", support.standard if support else "", support.extended if support else "")
        for engine, support in VERSIONS.items()
    ]
    head = f"## Engine versions\n\nAs [AWS announces them]({limits.sources.SUPPORT_WINDOWS}).\n\n"
    return head + _table(("version", "standard support until", "extended support, billed, until"), rows)


def _upgrades() -> str:
    rows = [
        (_span(row.name, row.least, row.most), _span(row.target, row.target_least, row.target_most))
        for row in limits.engines.UPGRADES
    ]
    head = f"## Upgrade paths\n\nUpgrades to a later version, as [AWS lists them]({limits.sources.UPGRADES}).\n\n"
    return head + _table(("from", "to"), rows)


def _span(name: str, least: tuple[int, int], most: tuple[int, int]) -> str:
    version = f"{least[0]}.{least[1]}"
    return (
        f"{name} {version}"
        if least == most
        else f"{name} {least[0]}.x"
        if not least[1]
        else f"{name} {version} and later {least[0]}.x"
    )


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
    """A source as a link, named after its page."""
    if not source.startswith("https://"):
        return source
    last = re.sub(r"\.html?$", "", source.partition("#")[0].rstrip("/").rpartition("/")[2])
    return f"[{last}]({source})"

"""Say what AWS would refuse in environment files and in plans, without synthesizing or applying.

Each FILE is an environment file (YAML) or a plan as ``terraform show -json`` prints it, whoever wrote the plan's
configuration; which of the two is seen from what it holds. In a plan every ``aws_opensearch_domain``,
``aws_elasticsearch_domain``, ``aws_kinesis_stream`` and every ``aws_kinesis_firehose_delivery_stream`` that leads to a
search domain is judged, in any module. What is only known after an apply is not guessed at.

Environment files given together must not give the same names in one account and region.

Each finding is one line, ``file:line: key: what is wrong (given X; allowed: Y)``; in a plan the resource's address
stands before the key and there is no line. The last line counts them. Exit code 0: nothing that AWS would refuse
(there may be warnings); 1: at least one error; 2: a file could not be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from constructs_lib.plans.judge import judge

if TYPE_CHECKING:
    from constructs_lib.configuration.environment import Environment

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that are read; plans of a thousand resources have a tenth of it."""


_LABELS = {"error": "", "warning": "warning: "}


class UnreadableError(Exception):
    """A file is neither an environment nor a plan; the message is one line."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what the command is given."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="environment file (YAML) or plan (JSON)")


def run(arguments: argparse.Namespace) -> int:
    """Judge every file; the worst exit code of them."""
    worst = 0
    counts: Counter[str] = Counter()
    environments: dict[str, Environment] = {}
    for name in arguments.files:
        try:
            lines = _judge(name, environments)
        except UnreadableError as error:
            print(f"{_clean(name)}: {error}", file=sys.stderr)
            worst = 2
            continue
        for severity, line in lines:
            print(line)
            counts[severity] += 1
    if len(environments) > 1:
        from constructs_lib.rules.deployments import collisions  # noqa: PLC0415 - see _environment

        shared = collisions(environments)
        for problem in shared:
            print(problem)
            counts[problem.severity] += 1
    if worst == 0:
        print(_summary(len(arguments.files), counts))
    return max(worst, int(counts["error"] > 0))


def _summary(files: int, counts: Counter[str]) -> str:
    """``3 files, no findings``; ``1 file, 2 errors, 1 warning``."""
    found = [_counted(counts[severity], severity) for severity in ("error", "warning") if counts[severity]]
    return ", ".join([_counted(files, "file"), *(found or ["no findings"])])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _judge(name: str, environments: dict[str, Environment]) -> list[tuple[str, str]]:
    """Severity and line of each finding about one file."""
    content = _read(name)
    document = _plan(content)
    if document is None:
        return _environment(name, content, environments)
    if "resource_changes" not in document and "planned_values" not in document:
        state = "values" in document
        raise UnreadableError(
            "is a state, not a plan; give terraform show -json the plan's file" if state else "is not a plan"
        )
    found = judge(document)
    return [
        (item.severity, _clean(f"{name}: {address}.{item.path}: {_LABELS[item.severity]}{item}"))
        for address, item in found
    ]


def _environment(name: str, content: bytes, environments: dict[str, Environment]) -> list[tuple[str, str]]:
    # Only this half needs pydantic and the sections, which take longer to import than a plan to judge.
    from constructs_lib.configuration.errors import ConfigurationError  # noqa: PLC0415
    from constructs_lib.configuration.load import parse_environment  # noqa: PLC0415
    from constructs_lib.configuration.yaml_file import parse_yaml  # noqa: PLC0415

    try:
        environments[name], problems = parse_environment(parse_yaml(content, name), name)
    except ConfigurationError as error:
        problems = error.problems
    return [(problem.severity, str(problem)) for problem in problems]


def _read(name: str) -> bytes:
    path = Path(name)
    try:
        with path.open("rb") as file:  # once: it may be a pipe
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError(getattr(error, "strerror", None) or str(error)) from None
    if len(content) > LARGEST:
        raise UnreadableError(f"is too large (allowed: {LARGEST} bytes)")
    if content[:2] == b"PK":
        raise UnreadableError("is a binary plan; convert it with terraform show -json FILE > plan.json")
    return content


def _plan(content: bytes) -> dict[str, object] | None:
    """The plan that a file holds; None if it holds something else, which may be an environment."""
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith((b"{", b"[")):
        return None
    try:
        document = json.loads(text)
    except RecursionError:
        raise UnreadableError("is nested too deeply") from None
    except ValueError as error:
        if b'"format_version"' in text[:4096]:
            raise UnreadableError(f"is cut off or damaged: {error}") from None
        return None
    if not isinstance(document, dict):
        raise UnreadableError("is JSON, but neither a plan nor an environment file: both are mappings")
    return document if "format_version" in document else None


def _clean(line: str) -> str:
    """A line that stays one, whatever stands in the file."""
    return "".join(character if character.isprintable() else "?" for character in line)

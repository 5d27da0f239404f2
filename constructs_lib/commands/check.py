"""Say what AWS would refuse in environment files and in plans, without synthesizing or applying.

Each FILE is an environment file (YAML) or a plan as ``terraform show -json`` prints it, whoever wrote the plan's
configuration; which of the two is seen from what it holds. In a plan every ``aws_opensearch_domain``,
``aws_elasticsearch_domain``, ``aws_kinesis_stream`` and every ``aws_kinesis_firehose_delivery_stream`` that leads to a
search domain is judged, in any module. What is only known after an apply is not guessed at.

Environment files given together must not give the same names in one account and region.

One line a problem: file, key or address, what is wrong, what was given and what is allowed. Exit code 0: nothing AWS
would refuse (there may be warnings); 1: something; 2: a file could not be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from constructs_lib.plans.judge import judge

if TYPE_CHECKING:
    from constructs_lib.configuration.environment import Environment

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that are read; plans of a thousand resources have a tenth of it."""


class UnreadableError(Exception):
    """A file is neither an environment nor a plan; the message is one line."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what the command is given."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="environment file (YAML) or plan (JSON)")


def run(arguments: argparse.Namespace) -> int:
    """Judge every file; the worst exit code of them."""
    worst = 0
    environments: dict[str, Environment] = {}
    for name in arguments.files:
        try:
            lines, refused = _judge(name, environments)
        except UnreadableError as error:
            print(f"{_clean(name)}: {error}", file=sys.stderr)
            worst = 2
            continue
        for line in lines:
            print(line)
        worst = max(worst, int(refused))
    if len(environments) > 1:
        from constructs_lib.rules.deployments import collisions  # noqa: PLC0415 - see _environment

        shared = collisions(environments)
        for problem in shared:
            print(problem)
        worst = max(worst, int(any(problem.severity == "error" for problem in shared)))
    return worst


def _judge(name: str, environments: dict[str, Environment]) -> tuple[list[str], bool]:
    """Lines about one file, and whether AWS would refuse something in it."""
    content = _read(name)
    document = _plan(content)
    if document is None:
        return _environment(name, content, environments)
    if "resource_changes" not in document and "planned_values" not in document:
        state = "values" in document
        raise UnreadableError(
            "a state, not a plan: name the plan's file to terraform show -json" if state else "no plan"
        )
    found = judge(document)
    lines = [_clean(f"{name}: {address}.{finding.path}: {finding.severity}: {finding}") for address, finding in found]
    return lines, any(finding.severity == "error" for _, finding in found)


def _environment(name: str, content: bytes, environments: dict[str, Environment]) -> tuple[list[str], bool]:
    # Only this half needs pydantic and the sections, which take longer to import than a plan to judge.
    from constructs_lib.configuration.errors import ConfigurationError  # noqa: PLC0415
    from constructs_lib.configuration.load import parse_environment  # noqa: PLC0415
    from constructs_lib.configuration.yaml_file import parse_yaml  # noqa: PLC0415

    try:
        environments[name], problems = parse_environment(parse_yaml(content, name), name)
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems], True
    return [str(problem) for problem in problems], False


def _read(name: str) -> bytes:
    path = Path(name)
    try:
        with path.open("rb") as file:  # once: it may be a pipe
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError(getattr(error, "strerror", None) or str(error)) from None
    if len(content) > LARGEST:
        raise UnreadableError(f"has more than {LARGEST} bytes, the most that are read")
    if content[:2] == b"PK":
        raise UnreadableError("a binary plan; print it with terraform show -json FILE > plan.json")
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
        raise UnreadableError("is JSON, but neither a plan nor an environment, which are mappings")
    return document if "format_version" in document else None


def _clean(line: str) -> str:
    """A line that stays one, whatever stands in the file."""
    return "".join(character if character.isprintable() else "?" for character in line)

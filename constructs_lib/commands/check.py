"""Check environment files and plans for what AWS would refuse, without synthesizing or applying.

Each FILE is an environment file (YAML) or the plan of any Terraform configuration, as ``terraform show -json`` prints
it; the command detects which. In a plan it checks every ``aws_opensearch_domain``, ``aws_elasticsearch_domain``,
``aws_kinesis_stream``, and every ``aws_kinesis_firehose_delivery_stream`` that delivers to a search domain, in all
modules. It does not check values that are known only after an apply.

Environment files checked together must not use the same resource names in one account and region.

Each finding is one line, ``file:line: key: what is wrong (given X; allowed: Y)``; in a plan the resource's address
precedes the key and there is no line. The last line counts the findings. Exit code 0: no errors (there may be
warnings); 1: at least one error; 2: a file could not be read.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from constructs_lib.plans.judge import judge
from constructs_lib.plans.plan_file import PlanError, as_utf8, is_plan, raw_content
from constructs_lib.plans.reading import parse
from constructs_lib.plans.redaction import Redactor
from constructs_lib.terminal import one_line

if TYPE_CHECKING:
    from constructs_lib.configuration.environment import Environment
    from constructs_lib.configuration.yaml_file import Document

_LABELS = {"error": "", "warning": "warning: "}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="environment file (YAML) or plan (JSON)")


def run(arguments: argparse.Namespace) -> int:
    """Check every file and return the worst exit code."""
    worst = 0
    counts: Counter[str] = Counter()
    environments: dict[str, tuple[Environment, Document]] = {}
    for name in arguments.files:
        try:
            lines = _judge(name, environments)
        except PlanError as error:
            print(one_line(f"{name}: {error}"), file=sys.stderr)
            worst = 2
            continue
        for severity, line in lines:
            print(line)
            counts[severity] += 1
    if len(environments) > 1:
        from constructs_lib.configuration.load import shared_problems  # noqa: PLC0415 - see _environment

        shared = shared_problems(environments)
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


def _judge(name: str, environments: dict[str, tuple[Environment, Document]]) -> list[tuple[str, str]]:
    """Severity and line of each finding about one file."""
    raw = raw_content(Path(name))
    text = as_utf8(raw)
    if not is_plan(text):
        return _environment(name, raw, environments)
    plan = parse(text)
    found = judge(plan)
    clean = Redactor.of(plan).clean if found else str
    return [
        (item.severity, one_line(clean(f"{name}: {address}.{item.path}: {_LABELS[item.severity]}{item}")))
        for address, item in found
    ]


def _environment(name: str, raw: bytes, environments: dict[str, tuple[Environment, Document]]) -> list[tuple[str, str]]:
    # Only this half needs pydantic and the sections, which take longer to import than a plan to judge.
    from constructs_lib.configuration.errors import ConfigurationError  # noqa: PLC0415
    from constructs_lib.configuration.load import parse_environment  # noqa: PLC0415
    from constructs_lib.configuration.yaml_file import parse_yaml  # noqa: PLC0415

    try:
        document = parse_yaml(raw, name)
        environment, problems = parse_environment(document, name)
        environments[name] = environment, document
    except ConfigurationError as error:
        problems = error.problems
    return [(problem.severity, str(problem)) for problem in problems]

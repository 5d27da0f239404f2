"""Turn a plan into a report for a pull request and for a browser; the exit code is the plan's worst risk.

    terraform show -json plan.bin > plan.json
    python -m constructs_lib review plan.json

writes ``review.md`` and ``review.html`` to ``build/review/STACK`` and a summary to the terminal, worst first. STACK is
the name of the folder that ``make plan`` put the plan into, or ``--stack``. Exit codes, each worse than the one before,
so that a pipeline can gate on them:

    0  nothing, additions, or changes in place
    2  the plan cannot be read (one line says why)
    3  hours of work or an interruption: a blue/green deployment, or something that runs is replaced or destroyed
    4  the plan failed, a policy fails, or AWS would refuse the configuration
    5  data loss: something that holds data is replaced or destroyed, or keeps less than before

``--accept 3`` turns codes up to 3 into 0, for a change whose interruption is approved. To approve single resources,
write a waiver into ``policies/exceptions.yaml``: stack, resource, reason, who approved it and the last day.
``--expect-empty`` is for drift detection: a plan that changes anything, or that found changes made outside Terraform,
exits with 3 or more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.load import load_environment
from constructs_lib.plans.document import Plan
from constructs_lib.plans.plan_file import PlanError
from constructs_lib.plans.reading import read
from constructs_lib.plans.resources import planned_resources
from constructs_lib.review import html, markdown
from constructs_lib.review.capacity import TYPES
from constructs_lib.review.exceptions import FILE, ExceptionsError, load
from constructs_lib.review.rego import PolicyError
from constructs_lib.review.report import Report, build
from constructs_lib.review.risk import Risk
from constructs_lib.sizing.deployment import shares
from constructs_lib.sizing.hops import Hop
from constructs_lib.terminal import one_line

PACK = Path("policies")
"""Folder of the Rego pack in a checkout."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("plan", type=Path, help="the plan's JSON, from terraform show -json")
    parser.add_argument("--stack", help="name of the stack (default: that of the plan's folder)")
    parser.add_argument("--out", type=Path, help="folder of the report (default build/review/STACK)")
    parser.add_argument("--title", help="heading of the report (default: stack and region)")
    parser.add_argument(
        "--policies",
        help=f"folder of the Rego pack and of the exceptions, or none (default {PACK}, where there is one)",
    )
    parser.add_argument(
        "--checkov", type=Path, help="checkov's JSON results for the same plan (make policy writes them)"
    )
    parser.add_argument(
        "--environment",
        type=Path,
        help="the environment file; its traffic is compared with the planned sizes (default environments/STACK.yaml,"
        " where there is one)",
    )
    parser.add_argument(
        "--expect-empty", action="store_true", help="exit 3 if the plan changes anything or found drift"
    )
    parser.add_argument(
        "--accept", type=int, choices=[risk.value for risk in Risk], default=0, help="highest risk that still exits 0"
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Input and options of a report; see the command's arguments."""

    plan: Path
    stack: str | None = None
    out: Path | None = None
    title: str | None = None
    since: str = ""
    """The commit that the plan is compared with; None: with what AWS has."""
    policies: str | None = None
    checkov: Path | None = None
    environment: Path | None = None
    expect_empty: bool = False
    accept: int = 0
    notes: Sequence[str] = ()


def run(arguments: argparse.Namespace) -> int:
    """Write the report; see the module for the exit codes."""
    names = [each.name for each in fields(Asked) if each.name not in ("notes", "since")]
    return report_on(Asked(**{name: getattr(arguments, name) for name in names}))


def report_on(asked: Asked) -> int:
    """Write the report on a plan and summarise it; the exit code."""
    policies = _pack(asked.policies)
    stack = asked.stack or _stack(asked.plan)
    out = asked.out or Path("build", "review", stack)
    try:
        plan = read(asked.plan)
        title = stack if plan.region is None else f"{stack} in {plan.region}"
        report = build(
            plan,
            title=asked.title or (f"{title} since {asked.since}" if asked.since else title),
            policies=policies,
            checkov=asked.checkov,
            exceptions=load(policies) if policies is not None and (policies / FILE).is_file() else None,
            stack=stack,
            notes=asked.notes,
            traffic=_traffic(plan, asked.environment, stack),
        )
        _write(out, report)
    except PlanError as error:
        print(one_line(f"{asked.plan}: {error}"), file=sys.stderr)
        return 2
    except (ConfigurationError, PolicyError, ExceptionsError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(one_line(f"{error.filename}: {error.strerror}"), file=sys.stderr)
        return 2
    _summarise(report, out)
    drifted = asked.expect_empty and bool(report.entries or report.drift)
    risk = max(report.risk, Risk.HOURS) if drifted else report.risk
    return 0 if risk <= asked.accept else int(risk)


def _stack(plan: Path) -> str:
    """The stack of ``build/plan/prod/plan.json`` is prod; of a plan by another name, that name."""
    folder = plan.resolve().parent.name
    return folder if plan.name == "plan.json" and folder else plan.stem


def _traffic(plan: Plan, named: Path | None, stack: str) -> list[Hop]:
    """Hops of the planned data path under the traffic of an environment file; empty if the file states no traffic.

    Raises:
        ConfigurationError: the named file has mistakes or cannot be read.
    """
    file = named or Path("environments", f"{stack}.yaml")
    if named is None and not file.is_file():
        return []
    try:
        environment, _ = load_environment(file)
    except ConfigurationError:
        if named is not None:
            raise
        return []
    planned: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for item in planned_resources(plan, TYPES):
        planned.setdefault(item.type, []).append((item.address, item.values))
    return shares(environment, planned)


def _pack(named: str | None) -> Path | None:
    if named is None:
        return PACK if PACK.is_dir() else None
    return None if named == "none" else Path(named)


def _write(folder: Path, report: Report) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "review.md").write_text(markdown.render(report), encoding="utf-8")
    (folder / "review.html").write_text(html.render(report), encoding="utf-8")


def _summarise(report: Report, folder: Path) -> None:
    """The report's texts are on one line each, without control characters (`constructs_lib.review.report`)."""
    print(report.title)
    print(report.headline)
    print(f"risk {int(report.risk)}: {report.worst}")
    lines = [
        (effect.risk, f"{entry.address}: {effect.text}{f' ({effect.trigger})' if effect.trigger else ''}")
        for effect, entry in report.attention
    ]
    lines += [(Risk.REFUSED, failure) for failure in report.verdicts.failures]
    lines += [
        (Risk.REFUSED, f"{refusal.where}: {refusal.text}")
        for refusal in report.refusals
        if refusal.finding.severity == "error"
    ]
    for risk, line in sorted(lines, key=lambda pair: -pair[0]):
        if risk > Risk.NONE:
            print(f"  {int(risk)}  {line}")
    for entry in report.waived:
        print(f"  approved: {entry.address}: {entry.waived}")
    for entry in report.drift:
        print(f"  changed outside Terraform: {entry.address}")
    print(f"written: {folder / 'review.md'}, {folder / 'review.html'}")

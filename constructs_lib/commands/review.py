"""Turn a plan into a report for a pull request and for a browser; the exit code is the plan's worst risk.

    terraform show -json plan.bin > plan.json
    python -m constructs_lib review plan.json --out build/review

writes ``review.md`` and ``review.html`` to the folder and a summary to the terminal. Exit codes, each worse than the
one before, so that a pipeline can gate on them:

    0  nothing, additions, or changes in place
    2  the plan cannot be read (one line says why)
    3  hours of work or an interruption: a blue/green deployment, or a part of the data path is replaced
    4  a policy fails, or AWS would refuse the configuration
    5  data loss: what holds data is replaced or destroyed, or keeps less than before

``--accept 3`` turns every code from 3 down into 0, for a change whose interruption is agreed. ``--expect-empty`` is for
a look at drift: a plan that changes anything, or that found something changed outside Terraform, exits 3 at least.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from constructs_lib.plans.document import PlanError, read
from constructs_lib.review import html, markdown
from constructs_lib.review.policies import PolicyError
from constructs_lib.review.report import Report, build
from constructs_lib.review.risk import Risk

PACK = Path("policies")
"""Where the Rego pack lies in a checkout."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("plan", type=Path, help="the plan's JSON, from terraform show -json")
    parser.add_argument(
        "--out", type=Path, default=Path("build/review"), help="folder of the report (default %(default)s)"
    )
    parser.add_argument("--title", help="heading of the report (default: the plan's file name)")
    parser.add_argument("--policies", help=f"folder of the Rego pack, or none (default {PACK}, where there is one)")
    parser.add_argument(
        "--checkov", type=Path, help="checkov's JSON results for the same plan (make policy leaves them)"
    )
    parser.add_argument("--expect-empty", action="store_true", help="exit 3 where anything changes or was changed")
    parser.add_argument(
        "--accept", type=int, choices=[risk.value for risk in Risk], default=0, help="worst risk that exits 0"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the report; see the module for the exit codes."""
    policies = _pack(arguments.policies)
    try:
        plan = read(arguments.plan)
        report = build(plan, title=arguments.title or arguments.plan.name, policies=policies, checkov=arguments.checkov)
        _write(arguments.out, report)
    except (PlanError, PolicyError) as error:
        print(f"review: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"review: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    _summarise(report, arguments.out)
    drifted = arguments.expect_empty and bool(report.entries or report.drift)
    risk = max(report.risk, Risk.HOURS) if drifted else report.risk
    return 0 if risk <= arguments.accept else int(risk)


def _pack(named: str | None) -> Path | None:
    if named is None:
        return PACK if PACK.is_dir() else None
    return None if named == "none" else Path(named)


def _write(folder: Path, report: Report) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "review.md").write_text(markdown.render(report), encoding="utf-8")
    (folder / "review.html").write_text(html.render(report), encoding="utf-8")


def _summarise(report: Report, folder: Path) -> None:
    print(f"{report.headline}")
    print(f"risk {int(report.risk)}: {report.worst}")
    for entry in report.entries:
        for effect in entry.effects:
            if effect.risk > Risk.NONE:
                print(f"  {int(effect.risk)}  {entry.address}: {effect.text} ({effect.trigger})")
    for entry in report.drift:
        print(f"  changed outside Terraform: {entry.address}")
    for failure in report.verdicts.failures:
        print(f"  {int(Risk.REFUSED)}  {failure}")
    for refusal in report.refusals:
        if refusal.finding.severity == "error":
            print(f"  {int(Risk.REFUSED)}  {refusal.where}: {refusal.text}")
    print(f"written: {folder / 'review.md'}, {folder / 'review.html'}")

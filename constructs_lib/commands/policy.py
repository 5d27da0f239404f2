"""Check plans against the policies: checkov and the project's own Rego pack, with the exceptions of one file.

    python -m constructs_lib policy            # the environments that claim production shape
    python -m constructs_lib policy dev        # any other

reads ``build/plan/ENV/plan.json`` (written by ``make plan``) of the named environments only, the stack beside it, and
``policies/exceptions.yaml``. It fails on every failure without an exception, a plan that cannot be parsed, a scan of
only a part of the plan, an exception that no longer matches anything or has expired, and a generated file of the pack
that differs from its source. It prints a warning for each policy that cannot be judged because the plan hides a value.
It writes the remaining checkov failures to ``build/policy/ENV.json``, for ``review --checkov``. Exit codes: 0 passed, 1
failed, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from constructs_lib.commands.plan import stack_name
from constructs_lib.plans.plan_file import PlanError
from constructs_lib.plans.reading import read
from constructs_lib.plans.redaction import Redactor
from constructs_lib.review import consequences, unscoped_actions
from constructs_lib.review import exceptions as file
from constructs_lib.review.checkov import CheckovError, Failure, Scan, followed, scan
from constructs_lib.review.exceptions import Allowed, Exceptions, ExceptionsError, parts
from constructs_lib.review.policies import apart, policy_input, rego_apart
from constructs_lib.review.rego import PolicyError
from constructs_lib.terminal import one_line

HOLDING = Path("aws", "holding.rego")
"""The Rego module with the types that hold data."""
CHECKOV = Path(".venv-policy", "bin", "checkov")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument(
        "environment", nargs="*", help="planned environments (default: those that claim production shape)"
    )
    parser.add_argument(
        "--plans", type=Path, default=Path("build/plan"), help="folder of the plans (default %(default)s)"
    )
    parser.add_argument(
        "--policies", type=Path, default=Path("policies"), help="folder of the pack (default %(default)s)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("build/policy"), help="folder of results (default %(default)s)"
    )
    parser.add_argument("--checkov", type=Path, default=CHECKOV, help="checkov's program (default %(default)s)")
    parser.add_argument("--production", action="store_true", help="list the environments that claim production shape")
    parser.add_argument(
        "--write-exceptions", action="store_true", help="write the exceptions as a Rego module and stop"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check each plan; the module's docstring lists what fails."""
    try:
        allowed = file.load(arguments.policies)
    except ExceptionsError as error:
        print(error, file=sys.stderr)
        return 2
    texts = {arguments.policies / file.REGO: allowed.rego(), arguments.policies / HOLDING: consequences.rego()}
    reference = unscoped_actions.definition(arguments.checkov.parent.parent)
    if reference is not None:
        texts[arguments.policies / unscoped_actions.REGO] = unscoped_actions.rego(reference)
    if arguments.write_exceptions:
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
        return 0
    if arguments.production:
        print(" ".join(allowed.production))
        return 0
    production = [stack_name(name) for name in allowed.production]
    chosen = list(dict.fromkeys(map(stack_name, arguments.environment))) or production
    absent = [name for name in chosen if not (arguments.plans / name / "plan.json").is_file()]
    if absent:
        print(f"{arguments.plans}: has no plan of {', '.join(absent)} (make plan writes them)", file=sys.stderr)
        return 2
    today = date.today()
    broken = [
        f"{path}: differs from {file.FILE}; run make policy-exceptions"
        for path, text in texts.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    used: set[Allowed] = set()
    for name in chosen:
        broken += _judge(name, arguments, allowed, used, today)
    broken += [
        f"{file.FILE}: {each}: expired on {each.expires}; remove or renew it"
        for each in (*allowed.exceptions, *allowed.waivers)
        if each.expired(today)
    ]
    stale = [each for each in allowed.exceptions if each not in used and not each.expired(today)]
    broken += [
        f"{file.FILE}: {each}: no longer matches anything; remove it"
        for each in stale
        if each.stack in chosen or (set(production) <= set(chosen) and not _elsewhere(each.stack, chosen))
    ]
    for line in broken:
        print(f"FAILED  {one_line(line)}")
    return 1 if broken else 0


def _elsewhere(stack: str, chosen: Sequence[str]) -> bool:
    """Whether a stack was not checked in this run: another environment, or an example with its own stack."""
    there = any(Path("environments").rglob(f"{stack}.yaml")) or Path("examples", stack).is_dir()
    return stack != "*" and stack not in chosen and there


def _judge(name: str, arguments: argparse.Namespace, allowed: Exceptions, used: set[Allowed], today: date) -> list[str]:
    """The failures of one environment; adds the exceptions that it needed to ``used``."""
    folder = arguments.plans / name
    try:
        plan = read(folder / "plan.json")
        written = folder / "cdk.tf.json"
        stack = json.loads(written.read_bytes()) if written.is_file() else {}
        scanned = scan(folder / "plan.json", arguments.checkov, stack.get("locals"))
        answer = rego_apart(_followed(policy_input(plan), stack), arguments.policies)
        messages = list(answer.failures)
        if stack:
            messages += rego_apart(stack, arguments.policies).failures
    except (CheckovError, PolicyError) as error:
        return [f"{name}: {error}"]
    except PlanError as error:
        return [f"{name}: {folder / 'plan.json'}: {error}"]
    found = {str(each): each for each in scanned.failures}
    for message in (*found, *messages):
        used.update(allowed.allowed(*parts(message), name, today))
    left, excepted = apart([*found, *messages], allowed, name, today)
    kept = [found[each] for each in left if each in found]
    print(
        f"{name}: checkov {scanned.passed} passed, {len(kept)} failed; Rego pack of {answer.files} files, "
        f"{len(left) - len(kept)} failed, {len(answer.not_judged)} not judged; {len(excepted)} excepted"
    )
    _keep(arguments.out / f"{name}.json", scanned, kept)
    clean = Redactor.of(plan).clean
    for line in answer.not_judged:
        print(f"WARN    {one_line(f'{name}: {clean(line)}')}")
    return [f"{name}: {clean(each)}" for each in left]


def _followed(document: dict[str, Any], stack: Mapping[str, Any]) -> dict[str, Any]:
    """The pack's input with local values resolved; the stack has them, the plan does not."""
    return followed(document, stack.get("locals") or {})


def _keep(path: Path, scanned: Scan, left: Sequence[Failure]) -> None:
    """Write checkov's results without the excepted failures, for the report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {(each.check, each.address) for each in left}
    results = scanned.raw["results"]
    failed = [check for check in results["failed_checks"] if (check["check_id"], check["resource"]) in kept]
    path.write_text(
        json.dumps({**scanned.raw, "results": {**results, "failed_checks": failed}}) + "\n", encoding="utf-8"
    )

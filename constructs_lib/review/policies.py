"""Results of the policies for a plan: the Rego pack's and checkov's.

The pack is evaluated here by regopy, a Rego interpreter from PyPI, so that a report needs neither conftest nor OPA.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from constructs_lib.plans.document import Plan, StateResource, decoded
from constructs_lib.review.exceptions import Exceptions, parts
from constructs_lib.review.rego import Answer, PolicyError

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

LARGEST_INPUT = 8 * 1024 * 1024
"""Most bytes of the pack's input; the interpreter needs about 150 MiB of memory for each MiB."""
MOST_SECONDS = 40
"""CPU seconds that the interpreter may take; a plan of 100 resources takes half a second."""


@dataclass(frozen=True)
class Verdicts:
    """Results of the policies. ``ran`` lists the tools that ran, ``skipped`` the reasons why others did not."""

    failures: Sequence[str]
    ran: Sequence[str]
    skipped: Sequence[str]
    excepted: Sequence[str] = ()
    """Failures that the file of exceptions allows, each with its reason."""
    not_judged: Sequence[str] = ()
    """Policies that could not be judged, because the plan hides a value."""


def evaluate(
    plan: Plan,
    folder: Path | None,
    checkov: Path | None,
    *,
    exceptions: Exceptions | None = None,
    stack: str = "",
    today: date | None = None,
) -> Verdicts:
    """Failures of both tools over one plan.

    Args:
        plan: the plan.
        folder: of the Rego pack; None leaves it out.
        checkov: checkov's JSON results for the same plan; None leaves it out.
        exceptions: the failures that are allowed.
        stack: the plan's stack, as the exceptions name it.
        today: the date that expiry is compared with; default: today.

    Raises:
        PolicyError: the folder holds no policy, a policy does not compile, the plan is too large for the interpreter,
            or the results are not checkov's.
    """
    found: list[str] = []
    not_judged: Sequence[str] = ()
    ran: list[str] = []
    skipped: list[str] = []
    if folder is None:
        skipped.append("Rego pack: switched off (--policies none)")
    elif importlib.util.find_spec("regopy") is None:
        skipped.append("Rego pack: regopy is not installed (make review installs it)")
    else:
        answer = rego_apart(policy_input(plan), folder)
        found += answer.failures
        not_judged = answer.not_judged
        ran.append(
            f"Rego pack: {_counted(answer.files, 'file')}, {_counted(len(answer.failures), 'failure')}, "
            f"{len(not_judged)} not judged"
        )
    if checkov is not None:
        messages, passed = checkov_failures(checkov)
        found += messages
        ran.append(f"checkov: {passed} passed, {_counted(len(messages), 'failure')}")
    else:
        skipped.append("checkov: no results given (make policy writes them)")
    left, excepted = apart(found, exceptions, stack, today or date.today())
    return Verdicts(left, ran, skipped, excepted, not_judged)


def apart(
    messages: Sequence[str], exceptions: Exceptions | None, stack: str, today: date
) -> tuple[list[str], list[str]]:
    """Failures that remain, and those that an exception or a waiver allows, with its reason."""
    left, excepted = [], []
    for message in messages:
        reason = None if exceptions is None else _reason(message, exceptions, stack, today)
        if reason is None:
            left.append(message)
        else:
            excepted.append(f"{message} ({reason})")
    return left, excepted


def _reason(message: str, exceptions: Exceptions, stack: str, today: date) -> str | None:
    control, address = parts(message)
    allowed = exceptions.allowed(control, address, stack, today)
    if allowed:
        return f"excepted until {allowed[0].expires}: {allowed[0].reason}"
    waiver = exceptions.waived(address, stack, today)
    if waiver is not None and message.startswith(f"state {address}: would be "):
        return f"waived by {waiver.approved_by} until {waiver.expires}: {waiver.reason}"
    return None


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def policy_input(plan: Plan) -> dict[str, Any]:
    """The Rego pack's input: changes with their new values, the configuration, policy documents.

    Repeated values (``planned_values``), variables and values before the change are left out: the pack does not read
    them, and they cost the interpreter memory.

    Raises:
        PolicyError: it is larger than `LARGEST_INPUT`.
    """
    size = sum(
        len(item.address) + memoryview(item.change.raw_after).nbytes + memoryview(item.change.raw_unknown).nbytes
        for item in plan.resource_changes
    )
    documents = _documents(plan)
    size += memoryview(plan.raw_configuration).nbytes + sum(memoryview(each.values).nbytes for each in documents)
    if size > LARGEST_INPUT:
        raise PolicyError(
            f"the plan has {size // 2**20} MiB for the Rego pack (allowed: {LARGEST_INPUT // 2**20} MiB); run "
            "conftest test --policy policies instead, and review with --policies none"
        )
    changes = [
        {
            "address": item.address,
            "mode": item.mode,
            "type": item.type,
            "name": item.name,
            "change": {
                "actions": item.change.actions,
                "after": item.change.after,
                "after_unknown": item.change.after_unknown,
                "replace_paths": item.change.replace_paths,
            },
        }
        for item in plan.resource_changes
    ]
    return {
        "format_version": plan.format_version,
        "resource_changes": changes,
        "configuration": decoded(plan.raw_configuration),
        "prior_state": {
            "values": {
                "root_module": {
                    "resources": [
                        {"address": each.address, "mode": each.mode, "type": each.type, "values": decoded(each.values)}
                        for each in documents
                    ]
                }
            }
        },
    }


_READ = frozenset({"aws_caller_identity", "aws_iam_policy_document", "aws_kms_alias", "aws_kms_key"})
"""Types of data sources that the pack reads."""


def _documents(plan: Plan) -> list[StateResource]:
    """Values of the data sources that the pack reads, as Terraform read them before planning."""
    known = [] if plan.prior_state is None else plan.prior_state.resources
    return [each for each in known if each.mode == "data" and each.type in _READ]


def rego_apart(document: Mapping[str, Any], folder: Path) -> Answer:
    """The result of `rego` before exceptions, from a separate process, with limited CPU time and safe from a crash.

    Raises:
        PolicyError: as `rego`; or the interpreter needs more than `MOST_SECONDS`, or crashes.
    """
    package = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-m", "constructs_lib.review.rego", str(folder.absolute())],
        input=json.dumps(document).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))},
        preexec_fn=_limit,
    )
    try:
        answer = json.loads(done.stdout.splitlines()[-1])  # the interpreter may print other lines before the answer
    except (ValueError, IndexError):
        raise PolicyError(
            f"{folder}: the interpreter could not evaluate this plan (allowed: {MOST_SECONDS} s of CPU time); "
            "run conftest test --policy policies instead, and review with --policies none"
        ) from None
    if "error" in answer:
        raise PolicyError(str(answer["error"]))
    return Answer(answer["failures"], answer["not_judged"], answer["files"])


def _limit() -> None:
    """Limit the process's CPU time, if the system supports it. That limits memory too: 40 s fill less than 1 GiB."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def checkov_failures(path: Path) -> tuple[list[str], int]:
    """The failures in checkov's JSON results, one line each, and the number of passed checks."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise PolicyError(f"{path}: is not checkov's results: {' '.join(str(error).split())}") from None
    results = document.get("results") if isinstance(document, dict) else None
    summary = document.get("summary") if isinstance(document, dict) else None
    if not isinstance(results, dict) or not isinstance(summary, dict) or not isinstance(summary.get("passed"), int):
        raise PolicyError(f"{path}: is not checkov's results: it has no summary.passed")
    failed = [check for check in results.get("failed_checks") or [] if isinstance(check, dict)]
    lines = [f"{check.get('check_id')} {check.get('resource')}: {check.get('check_name')}" for check in failed]
    return sorted(lines), summary["passed"]

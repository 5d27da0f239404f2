"""Results of the policies: the Rego pack over the plan, and what checkov said about it.

The pack is evaluated here by regopy, a Rego interpreter from PyPI, so that a report needs neither conftest nor OPA.
"""

from __future__ import annotations

import base64
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUERY = "data.main.deny"
"""The rule that holds every failure of the pack; conftest's default namespace."""
BEFORE_EXCEPTIONS = "data.main.found"
"""The same before exceptions are taken out."""


@dataclass(frozen=True)
class Verdicts:
    """What the policies said. ``ran`` names the tools that looked, ``skipped`` why one did not."""

    failures: Sequence[str]
    ran: Sequence[str]
    skipped: Sequence[str]


class PolicyError(Exception):
    """The pack or a results file cannot be used; one line."""


def evaluate(plan: dict[str, Any], folder: Path | None, checkov: Path | None) -> Verdicts:
    """Failures of both tools over one plan.

    Raises:
        PolicyError: the folder holds no policy, a policy does not compile, or the results are not checkov's.
    """
    failures: list[str] = []
    ran: list[str] = []
    skipped: list[str] = []
    if folder is None:
        skipped.append("Rego pack: not asked for")
    elif importlib.util.find_spec("regopy") is None:
        skipped.append("Rego pack: regopy is not installed (make review installs it)")
    else:
        messages, count = rego(plan, folder)
        failures.extend(messages)
        ran.append(f"Rego pack: {count} files, {len(messages)} failures")
    if checkov is not None:
        found, passed = checkov_failures(checkov)
        failures.extend(found)
        ran.append(f"checkov: {passed} passed, {len(found)} failures")
    else:
        skipped.append("checkov: no results given (make policy leaves them)")
    return Verdicts(failures, ran, skipped)


def rego(plan: dict[str, Any], folder: Path, *, apply_exceptions: bool = True) -> tuple[list[str], int]:
    """The pack's messages for one plan, sorted, and the number of files that were asked.

    Raises:
        PolicyError: the folder holds no policy, or a policy does not compile.
    """
    query = QUERY if apply_exceptions else BEFORE_EXCEPTIONS
    from regopy import Interpreter, RegoError  # noqa: PLC0415  # a test tool: the synth environment lacks it

    files = sorted(path for path in folder.glob("*.rego") if not path.stem.endswith("_test"))
    if not files:
        raise PolicyError(f"{folder}: no policy (*.rego) there")
    try:
        interpreter = Interpreter()
        for path in files:
            interpreter.add_module(path.stem, path.read_text(encoding="utf-8"))
        interpreter.set_input(plan)
        answer = json.loads(str(interpreter.query(f"[base64.encode(message) | some message in {query}]")))
    except (RegoError, OSError, ValueError) as error:
        raise PolicyError(f"{folder}: the policies cannot be evaluated: {' '.join(str(error).split())[:300]}") from None
    if not isinstance(answer, dict) or not answer.get("expressions"):
        raise PolicyError(f"{folder}: {query} is not defined there")
    messages = [base64.b64decode(message).decode() for message in answer["expressions"][0]]
    return sorted(messages), len(files)


def checkov_failures(path: Path) -> tuple[list[str], int]:
    """What checkov's JSON results call failed, as one line each, and how many checks passed."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise PolicyError(f"{path}: not checkov's results: {' '.join(str(error).split())}") from None
    results = document.get("results") if isinstance(document, dict) else None
    summary = document.get("summary") if isinstance(document, dict) else None
    if not isinstance(results, dict) or not isinstance(summary, dict) or not isinstance(summary.get("passed"), int):
        raise PolicyError(f"{path}: not checkov's results: no summary.passed")
    failed = [check for check in results.get("failed_checks") or [] if isinstance(check, dict)]
    lines = [f"{check.get('check_id')} {check.get('resource')}: {check.get('check_name')}" for check in failed]
    return sorted(lines), summary["passed"]

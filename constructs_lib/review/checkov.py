"""Running checkov over a plan, and reading what it says with suspicion: a scan that saw nothing is no success."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class CheckovError(Exception):
    """checkov did not run, or did not look at the whole plan."""


@dataclass(frozen=True)
class Failure:
    """One check that one resource fails."""

    check: str
    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.check} {self.address}: {self.name}"


@dataclass(frozen=True)
class Scan:
    """What checkov said of one plan."""

    failures: Sequence[Failure]
    passed: int
    raw: dict[str, Any]


def scan(plan: Path, checkov: Path) -> Scan:
    """Ask checkov (a path of its program) about a plan's JSON; nothing leaves the machine.

    Raises:
        CheckovError: it did not run, could not parse the plan, or saw another number of resources than are planned.
    """
    command = [
        str(checkov), "--file", str(plan), "--framework", "terraform_plan", "--skip-download", "--output", "json",
        "--quiet", "--compact", "--soft-fail",
    ]  # fmt: skip
    environment = {
        name: value for name, value in os.environ.items() if name not in ("BC_API_KEY", "CKV_VALIDATE_SECRETS")
    }
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    except OSError as error:
        raise CheckovError(f"{checkov}: {error.strerror} (make policy installs it)") from None
    try:
        document = json.loads(done.stdout)
    except ValueError:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["it said nothing"]
        raise CheckovError(f"checkov on {plan}: exit {done.returncode}: {reason[0]}") from None
    return judge(document, _resources(plan), str(plan))


def judge(document: object, resources: int, name: str) -> Scan:
    """Read checkov's answer about a plan of so many resources.

    Raises:
        CheckovError: the answer is about less than the whole plan.
    """
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(results, dict):
        raise CheckovError(f"checkov on {name}: nothing was scanned")
    summary = document.get("summary") or {}
    if summary.get("parsing_errors") or results.get("parsing_errors"):
        raise CheckovError(f"checkov on {name}: {summary.get('parsing_errors') or 'some'} files were not parsed")
    passed = summary.get("passed")
    if not isinstance(passed, int) or passed == 0:
        raise CheckovError(f"checkov on {name}: not one check passed, so nothing was scanned")
    if summary.get("resource_count") != resources:
        raise CheckovError(f"checkov on {name}: saw {summary.get('resource_count')} of {resources} resources")
    failures = [
        Failure(str(check.get("check_id")), str(check.get("check_name")), str(check.get("resource")))
        for check in results.get("failed_checks") or []
    ]
    return Scan(sorted(failures, key=str), passed, document)


def _resources(plan: Path) -> int:
    """How many managed resources a plan will leave."""
    document = json.loads(plan.read_bytes())
    root = document.get("planned_values", {}).get("root_module", {})
    return sum(resource.get("mode") == "managed" for resource in root.get("resources", []))

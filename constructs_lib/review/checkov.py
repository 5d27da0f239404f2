"""Runs checkov over a plan and verifies that it scanned the whole plan: an empty scan is an error."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
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
    """checkov's results for one plan."""

    failures: Sequence[Failure]
    passed: int
    raw: dict[str, Any]


def scan(plan: Path, checkov: Path, values: Mapping[str, Any] | None = None) -> Scan:
    """Run checkov on a plan's JSON; nothing leaves the machine.

    Args:
        plan: the plan's JSON.
        checkov: path of the program.
        values: the stack's ``locals``, through which references are followed (see `followed`).

    Raises:
        CheckovError: it did not run, could not parse the plan, or saw another number of resources than are planned.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, plan.name)
        copy.write_text(json.dumps(followed(json.loads(plan.read_bytes()), values or {})), encoding="utf-8")
        return _scan(plan, copy, checkov)


_REFERENCE = re.compile(r"\b(?:data\.)?(?:aws_\w+|local)\.[\w-]+(?:\.\w+)?")


def followed(document: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the plan in which references to local values are replaced by the references inside them.

    checkov does not follow references such as ``local.key_arn``, and then reports resources as unencrypted whose key is
    known after the apply. A plan does not contain the expressions of local values, so the stack gives them.
    """
    root = (document.get("configuration") or {}).get("root_module", {})
    for resource in root.get("resources", []):
        _follow(resource.get("expressions"), values)
    return document


def _follow(expression: Any, values: Mapping[str, Any]) -> None:
    if isinstance(expression, list):
        for item in expression:
            _follow(item, values)
    elif isinstance(expression, dict):
        references = expression.get("references")
        if isinstance(references, list):
            expression["references"] = [each for reference in references for each in _meant(str(reference), values)]
        for inner in expression.values():
            _follow(inner, values)


def _meant(reference: str, values: Mapping[str, Any], depth: int = 8) -> list[str]:
    """The references that a reference stands for: itself, or those in the local value that it names."""
    kind, _, name = reference.partition(".")
    if kind != "local" or depth == 0:
        return [reference]
    found = _REFERENCE.findall(json.dumps(values.get(name.partition(".")[0])))
    return [each for inner in found for each in _meant(inner, values, depth - 1)] or [reference]


def _scan(plan: Path, copy: Path, checkov: Path) -> Scan:
    command = [
        str(checkov), "--file", str(copy), "--framework", "terraform_plan", "--skip-download", "--output", "json",
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
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
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
    """Number of managed resources after the plan is applied."""
    document = json.loads(plan.read_bytes())
    root = document.get("planned_values", {}).get("root_module", {})
    return sum(resource.get("mode") == "managed" for resource in root.get("resources", []))

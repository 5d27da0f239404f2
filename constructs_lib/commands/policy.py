"""Hold plans against the policies: checkov and the project's own Rego pack, with the exceptions of one file.

    python -m constructs_lib policy            # the environments that claim production shape
    python -m constructs_lib policy dev        # any other

reads ``build/plan/ENV/plan.json`` (``make plan`` leaves it) and the stack beside it, and ``policies/exceptions.yaml``.
It fails on every failure that is not excepted, on a plan that could not be parsed, on a scan that saw less than the
whole plan, on an exception that matches nothing any more, and on an ``exceptions.rego`` that says something else than
the file it is written from. What is left goes to ``build/policy/ENV.json``, for ``review --checkov``.
Exit codes: 0 kept, 1 broken, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from constructs_lib.review import exceptions as file
from constructs_lib.review.checkov import CheckovError, Failure, Scan, scan
from constructs_lib.review.exceptions import Allowed, Exceptions, ExceptionsError
from constructs_lib.review.policies import PolicyError, rego

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
    parser.add_argument("--write-exceptions", action="store_true", help="write exceptions.rego from the file and stop")


def run(arguments: argparse.Namespace) -> int:
    """Judge each plan; see the module for what fails."""
    try:
        allowed = file.load(arguments.policies)
    except ExceptionsError as error:
        print(error, file=sys.stderr)
        return 2
    written = arguments.policies / file.REGO
    if arguments.write_exceptions:
        written.write_text(allowed.rego(), encoding="utf-8")
        return 0
    chosen = list(dict.fromkeys(arguments.environment)) or allowed.production
    absent = [name for name in chosen if not (arguments.plans / name / "plan.json").is_file()]
    if absent:
        print(f"policy: no plan of {', '.join(absent)} in {arguments.plans} (make plan leaves them)", file=sys.stderr)
        return 2
    broken = []
    if not written.is_file() or written.read_text(encoding="utf-8") != allowed.rego():
        broken.append(f"{written} does not say what {file.FILE} says (make policy-exceptions)")
    used: set[Allowed] = set()
    for name in chosen:
        broken += _judge(name, arguments, allowed, used)
    if set(allowed.production) <= set(chosen):
        broken += [f"{file.FILE}: {each} matches nothing any more" for each in allowed.exceptions if each not in used]
    for line in broken:
        print(f"FAILED  {line}")
    return 1 if broken else 0


def _judge(name: str, arguments: argparse.Namespace, allowed: Exceptions, used: set[Allowed]) -> list[str]:
    """The failures of one environment; remembers which exceptions it needed."""
    folder = arguments.plans / name
    try:
        scanned = scan(folder / "plan.json", arguments.checkov)
        messages: list[str] = []
        for document in (folder / "plan.json", folder / "cdk.tf.json"):
            if document.is_file():
                found, count = rego(json.loads(document.read_bytes()), arguments.policies, apply_exceptions=False)
                messages += found
    except (CheckovError, PolicyError) as error:
        return [f"{name}: {error}"]
    left = [each for each in scanned.failures if not _excepted(each.check, each.address, allowed, used)]
    ours = [each for each in messages if not _excepted(*_parts(each), allowed, used)]
    excepted = len(scanned.failures) - len(left) + len(messages) - len(ours)
    print(
        f"{name}: checkov {scanned.passed} passed, {len(left)} failed; Rego pack of {count} files, {len(ours)} failed; "
        f"{excepted} excepted"
    )
    _keep(arguments.out / f"{name}.json", scanned, left)
    return [f"{name}: {each}" for each in [*map(str, left), *ours]]


def _parts(message: str) -> tuple[str, str]:
    """Control and address of a message of the pack: ``S3.5 aws_s3_bucket.archive: ...``."""
    control, _, rest = message.partition(" ")
    return control, rest.partition(": ")[0]


def _excepted(check: str, address: str, allowed: Exceptions, used: set[Allowed]) -> bool:
    matching = [each for each in allowed.exceptions if each.matches(check, address)]
    used.update(matching)
    return bool(matching)


def _keep(path: Path, scanned: Scan, left: Sequence[Failure]) -> None:
    """checkov's results without what is excepted, for the report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {(each.check, each.address) for each in left}
    results = scanned.raw["results"]
    failed = [check for check in results["failed_checks"] if (check["check_id"], check["resource"]) in kept]
    path.write_text(
        json.dumps({**scanned.raw, "results": {**results, "failed_checks": failed}}) + "\n", encoding="utf-8"
    )

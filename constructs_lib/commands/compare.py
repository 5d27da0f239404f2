"""Show what changes in an environment since another commit, without AWS.

    python -m constructs_lib compare prod --base main

synthesizes the environment from the working tree and from ``main``, simulates a state in which the earlier one was
applied, and has Terraform plan the later one on that state: changes in place, replacements, new resources. The report
of ``review`` goes to ``build/review/STACK``, with the same exit codes; the plan to ``build/compare/STACK``.

No request goes to AWS: ids and defaults are simulated, and changes made outside Terraform do not show. With
credentials, ``make plan`` and ``review`` show more.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from constructs_lib.commands import review
from constructs_lib.commands.plan import stack_name
from constructs_lib.plans.simulated_state import plan_since
from constructs_lib.plans.terraform import Terraform, TerraformError
from constructs_lib.review.risk import Risk
from constructs_lib.terminal import one_line


class CompareError(Exception):
    """One of the two versions cannot be synthesized; the text is one line."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("environment", help="name of a file in environments/, as synth takes it")
    parser.add_argument("--base", required=True, help="commit, branch or tag to compare with")
    parser.add_argument("--policies", help=f"as in review (default {review.PACK}, where there is one)")
    parser.add_argument(
        "--accept", type=int, choices=[risk.value for risk in Risk], default=0, help="highest risk that still exits 0"
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare and write the report. Returns the report's exit code, 1 if Terraform fails, 2 for usage."""
    stack = stack_name(arguments.environment)
    out = Path("build", "compare", stack)
    try:
        terraform = Terraform.find()
        with tempfile.TemporaryDirectory() as name:
            before = _earlier(arguments.environment, arguments.base, Path(name, "before"))
            after = _synthesized(Path.cwd(), arguments.environment, Path(name, "after"))
            out.mkdir(parents=True, exist_ok=True)
            document = plan_since(terraform, before, after, out)
    except CompareError as error:
        print(error, file=sys.stderr)
        return 2
    except TerraformError as error:
        print(f"{arguments.environment}: {error}", file=sys.stderr)
        return 1
    (out / "plan.json").write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    return review.report_on(
        review.Asked(
            plan=out / "plan.json",
            stack=stack,
            since=arguments.base,
            policies=arguments.policies,
            accept=arguments.accept,
            notes=("Planned without AWS on a simulated state: drift does not show, ids and defaults are not real.",),
        )
    )


def _earlier(environment: str, base: str, folder: Path) -> Path | None:
    """The stack at a commit; None where the environment did not exist yet."""
    archive = subprocess.run(["git", "archive", "--format=zip", "--", base], capture_output=True, check=False)
    if archive.returncode != 0:
        raise CompareError(one_line(f"{base}: is not a commit (git: {archive.stderr.decode(errors='replace')})"))
    tree = folder / "tree"
    with zipfile.ZipFile(io.BytesIO(archive.stdout)) as files:
        files.extractall(tree)
    name = environment.removesuffix(".yaml").removeprefix("environments/")
    if not (tree / "environments" / f"{name}.yaml").is_file():
        print(f"{environment}: is not in {base}; everything is new")
        return None
    return _synthesized(tree, environment, folder / "out")


def _synthesized(project: Path, environment: str, out: Path) -> Path:
    """The folder of a stack, synthesized by the project's own code."""
    done = subprocess.run(
        [sys.executable, "main.py", environment],
        cwd=project,
        env={**os.environ, "CDKTF_OUTDIR": str(out.absolute())},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise CompareError(done.stderr.strip() or done.stdout.strip())
    return out / "stacks" / stack_name(environment)

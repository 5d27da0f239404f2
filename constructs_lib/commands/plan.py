"""Plan synthesized environments with Terraform, with AWS or without, and keep the plan and its JSON.

    python main.py prod && python -m constructs_lib plan prod

leaves ``build/plan/prod/plan.bin`` (for ``terraform apply``) and ``build/plan/prod/plan.json`` (for ``review``, the
policies and ``check``). The command decides as follows whether to use AWS, and prints the decision:

    OFFLINE=1   no AWS: dummy credentials, no state, a plan that creates everything; nothing leaves the machine
    OFFLINE=0   AWS and the environment's backend, with the credentials that Terraform finds
    not set     AWS if the process environment holds credentials (AWS_ACCESS_KEY_ID, AWS_PROFILE,
                AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_CREDENTIALS_*_URI), else no AWS

Without AWS the command copies the synthesized files (not the working data and state in the stack's folder) and adds an
override file, which gives the provider dummy credentials and keeps the state local. It plans adopted resources as new,
since only AWS knows them. With AWS it plans the stack where it was synthesized, as ``terraform apply`` will find it.
``--validate`` also runs ``terraform validate``, whose warnings fail too.
Exit codes: 0 planned, 1 Terraform failed (its output says why), 2 usage.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.plans.terraform import PLAN, Terraform, TerraformError

STACKS = Path("cdktf.out", "stacks")
CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
"""Environment variables that hold credentials; one is set where a person or a pipeline has signed in."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("environment", nargs="*", help="synthesized environments (default: all)")
    parser.add_argument("--stacks", type=Path, default=STACKS, help="folder of the stacks (default %(default)s)")
    parser.add_argument("--validate", action="store_true", help="validate before planning")
    parser.add_argument(
        "--out", type=Path, default=Path("build/plan"), help="folder of the plans (default %(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Plan each environment; the module's docstring says when AWS is used."""
    stacks = {path.parent.name: path.parent for path in sorted(arguments.stacks.glob("*/cdk.tf.json"))}
    chosen = list(dict.fromkeys(map(stack_name, arguments.environment))) or list(stacks)
    absent = [name for name in chosen if name not in stacks]
    if absent or not chosen:
        has = ", ".join(stacks) or "no stack"
        for name in absent or ["any stack"]:
            print(f"plan: {name} is not synthesized: {arguments.stacks} has {has}", file=sys.stderr)
        return 2
    try:
        offline, why = is_offline(os.environ)
        terraform = Terraform.find()
    except (TerraformError, ValueError) as error:
        print(f"plan: {error}", file=sys.stderr)
        return 2
    print(f"{'without' if offline else 'with'} AWS: {why}")
    asked = _Asked(terraform, offline=offline, validate=arguments.validate)
    return max(asked.planned(name, stacks[name], arguments.out / name) for name in chosen)


def stack_name(environment: str) -> str:
    """The stack of an environment as synth takes it: ``prod``, ``examples/saml`` or a path of its file."""
    return environment.rpartition("/")[2].removesuffix(".yaml")


def is_offline(environment: Mapping[str, str]) -> tuple[bool, str]:
    """Whether to plan without AWS, and why.

    Raises:
        ValueError: OFFLINE is neither 0 nor 1.
    """
    asked = environment.get("OFFLINE", "")
    if asked not in ("", "0", "1"):
        raise ValueError(f"OFFLINE is {asked} (allowed: 1, 0 or not set)")
    if asked:
        return asked == "1", f"OFFLINE={asked}"
    found = next((name for name in CREDENTIALS if environment.get(name)), None)
    return found is None, f"{found} is set" if found else "no credentials in the environment"


@dataclass(frozen=True)
class _Asked:
    """Options for every environment."""

    terraform: Terraform
    offline: bool
    validate: bool

    def planned(self, name: str, stack: Path, out: Path) -> int:
        """Plan one environment; its exit code."""
        try:
            self._plan(stack, out)
        except TerraformError as error:
            print(f"plan: {name}: {error}", file=sys.stderr)
            return 1
        return 0

    def _plan(self, stack: Path, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        folder = self.terraform.prepare(stack, out) if self.offline else stack
        self.terraform.init(folder)
        if self.validate and (found := self.terraform.validate(folder)):
            raise TerraformError("\n".join(map(str, found)))
        document = self.terraform.plan(folder, strict=False)
        if not self.offline:
            shutil.copy2(folder / PLAN, out / PLAN)
            shutil.copy2(folder / "cdk.tf.json", out / "cdk.tf.json")
            (folder / PLAN).unlink()
        (out / "plan.json").write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
        changes = [change["change"]["actions"] for change in document.get("resource_changes", [])]
        touched = sum(actions not in (["no-op"], ["read"]) for actions in changes)
        print(f"{out / 'plan.json'}: {touched} of {len(changes)} resources change")

"""Renew the lock file of the AWS provider, for the platforms that people and pipelines run Terraform on.

    python -m constructs_lib provider-lock

asks the public registry for the newest provider that stacks accept, and writes its version and hashes for Linux, macOS
and Windows to ``requirements/provider.lock.hcl``, which every synth copies beside the stacks. If ``TF_PLUGIN_DIR``
names a local mirror, the command reads the mirror instead, and the file has only its platforms; on other platforms
synth leaves the lock out, and Terraform takes any provider in the range.
Exit codes: 0 written, 1 Terraform failed (its output says why), 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from constructs_lib.limits.provider import LOWEST
from constructs_lib.plans.provider_lock import FILE, NAME, PLATFORMS, with_header
from constructs_lib.plans.terraform import AWS_PROVIDER, Terraform, TerraformError
from constructs_lib.stack import NEXT_PROVIDER


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("--out", type=Path, default=FILE, help="the lock file (default %(default)s)")
    parser.add_argument(
        "--platform", action="append", help=f"platform to have hashes for (default: {', '.join(PLATFORMS)})"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file."""
    try:
        terraform = Terraform.find()
    except TerraformError as error:
        print(error, file=sys.stderr)
        return 2
    platforms = arguments.platform or _platforms(terraform.mirror)
    version = f">= {LOWEST}, < {NEXT_PROVIDER}"
    required = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": version}}}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.tf.json").write_text(json.dumps(required), encoding="utf-8")
        try:
            terraform.lock(folder, platforms)
        except TerraformError as error:
            print(error, file=sys.stderr)
            return 1
        text = (folder / NAME).read_text(encoding="utf-8")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(with_header(text, platforms), encoding="utf-8")
    print(f"{arguments.out}: {', '.join(platforms)}")
    return 0


def _platforms(mirror: Path | None) -> list[str]:
    """The platforms to lock: all, or those that the mirror has."""
    if mirror is None:
        return list(PLATFORMS)
    provider = mirror / AWS_PROVIDER
    return [each for each in PLATFORMS if any(provider.glob(f"*/{each}")) or any(provider.glob(f"*_{each}.zip"))]

"""A project of one environment: synthesized as by ``main.py``, and run by real Terraform against emulated AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from constructs_lib.plans.terraform import Terraform
from tests.stacks import ROOT


def synthesized(root: Path, name: str, document: Mapping[str, Any], *, allow_destroy: str = "") -> Path:
    """Write an environment file into a project below a folder and synthesize it; the folder of its stack."""
    environments = root / "project" / "environments"
    environments.mkdir(parents=True, exist_ok=True)
    (environments / f"{name}.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    source = "import sys; from pathlib import Path; from constructs_lib.synth.cli import main; "
    done = subprocess.run(
        [sys.executable, "-c", f"{source}sys.exit(main([], root=Path(sys.argv[1])))", str(environments.parent)],
        cwd=ROOT,
        env={**os.environ, "CDKTF_OUTDIR": str(root / "out"), "ALLOW_DESTROY": allow_destroy},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root / "out" / "stacks" / name


def emulate(work: Path, state: Path | None = None) -> None:
    """Lay over the configuration in a folder what emulated AWS needs, and the file of its state."""
    override: dict[str, Any] = {
        "provider": {"aws": [{"s3_use_path_style": True, "max_retries": 2, "skip_region_validation": True}]}
    }
    if state is not None:
        override["terraform"] = {"backend": {"local": {"path": str(state)}}}
    (work / "emulated_override.tf.json").write_text(json.dumps(override), encoding="utf-8")


def run(terraform: Terraform, work: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Terraform in a folder."""
    return subprocess.run(
        [str(terraform.binary), arguments[0], "-no-color", "-input=false", *arguments[1:]],
        cwd=work,
        env={**os.environ, **terraform.environment, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

"""Somebody else's app: our door beside other AWS modules, imported in every way there is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from constructs_lib.aws import slim

RESOURCES = """
from constructs_lib.aws import AwsProvider, KmsAlias, KmsKey
from cdktf import App, TerraformStack
{imports}
app = App(outdir={outdir!r})
stack = TerraformStack(app, "app")
AwsProvider(stack, "aws", region="eu-west-1")
key = KmsKey(stack, "key", description="theirs")
KmsAlias(stack, "alias", name="alias/theirs", target_key_id=key.key_id)
{resources}
app.synth()
"""

OTHERS = {
    "from a submodule": (
        "from cdktf_cdktf_provider_aws.xray_group import XrayGroup",
        'XrayGroup(stack, "group", group_name="theirs", filter_expression="error")',
    ),
    "a submodule from the package": (
        "from cdktf_cdktf_provider_aws import xray_group",
        'xray_group.XrayGroup(stack, "group", group_name="theirs", filter_expression="error")',
    ),
    "the package": (
        "import cdktf_cdktf_provider_aws as aws",
        'aws.xray_group.XrayGroup(stack, "group", group_name="theirs", filter_expression="error")',
    ),
}


def synthesize(script: str, outdir: Path, **environment: str) -> tuple[bytes, str]:
    """The stack's bytes, and what the app said on its error stream."""
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return (outdir / "stacks" / "app" / "cdk.tf.json").read_bytes(), run.stderr


@pytest.mark.parametrize("way", sorted(OTHERS))
def test_other_aws_modules_work_beside_ours(way: str, tmp_path: Path) -> None:
    imports, resources = OTHERS[way]
    stack, _ = synthesize(RESOURCES.format(imports=imports, resources=resources, outdir=str(tmp_path)), outdir=tmp_path)
    assert b'"aws_xray_group"' in stack
    assert b'"aws_kms_alias"' in stack


def test_the_slim_copy_gives_the_same_bytes_as_the_whole_bindings(tmp_path: Path) -> None:
    opted_in = "from constructs_lib.aws import use_slim_bindings\nprint(use_slim_bindings())\n"
    script = opted_in + RESOURCES.format(imports="", resources="", outdir=str(tmp_path))
    slim_bytes, _ = synthesize(script, tmp_path)
    whole_bytes, _ = synthesize(script, tmp_path, **{slim.SWITCH: "whole"})
    assert slim_bytes == whole_bytes


def test_an_app_opted_in_falls_back_where_no_copy_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    opted_in = "from constructs_lib.aws import use_slim_bindings\nassert use_slim_bindings() is False\n"
    script = opted_in + RESOURCES.format(imports="", resources="", outdir=str(tmp_path))
    _, said = synthesize(script, tmp_path, **{slim.CACHE: str(tmp_path / "file")})
    assert "loading the whole AWS bindings, which is slow: " in said

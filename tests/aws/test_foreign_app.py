"""Another app: the library beside other AWS modules, with every import style."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from constructs_lib.synth import bindings_cache

pytestmark = pytest.mark.bindings

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


def test_other_aws_modules_work_beside_the_library_with_any_import_style(tmp_path: Path) -> None:
    resources = """
aws.sqs_queue_redrive_policy.SqsQueueRedrivePolicy(stack, "redrive", queue_url="theirs", redrive_policy="{}")
xray_group.XrayGroup(stack, "group", group_name="theirs", filter_expression="error")
Ec2Tag(stack, "tag", resource_id="theirs", key="Owner", value="theirs")
"""
    imports = """
import cdktf_cdktf_provider_aws as aws
from cdktf_cdktf_provider_aws import xray_group
from cdktf_cdktf_provider_aws.ec2_tag import Ec2Tag
"""
    stack, _ = synthesize(RESOURCES.format(imports=imports, resources=resources, outdir=str(tmp_path)), tmp_path)
    made = set(json.loads(stack)["resource"])
    assert made == {"aws_sqs_queue_redrive_policy", "aws_xray_group", "aws_ec2_tag", "aws_kms_key", "aws_kms_alias"}


def test_an_app_without_a_writable_cache_falls_back_to_all_bindings(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    opted_in = "from constructs_lib.synth import bindings_cache\nassert bindings_cache.use() is False\n"
    script = opted_in + RESOURCES.format(imports="", resources="", outdir=str(tmp_path))
    _, said = synthesize(script, tmp_path, **{bindings_cache.CACHE: str(tmp_path / "file")})
    assert "loading the whole AWS bindings, which is slow: " in said


def test_bindings_imported_before_the_library_stay_in_use(tmp_path: Path) -> None:
    script = "import sys, types\nsys.modules['cdktf_cdktf_provider_aws'] = module = types.ModuleType('theirs')\n"
    script += "from constructs_lib.synth import bindings_cache\nassert bindings_cache.use() is False\n"
    script += "from constructs_lib.aws import lazy_package\nlazy_package.install()\n"
    script += "assert sys.modules['cdktf_cdktf_provider_aws'] is module\n"
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path, env=environment)

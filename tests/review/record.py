"""Make the plans in ``plans/`` anew with real Terraform: ``python -m tests.review.record``.

They are recorded because a plan takes seconds; ``test_plans_by_terraform.py`` makes some live and compares.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from constructs_lib.plans.terraform import Terraform
from tests import provider_mirror
from tests.review.configurations import PIPELINE, changed
from tests.review.terraform import Workspace, state_of

PLANS = Path(__file__).parent / "plans"
DOMAIN = "aws_opensearch_domain.domain"
DELIVERY = "aws_kinesis_firehose_delivery_stream.delivery"


def _moved() -> dict[str, Any]:
    configuration = changed()
    named = configuration["resource"]["aws_cloudwatch_log_group"]
    named["errors"] = named.pop("domain_errors")
    configuration["moved"] = [
        {"from": "aws_cloudwatch_log_group.domain_errors", "to": "aws_cloudwatch_log_group.errors"}
    ]
    configuration["removed"] = [{"from": "aws_s3_bucket.archive", "lifecycle": {"destroy": False}}]
    del configuration["resource"]["aws_s3_bucket"]
    return configuration


CHANGES: dict[str, dict[str, Any]] = {
    "unchanged": PIPELINE,
    "in_place": changed(
        (f"{DOMAIN}.cluster_config.instance_count", 6),
        (f"{DOMAIN}.ebs_options.volume_size", 200),
        (f"{DOMAIN}.tags.team", "insight"),
        ("aws_kinesis_stream.events.shard_count", 8),
        ("aws_lambda_function.transform.environment.variables.API_TOKEN", "an0ther-Secret-Token"),
    ),
    "blue_green": changed(
        (f"{DOMAIN}.cluster_config.instance_type", "r7g.large.search"),
        (f"{DOMAIN}.engine_version", "OpenSearch_3.1"),
        (f"{DOMAIN}.ebs_options.volume_size", 50),
        (f"{DOMAIN}.advanced_security_options.master_user_options.master_user_password", "n3w-Horse-battery"),
    ),
    "interruption": changed((f"{DELIVERY}.opensearch_configuration.s3_backup_mode", "FailedDocumentsOnly")),
    "loss": changed(
        (f"{DOMAIN}.encrypt_at_rest.enabled", False),
        ("aws_kinesis_stream.events.retention_period", 24),
        ("aws_s3_bucket.archive.bucket", "behaviour-archive-2"),
        ("aws_cloudwatch_log_group.domain_errors", ...),
    ),
    "moved": _moved(),
}
"""What each recorded plan changes of the applied pipeline."""


def settled(workspace: Workspace) -> dict[str, Any]:
    """The state of the pipeline after an apply: planned once to create it and once more to fill in defaults."""
    created = workspace.plan(PIPELINE)
    return state_of(workspace.plan(PIPELINE, state_of(created)))


def main() -> None:
    """Write every plan."""
    provider_mirror.use()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder), Terraform.find())
        plans = {"create": workspace.plan(PIPELINE)}
        state = settled(workspace)
        plans |= {name: workspace.plan(configuration, state) for name, configuration in CHANGES.items()}
    for name, plan in plans.items():
        (PLANS / f"{name}.json").write_text(json.dumps(plan, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

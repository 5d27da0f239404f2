"""The trust between an AWS account and its pipelines: a stack of its own, applied once by a person who may.

    .venv/bin/python examples/trust/main.py && terraform -chdir=cdktf.out/stacks/trust init

Copy it, put your names in, and keep its state apart from the deployments': whoever can change it can become them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from constructs_lib.synth import bindings_cache
from constructs_lib.synth.node import use_packaged_node

use_packaged_node()
bindings_cache.use()

from cdktf import App, LocalBackend, TerraformOutput, TerraformStack  # noqa: E402

from constructs_lib.aws import AwsProvider  # noqa: E402
from constructs_lib.oidc_trust import (  # noqa: E402
    GITHUB_ACTIONS,
    HcpTerraformTrust,
    PipelineRole,
    TokenIssuer,
    github_subject,
)

ACCOUNT = "111122223333"
ORGANIZATION = "acme"
REPOSITORY = "acme/behaviour-analytics"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/deployments"
"""A policy of yours: what no pipeline may ever do (touch the trust itself, other teams' resources, other regions)."""
APPLY = f"arn:aws:iam::{ACCOUNT}:policy/behaviour-analytics-apply"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def build(app: App) -> TerraformStack:
    """The stack."""
    stack = TerraformStack(app, "trust")
    tags = {"Deployment": "trust", "ManagedBy": "Terraform"}
    AwsProvider(stack, "aws", region="eu-west-1", allowed_account_ids=[ACCOUNT], default_tags=[{"tags": tags}])
    stack.add_override("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0")
    LocalBackend(stack, path="terraform.tfstate")

    workspace = HcpTerraformTrust(
        stack,
        "hcp-terraform",
        name="behaviour-prod",
        organization=ORGANIZATION,
        project="Analytics",
        workspace="behaviour-prod",
        apply_policy_arns=[APPLY],
        permissions_boundary=BOUNDARY,
    )
    for name, value in workspace.variables.items():
        TerraformOutput(stack, name.lower(), value=value)

    github = TokenIssuer(stack, "github", issuer=GITHUB_ACTIONS)
    main = github_subject(repository=REPOSITORY, ref="refs/heads/main")
    pull_requests = github_subject(repository=REPOSITORY)
    plan = PipelineRole(
        stack,
        "github-plan",
        name="behaviour-github-plan",
        issuer=github,
        subjects=[pull_requests, main],
        policy_arns=[READ],
        permissions_boundary=BOUNDARY,
    )
    TerraformOutput(stack, "github_plan_role_arn", value=plan.arn)
    # Only a job that somebody let into the deployment environment; a domain that is made anew takes hours.
    apply = PipelineRole(
        stack,
        "github-apply",
        name="behaviour-github-apply",
        issuer=github,
        subjects=[github_subject(repository=REPOSITORY, environment="production")],
        policy_arns=[APPLY],
        permissions_boundary=BOUNDARY,
        hours=4,
    )
    TerraformOutput(stack, "github_apply_role_arn", value=apply.arn)
    return stack


if __name__ == "__main__":
    program = App(outdir=os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    build(program)
    program.synth()

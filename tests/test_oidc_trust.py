"""Trust policies for the tokens of pipelines: whole subjects, one audience."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.aws import AwsProvider
from constructs_lib.oidc_trust import (
    GITHUB_ACTIONS,
    HCP_TERRAFORM,
    HcpTerraformTrust,
    PipelineRole,
    TokenIssuer,
    TrustError,
    github_subject,
    hcp_subject,
)
from tests.stacks import Terraform, synthesize

POLICY = "arn:aws:iam::111122223333:policy/apply"


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    app = App(outdir=str(tmp_path_factory.mktemp("trust")))
    stack = TerraformStack(app, "trust")
    AwsProvider(stack, "aws", region="eu-west-1")
    HcpTerraformTrust(stack, "hcp", name="shop", organization="acme", workspace="shop-prod", apply_policy_arns=[POLICY])
    return synthesize(stack, app)


def test_a_subject_names_organization_project_workspace_and_phase() -> None:
    assert (
        hcp_subject(organization="acme", project="Default Project", workspace="shop", phase="plan")
        == "organization:acme:project:Default Project:workspace:shop:run_phase:plan"
    )


@pytest.mark.parametrize(
    ("arguments", "subject"),
    [
        ({}, "repo:acme/shop:pull_request"),
        ({"ref": "refs/heads/main"}, "repo:acme/shop:ref:refs/heads/main"),
        ({"environment": "production"}, "repo:acme/shop:environment:production"),
    ],
)
def test_a_subject_names_repository_and_job(arguments: dict[str, str], subject: str) -> None:
    assert github_subject(repository="acme/shop", **arguments) == subject


@pytest.mark.parametrize("part", ["*", "", "acme*", "acme:project:x", "a?", " acme", "acme\n"])
@pytest.mark.parametrize("name", ["organization", "project", "workspace"])
def test_a_part_with_a_wildcard_or_separator_is_refused(name: str, part: str) -> None:
    arguments = {"organization": "acme", "project": "x", "workspace": "shop"} | {name: part}
    with pytest.raises(TrustError, match=name):
        hcp_subject(**arguments, phase="plan")


@pytest.mark.parametrize("phase", ["*", "", "destroy"])
def test_another_phase_is_refused(phase: str) -> None:
    with pytest.raises(TrustError, match="phase"):
        hcp_subject(organization="acme", project="x", workspace="shop", phase=phase)


@pytest.mark.parametrize(
    "arguments",
    [
        {"repository": "acme/*"},
        {"repository": "acme"},
        {"repository": "acme/shop", "ref": "main"},
        {"repository": "acme/shop", "ref": "refs/heads/*"},
        {"repository": "acme/shop", "environment": "*"},
        {"repository": "acme/shop", "environment": "prod", "ref": "refs/heads/main"},
    ],
)
def test_an_ambiguous_job_is_refused(arguments: dict[str, str]) -> None:
    with pytest.raises(TrustError):
        github_subject(**arguments)


@given(st.text(max_size=20))
def test_no_subject_contains_a_pattern_or_another_part(text: str) -> None:
    try:
        subject = hcp_subject(organization="acme", project="x", workspace=text, phase="plan")
    except TrustError:
        return
    assert subject.count(":") == 7
    assert not set(subject) & set("*?\n")


@pytest.mark.parametrize("subjects", [[], ["organization:acme:*"], ["repo:acme/sho?:pull_request"]])
def test_a_role_accepts_only_whole_subjects(subjects: list[str], tmp_path: Path) -> None:
    stack = TerraformStack(App(outdir=str(tmp_path)), "trust")
    issuer = TokenIssuer(stack, "issuer", issuer=GITHUB_ACTIONS)
    with pytest.raises(TrustError):
        PipelineRole(stack, "role", name="x", issuer=issuer, subjects=subjects, policy_arns=[])


def test_the_account_trusts_the_issuer_for_one_audience(trust: Terraform) -> None:
    issuer = trust.one("aws_iam_openid_connect_provider")
    assert issuer["url"] == f"https://{HCP_TERRAFORM.host}"
    assert issuer["client_id_list"] == ["aws.workload.identity"]


@pytest.mark.parametrize("phase", ["plan", "apply"])
def test_each_phase_has_its_own_role(phase: str, trust: Terraform) -> None:
    (statement,) = trust.document(f"hcp_{phase}_trust")
    assert statement["actions"] == ["sts:AssumeRoleWithWebIdentity"]
    assert {item["variable"]: (item["test"], item["values"]) for item in statement["condition"]} == {
        "app.terraform.io:aud": ("StringEquals", ["aws.workload.identity"]),
        "app.terraform.io:sub": (
            "StringEquals",
            [f"organization:acme:project:Default Project:workspace:shop-prod:run_phase:{phase}"],
        ),
    }


def test_a_plan_can_only_read(trust: Terraform) -> None:
    attached = trust.one("aws_iam_role_policy_attachment", "hcp_plan_policy_0")
    assert attached["policy_arn"].endswith(":policy/ReadOnlyAccess")


def test_the_trust_conditions_use_the_issuers_name(trust: Terraform) -> None:
    (statement,) = trust.document("hcp_plan_trust")
    (principal,) = statement["principals"]
    assert principal["type"] == "Federated"
    assert principal["identifiers"][0].startswith("${aws_iam_openid_connect_provider.")


def test_the_policy_arn_has_the_regions_partition(trust: Terraform) -> None:
    attached = trust.one("aws_iam_role_policy_attachment", "hcp_plan_policy_0")
    assert attached["policy_arn"].startswith("arn:${data.aws_partition.current.partition}:iam::aws:")


def test_the_caller_chooses_the_permissions_of_a_plan(tmp_path: Any) -> None:
    app = App(outdir=str(tmp_path))
    stack = TerraformStack(app, "trust")
    AwsProvider(stack, "aws", region="eu-west-1")
    reads = ["arn:aws:iam::111122223333:policy/reads-state"]
    HcpTerraformTrust(
        stack, "hcp", name="x", organization="a", workspace="b", apply_policy_arns=[], plan_policy_arns=reads
    )
    assert synthesize(stack, app).one("aws_iam_role_policy_attachment")["policy_arn"] == reads[0]

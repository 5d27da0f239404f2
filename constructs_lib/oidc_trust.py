"""Roles that a pipeline assumes with a token of its own: HCP Terraform's dynamic credentials and GitHub Actions.

Neither stores an AWS key. The issuer signs a token that names the run, AWS checks it against the role's trust policy,
and the run gets credentials for an hour. Security depends on that policy: it accepts one audience and complete
subjects, compared exactly, so AWS refuses other workspaces, repositories and branches of the same issuer.

HCP Terraform: https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
GitHub Actions: https://docs.github.com/en/actions/concepts/security/openid-connect
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from constructs_lib.aws import IamOpenidConnectProvider, IamRole, IamRolePolicyAttachment
from constructs_lib.aws_context import AwsContext
from constructs_lib.iam import Condition, Statement, policy_json
from constructs_lib.overriding import MAIN
from constructs_lib.service_construct import ServiceConstruct


@dataclass(frozen=True)
class Issuer:
    """An issuer of tokens: its host, and the audience of its tokens for AWS."""

    host: str
    audience: str


HCP_TERRAFORM = Issuer("app.terraform.io", "aws.workload.identity")
GITHUB_ACTIONS = Issuer("token.actions.githubusercontent.com", "sts.amazonaws.com")

_PART = re.compile(r"[\w.-]+(?: [\w.-]+)*")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_REF = re.compile(r"refs/(heads|tags)/[\w./-]+")


class TrustError(ValueError):
    """A subject that matches more than one workspace, branch or environment, or none."""


def hcp_subject(*, organization: str, project: str, workspace: str, phase: str) -> str:
    """The subject of one phase (``plan`` or ``apply``) of one workspace's runs.

    Raises:
        TrustError: a part is empty, holds ``*``, ``?`` or ``:``, or the phase is another.
    """
    for name, part in (("organization", organization), ("project", project), ("workspace", workspace)):
        if not _PART.fullmatch(part):
            raise TrustError(f"{name} is {part!r}, allowed letters, digits, spaces and _ . - without a pattern")
    if phase not in ("plan", "apply"):
        raise TrustError(f"phase is {phase!r}, allowed plan, apply")
    return f"organization:{organization}:project:{project}:workspace:{workspace}:run_phase:{phase}"


def github_subject(*, repository: str, environment: str | None = None, ref: str | None = None) -> str:
    """The subject of a job: in a deployment environment, of one branch or tag, or else of a pull request.

    Raises:
        TrustError: the repository is no ``OWNER/NAME``, the ref no ``refs/heads/...`` or ``refs/tags/...``, a part
            holds a pattern, or both an environment and a ref are given (a job's token names the environment only).
    """
    if not _REPOSITORY.fullmatch(repository):
        raise TrustError(f"repository is {repository!r}, allowed OWNER/NAME without a pattern")
    if environment is not None and ref is not None:
        raise TrustError("environment and ref are both given; the token of a job in an environment names no ref")
    if environment is not None:
        if not _PART.fullmatch(environment):
            raise TrustError(
                f"environment is {environment!r}, allowed letters, digits, spaces and _ . - without a pattern"
            )
        return f"repo:{repository}:environment:{environment}"
    if ref is not None:
        if not _REF.fullmatch(ref):
            raise TrustError(f"ref is {ref!r}, allowed refs/heads/NAME, refs/tags/NAME without a pattern")
        return f"repo:{repository}:ref:{ref}"
    return f"repo:{repository}:pull_request"


class TokenIssuer(ServiceConstruct):
    """An identity provider that the account trusts; AWS allows one for each issuer and account."""

    def __init__(self, scope: Construct, id_: str, *, issuer: Issuer) -> None:
        super().__init__(scope, id_)
        self.issuer = issuer
        # Without thumbprints: AWS verifies both issuers' certificates with its own trust store.
        self.resource = self.create(
            IamOpenidConnectProvider, MAIN, {"url": f"https://{issuer.host}", "client_id_list": [issuer.audience]}
        )
        self.arn: str = self.resource.arn


class PipelineRole(ServiceConstruct):
    """A role that the runs with certain subjects assume.

    Args:
        name: name of the role, at most 64 characters.
        issuer: who signs the tokens.
        subjects: whole subjects, from `hcp_subject` or `github_subject`; at least one.
        policy_arns: permissions of the runs. A plan needs to read (``ReadOnlyAccess`` does); an apply needs what the
            stack's resources need, best within a permissions boundary.
        permissions_boundary: ARN of the role's permissions boundary.
        hours: how long credentials last, 1 to 12; AWS's default is 1.

    Raises:
        TrustError: no subject, or one with a pattern in it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        issuer: TokenIssuer,
        subjects: Sequence[str],
        policy_arns: Sequence[str],
        permissions_boundary: str | None = None,
        hours: int = 1,
    ) -> None:
        super().__init__(scope, id_)
        if not subjects:
            raise TrustError("no subject, so no run could assume the role; give at least one")
        for subject in subjects:
            if "*" in subject or "?" in subject:
                raise TrustError(f"subject {subject!r} is a pattern; list every workspace, branch or environment")
        host = issuer.issuer.host
        trust = Statement(
            "Trust",
            ["sts:AssumeRoleWithWebIdentity"],
            principals={"Federated": [issuer.arn]},
            conditions=[
                Condition("StringEquals", f"{host}:aud", [issuer.issuer.audience]),
                Condition("StringEquals", f"{host}:sub", sorted(subjects)),
            ],
        )
        self.resource = self.create(
            IamRole,
            MAIN,
            {
                "name": name,
                "description": f"Assumed by runs that {host} vouches for",
                "assume_role_policy": policy_json(self, "trust", [trust]),
                "max_session_duration": hours * 3600,
                "permissions_boundary": permissions_boundary,
            },
        )
        for number, arn in enumerate(policy_arns):
            attached = {"role": self.resource.name, "policy_arn": arn}
            self.create(IamRolePolicyAttachment, f"policy-{number}", attached)
        self.arn: str = self.resource.arn


class HcpTerraformTrust(ServiceConstruct):
    """Keyless access for one workspace of HCP Terraform: the identity provider and a role for each phase.

    A plan runs on every pull request, an apply only after an approval, so the plan's role can only read.

    Args:
        name: beginning of the roles' names (``NAME-plan``, ``NAME-apply``).
        organization: of HCP Terraform; ``project`` and ``workspace`` likewise.
        plan_policy_arns: permissions of a plan; default: AWS's own policy ``ReadOnlyAccess``.
        apply_policy_arns: permissions of an apply.
        permissions_boundary: ARN of both roles' permissions boundary.
        issuer: an identity provider that the account already trusts; default: a new one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        organization: str,
        workspace: str,
        apply_policy_arns: Sequence[str],
        plan_policy_arns: Sequence[str] | None = None,
        project: str = "Default Project",
        permissions_boundary: str | None = None,
        issuer: TokenIssuer | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.issuer = issuer or TokenIssuer(self, "issuer", issuer=HCP_TERRAFORM)
        if plan_policy_arns is None:
            plan_policy_arns = [f"arn:{AwsContext.of(self).partition}:iam::aws:policy/ReadOnlyAccess"]
        roles = {}
        for phase, arns in (("plan", plan_policy_arns), ("apply", apply_policy_arns)):
            subject = hcp_subject(organization=organization, project=project, workspace=workspace, phase=phase)
            roles[phase] = PipelineRole(
                self,
                phase,
                name=f"{name}-{phase}",
                issuer=self.issuer,
                subjects=[subject],
                policy_arns=arns,
                permissions_boundary=permissions_boundary,
            )
        self.variables: dict[str, str] = {
            "TFC_AWS_PROVIDER_AUTH": "true",
            "TFC_AWS_PLAN_ROLE_ARN": roles["plan"].arn,
            "TFC_AWS_APPLY_ROLE_ARN": roles["apply"].arn,
        }
        """Environment variables to set in the workspace."""

"""``provider``: arguments of the AWS provider."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class AssumeRole(Section):
    """The role that Terraform assumes."""

    role_arn: str
    """ARN of the role."""
    external_id: str | None = None
    """External id that the role's trust policy requires."""
    session_name: str | None = None
    """Name of the session, as it appears in CloudTrail."""


class ProviderSettings(Section):
    """Arguments of the AWS provider; credentials never belong here."""

    profile: str | None = None
    """AWS profile that Terraform uses; default: the credentials of the run."""
    max_retries: int | None = None
    """How often a failed AWS request is retried. Default: 25."""
    assume_role: AssumeRole | None = None
    use_fips_endpoint: bool | None = None
    """Whether requests go to AWS's FIPS endpoints. Default: false."""
    use_dualstack_endpoint: bool | None = None
    """Whether requests go to endpoints with IPv6. Default: false."""

"""``provider``: arguments of the AWS provider."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class AssumeRole(Section):
    """The role that Terraform works under."""

    role_arn: str
    external_id: str | None = None
    session_name: str | None = None


class ProviderSettings(Section):
    """Arguments of the AWS provider; credentials never belong here."""

    profile: str | None = None
    max_retries: int | None = None
    assume_role: AssumeRole | None = None
    use_fips_endpoint: bool | None = None
    use_dualstack_endpoint: bool | None = None

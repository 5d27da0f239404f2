"""``backend``: where Terraform keeps the state."""

from __future__ import annotations

from typing import Any

from constructs_lib.configuration.section import Section


class LocalBackendSettings(Section):
    """State in a local file beside the Terraform JSON, to try things out."""

    path: str = "terraform.tfstate"
    """Path of the state file, relative to the stack's folder."""


class S3BackendSettings(Section):
    """State in S3, locked by a lock file (Terraform >= 1.10)."""

    bucket: str
    """Existing bucket that holds the state."""
    key: str
    """Key of the state in the bucket, such as ``behaviour/prod.tfstate``; one for each deployment."""
    region: str
    """Region of the bucket."""
    encrypt: bool = True
    """Whether the state is encrypted at rest."""
    kms_key_id: str | None = None
    """ARN of the KMS key that encrypts the state; default: the bucket's own setting."""
    use_lockfile: bool = True
    """Whether a lock file beside the state prevents two runs at once. Needs Terraform 1.10."""
    dynamodb_table: str | None = None
    """DynamoDB table that prevents two runs at once, for Terraform before 1.10."""
    profile: str | None = None
    """AWS profile that reads and writes the state; default: that of the run."""


class CloudWorkspaces(Section):
    """One workspace by its name, or all workspaces with the tags."""

    name: str | None = None
    """Name of the one workspace; not together with ``tags``."""
    tags: list[str] | None = None
    """Tags of the workspaces; not together with ``name``."""
    project: str | None = None
    """Project in which a new workspace is made."""


class CloudBackendSettings(Section):
    """HCP Terraform or Terraform Enterprise."""

    organization: str
    """Organization in HCP Terraform."""
    workspaces: CloudWorkspaces
    hostname: str | None = None
    """Host of Terraform Enterprise; default: ``app.terraform.io``."""

    def block(self, stack: str) -> dict[str, Any]:
        """Terraform's ``cloud`` block (https://developer.hashicorp.com/terraform/language/block/terraform#cloud).

        Args:
            stack: name of the workspace, unless the settings have a name or tags.
        """
        values = self.arguments()
        if not self.workspaces.tags:
            values["workspaces"].setdefault("name", stack)
        return values


class BackendSettings(Section):
    """Where Terraform keeps the state: one of the three. Default: ``local``."""

    local: LocalBackendSettings | None = None
    s3: S3BackendSettings | None = None
    cloud: CloudBackendSettings | None = None

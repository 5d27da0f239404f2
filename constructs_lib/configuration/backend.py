"""``backend``: where Terraform keeps the state."""

from __future__ import annotations

from typing import Any

from constructs_lib.configuration.section import Section


class LocalBackendSettings(Section):
    """State in a file beside the Terraform JSON; for trying out."""

    path: str = "terraform.tfstate"


class S3BackendSettings(Section):
    """State in S3, locked by a lock file (Terraform >= 1.10)."""

    bucket: str
    key: str
    region: str
    encrypt: bool = True
    kms_key_id: str | None = None
    use_lockfile: bool = True
    dynamodb_table: str | None = None
    profile: str | None = None


class CloudWorkspaces(Section):
    """One workspace by name, or all that carry the tags."""

    name: str | None = None
    tags: list[str] | None = None
    project: str | None = None


class CloudBackendSettings(Section):
    """HCP Terraform or Terraform Enterprise."""

    organization: str
    workspaces: CloudWorkspaces
    hostname: str | None = None

    def block(self, stack: str) -> dict[str, Any]:
        """Terraform's ``cloud`` block (https://developer.hashicorp.com/terraform/language/block/terraform#cloud).

        Args:
            stack: name of the workspace, unless the settings name one or go by tags.
        """
        values = self.arguments()
        if not self.workspaces.tags:
            values["workspaces"].setdefault("name", stack)
        return values


class BackendSettings(Section):
    """Where Terraform keeps the state; one of the three, default ``local``."""

    local: LocalBackendSettings | None = None
    s3: S3BackendSettings | None = None
    cloud: CloudBackendSettings | None = None

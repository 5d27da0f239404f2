"""What stands around the pipeline: archive, keys, network, access, backend."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.base import Section


class LifecycleSettings(Section):
    """When objects of the archive move to cheaper storage and when they go."""

    transition_days: int | None = 90
    """Days after which backed-up events move to ``transition_storage_class``; null: never."""
    transition_storage_class: Literal[
        "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"
    ] = "GLACIER_IR"
    expiration_days: int | None = 730
    """Days after which backed-up events are deleted; null: never."""
    failed_expiration_days: int = 30
    """Days after which what could not be delivered is deleted: it holds raw personal data."""
    noncurrent_expiration_days: int = 30
    """Days that overwritten or deleted versions are kept."""


class ArchiveSettings(Section):
    """The bucket behind the delivery stream."""

    bucket: str | None = None
    """Name of the bucket; default: a unique one that begins with the deployment's name and ``-archive-``."""
    enabled: bool | None = None
    """Whether every event is kept, which ``s3_backup_mode`` must agree with; default: as that says. What could not be
    delivered is kept either way."""
    lifecycle: LifecycleSettings = LifecycleSettings()
    access_log_bucket: str | None = None
    """An existing bucket that takes the archive's server access logs."""


class EncryptionSettings(Section):
    """The key that the deployment's stream, domain, archive, logs and functions are encrypted with."""

    kms_key_arn: str | None = None
    """An existing key, whose policy is its owner's; default: a key of the deployment's own."""
    rotation_period_in_days: int | None = None
    """Default: yearly."""
    deletion_window_in_days: int = 30
    administrators: list[str] = []
    """ARNs of IAM roles that may manage the key; default: whom the account's own IAM policies let. The role that
    Terraform works under must be among them: KMS takes no policy that its giver could not change again."""


class NetworkSettings(Section):
    """The network of a domain in a VPC: an existing one (``vpc_id``, ``subnet_ids``) or one of the deployment's own."""

    vpc_id: str | None = None
    subnet_ids: list[str] = []
    """One subnet for each zone of the domain."""
    cidr_block: str | None = None
    """Address range of a VPC of the deployment's own, split evenly over the zones."""
    availability_zones: list[str] = []
    """Zones of a VPC of the deployment's own."""
    client_security_group_ids: list[str] = []
    """Security groups that may reach the domain's HTTPS port besides the deployment's own."""
    client_cidr_blocks: list[str] = []
    """Address ranges that may reach the domain's HTTPS port."""
    aws_api_security_group_ids: list[str] = []
    """Security groups of what leads to AWS's APIs from existing subnets, such as an interface endpoint of KMS: the
    functions in the network may reach their HTTPS port. What they let in is their owner's."""
    aws_api_cidr_blocks: list[str] = []
    """Address ranges for the same: those of interface endpoints, or ``0.0.0.0/0`` where a NAT gateway leads out."""
    flow_log_retention_in_days: int = 365

    @property
    def reaches_aws(self) -> bool:
        """Whether functions in it reach KMS: an own VPC gets an endpoint of it, of an existing one it must be said."""
        return bool(self.cidr_block is not None or self.aws_api_security_group_ids or self.aws_api_cidr_blocks)


class AccessSettings(Section):
    """Who may use the domain besides the deployment's own roles: ARNs of IAM roles or users."""

    administrators: list[str] = []
    analysts: list[str] = []
    """May read the behaviour indices and the dashboards."""
    personalization: list[str] = []
    """May read the behaviour indices, for what trains and serves recommendations."""
    administrator_groups: list[str] = []
    """Groups that the identity provider of ``domain.saml_options`` or ``jwt_options`` names in ``roles_key``, whose
    members may do everything."""
    analyst_groups: list[str] = []
    """Such groups, whose members may read the behaviour indices and the dashboards."""


class IamSettings(Section):
    """What the account wants of every role."""

    path: str = "/"
    permissions_boundary: str | None = None
    """ARN of a managed policy."""


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


class BackendSettings(Section):
    """Where Terraform keeps the state; one of the three, default ``local``."""

    local: LocalBackendSettings | None = None
    s3: S3BackendSettings | None = None
    cloud: CloudBackendSettings | None = None


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


class AdoptSettings(Section):
    """What exists already and comes under this deployment's management, as Terraform's ``import`` blocks name it."""

    domain: str | None = None
    """Name of a domain."""
    stream: str | None = None
    """Name of a stream."""
    delivery: str | None = None
    """ARN of a delivery stream."""
    archive: str | None = None
    """Name of a bucket."""
    key: str | None = None
    """Id of a KMS key."""
    delivery_role: str | None = None
    """Name of the IAM role that the delivery stream works under."""

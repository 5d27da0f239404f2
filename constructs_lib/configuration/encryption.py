"""``encryption``: the deployment's key (provider resource ``aws_kms_key``)."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class EncryptionSettings(Section):
    """The KMS key that encrypts the stream, domain, archive, logs and functions."""

    kms_key_arn: str | None = None
    """ARN of an existing key, whose policy this deployment does not change; default: a new key."""
    rotation_period_in_days: int | None = None
    """Days between rotations of the key. Default: 365."""
    deletion_window_in_days: int = 30
    """Days that KMS keeps the key after it is deleted."""
    administrators: list[str] = []
    """ARNs of IAM roles that may manage the key; default: all principals that the account's IAM policies allow. Include
    the role that Terraform uses: KMS refuses a policy that locks out its author."""

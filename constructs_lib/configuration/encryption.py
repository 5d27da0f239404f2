"""``encryption``: the deployment's key (provider resource ``aws_kms_key``)."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


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

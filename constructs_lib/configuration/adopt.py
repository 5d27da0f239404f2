"""``adopt``: what exists already and is imported."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


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

"""``adopt``: existing resources that are imported."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class AdoptSettings(Section):
    """Existing resources that this deployment takes over with Terraform's ``import`` blocks."""

    domain: str | None = None
    """Name of an existing domain to import."""
    stream: str | None = None
    """Name of an existing stream to import."""
    delivery: str | None = None
    """ARN of an existing delivery stream to import."""
    archive: str | None = None
    """Name of an existing bucket to import as archive."""
    key: str | None = None
    """Id of an existing KMS key to import."""
    delivery_role: str | None = None
    """Name of an existing IAM role of the delivery stream to import."""

"""``iam``: what the account wants of every IAM role."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class IamSettings(Section):
    """What the account wants of every role."""

    path: str = "/"
    permissions_boundary: str | None = None
    """ARN of a managed policy."""

"""``iam``: what the account wants of every IAM role."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class IamSettings(Section):
    """What the account wants of every role."""

    path: str = "/"
    """Path of every role and policy, such as ``/behaviour/``."""
    permissions_boundary: str | None = None
    """ARN of the managed policy that bounds every role. Default: none."""

"""``iam``: path and permissions boundary of every IAM role."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class IamSettings(Section):
    """Path and permissions boundary of every role."""

    path: str = "/"
    """Path of every role and policy, such as ``/behaviour/``."""
    permissions_boundary: str | None = None
    """ARN of the managed policy that bounds every role. Default: none."""

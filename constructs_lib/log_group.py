"""Encrypted log groups, and the key's permission for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs_lib.aws import CloudwatchLogGroup
from constructs_lib.service_construct import ServiceConstruct

if TYPE_CHECKING:
    from constructs_lib.interfaces import LogKey


def encrypted_log_group(
    scope: ServiceConstruct, id_: str, *, name: str, retention_in_days: int, encryption: LogKey | None
) -> Any:
    """A log group of a construct.

    Args:
        scope: the construct; ``id_`` is the name among its resources.
        name: name of the group; the key's policy names it, so it must not refer to a resource.
        retention_in_days: days that log events are kept.
        encryption: the key, whose policy then allows CloudWatch Logs for this group; None: AWS's own.
    """
    if encryption is not None:
        encryption.allow_log_group(name)
    key = encryption.key_arn if encryption is not None else None
    values = {"name": name, "retention_in_days": retention_in_days, "kms_key_id": key}
    return scope.create(CloudwatchLogGroup, id_, values)

"""Makes the domains' endpoints accept keys of assumed roles, as on AWS: Firehose uses such keys."""

from __future__ import annotations

from typing import Any

from moto.sts.models import AssumedRole, STSBackend

from rehearsal.emulated.credentials import STORE, Credentials
from rehearsal.emulated.extension import extends

_stock_assume_role = STSBackend.assume_role


@extends(STSBackend)
def assume_role(self: STSBackend, *args: Any, **kwargs: Any) -> AssumedRole:
    """AssumeRole, and remember the role of the keys."""
    role = _stock_assume_role(self, *args, **kwargs)
    STORE.add(Credentials(role.access_key_id, role.secret_access_key, role.session_token, role.role_arn))
    return role

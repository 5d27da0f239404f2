"""Bucket policies whose conditions count: stock moto denies everything to everybody for ``DenyInsecureTransport``.

moto judges a statement by action and resource alone. Here a statement with a condition does not apply at all: the usual
ones (TLS, the encryption of an object, the owner of a source) are met by every caller of this emulator.
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

from rehearsal.emulated.extension import extends


@extends(FakeBucket)
def get_permission(self: FakeBucket, action: str, resource: str) -> Any:
    """What the bucket's unconditional statements say of an action."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(self.policy)
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    policy["Statement"] = [statement for statement in statements if not statement.get("Condition")]
    if not policy["Statement"]:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)

"""Bucket policies with conditions: stock moto ignores them and denies everything for ``DenyInsecureTransport``.

moto evaluates only action and resource of a statement. Here a statement with a condition does not apply: every caller
of this emulator complies with the usual conditions (TLS, the encryption of an object, the owner of a source).
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

from rehearsal.emulated.extension import extends


@extends(FakeBucket)
def get_permission(self: FakeBucket, action: str, resource: str) -> Any:
    """The decision of the bucket's unconditional statements on an action."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(self.policy)
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    policy["Statement"] = [statement for statement in statements if not statement.get("Condition")]
    if not policy["Statement"]:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)

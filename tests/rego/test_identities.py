"""cloudsplaining finds nothing in the roles of any environment or example, and AWS knows each action they name."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.policies import Policies
from tests.stacks import ENVIRONMENTS, EXAMPLES, ROOT, shipped

PYTHON = ROOT / ".venv-policy" / "bin" / "python"
STACKS = [*((name, "environments") for name in ENVIRONMENTS), *((name, "environments/examples") for name in EXAMPLES)]


def asked(policies: dict[str, Any]) -> dict[str, list[str]]:
    """Findings by policy."""
    if not PYTHON.is_file():
        pytest.skip("needs .venv-policy (make policy-exceptions)")
    script = ROOT / "tests" / "rego" / "identities.py"
    done = subprocess.run([PYTHON, script], input=json.dumps(policies), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def documents(name: str, folder: str) -> dict[str, Any]:
    """The policies of a stack's roles."""
    policies = Policies(shipped(name, folder))
    found = {}
    for role in shipped(name, folder).all("aws_iam_role"):
        statements = [
            {"Effect": each.get("effect", "Allow"), "Action": each["actions"], "Resource": each["resources"]}
            for each in policies.role(role)
        ]
        found[f"{name}: {role}"] = {"Version": "2012-10-17", "Statement": statements}
    return found


def test_cloudsplaining_finds_no_risk_in_any_environment_or_example() -> None:
    policies = {key: policy for name, folder in STACKS for key, policy in documents(name, folder).items()}
    assert len(policies) > len(STACKS)
    findings = asked(policies)
    assert set(findings) == set(policies)
    assert {name: found for name, found in findings.items() if found} == {}


@pytest.mark.parametrize(
    ("action", "finding"),
    [
        ("iam:CreatePolicyVersion", "allows_privilege_escalation"),
        ("s3:GetObject", "allows_data_exfiltration_actions"),
        ("s3:*", "service_wildcard"),
        ("kinesis:PutRecordz", "unknown action"),
    ],
)
def test_cloudsplaining_finds_a_risky_policy(action: str, finding: str) -> None:
    statement = {"Effect": "Allow", "Action": [action], "Resource": ["*"]}
    (found,) = asked({"x": {"Version": "2012-10-17", "Statement": [statement]}}).values()
    assert any(each.startswith(finding) for each in found)

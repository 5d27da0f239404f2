"""The Rego pack gives the same results in conftest, with OPA's own compiler, as in the report."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from constructs_lib.review.rego import NOT_JUDGED, QUERY, rego
from tests.review.recorded import NAMES, PLANS, document
from tests.stacks import ROOT

PACK = ROOT / "policies"


@pytest.fixture(scope="module")
def conftest() -> str:
    found = shutil.which("conftest")
    if found is None:
        pytest.skip("needs conftest on the PATH (go install github.com/open-policy-agent/conftest@latest)")
    return found


def test_conftest_gives_the_same_results_for_every_plan(conftest: str) -> None:
    plans = [str(PLANS / f"{name}.json") for name in NAMES]
    command = [conftest, "test", "--policy", str(PACK), "--output", "json", "--no-fail", *plans]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = {
        Path(answer["filename"]).stem: tuple(
            sorted(message["msg"] for message in answer.get(kind) or []) for kind in ("failures", "warnings")
        )
        for answer in json.loads(said)
    }
    ours = {name: rego(document(name), PACK) for name in NAMES}
    assert found == {name: (list(answer.failures), list(answer.not_judged)) for name, answer in ours.items()}


def test_the_hcp_terraform_query_gives_the_same_results() -> None:
    text = (PACK / "policies.hcl").read_text(encoding="utf-8")
    assert re.findall(r'query\s*=\s*"([^"]+)"', text) == [QUERY, NOT_JUDGED]
    assert re.findall(r'enforcement_level\s*=\s*"([^"]+)"', text) == ["mandatory", "advisory"]

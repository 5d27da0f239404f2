"""The rules on plans of other configurations, made by real Terraform."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs_lib.__main__ import main
from constructs_lib.plans.terraform import Terraform

pytestmark = pytest.mark.terraform

CONFIGURATIONS = Path(__file__).parents[1] / "samples" / "configurations"


@pytest.fixture(scope="session")
def others(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The plan of ``tests/samples/configurations``."""
    folder = tmp_path_factory.mktemp("others")
    shutil.copytree(CONFIGURATIONS, folder, dirs_exist_ok=True)
    terraform.init(folder)
    return terraform.plan(folder, "-refresh=false")


@pytest.fixture
def plan_file(others: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(others), encoding="utf-8")
    return path


def said(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[tuple[str, str]]]:
    """Exit code, and address with path and severity of each line."""
    code = main(["check", str(path)])
    *lines, summary = capsys.readouterr().out.splitlines()
    assert summary.startswith("1 file, ")
    assert all(line.startswith(f"{path}: ") for line in lines)
    found = [line.removeprefix(f"{path}: ").split(": ", 1) for line in lines]
    return code, [(where, "warning" if rest.startswith("warning: ") else "error") for where, rest in found]


SEARCH = "module.search.aws_opensearch_domain.this[0]"
CLICKS = "aws_kinesis_firehose_delivery_stream.clicks.opensearch_configuration"


def test_every_problem_of_a_search_module_is_found(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = said(plan_file, capsys)
    assert code == 1
    assert [item for item in found if item[0].startswith(("module.search", "aws_kinesis"))] == [
        (f"{CLICKS}.buffering_size", "error"),
        (f"{CLICKS}.index_name", "error"),
        (f"{CLICKS}.retry_duration", "warning"),
        (f"{CLICKS}.vpc_config", "error"),
        (f"{SEARCH}.advanced_security_options.master_user_options.master_user_password", "warning"),
        (f"{SEARCH}.cluster_config.dedicated_master_count", "error"),
        (f"{SEARCH}.cluster_config.instance_count", "error"),
        (f"{SEARCH}.ebs_options.volume_size", "error"),
        (f"{SEARCH}.encrypt_at_rest.enabled", "error"),
        (f"{SEARCH}.node_to_node_encryption.enabled", "error"),
    ]


def test_elasticsearch_resources_are_checked_in_every_instance(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = said(plan_file, capsys)
    for name in ("eu", "us"):
        module = f'module.legacy["{name}"]'
        domain, delivery = f"{module}.aws_elasticsearch_domain.es", "aws_kinesis_firehose_delivery_stream.events"
        assert [item for item in found if item[0].startswith(module)] == [
            (f"{domain}.ebs_options.ebs_enabled", "error"),
            (f"{domain}.elasticsearch_version", "warning"),
            (f"{domain}.encrypt_at_rest.enabled", "warning"),
            (f"{domain}.node_to_node_encryption.enabled", "warning"),
            *[
                (f'{module}.{delivery}["{stream}"].elasticsearch_configuration.{argument}', severity)
                for stream in ("orders", "views")
                for argument, severity in (
                    ("retry_duration", "warning"),
                    ("type_name", "error"),
                    ("type_name", "warning"),
                )
            ],
            (f'{module}.aws_kinesis_stream.events["views"].retention_period', "warning"),
        ]


def test_a_valid_module_has_no_findings(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = said(plan_file, capsys)
    assert [item for item in found if item[0].startswith("module.sound")] == []


def test_a_password_in_the_plan_is_not_printed(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(plan_file)])
    assert "Kestrel" not in capsys.readouterr().out


def test_deleted_resources_are_not_checked(
    others: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = json.loads(json.dumps(others))
    for item in gone["resource_changes"]:
        change = item["change"]
        change |= {"actions": ["delete"], "before": change["after"], "after": None, "after_unknown": {}}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(gone), encoding="utf-8")
    assert said(path, capsys) == (0, [])


def mutated(plan: Any, seed: int, damage: Any) -> Any:
    """A copy of a plan with a few values at random places replaced."""
    chance = random.Random(seed)  # noqa: S311
    copy = json.loads(json.dumps(plan))
    for _ in range(chance.randint(1, 6)):
        holder: Any = copy
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = chance.choice(keys)
            if not isinstance(holder[key], (dict, list)) or not holder[key] or chance.random() < 0.12:
                holder[key] = json.loads(json.dumps(damage))
                break
            holder = holder[key]
    return copy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), damage=JSON)
def test_no_damaged_plan_ends_in_a_traceback(
    others: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int, damage: Any
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(mutated(others, seed, damage)), encoding="utf-8")
    assert main(["check", str(path)]) in (0, 1, 2)
    captured = capsys.readouterr()
    lines = [line for line in (captured.out + captured.err).splitlines() if not line.startswith("1 file, ")]
    assert all(line.startswith(f"{path}: ") for line in lines)

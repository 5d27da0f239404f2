"""The examples of docs/building.md work when run as another program."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stacks import ROOT, stack_of

PAGE = (ROOT / "docs" / "building.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)


def run(code: str, folder: Path) -> str:
    """What a program says that is run far from the repository's folder."""
    (folder / "app.py").write_text(code, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "app.py"], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def resources(folder: Path, stack: str) -> dict[str, dict[str, Any]]:
    written = json.loads((folder / "cdktf.out" / "stacks" / stack / "cdk.tf.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = written["resource"]
    return found


@pytest.fixture(scope="module")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Resources of the smallest app."""
    folder = tmp_path_factory.mktemp("smallest")
    run(blocks("python")[0], folder)
    return resources(folder, "clicks")


@pytest.mark.bindings
def test_the_constructs_work_in_another_app(smallest: dict[str, dict[str, Any]]) -> None:
    assert {"aws_kinesis_stream", "aws_opensearch_domain", "aws_kinesis_firehose_delivery_stream"} <= set(smallest)


@pytest.mark.bindings
def test_other_aws_resources_work_beside_them(smallest: dict[str, dict[str, Any]]) -> None:
    (parameter,) = smallest["aws_ssm_parameter"].values()
    assert parameter["value"].startswith("${aws_kinesis_stream.")


@pytest.mark.bindings
def test_the_project_of_cdktf_init_works(tmp_path: Path) -> None:
    run(blocks("python")[1], tmp_path)
    assert {"aws_opensearch_domain", "aws_lambda_function", "aws_sns_topic"} <= set(resources(tmp_path, "shop"))


@pytest.mark.bindings
def test_the_example_of_constructs_grants_alarms_and_overrides_works(tmp_path: Path) -> None:
    run(blocks("python")[2], tmp_path)
    made = resources(tmp_path, "clicks")
    assert made["aws_kinesis_stream"]["stream"]["shard_level_metrics"] == ["IteratorAgeMilliseconds"]
    assert {policy["role"] for policy in made["aws_iam_role_policy"].values()} == {
        "${aws_iam_role.shop.name}",
        "reporting",
    }
    assert {"stream_age", "stream_quiet"} <= set(made["aws_cloudwatch_metric_alarm"])


@pytest.mark.bindings
def test_the_example_of_several_problems_prints_what_the_page_shows(tmp_path: Path) -> None:
    (shown,) = blocks("text")
    assert run(blocks("python")[3], tmp_path) == shown


@pytest.mark.bindings
def test_the_example_of_two_pipelines_in_one_stack_works(tmp_path: Path) -> None:
    run(blocks("python")[4], tmp_path)
    made = resources(tmp_path, "shops")
    assert set(made["aws_opensearch_domain"]) == {"north_domain", "south_domain"}
    north, south = (
        {
            f"{type_}.{name.removeprefix(prefix)}"
            for type_, members in made.items()
            for name in members
            if name.startswith(prefix)
        }
        for prefix in ("north_", "south_")
    )
    assert north == south


def test_the_example_of_overrides_in_an_environment_file_works() -> None:
    (text,) = blocks("yaml")
    stack = stack_of(yaml.safe_load(text))
    assert stack.one("aws_kinesis_stream")["shard_level_metrics"] == ["IteratorAgeMilliseconds"]
    assert stack.one("aws_s3_bucket_versioning")["versioning_configuration"] == {"status": "Suspended"}
    assert stack.one("aws_lambda_function", "transform")["memory_size"] == 3008
    assert stack.one("aws_cloudwatch_metric_alarm", "domain_cpu")["evaluation_periods"] == 6

"""What the README shows is true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from constructs_lib.configuration.load import parse_environment
from tests.stacks import EXAMPLES, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """Resources of the app that the README shows, run as somebody else's program."""
    folder = tmp_path_factory.mktemp("app")
    (code,) = blocks("python")
    (folder / "app.py").write_text(code, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "app.py"], cwd=folder, env=environment, check=True, capture_output=True)
    stack = json.loads((folder / "cdktf.out" / "stacks" / "clicks" / "cdk.tf.json").read_text(encoding="utf-8"))
    resources: dict[str, dict[str, object]] = stack["resource"]
    return resources


@pytest.mark.bindings
def test_the_constructs_work_in_somebody_elses_app(app: dict[str, dict[str, object]]) -> None:
    assert {"aws_kinesis_stream", "aws_opensearch_domain", "aws_kinesis_firehose_delivery_stream"} <= set(app)


@pytest.mark.bindings
def test_other_aws_resources_work_beside_them(app: dict[str, dict[str, object]]) -> None:
    (parameter,) = app["aws_ssm_parameter"].values()
    assert isinstance(parameter, dict)
    assert parameter["value"].startswith("${aws_kinesis_stream.")


def test_the_environment_file_is_accepted_without_a_warning() -> None:
    (text,) = blocks("yaml")
    assert parse_environment(yaml.safe_load(text), "shop.yaml")[1] == []


def test_every_example_is_listed() -> None:
    assert [name for name in EXAMPLES if f"environments/examples/{name}.yaml" not in README] == []


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not Path(page.parent, target).exists()
    ]
    assert broken == []


def test_targets_it_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", README)) | set(re.findall(r"^\$ make ([a-z-]+)", README, re.MULTILINE))
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)} == set()


PAGE = (ROOT / "docs" / "environment-file.md").read_text(encoding="utf-8")
OPTIONS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("text", OPTIONS, ids=lambda text: text.splitlines()[1].strip())
def test_every_option_that_is_shown_is_accepted(text: str) -> None:
    parse_environment({"name": "shop", "region": "eu-west-1"} | yaml.safe_load(text), "shop.yaml")

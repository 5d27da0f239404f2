"""One provider for everybody: the lock file beside stacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from constructs_lib.limits.provider import LOWEST
from constructs_lib.plans import provider_lock
from constructs_lib.plans.provider_lock import FILE, NAME, PLATFORMS, lay, machine, with_header
from tests.stacks import ROOT

LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "5.100.0"\n  hashes = ["h1:x"]\n}\n'


def project(root: Path, *platforms: str) -> Path:
    file = root / FILE
    file.parent.mkdir(parents=True)
    file.write_text(with_header(LOCK, platforms))
    return root


def stack(root: Path, version: str, name: str = "prod") -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    required = {"aws": {"source": "aws", "version": version}}
    (folder / "cdk.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
    return folder


@pytest.mark.parametrize(
    ("version", "laid"),
    [
        (">= 5.100.0, < 7.0.0", True),
        (">= 5.101.0, < 7.0.0", False),
        (">= 5.0.0, < 5.100.0", False),
        ("~> 5.0", False),
        ("", True),
    ],
)
def test_a_stack_that_takes_the_version_gets_the_lock(version: str, laid: bool, tmp_path: Path) -> None:
    folder = stack(tmp_path, version)
    assert lay(project(tmp_path / "project", machine()), [folder]) == ([folder] if laid else [])
    assert (folder / NAME).exists() is laid


def test_a_lock_without_this_platform_is_left_out(tmp_path: Path) -> None:
    folder = stack(tmp_path, ">= 5.100.0")
    assert lay(project(tmp_path / "project", "plan9_mips"), [folder]) == []


def test_a_project_without_a_lock_gets_none(tmp_path: Path) -> None:
    assert lay(tmp_path, [stack(tmp_path, ">= 5.100.0")]) == []


def test_a_lock_is_renewed(tmp_path: Path) -> None:
    folder = stack(tmp_path, ">= 5.100.0")
    (folder / NAME).write_text("an older one")
    lay(project(tmp_path / "project", machine()), [folder])
    assert LOCK in (folder / NAME).read_text()


def test_the_shipped_lock_has_a_provider_that_stacks_accept() -> None:
    text = (ROOT / FILE).read_text(encoding="utf-8")
    platforms = provider_lock._PLATFORMS.match(text)
    assert platforms is not None
    assert set(platforms[1].split(", ")) <= set(PLATFORMS)
    assert f'constraints = ">= {LOWEST}, < ' in text

"""The hooks of pre-commit run existing targets for existing files."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.stacks import ROOT

CONFIGURATION = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = [hook for repository in CONFIGURATION["repos"] for hook in repository["hooks"]]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_make_knows_every_target(hook: dict[str, Any]) -> None:
    (called,) = re.findall(r"\bmake ([\w./ -]+?)(?: &&|$)", hook["entry"])
    command = ["make", "--dry-run", *called.split()]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("hook", [hook for hook in HOOKS if "files" in hook], ids=lambda hook: str(hook["id"]))
def test_hooks_match_existing_files(hook: dict[str, Any]) -> None:
    files = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/**/*") if path.parts[len(ROOT.parts)][0] != "."]
    assert [name for name in files if re.search(hook["files"], name)]


def test_compared_files_exist() -> None:
    compared = " ".join(hook["entry"] for hook in HOOKS).partition("--exit-code -- ")[2].partition("'")[0]
    assert [name for name in compared.split() if not (ROOT / name).exists()] == []
    assert compared

"""The wheel works without the repository: built, installed into a separate environment, and used there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stacks import ROOT

pytestmark = pytest.mark.bindings

MAIN = "from constructs_lib.synth import synthesize\nsynthesize(__file__)\n"
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel and what it depends on, and a folder beside it to work in."""

    python: Path
    folder: Path

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Python with these arguments, far from the repository."""
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        return _run([self.python, *arguments], self.folder, environment)


def _run(
    command: Sequence[str | Path], folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"{command}: {ended.stdout[-2000:]}{ended.stderr[-4000:]}"
    return ended


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, since a build leaves files behind."""
    copy, built = tmp_path_factory.mktemp("source") / "project", tmp_path_factory.mktemp("built")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in files.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    _run([sys.executable, *PIP, "wheel", "--no-deps", "--wheel-dir", built, copy], built)
    (made,) = built.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("installed")
    _run([sys.executable, "-m", "venv", place / "venv"], place)
    python = place / "venv" / "bin" / "python"
    install: list[str | Path] = [python, *PIP, "install", "--no-compile", "--no-deps"]
    _run([*install, "--require-hashes", "-r", ROOT / "requirements" / "synth.lock"], place)
    _run([*install, wheel], place)
    (place / "work").mkdir()
    return Installed(python, place / "work")


def test_every_needed_package_is_a_dependency(installed: Installed) -> None:
    installed.run("-m", "pip", "--disable-pip-version-check", "check")


def test_the_wheel_contains_only_the_package(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"constructs_lib"}


def test_the_wheel_contains_every_file_of_the_package(wheel: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "constructs_lib"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert set(filter(os.path.exists, listed)) <= set(zipfile.ZipFile(wheel).namelist())


def test_the_smallest_app_of_the_guide_runs(installed: Installed) -> None:
    page = (ROOT / "docs" / "building.md").read_text(encoding="utf-8")
    example, *_ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (installed.folder / "example.py").write_text(example, encoding="utf-8")
    installed.run("example.py")
    assert (installed.folder / "cdktf.out" / "stacks" / "clicks" / "cdk.tf.json").is_file()


def test_a_two_line_main_writes_the_same_stacks(installed: Installed, tmp_path: Path) -> None:
    project = installed.folder / "project"
    (project / "environments").mkdir(parents=True)
    shutil.copyfile(ROOT / "environments" / "prod.yaml", project / "environments" / "prod.yaml")
    (project / "main.py").write_text(MAIN, encoding="utf-8")
    assert installed.run(project / "main.py").stdout == "cdktf.out/stacks/prod/cdk.tf.json\n"
    written = (project / "cdktf.out" / "stacks" / "prod" / "cdk.tf.json").read_bytes()
    _run([sys.executable, "main.py", "prod"], ROOT, {**os.environ, "CDKTF_OUTDIR": str(tmp_path)})
    assert written == (tmp_path / "stacks" / "prod" / "cdk.tf.json").read_bytes()


def test_the_command_synthesizes_a_file_from_any_folder(installed: Installed, tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "environments" / "dev.yaml", tmp_path / "shop.yaml")
    said = installed.run("-m", "constructs_lib", "synth", tmp_path / "shop.yaml").stdout
    assert said.splitlines()[-1] == "cdktf.out/stacks/shop/cdk.tf.json"
    assert (installed.folder / "cdktf.out" / "stacks" / "shop" / "cdk.tf.json").is_file()


def test_every_command_has_help(installed: Installed) -> None:
    listed = installed.run("-m", "constructs_lib", "--help").stdout
    commands = re.findall(r"^    ([a-z-]+) ", listed, re.MULTILINE)
    assert {"check", "synth", "review", "replay"} <= set(commands)
    for command in commands:
        assert "usage:" in installed.run("-m", "constructs_lib", command, "--help").stdout

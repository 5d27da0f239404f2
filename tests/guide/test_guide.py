"""Runs the quick start in a fresh clone: the page's files and commands, in their order, with their output.

A block of the language ``console`` is run: lines after ``$`` are commands, the rest is what they print, where a line
``...`` stands for any number of lines and any number stands for any other. A block under "Save this as `path`:" is
written to that file. What needs an account stands in blocks of another language.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from rehearsal.emulator import emulator
from tests.apply.lifecycle import SHORT_WAITS, merge
from tests.bootstrap.standin import served
from tests.guide.pages import Block, blocks
from tests.stacks import ROOT

pytestmark = pytest.mark.guide

PAGE = ROOT / "docs" / "quick-start.md"
SAVED = re.compile(r"^Save .*`([\w./-]+)`:$")
NEEDS_TERRAFORM = re.compile(r"make (plan|review)|terraform ")
SECONDS = 900
PLUGINS = {"TF_CLI_ARGS_init": f"-plugin-dir={os.environ['TF_PLUGIN_DIR']}"} if "TF_PLUGIN_DIR" in os.environ else {}
UNASKED = {"TF_CLI_ARGS_apply": "-auto-approve -parallelism=30", "TF_CLI_ARGS_destroy": "-auto-approve -parallelism=30"}
"""Terraform has no input here, and does not wait for emulated services."""


@dataclass(frozen=True)
class Step:
    """A file to write, or a command to run and what it prints."""

    line: int
    text: str
    file: str | None = None
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"line {self.line}: {self.file or self.text}"


def _steps(block: Block) -> Iterator[Step]:
    saved = SAVED.match(block.above)
    if saved:
        yield Step(block.line, block.text, file=saved[1])
    elif block.language == "console":
        lines = block.text.splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            yield Step(block.line + start, lines[start][2:], shown=tuple(lines[start + 1 : end]))


STEPS = [step for block in blocks(PAGE) for step in _steps(block)]


@dataclass
class Clone:
    """Where the guide is followed, and whether a step failed."""

    folder: Path
    broken: str | None = None

    def run(self, command: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Exit code and what commands print, run as by somebody who sits in a shell in this folder."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTEST"))
        }
        inherited.pop("VIRTUAL_ENV", None)
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=self.folder,
            env=inherited | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone of this repository, with what is not committed yet."""
    folder = tmp_path_factory.mktemp("guide") / "behaviour"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    command = ["git", "ls-files", "--modified", "--others", "--exclude-standard"]
    changed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in changed:
        if Path(ROOT, name).is_file():
            Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return Clone(folder)


def _missing(shown: tuple[str, ...], printed: str) -> list[str]:
    """Lines of the page that the command did not print, in this order."""
    rest = iter(printed.splitlines())
    return [line for line in shown if line != "..." and not any(_pattern(line).fullmatch(each) for each in rest)]


def _pattern(line: str) -> re.Pattern[str]:
    """The line, with any number in the place of a number and any gap in the place of a gap."""
    parts = re.split(r"(\d+(?:[.,]\d+)*| +)", line)
    made = (
        r"\d+(?:[.,]\d+)*" if part[:1].isdigit() else " +" if part[:1] == " " else re.escape(part) for part in parts
    )
    return re.compile("".join(made))


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_quick_start(clone: Clone, step: Step) -> None:
    if clone.broken:
        pytest.skip(f"an earlier step failed: {clone.broken}")
    if step.file is not None:
        Path(clone.folder, step.file).write_text(step.text, encoding="utf-8")
        return
    if NEEDS_TERRAFORM.search(step.text) and shutil.which("terraform") is None:
        pytest.skip("needs terraform on PATH")
    clone.broken = str(step)
    code, printed = clone.run(step.text)
    if "no search engine: " in printed:
        clone.broken = None
        pytest.skip(re.findall("no search engine: .*", printed)[0])
    assert (code != 0) == any(line.startswith("make: ***") for line in step.shown), printed
    assert _missing(step.shown, printed) == [], printed
    clone.broken = None


def test_the_dashboards_are_drawn_over_the_events(clone: Clone) -> None:
    pages = clone.folder / "build" / "rehearsal" / "dashboards"
    if not pages.is_dir():
        pytest.skip("there was no search engine")
    assert "desk lamp" in (pages / "content.html").read_text(encoding="utf-8")


def test_every_event_of_the_page_is_in_the_engine(clone: Clone) -> None:
    (shown,) = (step.shown for step in STEPS if step.text.startswith("make rehearse"))
    assert "nothing is missing: 3 in = 3 in the engine + 0 dropped with a reason + 0 in the bucket" in shown
    code, printed = clone.run(".venv/bin/python -m rehearsal --documents build/documents.ndjson events.ndjson")
    assert code == 0, printed
    assert len((clone.folder / "build" / "documents.ndjson").read_text(encoding="utf-8").splitlines()) >= 3


def test_a_plan_without_aws_works_beside_terraforms_working_data(clone: Clone) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("needs terraform on PATH")
    command = (
        "terraform -chdir=cdktf.out/stacks/shop init && make plan ENV=environments/shop.yaml OFFLINE=1 && "
        "make size ENV=environments/shop.yaml"
    )
    code, printed = clone.run(command, PLUGINS)
    assert code == 0, printed
    assert not (clone.folder / "build" / "plan" / "shop" / "terraform.tfstate").exists()


def test_the_account_part_applies_and_takes_everything_away_again(clone: Clone) -> None:
    """On emulated AWS, with a domain in memory, in the place of an account."""
    if shutil.which("terraform") is None:
        pytest.skip("needs terraform on PATH")
    apply, destroy = (block.text for block in blocks(PAGE, "sh") if re.search(r"\b(plan\.bin|destroy)\n", block.text))
    file = clone.folder / "environments" / "shop.yaml"
    document = merge(yaml.safe_load(file.read_text(encoding="utf-8")), SHORT_WAITS)
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    with emulator() as aws, served(document) as url:
        aws.use_engine(url)
        environment = aws.environment("eu-west-1") | PLUGINS | UNASKED
        code, printed = clone.run(apply, environment)
        assert code == 0, printed[-6000:]
        code, outputs = clone.run("terraform -chdir=cdktf.out/stacks/shop output -json 2>/dev/null", environment)
        assert json.loads(outputs)["stream_name"]["value"] == "shop-events"
        code, printed = clone.run(destroy, environment)
        assert code == 0, printed[-6000:]
        assert "Destroy complete!" in printed


def test_the_tests_pass_beside_an_environment_of_ones_own(clone: Clone) -> None:
    """Those that name the folder; all of them would take as long as `make test`."""
    names = "grep -rliE 'environments' tests --include='test_*.py' | grep -v '^tests/guide/'"
    code, printed = clone.run(f".venv/bin/python -m pytest -n 2 --dist loadscope $({names})")
    assert code == 0, printed[-6000:]
    assert re.search(r"^\d{3,} passed", printed, re.MULTILINE), printed[-2000:]

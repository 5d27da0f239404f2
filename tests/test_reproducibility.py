"""The same commit gives the same bytes: in another folder, at another time, with and without the slim bindings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from constructs_lib.synth import bindings_cache
from tests.stacks import ENVIRONMENTS, ROOT

SOURCES = ("main.py", "constructs_lib", "environments", "requirements")

Output = dict[str, bytes]


def synthesize(checkout: Path, **environment: str) -> Output:
    """Copy the sources to a folder, synthesize there in a process of its own, and read all it wrote."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, checkout / name)
    run = subprocess.run(
        [sys.executable, "main.py"],
        cwd=checkout,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    output = checkout / "cdktf.out"
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Output]:
    """What a checkout writes on the fast path."""
    checkout = tmp_path_factory.mktemp("checkout")
    return checkout, synthesize(checkout, PYTHONHASHSEED="1", TZ="UTC")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Output]:
    """What a checkout elsewhere writes, at another time of another zone."""
    checkout = tmp_path_factory.mktemp("elsewhere") / "a" / "deeper" / "folder"
    checkout.mkdir(parents=True)
    return checkout, synthesize(checkout, PYTHONHASHSEED="2", TZ="Pacific/Kiritimati", LC_ALL="C")


@pytest.mark.bindings
def test_slim_and_whole_bindings_write_the_same_bytes(first: tuple[Path, Output], tmp_path: Path) -> None:
    assert synthesize(tmp_path, **{bindings_cache.SWITCH: "whole"}) == first[1]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_two_checkouts_give_the_same_bytes(name: str, first: tuple[Path, Output], second: tuple[Path, Output]) -> None:
    stack = f"stacks/{name}/cdk.tf.json"
    assert first[1][stack] == second[1][stack]


def test_all_other_written_files_are_the_same(first: tuple[Path, Output], second: tuple[Path, Output]) -> None:
    assert first[1] == second[1]


def test_no_path_of_the_machine_is_written(first: tuple[Path, Output]) -> None:
    checkout, output = first
    told = [str(checkout), str(Path.home()), sys.prefix, os.fspath(ROOT)]
    assert [name for name, content in output.items() if any(path.encode() in content for path in told)] == []


def test_no_time_is_written(first: tuple[Path, Output]) -> None:
    moment = re.compile(rb"20\d\d-[01]\d-[0-3]\d[T ][0-2]\d:")
    documents = {name: content for name, content in first[1].items() if name.endswith(".json")}
    assert [name for name, content in documents.items() if moment.search(content)] == []


def test_archives_have_one_fixed_time(first: tuple[Path, Output]) -> None:
    checkout, output = first
    archives = [checkout / "cdktf.out" / name for name in output if name.endswith(".zip")]
    times = {entry.date_time for archive in archives for entry in zipfile.ZipFile(archive).infolist()}
    assert times <= {(1980, 1, 1, 0, 0, 0)}

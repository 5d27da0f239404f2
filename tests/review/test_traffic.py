"""A review of a plan whose environment file states its traffic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from constructs_lib.__main__ import main
from tests.review.recorded import PLANS

FILE = "name: shop\nregion: eu-west-1\ntraffic: {events_per_second: 1000}\nstream: {shard_count: 400}\n"


def reviewed(folder: Path, *arguments: str) -> str:
    """The report on a recorded plan."""
    assert main(["review", str(PLANS / "create.json"), "--out", str(folder), "--policies", "none", *arguments]) == 0
    return (folder / "review.md").read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_shares_are_of_the_planned_resources(file: Path, tmp_path: Path) -> None:
    """The plan has one stream, of fewer shards than the file: its own count."""
    found = reviewed(tmp_path / "out", "--environment", str(file))
    (row,) = re.findall(r"Traffic: stream: records \|.*", found)
    planned = re.search(r"\| Shards \|[^|]*\| ([\d,]+) shards", found)
    assert planned is not None
    assert "3,000 records/s" in row
    assert f"| {3000 / (1000 * int(planned[1])) * 100:.0f} % |" in row
    assert "Traffic: domain: disk" in found


def test_without_an_environment_file_there_is_no_traffic_section(tmp_path: Path) -> None:
    assert "Traffic:" not in reviewed(tmp_path / "out")


def test_a_file_without_traffic_adds_no_section(file: Path, tmp_path: Path) -> None:
    file.write_text("name: shop\nregion: eu-west-1\n", encoding="utf-8")
    assert "Traffic:" not in reviewed(tmp_path / "out", "--environment", str(file))


def test_an_invalid_file_is_refused(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{FILE}shards: 3\n", encoding="utf-8")
    plan = str(PLANS / "create.json")
    assert main(["review", plan, "--out", str(tmp_path), "--policies", "none", "--environment", str(file)]) == 2
    assert f"{file}:5: shards: is not a known key" in capsys.readouterr().err

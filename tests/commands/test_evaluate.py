"""The commands that measure and tune, on documents and on tables of sessions."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from constructs_lib.__main__ import main
from tests.recommender.visits import NOW, visit

ITEMS = "abcdefgh"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Two hundred sessions, of neighbouring items."""
    file = tmp_path / "documents.ndjson"
    with file.open("w", encoding="utf-8") as target:
        for number in range(200):
            first = number % 6
            at = NOW - timedelta(hours=200 - number)
            for event in visit(list(ITEMS[first : first + 3]), f"s{number}", f"c{number}", at=at):
                target.write(json.dumps(event) + "\n")
    return file


def test_evaluate_prints_each_algorithm_and_position(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(documents)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "180 sessions learned from, 20 held out, 40 positions"
    assert [line[:17].strip() for line in lines[2:7]] == [
        "popularity",
        "association rules",
        "sequential rules",
        "S-KNN",
        "nearest sessions",
    ]
    assert lines[6].split()[2] == "1.0000"


def test_evaluate_takes_parameters(documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "parameters.json"
    given.write_text('{"neighbours": 0}', encoding="utf-8")
    assert main(["evaluate", str(documents), "--parameters", str(given)]) == 2
    assert "neighbours: is out of range (given 0; allowed: 1 to 1000)" in capsys.readouterr().err
    given.write_text('{"neighbours": 10}', encoding="utf-8")
    assert main(["evaluate", str(documents), "--parameters", str(given)]) == 0


def test_too_few_sessions_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "clicks.csv"
    table.write_text("SessionId,ItemId,Time\n1,a,1\n1,b,2\n", encoding="utf-8")
    assert main(["evaluate", str(table)]) == 1
    assert main(["tune", str(table)]) == 1
    assert "too few" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["evaluate", "tune"])
def test_a_missing_file_is_reported(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "nowhere.ndjson"]) == 2
    assert "nowhere.ndjson: No such file" in capsys.readouterr().err


def test_tune_shows_progress_and_writes_the_best(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "best.json"
    assert main(["tune", str(documents), "--trials", "3", "--output", str(output)]) == 0
    told = capsys.readouterr()
    assert "3/3 trials" in told.err
    assert "not used for the selection" in told.out
    assert isinstance(json.loads(output.read_text(encoding="utf-8")), dict)

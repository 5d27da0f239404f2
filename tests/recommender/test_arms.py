"""Comparison of arms: which events count, and confidence intervals."""

from __future__ import annotations

import json
import random
import uuid
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.recommender.evaluation import arms
from tests.recommender import shown
from tests.recommender.visits import event
from tests.stacks import ROOT


def identifier(arm: str, number: int) -> str:
    """A recommendation's id."""
    return f"r1.{arm}.{uuid.UUID(int=number)}"


def test_lists_shown_followed_and_bought_from_are_counted() -> None:
    one, other = identifier("A", 1), identifier("A", 2)
    found = arms.of_documents(
        [
            event(None, action="impression", recommendation_id=one),
            event(None, action="impression", recommendation_id=other),
            event("x", action="click", recommendation_id=one),
            event("y", action="click", recommendation_id=one),
            event("x", action="purchase", recommendation_id=one),
        ]
    )["A"]
    assert (found.visitors, found.lists, found.clicked) == (1, 2, 1)
    assert found.click_through()[0] == 0.5
    assert found.conversion()[0] == 1.0


def test_a_followed_list_counts_as_seen() -> None:
    found = arms.of_documents([event("x", action="click", recommendation_id=identifier("A", 1))])["A"]
    assert found.lists == 1


@pytest.mark.parametrize(
    "change",
    [
        {"recommendation_id": "RID-of-somebody-else"},
        {"recommendation_id": f"r1.\x1b[31m.{uuid.UUID(int=1)}"},
        {"recommendation_id": f"r1.{'A' * 21}.{uuid.UUID(int=1)}"},
        {"recommendation_id": "r1.A.1"},
        {"is_bot": True},
    ],
)
def test_other_ids_and_bots_are_left_out(change: dict[str, Any]) -> None:
    given = event("x", action="click", recommendation_id=identifier("A", 1)) | change
    assert arms.of_documents([given]) == {}


def test_wilson_interval() -> None:
    value, (low, high) = arms.share(10, 100)
    assert value == 0.1
    assert low == pytest.approx(0.0552, abs=1e-4)
    assert high == pytest.approx(0.1744, abs=1e-4)


def test_without_impressions_the_interval_is_0_to_1() -> None:
    assert arms.share(0, 0) == arms.ratio([]) == (0.0, (0.0, 1.0))


def test_the_interval_contains_the_true_rate_in_95_percent() -> None:
    draw = random.Random(3)  # noqa: S311 - invented data
    held = 0
    for _ in range(400):
        pairs = []
        for _ in range(150):
            rate, lists = draw.choice([0.05, 0.35]), draw.randint(1, 12)
            pairs.append((sum(draw.random() < rate for _ in range(lists)), lists))
        _, (low, high) = arms.ratio(pairs)
        held += low <= 0.2 <= high
    assert 0.92 <= held / 400 <= 0.98


def test_the_interval_of_a_difference_excludes_zero_only_if_rates_differ() -> None:
    value, (low, high) = arms.difference(arms.share(150, 1000), arms.share(100, 1000))
    assert value == pytest.approx(0.05)
    assert 0 < low < value < high
    _, (low, high) = arms.difference(arms.share(105, 1000), arms.share(100, 1000))
    assert low < 0 < high


def test_the_command_prints_arms_and_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = []
    for number in range(400):
        arm, client = "AB"[number % 2], f"c{number}"
        documents.append(event(None, client=client, action="impression", recommendation_id=identifier(arm, number)))
        if arm == "A" and number % 4 == 0:
            documents.append(event("x", client=client, action="click", recommendation_id=identifier(arm, number)))
    file = tmp_path / "documents.ndjson"
    file.write_text("".join(json.dumps(each) + "\n" for each in documents), encoding="utf-8")
    assert main(["arms", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:4] == ["A", "200", "200", "50.00%"]
    assert lines[3].startswith("B - A: click-through -50.00%")
    assert lines[3].endswith(": less")
    assert lines[4].endswith(": no significant difference")


def test_documents_without_recommendations_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "documents.ndjson"
    file.write_text(json.dumps(event("x")) + "\n", encoding="utf-8")
    assert main(["arms", str(file)]) == 1
    assert "recommendation_id" in capsys.readouterr().err


def test_the_page_shows_what_the_command_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "documents.ndjson"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in shown.lists(10_000)), encoding="utf-8")
    assert main(["arms", str(file)]) == 0
    assert capsys.readouterr().out in (ROOT / "docs" / "personalization.md").read_text(encoding="utf-8")

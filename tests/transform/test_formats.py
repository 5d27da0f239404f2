"""Each format becomes the document that its sample names: ``formats/NAME.ndjson``, one record and what becomes of it a
line.

Compared is everything that the format decides: not ids and times of sending, nor what says a bot.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.transform.runtime.formats import catalogue
from tests.transform.batches import reason, run
from tests.transform.schemas import VALIDATORS

FOLDER = Path(__file__).with_name("formats")
ELSEWHERE = {"schema_version", "event_id", "fingerprint", "received_at", "ingest", "is_bot", "bot_reasons"}
CASES = [
    pytest.param(json.loads(line), id=f"{file.stem}-{json.loads(line)['what']}")
    for file in sorted(FOLDER.glob("*.ndjson"))
    for line in file.read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES)
def test_each_record_becomes_the_document_of_its_sample(case: dict[str, Any]) -> None:
    if "reason" in case:
        assert reason(case["record"]) == case["reason"]
        return
    outcome = run(case["record"])
    assert outcome.results == ["Ok"], outcome.printed
    (document,) = outcome.documents
    assert {name: item for name, item in document.items() if name not in ELSEWHERE} == case["document"]
    assert document["ingest"]["format"] == case["format"]
    assert outcome.metrics[f"Shape_{case['format']}"] == 1
    for validator in VALIDATORS:
        validator.validate(document)


def test_every_format_has_a_sample_of_its_own() -> None:
    assert {one.name for one in catalogue.FORMATS} <= {file.stem for file in FOLDER.glob("*.ndjson")}


@pytest.mark.parametrize("name", sorted(catalogue.NAMES - {"bulk_action", "unsupported"}))
def test_each_sample_is_recognised_as_its_format(name: str) -> None:
    lines = (FOLDER / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
    assert name in {json.loads(line).get("format") for line in lines}


def test_only_the_last_format_accepts_unknown_shapes() -> None:
    assert [one.certain for one in catalogue.FORMATS] == [True] * (len(catalogue.FORMATS) - 1) + [False]


@pytest.mark.parametrize("case", [case for case in CASES if "document" in case.values[0]])  # type: ignore[operator]
def test_documents_of_every_format_are_stable_when_transformed_again(case: dict[str, Any]) -> None:
    (document,) = run(case["record"]).documents
    assert run(document).documents == [document]

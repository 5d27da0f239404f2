"""Chaos loses no records, and reports lost ones."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from rehearsal.chaos import RECORDS, chaos, tell
from rehearsal.delivery.bucket import Bucket
from rehearsal.emulator import Emulator

pytestmark = pytest.mark.rehearsal


def test_a_few_rounds_lose_nothing(aws: Emulator, tmp_path: Path) -> None:
    result = chaos(7, 4, 600, aws, tmp_path)
    said = io.StringIO()
    tell(result, said)
    assert result.lost == []
    assert result.records == 4 * RECORDS == result.indexed + result.dropped + result.broken
    assert said.getvalue().startswith("records 480\n")
    assert said.getvalue().endswith("losses 0\n")
    assert sum(result.faults.values()) > 20


def test_a_lost_record_is_detected(aws: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Bucket.put_errors
    monkeypatch.setattr(Bucket, "put_errors", lambda self, lines, error: put(self, lines[1:] or lines, error))
    assert chaos(7, 4, 600, aws, tmp_path).lost != []

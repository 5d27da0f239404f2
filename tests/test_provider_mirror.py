"""Finding a provider for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from constructs_lib.plans.provider_lock import machine
from tests import provider_mirror


def mirror(folder: Path) -> Path:
    (folder / "registry.terraform.io/hashicorp/aws/5.100.0" / machine()).mkdir(parents=True)
    return folder


@pytest.mark.parametrize("below", ["", "plugins", "a/b"])
def test_a_mirror_is_found_some_levels_below_a_usual_place(
    below: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(provider_mirror, "_places", lambda: iter([tmp_path / "absent", tmp_path]))
    expected = mirror(tmp_path / below)
    assert provider_mirror.find() == expected


def test_a_mirror_for_another_platform_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(provider_mirror, "_places", lambda: iter([tmp_path]))
    (tmp_path / "registry.terraform.io/hashicorp/aws/5.100.0/plan9_mips").mkdir(parents=True)
    assert provider_mirror.find() is None

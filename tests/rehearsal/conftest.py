"""One emulator for all tests of this folder; each test uses its own names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.emulator import Emulator, emulator


@pytest.fixture(scope="session")
def aws() -> Iterator[Emulator]:
    """Emulated AWS."""
    with emulator() as running:
        yield running

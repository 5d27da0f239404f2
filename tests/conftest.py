"""What every test stands on: the packaged Node and the slim bindings, chosen before anything imports cdktf."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from constructs_lib.aws import use_slim_bindings
from constructs_lib.node import use_packaged_node

use_packaged_node()
use_slim_bindings()

# Drawn examples have no time limit: a busy machine is no mistake of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

TESTS = Path(__file__).resolve().parent
SHARING = ("search", "terraform", "rehearsal")
"""Folders whose tests share what takes seconds to start; the rest share nothing beyond their file."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what must run in one process where several share the work (pytest-xdist), the longest first."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        item.add_marker(pytest.mark.xdist_group(folder if folder in SHARING else item.path.stem))
    items.sort(key=lambda item: item.path.parent.name not in SHARING)

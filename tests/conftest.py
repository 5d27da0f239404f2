"""Setup of all tests: selects the packaged Node and the slim bindings before anything imports cdktf."""

from __future__ import annotations

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from constructs_lib.synth import bindings_cache
from constructs_lib.synth.node import use_packaged_node
from tests import provider_mirror

use_packaged_node()
bindings_cache.use()
provider_mirror.use()

# Hypothesis examples have no time limit, because a busy machine is not an error of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARING = ("search", "terraform", "rehearsal")
"""Folders whose tests share fixtures that take seconds to start; other tests share only those of their file."""


class ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Gives one process all the tests that share something (pytest-xdist)."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in SHARING if folder in file.split("/")), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How tests are shared out, whatever ``--dist`` says: its ``loadgroup`` groups nothing with pytest 9.2."""
    # https://github.com/pytest-dev/pytest-xdist/issues/1386
    return ByWhatIsShared(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: what begins late makes the other processes wait."""
    items.sort(key=lambda item: item.path.parent.name not in SHARING)

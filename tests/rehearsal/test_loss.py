"""Each case of docs/loss.md in which a record misses the index, and the command that recovers it."""

from __future__ import annotations

import json
import random
import re
import shlex
import uuid
from pathlib import Path

import pytest

from constructs_lib.__main__ import main
from rehearsal.emulator import Emulator
from rehearsal.faults import World
from rehearsal.replaying import Replays
from tests.stacks import ROOT

pytestmark = pytest.mark.rehearsal

PAGE = (ROOT / "docs" / "loss.md").read_text(encoding="utf-8")


class Always(random.Random):
    """Whatever may go wrong does."""

    def random(self) -> float:
        return 0.0


class Rehearsal:
    """A world in which things go wrong as they are told to, and everything that was put into it."""

    def __init__(self, aws: Emulator, folder: Path) -> None:
        self.world = World(aws, Always(), f"loss-{uuid.uuid4().hex[:12]}")
        self.world.faults["delivery stream replaced"] = 99  # only when it is told to
        self.replays = Replays(self.world, folder)
        self.ids: set[str] = set()

    def put(self, number: int = 20) -> None:
        """So many events."""
        events = []
        for _ in range(number):
            id_ = str(uuid.uuid4())
            self.ids.add(id_)
            events.append({"event_id": id_, "action_name": "click", "client_id": "c", "user_id": "u-1"})
        self.world.put([json.dumps(event).encode() for event in events])

    def kinds(self) -> set[str]:
        """Kinds of errors that lie in the bucket."""
        return {key.split("/")[1] for key in self.world.error_keys()}

    def missing(self) -> set[str]:
        return self.ids - self.world.indexed()

    def bring_back(self) -> None:
        """Mend everything, then do what the page says."""
        self.world.mend()
        self.replays.everything()
        self.world.deliver()


@pytest.fixture
def path(aws: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    return Rehearsal(aws, tmp_path)


@pytest.mark.parametrize(
    ("kind", "lies"),
    [
        ("throttled", "processing-failed"),
        ("function", "processing-failed"),
        ("key", "processing-failed"),
        ("blocked", "AmazonOpenSearchService-failed"),
        ("mapping", "AmazonOpenSearchService-failed"),
        ("busy", "AmazonOpenSearchService-failed"),
    ],
)
def test_failed_records_are_in_the_bucket_and_can_be_replayed(path: Rehearsal, kind: str, lies: str) -> None:
    path.world.suffer(kind)
    path.put()
    path.world.deliver()
    assert path.missing() == path.ids
    assert path.kinds() == {lies}
    path.bring_back()
    assert path.missing() == set()


def test_after_an_outage_longer_than_the_retry_documents_are_replayed_from_the_bucket(path: Rehearsal) -> None:
    path.world.lose_the_domain(3 * 3600)
    path.put()
    path.world.deliver()
    assert path.world.now >= 7200
    assert path.kinds() == {"AmazonOpenSearchService-failed"}
    assert path.missing() == path.ids
    path.bring_back()
    assert path.missing() == set()


def test_an_outage_shorter_than_the_retry_needs_no_replay(path: Rehearsal) -> None:
    path.world.lose_the_domain(7000)
    path.put()
    path.world.deliver()
    assert (path.missing(), path.kinds()) == (set(), set())


def test_late_records_of_a_closed_index_are_replayed_into_todays_index(path: Rehearsal) -> None:
    path.put()
    path.world.deliver()
    (closed,) = path.world.indices()
    path.world.suffer("blocked")
    path.put()
    path.world.deliver()
    path.bring_back()  # days later
    assert path.missing() == set()
    assert closed in path.world.indices()
    assert len(path.world.indices()) == 2


def test_a_disabled_key_stops_the_delivery_without_loss(path: Rehearsal) -> None:
    path.world.suffer("unread")
    path.put()
    path.world.deliver()
    assert (path.missing(), path.kinds()) == (path.ids, set())
    path.world.mend()
    path.world.deliver()
    assert path.missing() == set()


def test_records_during_a_replacement_are_replayed_from_the_stream(path: Rehearsal) -> None:
    path.put()
    path.world.replace_delivery()
    path.put()
    path.world.deliver()
    assert (len(path.missing()), path.kinds()) == (20, set())
    path.bring_back()
    assert path.missing() == set()


def test_splitting_and_merging_shards_loses_nothing(path: Rehearsal) -> None:
    path.put()
    path.world.divide()
    path.put()
    path.world.deliver()
    path.world.divide()
    path.put()
    path.world.deliver()
    assert (path.missing(), path.kinds()) == (set(), set())


def test_the_commands_of_the_page_exist() -> None:
    times = {"BEFORE_THE_OLD_ONE_WENT": "2026-01-01", "THAT_TIME": "2026-01-02", "YYYY/MM/DD": "2026/01/01"}
    commands = re.findall(r"^python -m constructs_lib (replay [^#\n]+)", PAGE, re.MULTILINE)
    assert len(commands) == 5
    for command in commands:
        for name, value in times.items():
            command = command.replace(name, value)  # noqa: PLW2901 - one after another
        # Refused for the region, after the arguments were found to go together.
        assert main([*shlex.split(command), "--endpoint-url", "nowhere", "--region", "?"]) != 2

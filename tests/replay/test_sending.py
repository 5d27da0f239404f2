"""Records are sent in calls within their limits, and refused ones are sent again."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.replay import sending
from constructs_lib.replay.sending import Sender, StreamRefusedError
from tests.replay.command import STREAM


class Throttled:
    """A stream that takes every third record of a call."""

    def __init__(self, *, never: bool = False) -> None:
        self.taken: list[bytes] = []
        self.never = never

    def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002, N803
        answers = []
        for number, entry in enumerate(Records):
            taken = number % 3 == 0 and not self.never
            if taken:
                self.taken.append(entry["Data"])
            answers.append(
                {"SequenceNumber": "1"} if taken else {"ErrorCode": "ProvisionedThroughputExceededException"}
            )
        return {"Records": answers}


def test_refused_records_are_sent_again() -> None:
    client = Throttled()
    counted: list[int] = []
    pauses: list[float] = []
    sender = Sender(client, STREAM, counted.append, pause=pauses.append)
    wanted = [str(number).encode() for number in range(40)]
    for data in wanted:
        sender.put(data)
    sender.flush()
    assert sorted(client.taken) == sorted(wanted)
    assert counted == [40]
    assert pauses


def test_permanent_throttling_is_reported() -> None:
    sender = Sender(Throttled(never=True), STREAM, lambda _: None, pause=lambda _: None)
    sender.put(b"a")
    with pytest.raises(StreamRefusedError, match=f"1 records were refused {sending.ATTEMPTS} times"):
        sender.flush()


def test_calls_stay_within_their_limits() -> None:
    calls = []

    class Client:
        def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG002, N803
            calls.append((len(Records), sum(len(entry["Data"]) + len(entry["PartitionKey"]) for entry in Records)))
            return {"Records": [{"SequenceNumber": "1"}] * len(Records)}

    sender = Sender(Client(), STREAM, lambda _: None)
    for size in [100] * 700 + [1_000_000] * 12:
        sender.put(b"x" * size)
    sender.flush()
    assert sum(count for count, _ in calls) == 712
    assert all(count <= 500 and size <= sending.MOST_BYTES for count, size in calls)

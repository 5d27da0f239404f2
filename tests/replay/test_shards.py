"""Reading a time range of a stream: the right records despite Kinesis's behaviour, and continuation by another run."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from constructs_lib.replay.objects import Record
from constructs_lib.replay.sending import ATTEMPTS, StreamRefusedError
from constructs_lib.replay.shards import BETWEEN_READS, DISORDER, Shards
from constructs_lib.replay.state import State
from tests.replay.samples import aggregate

SINCE = 1_767_308_400_000
UNTIL = SINCE + 3_600_000


class ThrottledError(Exception):
    """ProvisionedThroughputExceededException."""


class ExpiredError(Exception):
    """ExpiredIteratorException."""


class Kinesis:
    """A stream of a few shards; two records a read, iterators are ``SHARD:PLACE``.

    ``refusals`` are raised by the next reads, one each.
    """

    exceptions = SimpleNamespace(
        ProvisionedThroughputExceededException=ThrottledError, ExpiredIteratorException=ExpiredError
    )

    def __init__(self, shards: dict[str, list[tuple[int, bytes]]], *, closed: tuple[str, ...] = ()) -> None:
        self.shards = shards
        self.closed = closed
        self.refusals: list[Exception] = []
        self.pages: list[dict[str, Any]] = []
        self.reads: list[str] = []

    def list_shards(self, **asked: Any) -> dict[str, Any]:
        self.pages.append(asked)
        names, at = list(self.shards), int(asked.get("NextToken", 0))
        more = {"NextToken": str(at + 1)} if at + 1 < len(names) else {}
        return {"Shards": [{"ShardId": names[at]}], **more}

    def get_shard_iterator(self, *, ShardId: str, ShardIteratorType: str, **where: Any) -> dict[str, Any]:  # noqa: N803
        if ShardIteratorType == "AFTER_SEQUENCE_NUMBER":
            return {"ShardIterator": f"{ShardId}:{int(where['StartingSequenceNumber']) + 1}"}
        first = round(where["Timestamp"].timestamp() * 1000)
        places = [place for place, (arrival, _) in enumerate(self.shards[ShardId]) if arrival >= first]
        return {"ShardIterator": f"{ShardId}:{min(places, default=len(self.shards[ShardId]))}"}

    def get_records(self, *, ShardIterator: str, Limit: int) -> dict[str, Any]:  # noqa: N803
        assert Limit == 10_000
        self.reads.append(ShardIterator)
        if self.refusals:
            raise self.refusals.pop(0)
        shard, _, place = ShardIterator.partition(":")
        held, at = self.shards[shard], int(place)
        following = min(at + 2, len(held))
        ended = following == len(held)
        return {
            "Records": [
                {
                    "Data": data,
                    "SequenceNumber": str(at + number),
                    "ApproximateArrivalTimestamp": datetime.fromtimestamp(arrival / 1000, timezone.utc),
                }
                for number, (arrival, data) in enumerate(held[at:following])
            ],
            "MillisBehindLatest": 5000 if not ended or shard in self.closed else 0,
            "NextShardIterator": None if ended and shard in self.closed else f"{shard}:{following}",
            "ResponseMetadata": {"HTTPHeaders": {"date": "Fri, 02 Jan 2026 01:00:00 GMT"}},
        }


def state(**more: Any) -> State:
    return State(Path("unused"), {}, **more)


def read(kinesis: Kinesis, known: State | None = None, pauses: list[float] | None = None) -> list[tuple[str, bytes]]:
    """Shard and bytes of everything that is found."""
    pause = (pauses if pauses is not None else []).append
    source = Shards(kinesis, "events", SINCE, UNTIL, known or state(), pause=pause)
    return [(key, found.content.data) for key, tag in source.units() for found in source.records(key, tag)]


def test_the_start_is_inclusive_and_the_end_exclusive() -> None:
    arrivals = [SINCE - 1, SINCE, UNTIL - 1, UNTIL]
    kinesis = Kinesis({"s": [(arrival, str(arrival).encode()) for arrival in arrivals]})
    assert read(kinesis) == [("s", str(SINCE).encode()), ("s", str(UNTIL - 1).encode())]


def test_closed_shards_are_read_to_their_end() -> None:
    shards = {"parent": [(SINCE + number, b"%d" % number) for number in range(5)], "child": [(SINCE + 9, b"c")]}
    found = read(Kinesis(shards, closed=("parent",)))
    assert found == [*(("parent", b"%d" % number) for number in range(5)), ("child", b"c")]


def test_the_next_page_of_shards_needs_only_its_token() -> None:
    kinesis = Kinesis({"a": [], "b": [], "c": []})
    read(kinesis)
    assert [sorted(page) for page in kinesis.pages] == [["ShardFilter", "StreamName"], ["NextToken"], ["NextToken"]]


def test_records_with_unordered_arrivals_are_found() -> None:
    arrivals = [SINCE - 20, SINCE + 5, UNTIL + DISORDER - 1, UNTIL - 1]
    kinesis = Kinesis({"s": [(arrival, str(arrival).encode()) for arrival in arrivals]})
    assert [data for _, data in read(kinesis)] == [str(SINCE + 5).encode(), str(UNTIL - 1).encode()]


def test_reading_ends_after_the_time_even_if_records_keep_coming() -> None:
    kinesis = Kinesis({"s": [(UNTIL + DISORDER + number, b"late") for number in range(100)]})
    assert read(kinesis) == []
    assert len(kinesis.reads) == 1


def test_reads_of_a_shard_are_spaced() -> None:
    pauses: list[float] = []
    read(Kinesis({"s": [(SINCE + number, b"a") for number in range(6)]}), pauses=pauses)
    assert pauses == [BETWEEN_READS] * 2


def test_a_throttled_read_is_retried() -> None:
    kinesis = Kinesis({"s": [(SINCE, b"a")]})
    kinesis.refusals = [ThrottledError()] * (ATTEMPTS - 1)
    assert read(kinesis) == [("s", b"a")]


def test_a_shard_throttled_by_other_consumers_is_reported() -> None:
    kinesis = Kinesis({"s": [(SINCE, b"a")]})
    kinesis.refusals = [ThrottledError()] * ATTEMPTS
    with pytest.raises(StreamRefusedError, match=f"a shard of events could not be read in {ATTEMPTS} attempts"):
        read(kinesis)


def test_an_expired_iterator_continues_after_the_last_record() -> None:
    kinesis = Kinesis({"s": [(SINCE + number, b"%d" % number) for number in range(4)]})
    source = Shards(kinesis, "events", SINCE, UNTIL, state(), pause=lambda _: None)
    found = []
    for each in source.records("s", "sent"):
        found.append(each.content.data)
        if len(found) == 2:
            kinesis.refusals = [ExpiredError()]
    assert found == [b"0", b"1", b"2", b"3"]


def test_aggregates_are_split_with_their_arrival() -> None:
    kinesis = Kinesis({"s": [(SINCE, aggregate(b"a", b"b"))]})
    source = Shards(kinesis, "events", SINCE, UNTIL, state(), pause=lambda _: None)
    found = [each.content for each in source.records("s", "sent")]
    assert [(record.data, record.arrival) for record in found if isinstance(record, Record)] == [
        (b"a", SINCE),
        (b"b", SINCE),
    ]


def test_another_run_continues_after_any_record_and_within_an_aggregate() -> None:
    held = [
        (SINCE - 1, b"early"),
        (SINCE, b"a"),
        (SINCE, aggregate(b"b", b"c", b"d")),
        (SINCE, aggregate()),
        (SINCE, b"e"),
    ]
    source = Shards(Kinesis({"s": held}), "events", SINCE, UNTIL, state(), pause=lambda _: None)
    found = list(source.records("s", "sent"))
    assert [each.content.data for each in found] == [b"a", b"b", b"c", b"d", b"e"]
    for number, each in enumerate(found, 1):
        left = read(Kinesis({"s": held}), state(key="s", tag=each.tag, sent=each.sent))
        assert [data for _, data in left] == [later.content.data for later in found[number:]]


def test_progress_is_kept_for_each_shard() -> None:
    assert read(Kinesis({"s": [(SINCE, b"a")]}), state(key="other", tag="7", sent=1)) == [("s", b"a")]

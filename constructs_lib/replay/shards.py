"""The stream itself as what is sent again: what arrived in a stretch of time, shard by shard.

A delivery stream starts with the newest record of its stream, so what arrived before it was there is in the stream
only, for as long as that keeps it. Shards that a change of their number closed are read like the others.

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from constructs_lib.replay.aggregates import user_records
from constructs_lib.replay.objects import Record, carries_arrival
from constructs_lib.replay.run import Found
from constructs_lib.replay.sending import ATTEMPTS, LONGEST_WAIT, StreamRefusedError
from constructs_lib.replay.state import State

BETWEEN_READS = 0.5
"""Seconds. A shard is read five times a second, by all its consumers together; Firehose alone reads once a second."""
MOST_RECORDS = 10_000
"""Of one GetRecords call, which stays below 10 MiB by itself."""
DISORDER = 60_000
"""Milliseconds. Arrivals are approximate and need not rise: reading begins so much earlier and ends so much later."""
_SENT = "sent"
"""Under which a shard is done: the state is of one stretch of time."""


class Shards:
    """The shards of a stream, open and closed, between two times.

    Args:
        client: a Kinesis client.
        since: epoch milliseconds of the first arrival that is wanted.
        until: epoch milliseconds of the first that is not; not in the future, so that no record that a replay puts back
            is among those it reads.
    """

    unit = "shards"

    def __init__(
        self,
        client: Any,
        stream: str,
        since: int,
        until: int,
        state: State,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._stream = stream
        self._since = since
        self._until = until
        self._state = state
        self._pause = pause
        self.nothing = f"{stream} has no shards"

    def units(self) -> list[tuple[str, str]]:
        """Shards that may hold such records."""
        since = {"Type": "FROM_TIMESTAMP", "Timestamp": _moment(self._since)}
        found: list[tuple[str, str]] = []
        # Not by botocore's paginator: a further page is refused where the call names the stream again.
        page: dict[str, Any] = {"StreamName": self._stream, "ShardFilter": since}
        while True:
            answer = self._client.list_shards(**page)
            found += [(shard["ShardId"], _SENT) for shard in answer["Shards"]]
            if not answer.get("NextToken"):
                return found
            page = {"NextToken": answer["NextToken"]}

    def records(self, key: str, tag: str) -> Iterator[Found]:  # noqa: ARG002 - the same for all
        """What arrived in time and is not sent yet, aggregates taken apart.

        Raises:
            StreamRefusedError: the shard could not be read in `ATTEMPTS` attempts.
        """
        position, skip = (self._state.tag, self._state.sent) if self._state.key == key else ("", 0)
        for entry in self._entries(key, position):
            arrival = round(entry["ApproximateArrivalTimestamp"].timestamp() * 1000)
            if not self._since <= arrival < self._until:
                continue
            parts = user_records(entry["Data"])
            for number, data in enumerate(parts, 1):
                kind = "replayed before" if carries_arrival(data) else "as they arrived"
                # A record is done with its last part; before that, so many parts of what follows the last one are.
                after = (entry["SequenceNumber"], 0) if number == len(parts) else (position, number)
                if number > skip:
                    yield Found(Record(data, arrival, None), kind, *after)
            position, skip = entry["SequenceNumber"], 0

    def _entries(self, shard: str, after: str) -> Iterator[dict[str, Any]]:
        """Everything that a shard holds from where it is begun, to the end, the newest record or beyond the time."""
        iterator = self._iterator(shard, after)
        while iterator is not None:
            try:
                answer = self._read(iterator)
            except self._client.exceptions.ExpiredIteratorException:
                iterator = self._iterator(shard, after)  # sending took its five minutes
                continue
            latest = now(answer) - answer["MillisBehindLatest"]
            for entry in answer["Records"]:
                latest = round(entry["ApproximateArrivalTimestamp"].timestamp() * 1000)
                after = entry["SequenceNumber"]
                yield entry
            if not answer["MillisBehindLatest"] or latest >= self._until + DISORDER:
                return
            iterator = answer.get("NextShardIterator")
            self._pause(BETWEEN_READS)

    def _iterator(self, shard: str, after: str) -> str | None:
        where: dict[str, Any] = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after}
        if not after:
            where = {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": _moment(self._since - DISORDER)}
        answer = self._client.get_shard_iterator(StreamName=self._stream, ShardId=shard, **where)
        iterator: str | None = answer["ShardIterator"]
        return iterator

    def _read(self, iterator: str) -> dict[str, Any]:
        for attempt in range(ATTEMPTS):
            if attempt:
                # 10 MiB at once cost a shard its next five seconds; with full jitter, as sending has it.
                self._pause(random.uniform(0, min(LONGEST_WAIT, 0.5 * 2**attempt)))  # noqa: S311 - no secret
            try:
                answer: dict[str, Any] = self._client.get_records(ShardIterator=iterator, Limit=MOST_RECORDS)
            except self._client.exceptions.ProvisionedThroughputExceededException:
                continue
            return answer
        raise StreamRefusedError(f"a shard of {self._stream} could not be read in {ATTEMPTS} attempts: others read it")


def now(answer: dict[str, Any]) -> int:
    """Epoch milliseconds of an answer by the service's own clock, which times the arrivals; whole seconds."""
    sent: str = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
    return int(parsedate_to_datetime(sent).timestamp()) * 1000


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)

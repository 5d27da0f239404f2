"""A stream as a source: the records that arrived between two times, shard by shard.

A delivery stream starts with the newest record of its stream, so records that arrived before it existed are only in the
stream, for its retention. Shards that were closed by resharding are read like the others.

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
"""Seconds between reads. A shard allows five reads a second for all consumers together; Firehose uses one of them."""
MOST_RECORDS = 10_000
"""Most records of one GetRecords call; Kinesis limits it to 10 MiB."""
DISORDER = 60_000
"""Milliseconds. Arrival times are approximate and not in order: reading begins this much earlier and ends this much
later."""
_SENT = "sent"
"""Tag of every shard: a state file is for one time range."""


class Shards:
    """The shards of a stream, open and closed, between two times.

    Args:
        client: a Kinesis client.
        since: epoch milliseconds of the earliest arrival to send.
        until: epoch milliseconds of the end, exclusive; not in the future, so that a replay does not read the records
            that it sends itself.
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
        """Shards that may have records in the time range."""
        since = {"Type": "FROM_TIMESTAMP", "Timestamp": _moment(self._since)}
        found: list[tuple[str, str]] = []
        # Without botocore's paginator, which repeats the stream's name on further pages; Kinesis refuses that.
        page: dict[str, Any] = {"StreamName": self._stream, "ShardFilter": since}
        while True:
            answer = self._client.list_shards(**page)
            found += [(shard["ShardId"], _SENT) for shard in answer["Shards"]]
            if not answer.get("NextToken"):
                return found
            page = {"NextToken": answer["NextToken"]}

    def records(self, key: str, tag: str) -> Iterator[Found]:  # noqa: ARG002 - the same for all
        """Records in the time range that are not sent yet, with aggregates split.

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
                # A record is done with its last part; until then the state counts the parts after the last done record.
                after = (entry["SequenceNumber"], 0) if number == len(parts) else (position, number)
                if number > skip:
                    yield Found(Record(data, arrival, None), kind, *after)
            position, skip = entry["SequenceNumber"], 0

    def _entries(self, shard: str, after: str) -> Iterator[dict[str, Any]]:
        """A shard's records from the start position to the shard's end, its newest record or the end of the time
        range."""
        iterator = self._iterator(shard, after)
        while iterator is not None:
            try:
                answer = self._read(iterator)
            except self._client.exceptions.ExpiredIteratorException:
                iterator = self._iterator(
                    shard, after
                )  # the iterator expired after five minutes, because sending took longer
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
                # After a read of 10 MiB Kinesis throttles the shard for five seconds; full jitter, as in sending.
                self._pause(random.uniform(0, min(LONGEST_WAIT, 0.5 * 2**attempt)))  # noqa: S311 - no secret
            try:
                answer: dict[str, Any] = self._client.get_records(ShardIterator=iterator, Limit=MOST_RECORDS)
            except self._client.exceptions.ProvisionedThroughputExceededException:
                continue
            return answer
        raise StreamRefusedError(
            f"a shard of {self._stream} could not be read in {ATTEMPTS} attempts: other consumers use its read capacity"
        )


def now(answer: dict[str, Any]) -> int:
    """Epoch milliseconds of a response by Kinesis's clock, which also sets arrival times; whole seconds."""
    sent: str = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
    return int(parsedate_to_datetime(sent).timestamp()) * 1000


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)

"""Puts records on the stream in full calls, and retries refused records."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

MOST_RECORDS = 500
MOST_BYTES = 5 * 1024 * 1024
LARGEST_RECORD = 1024 * 1024
"""Limits of one PutRecords call and of one record with its partition key
(https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html)."""
ATTEMPTS = 12
LONGEST_WAIT = 20.0


class StreamRefusedError(Exception):
    """The stream refused records after many attempts; the message has the last reason."""


class Sender:
    """Collects records into PutRecords calls and retries failed records, with growing pauses.

    Args:
        client: a Kinesis client.
        sent: called with the number of records sent, after each call that left no failed records.
    """

    def __init__(
        self,
        client: Any,
        stream: str,
        sent: Callable[[int], None],
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._stream = stream
        self._sent = sent
        self._pause = pause
        self._waiting: list[dict[str, Any]] = []
        self._size = 0

    def put(self, data: bytes) -> None:
        """Add a record of less than `LARGEST_RECORD` bytes; send when a call is full. Equal bytes have the same
        partition key."""
        # The key counts towards the limit too.
        key = hashlib.sha256(data).hexdigest()[: max(1, min(32, LARGEST_RECORD - len(data)))]
        size = len(data) + len(key)
        if len(self._waiting) == MOST_RECORDS or self._size + size > MOST_BYTES:
            self.flush()
        self._waiting.append({"Data": data, "PartitionKey": key})
        self._size += size

    def flush(self) -> None:
        """Send the collected records.

        Raises:
            StreamRefusedError: the stream refused some records in `ATTEMPTS` attempts; the next run sends them again.
        """
        entries = self._waiting
        count = len(entries)
        reason = ""
        for attempt in range(ATTEMPTS):
            if not entries:
                break
            if attempt:
                # Full jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
                self._pause(random.uniform(0, min(LONGEST_WAIT, 0.2 * 2**attempt)))  # noqa: S311 - no secret
            answer = self._client.put_records(StreamName=self._stream, Records=entries)
            entries, reason = _left(entries, answer["Records"], reason)
        if entries:
            raise StreamRefusedError(f"{len(entries)} records were refused {ATTEMPTS} times, last with {reason}")
        self._waiting, self._size = [], 0
        if count:
            self._sent(count)


def _left(
    entries: Sequence[dict[str, Any]], answers: Sequence[dict[str, Any]], reason: str
) -> tuple[list[dict[str, Any]], str]:
    left = [entry for entry, answer in zip(entries, answers, strict=True) if answer.get("ErrorCode")]
    reasons = [str(answer["ErrorCode"]) for answer in answers if answer.get("ErrorCode")]
    return left, reasons[-1] if reasons else reason

"""Calls PutRecords with signed requests over a kept connection, with a fraction of the CPU time of an SDK's client."""

from __future__ import annotations

import http.client
import json
import os
import random
import ssl
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from .aggregate import aggregated
from .signature import Credentials, signed_headers

TRIES = 5
"""Most requests for the records of one body."""
PATIENCE = 3.0
"""Seconds after which there are no more retries: the client waits meanwhile, and retries itself."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Pauses in seconds: each is random between 0 and a maximum, which doubles with each try from the first to the second
value."""
TIMEOUT = 2.0
"""Timeout in seconds to connect to Kinesis, and for its answer."""

_TARGET = "Kinesis_20131202.PutRecords"
_PASSING = frozenset(
    {
        "InternalFailure",
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)
"""Errors of a whole request that are worth a retry, besides those with status 5xx."""


class Stream:
    """The stream that receives the events.

    Args:
        endpoint: URL of Kinesis.
        sleep, clock: stand-ins for `time` in tests.
    """

    def __init__(
        self,
        name: str,
        *,
        endpoint: str,
        region: str,
        credentials: Credentials,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.errors: Counter[str] = Counter()
        """Errors by the service's name for them; the caller that reports them clears them."""
        self._name, self._region, self._credentials = name, region, credentials
        self._sleep, self._clock = sleep, clock
        url = urlsplit(endpoint)
        self._host = url.netloc
        self._connection: http.client.HTTPConnection = (
            http.client.HTTPConnection(self._host, timeout=TIMEOUT)
            if url.scheme == "http"
            else http.client.HTTPSConnection(self._host, timeout=TIMEOUT, context=ssl.create_default_context())
        )
        self._kept = False
        """Whether the connection has answered before and is still open, as far as known."""

    def put(self, events: Sequence[bytes]) -> list[int]:
        """Put events on the stream and retry refused ones. Returns the places of those that it did not accept.

        Each try has a random partition key: a client cannot choose a shard, and a retry can go to another shard.
        """
        deadline = self._clock() + PATIENCE
        waiting = list(range(len(events)))
        for attempt in range(TRIES):
            if attempt:
                pause = random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt))  # noqa: S311 - no secret
                if self._clock() + pause > deadline:
                    break
                self._sleep(pause)
            key = os.urandom(8).hex()
            records = list(aggregated([events[place] for place in waiting], key))
            again, may_pass = self._request([content for content, _ in records], key)
            waiting = [waiting[place] for number in again for place in records[number][1]]
            if not waiting or not may_pass:
                break
        return waiting

    def _request(self, records: Sequence[bytes], key: str) -> tuple[list[int], bool]:
        """One PutRecords call. Returns the places of the records that were not accepted, and whether a retry may
        help."""
        entries = ",".join(f'{{"Data":"{b64encode(record).decode()}","PartitionKey":"{key}"}}' for record in records)
        body = f'{{"StreamName":{json.dumps(self._name)},"Records":[{entries}]}}'.encode()
        everything = list(range(len(records)))
        try:
            status, content = self._send(body)
        except (OSError, http.client.HTTPException) as error:
            self.errors[type(error).__name__] += 1
            return everything, True
        try:
            answer = json.loads(content)
            if status == 200:
                results = answer["Records"]
                again = [number for number in everything if "SequenceNumber" not in results[number]]
                self.errors.update(str(results[number].get("ErrorCode")) for number in again)
                return again, True
            code = str(answer["__type"]).rpartition("#")[2]
        except (ValueError, KeyError, IndexError, TypeError):
            code = f"Status{status}"
        self.errors[code[:100]] += 1
        return everything, status >= 500 or code in _PASSING

    def _send(self, body: bytes) -> tuple[int, bytes]:
        """The answer to one signed request; reconnects if the other side has closed the kept connection."""
        kept = self._kept
        try:
            return self._exchange(body)
        except (ConnectionError, http.client.BadStatusLine, ssl.SSLEOFError):
            if not kept:
                raise
            return self._exchange(body)

    def _exchange(self, body: bytes) -> tuple[int, bytes]:
        headers = signed_headers(self._credentials, region=self._region, host=self._host, target=_TARGET, body=body)
        try:
            self._connection.request("POST", "/", body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except BaseException:
            self._connection.close()
            self._kept = False
            raise
        self._kept = True
        return answer.status, content

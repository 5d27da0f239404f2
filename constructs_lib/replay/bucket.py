"""The archive as what is sent again: objects of a bucket, in the order of their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from constructs_lib.replay.objects import records
from constructs_lib.replay.run import Found
from constructs_lib.replay.state import State


class Bucket:
    """Objects by prefix; each is done as it is now: one that was written anew is sent anew.

    Args:
        client: an S3 client.
        codes: Firehose's error codes that are wanted; none: all, and what was backed up.
    """

    unit = "objects"

    def __init__(self, client: Any, name: str, prefix: str, codes: Collection[str], state: State) -> None:
        self._client = client
        self._name = name
        self._prefix = prefix
        self._codes = codes
        self._state = state
        self.nothing = f"no object of {name} begins with {prefix!r}"

    def units(self) -> list[tuple[str, str]]:
        """Keys and entity tags."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=self._prefix)
        return [(item["Key"], item["ETag"]) for page in pages for item in page.get("Contents", ())]

    def records(self, key: str, tag: str) -> Iterator[Found]:
        """What is wanted of an object and not sent yet.

        Raises:
            UnreadableObjectError: it is not what Firehose writes.
        """
        skip = self._state.sent if (self._state.key, self._state.tag) == (key, tag) else 0
        content = self._client.get_object(Bucket=self._name, Key=key)["Body"].read()
        wanted = (record for record in records(key, content) if not self._codes or record.error in self._codes)
        for number, record in enumerate(wanted, 1):
            if number > skip:
                yield Found(record, record.error or "backed up", tag, number)

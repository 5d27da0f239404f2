"""The archive as a source: objects of a bucket, in the order of their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from constructs_lib.replay.objects import Record, records
from constructs_lib.replay.run import Found, UnitError
from constructs_lib.replay.state import State

_AT_ONCE = 262_144
"""Bytes of an object to read at once."""
_OF_ONE_OBJECT = ("AccessDenied", "InvalidObjectState", "NoSuchKey")
"""S3 errors about a single object: its key's policy, an archived object, an object that expired meanwhile."""


class Bucket:
    """Objects by prefix. Progress refers to an object's version: an object that is overwritten is sent again.

    Args:
        client: an S3 client.
        codes: Firehose's error codes to send; empty: all, and backed-up records.
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
        """Keys and entity tags, listed before sending, because records that fail again are written under the same
        prefix."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=self._prefix)
        return [(item["Key"], item["ETag"]) for page in pages for item in page.get("Contents", ())]

    def records(self, key: str, tag: str) -> Iterator[Found]:
        """The selected records of an object that are not sent yet, and its unreadable parts.

        Raises:
            UnitError: the object cannot be read.
        """
        skip = self._state.sent if (self._state.key, self._state.tag) == (key, tag) else 0
        found = records(key, self._chunks(key))
        wanted = (
            item for item in found if not isinstance(item, Record) or not self._codes or item.error in self._codes
        )
        for number, item in enumerate(wanted, 1):
            if number > skip:
                kind = (item.error or "backed up") if isinstance(item, Record) else ""
                yield Found(item, kind, tag, number)

    def _chunks(self, key: str) -> Iterator[bytes]:
        from botocore.exceptions import ClientError, HTTPClientError  # noqa: PLC0415 - only where an object is read

        try:
            body = self._client.get_object(Bucket=self._name, Key=key)["Body"]
            while chunk := body.read(_AT_ONCE):
                yield chunk
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code"))
            if code not in _OF_ONE_OBJECT and not code.startswith("KMS."):
                raise
            raise UnitError(f"could not be read ({code})") from error
        except HTTPClientError as error:
            raise UnitError(f"could not be read to its end ({error})") from error

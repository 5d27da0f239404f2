"""Kinesis data streams that remember their tags, may be named by ARN alone, and number records as AWS does.

Stock moto begins with 1 in each shard, so that two shards have the same numbers, and counts all records of a shard for
each new one.
"""

from __future__ import annotations

import threading
from typing import Any

from moto.core.responses import ActionResult
from moto.kinesis.models import KinesisBackend, Record, Shard
from moto.kinesis.responses import KinesisResponse

from rehearsal.emulated.extension import extends

_stock_create = KinesisResponse.create_stream


@extends(KinesisResponse)
def create_stream(self: KinesisResponse) -> ActionResult:
    """CreateStream, with its tags."""
    answer = _stock_create(self)
    tags = self._get_param("Tags")
    if tags:
        self.kinesis_backend.add_tags_to_stream(None, self._get_param("StreamName"), tags)
    return answer


_stock_iterator = KinesisBackend.get_shard_iterator


@extends(KinesisBackend)
def get_shard_iterator(
    self: KinesisBackend, stream_arn: str | None, stream_name: str | None, *args: Any, **kwargs: Any
) -> str:
    """GetShardIterator: a stream that is named by its ARN alone has a name too, and the iterator needs it."""
    if stream_name is None and stream_arn is not None:
        stream_name = stream_arn.rpartition("/")[2]
    return _stock_iterator(self, stream_arn, stream_name, *args, **kwargs)


_FIRST = 49 * 10**54
_OF_A_SHARD = 10**24
_LOCK = threading.Lock()


@extends(Shard)
def put_record(self: Shard, partition_key: str, data: str, explicit_hash_key: str) -> str:
    """A record's sequence number: 56 digits, rising within the shard, and no other shard's."""
    with _LOCK:
        last = next(reversed(self.records), None) if self.records else None
        number = int(self.shard_id.rpartition("-")[2])
        sequence = (_FIRST + number * _OF_A_SHARD if last is None else last) + 1
        self.records[sequence] = Record(partition_key, data, sequence, explicit_hash_key)
    return str(sequence)

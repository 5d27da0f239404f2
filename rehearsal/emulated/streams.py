"""Kinesis data streams that keep their tags, accept only an ARN, and number records and split shards like AWS.

Stock moto starts with 1 in each shard, so that two shards have the same numbers, and counts all records of a shard for
each new one. When the number of shards changes, it moves records into the new shards and continues to fill the old
ones.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections import OrderedDict
from typing import Any

from moto.core.responses import ActionResult
from moto.kinesis.exceptions import InvalidArgumentError
from moto.kinesis.models import KinesisBackend, Record, Shard, Stream
from moto.kinesis.responses import KinesisResponse
from moto.kinesis.utils import decompose_shard_iterator

from rehearsal.emulated import faults
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
    """GetShardIterator: adds the stream's name if the request has only the ARN, because the iterator needs it."""
    if stream_name is None and stream_arn is not None:
        stream_name = stream_arn.rpartition("/")[2]
    return _stock_iterator(self, stream_arn, stream_name, *args, **kwargs)


_FIRST = 49 * 10**54
_OF_A_SHARD = 10**24
_LOCK = threading.Lock()


@extends(Shard)
def put_record(self: Shard, partition_key: str, data: str, explicit_hash_key: str) -> str:
    """A record's sequence number: 56 digits, rising within the shard, unique among shards."""
    with _LOCK:
        last = next(reversed(self.records), None) if self.records else None
        number = int(self.shard_id.rpartition("-")[2])
        sequence = (_FIRST + number * _OF_A_SHARD if last is None else last) + 1
        self.records[sequence] = Record(partition_key, data, sequence, explicit_hash_key)
    return str(sequence)


_stock_split = Stream.split_shard
_stock_merge = Stream.merge_shards


@extends(Stream)
def split_shard(self: Stream, shard_to_split: str, new_starting_hash_key: str) -> None:
    """SplitShard: the parent closes and keeps its records, which stock moto moves into the new shards."""
    parent = self.shards[shard_to_split]
    kept, parent.records = parent.records, OrderedDict()
    try:
        _stock_split(self, shard_to_split, new_starting_hash_key)
    finally:
        parent.records = kept


@extends(Stream)
def merge_shards(self: Stream, shard_to_merge: str, adjacent_shard_to_merge: str) -> None:
    """MergeShards: both parents close and keep their records."""
    parents = [self.shards[name] for name in (shard_to_merge, adjacent_shard_to_merge)]
    kept = [parent.records for parent in parents]
    for parent in parents:
        parent.records = OrderedDict()
    try:
        _stock_merge(self, shard_to_merge, adjacent_shard_to_merge)
    finally:
        for parent, records in zip(parents, kept, strict=True):
            parent.records = records


@extends(Stream)
def get_shard_for_key(self: Stream, partition_key: str, explicit_hash_key: str | None) -> Shard:
    """The open shard for a record; stock moto also chooses closed ones."""
    given = int.from_bytes(hashlib.md5(partition_key.encode(), usedforsecurity=False).digest(), "big")
    number = int(explicit_hash_key) if explicit_hash_key else given
    return next(
        shard for shard in self.shards.values() if shard.is_open and shard.starting_hash <= number <= shard.ending_hash
    )


_stock_records = KinesisBackend.get_records


@extends(KinesisBackend)
def get_records(
    self: KinesisBackend, stream_arn: str | None, shard_iterator: str, limit: int | None
) -> tuple[str | None, list[Record], int]:
    """GetRecords: at the end of a closed shard there is no next iterator."""
    following, records, behind = _stock_records(self, stream_arn, shard_iterator, limit)
    name, shard_id, last = decompose_shard_iterator(following)
    shard = self.describe_stream(stream_arn=stream_arn, stream_name=name).get_shard(shard_id)
    ended = not shard.is_open and int(last) >= shard.get_max_sequence_number()
    return None if ended else following, records, behind


@extends(KinesisResponse)
def list_shards(self: KinesisResponse) -> ActionResult:
    """ListShards: the next page takes only its token, like AWS; filters are ignored."""
    name, token = self._get_param("StreamName"), self._get_param("NextToken")
    after = ""
    if token and name:
        raise InvalidArgumentError("NextToken and StreamName cannot be provided together.")
    if token:
        name, _, after = base64.urlsafe_b64decode(token).decode().partition(":")
    shards, _ = self.kinesis_backend.list_shards(stream_arn=self._get_param("StreamARN"), stream_name=name)
    stream = self.kinesis_backend.describe_stream(self._get_param("StreamARN"), name)
    left = [shard for shard in shards if shard.shard_id > after]
    page = left[: self._get_param("MaxResults") or 1000]
    answer: dict[str, Any] = {"Shards": [shard.to_json() for shard in page]}
    if len(page) < len(left):
        answer["NextToken"] = base64.urlsafe_b64encode(f"{stream.stream_name}:{page[-1].shard_id}".encode()).decode()
    return ActionResult(answer)


_stock_put_records = KinesisBackend.put_records


@extends(KinesisBackend)
def put_records(self: KinesisBackend, stream_arn: str, stream_name: str, records: list[Any]) -> Any:
    """PutRecords: refuses all records of the request if a fault is set."""
    if not faults.happens("stream"):
        return _stock_put_records(self, stream_arn, stream_name, records)
    refused = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded for shard"}
    return {"FailedRecordCount": len(records), "Records": [refused] * len(records)}

"""Kinesis data streams that remember their tags and may be named by ARN alone, where stock moto fails."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.kinesis.models import KinesisBackend
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

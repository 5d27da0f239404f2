"""Kinesis data streams that remember the tags they were created with, which stock moto drops."""

from __future__ import annotations

from moto.core.responses import ActionResult
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

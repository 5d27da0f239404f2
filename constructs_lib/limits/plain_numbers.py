"""Limits of whole numbers that constructs take as plain arguments; `argument_types` checks them."""

from __future__ import annotations

from typing import Annotated

from constructs_lib.limits import sources
from constructs_lib.limits.limit_types import Range
from constructs_lib.limits.quotas import LAMBDA_TIMEOUT_S, RETENTION_MINIMUM_HOURS

Shards = Annotated[int, Range(1, None, sources.STREAM_PROVIDER, "shards")]
"""Shards of a stream."""
RetentionHours = Annotated[int, Range(RETENTION_MINIMUM_HOURS, 8760, sources.STREAM_PROVIDER, "hours")]
"""Hours that a stream keeps its records."""
BufferSeconds = Annotated[int, Range(0, None, sources.FIREHOSE_MODEL, "seconds")]
"""Seconds that records wait in buffers, one after the other."""
TimeoutSeconds = Annotated[int, Range(1, LAMBDA_TIMEOUT_S, sources.FIREHOSE_LAMBDA, "seconds")]
"""Timeout of a function."""

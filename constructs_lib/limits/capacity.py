"""What a planned size can carry: throughput of shards and functions, heap and requests of a domain's nodes."""

from __future__ import annotations

from typing import Final

SHARD_WRITE_MIB: Final = 1
"""MiB a second that one shard takes (sources.KINESIS_QUOTAS)."""
SHARD_WRITE_RECORDS: Final = 1000
"""Records a second that one shard takes (sources.KINESIS_QUOTAS)."""
SHARD_READ_MIB: Final = 2
"""MiB a second that all consumers together read from one shard (sources.KINESIS_QUOTAS)."""

LAMBDA_SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
LAMBDA_MEMORY_MIB: Final = 10240
LAMBDA_TIMEOUT_S: Final = 900
LAMBDA_PAYLOAD_MIB: Final = 6
"""Largest request to, and response of, a function."""
LAMBDA_CONCURRENCY: Final = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"
LAMBDA_RESERVABLE: Final = 900
"""Calls at once that an account can reserve: 1,000 unless AWS was asked for more, less the 100 that stay unreserved
(LAMBDA_CONCURRENCY)."""
FIREHOSE_LAMBDA_CALLS_PER_SHARD: Final = 5
"""Calls of its transform that a delivery stream to a search domain has under way at most, for each shard of its source
(sources.FIREHOSE_QUOTAS)."""
FIREHOSE_LAMBDA_TIMEOUT_S: Final = 300
"""Longest that a delivery stream waits for its transform (sources.FIREHOSE_LAMBDA)."""

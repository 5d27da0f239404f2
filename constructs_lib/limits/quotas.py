"""Quotas of an account and its domains, and the rules of thumb that AWS sizes domains by."""

from __future__ import annotations

from typing import Final

DEFAULT_SHARDS_PER_ACCOUNT: Final = 1000
"""Provisioned Kinesis shards in an account and region, where AWS starts lowest (sources.KINESIS_QUOTAS)."""
SHARD_FACTOR: Final = 2
"""One change multiplies or divides a stream's shards by no more (sources.KINESIS_SHARD_COUNT)."""
SHARD_CHANGES_PER_DAY: Final = 10
"""Changes of a stream's shards in a rolling 24 hours (sources.KINESIS_SHARD_COUNT)."""
LARGE_RECORD_KIB: Final = 1024
"""Larger records a stream takes only when told to; Firehose promises them to S3 alone and advises against them before
a function (sources.KINESIS_LARGE_RECORDS)."""
RETRY_SECONDS: Final = 300
"""What Firehose retries by default; less turns short outages into failed documents (sources.FIREHOSE_FAILURES)."""
RETENTION_MINIMUM_HOURS: Final = 24
"""Minimum and default of a stream (sources.STREAM_PROVIDER)."""
OUTAGE_HOURS: Final = 72
"""A weekend: how long an outage behind the stream may go unseen (our rule over sources.KINESIS_RETENTION)."""

DEFAULT_INSTANCES_PER_DOMAIN: Final = 80
"""Data nodes a domain before AWS is asked for more (sources.DOMAIN_QUOTAS)."""
BURSTABLE_INSTANCES_PER_DOMAIN: Final = 10
"""Data nodes of type t2 or t3 a domain, and data nodes that t2 and t3 masters may manage (sources.DOMAIN_QUOTAS)."""
DEDICATED_MASTERS: Final = 5
"""Dedicated masters a domain (sources.DOMAIN_QUOTAS)."""
MASTER_COUNTS: Final = (3, 5)
"""Numbers of dedicated masters that AWS takes (sources.CLUSTER_CONFIG)."""
INSTANCES_WITHOUT_MASTERS: Final = 10
"""Data nodes a domain may have without dedicated masters (sources.DOMAIN_PAGE)."""
ACCESS_POLICY_BYTES: Final = 100 * 1024
"""Size of a domain's access policy (sources.DOMAIN_QUOTAS)."""
LOG_RESOURCE_POLICIES: Final = 10
"""CloudWatch Logs resource policies in an account and region."""
STREAM_CONSUMERS: Final = 20
"""Enhanced fan-out consumers a stream (sources.KINESIS_QUOTAS)."""

SHARDS_PER_HEAP_GIB: Final = 25
"""Shards that a GiB of heap carries (sources.SIZING)."""
SHARDS_PER_NODE: Final = 1000
"""``cluster.max_shards_per_node``; up to 4,000 with larger heaps from OpenSearch 2.17 (sources.DOMAIN_QUOTAS)."""
LARGE_HEAP_ENGINE: Final = (2, 17)
LARGE_HEAP_GIB: Final = 16
LARGE_HEAP_SHARDS_PER_NODE: Final = 4000
HEAP_GIB: Final = 32
"""Largest heap; half of the memory otherwise (sources.DOMAIN_QUOTAS)."""
STORAGE_OVERHEAD: Final = 1.45
"""Bytes on disk to a byte of source and copy: index, merges, reserve of operating system and service
(sources.STORAGE_SIZING)."""

LAMBDA_BUFFER_DEFAULTS: Final = {"BufferSizeInMBs": 1.0, "BufferIntervalInSeconds": 60.0, "NumberOfRetries": 3.0}
"""Processor parameters that Firehose has by itself and that the provider forgets (sources.DELIVERY_PROVIDER)."""
LAMBDA_BUFFER_SAFE_MIB: Final = 1.0
"""A batch of this size stays below Lambda's 6 MiB with base64 and enrichment (sources.FIREHOSE_LAMBDA)."""

SHARD_WRITE_MIB: Final = 1
"""MiB a second that one shard takes (sources.KINESIS_QUOTAS)."""
SHARD_WRITE_RECORDS: Final = 1000
"""Records a second that one shard takes (sources.KINESIS_QUOTAS)."""
SHARD_READ_MIB: Final = 2
"""MiB a second that all consumers together read from one shard (sources.KINESIS_QUOTAS)."""

ROTATION_DAYS: Final = {"OneHour": 1 / 24, "OneDay": 1.0, "OneWeek": 7.0, "OneMonth": 31.0}
"""Days in which one index of a rotation is written to (sources.FIREHOSE_DESTINATION)."""
SHARD_GIB: Final = 40
"""GiB that a shard of logs should hold: 30 to 50 (sources.SIZING)."""

BOOTSTRAP_TIMEOUT_S: Final = 60
"""Least time of the bootstrap function: it waits for the domain half of it (ours)."""
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

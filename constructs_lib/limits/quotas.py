"""Quotas of an account and its domains, and AWS's rules of thumb for sizing domains."""

from __future__ import annotations

from typing import Final

DEFAULT_SHARDS_PER_ACCOUNT: Final = 1000
"""Provisioned Kinesis shards in an account and region, where AWS starts lowest (sources.KINESIS_QUOTAS)."""
REGIONS_WITH_MANY_SHARDS: Final = ("us-east-1", "us-west-2", "eu-west-1")
MANY_SHARDS_PER_ACCOUNT: Final = 20_000
"""Provisioned shards that an account starts with in these regions, the most anywhere (sources.KINESIS_QUOTAS)."""
SHARDS_QUOTA: Final = "Kinesis Data Streams: Shards per Region"
ON_DEMAND_MIB: Final = 200
MANY_ON_DEMAND_MIB: Final = 10_240
"""MiB/s that an on-demand stream takes at most, and in the regions above (sources.KINESIS_QUOTAS)."""
ON_DEMAND_START_MIB: Final = 4
"""MiB/s, and thousands of records a second, that a new on-demand stream takes (sources.KINESIS_QUOTAS)."""
ON_DEMAND_QUOTA: Final = "Kinesis Data Streams: write throughput of an on-demand stream"
SHARD_FACTOR: Final = 2
"""One change multiplies or divides a stream's shards by no more (sources.KINESIS_SHARD_COUNT)."""
SHARD_CHANGES_PER_DAY: Final = 10
"""Changes of a stream's shards in a rolling 24 hours (sources.KINESIS_SHARD_COUNT)."""
LARGE_RECORD_KIB: Final = 1024
"""Record size above which a stream needs a setting; Firehose guarantees delivery of larger records to S3 only, and
advises against them with a function (sources.KINESIS_LARGE_RECORDS)."""
RETRY_SECONDS: Final = 300
"""Firehose's default retry duration; less turns short outages into failed documents (sources.FIREHOSE_FAILURES)."""
FIREHOSE_BUFFER_SECONDS: Final = 300
"""Firehose's default buffer size (sources.DELIVERY_PROVIDER)."""
FIREHOSE_BUFFER_MIB: Final = 5
"""The same in MiB (sources.DELIVERY_PROVIDER)."""
RETENTION_MINIMUM_HOURS: Final = 24
"""Minimum and default of a stream (sources.STREAM_PROVIDER)."""
OUTAGE_HOURS: Final = 72
"""A weekend: how long an outage may stay unnoticed (our rule, based on sources.KINESIS_RETENTION)."""

LAMBDA_VARIABLES_BYTES: Final = 4096
"""All environment variables of a function together (limits.environment.common.ENVIRONMENT_VARIABLES)."""
FREE_STORAGE_PERCENT_MOST: Final = 99
"""Most percent for the free-storage alarm; at 100 it would always be in ALARM."""

DEFAULT_INSTANCES_PER_DOMAIN: Final = 80
"""Default quota of data nodes a domain (sources.DOMAIN_QUOTAS)."""
INSTANCES_QUOTA: Final = "OpenSearch Service: Instances per domain"
DOMAINS_PER_REGION: Final = 100
DOMAINS_QUOTA: Final = "OpenSearch Service: Domains per Region"
WARM_INSTANCES_PER_DOMAIN: Final = 150
WARM_QUOTA: Final = "OpenSearch Service: Warm instances per domain"
STORAGE_GIB_PER_DOMAIN: Final = 3 * 1024 * 1024
"""Default quotas of an account; storage is the sum of data and warm nodes (sources.DOMAIN_QUOTAS)."""
BURSTABLE_INSTANCES_PER_DOMAIN: Final = 10
"""Data nodes of type t2 or t3 a domain, and data nodes that t2 and t3 masters may manage (sources.DOMAIN_QUOTAS)."""
DEDICATED_MASTERS: Final = 5
"""Dedicated masters a domain (sources.DOMAIN_QUOTAS)."""
MASTER_COUNTS: Final = (3, 5)
"""Numbers of dedicated masters that AWS takes (sources.CLUSTER_CONFIG)."""
INSTANCES_WITHOUT_MASTERS: Final = 10
"""Data nodes a domain may have without dedicated masters (sources.DOMAIN_PAGE)."""
STANDBY_ZONES: Final = 3
"""Zones of a domain with standby, and copies of each index, or a multiple (sources.MULTI_AZ)."""
ACCESS_POLICY_BYTES: Final = 100 * 1024
"""Size of a domain's access policy (sources.DOMAIN_QUOTAS)."""
STREAM_CONSUMERS: Final = 20
"""Enhanced fan-out consumers a stream (sources.KINESIS_QUOTAS)."""

PRIMARY_SHARDS_OF_AN_INDEX: Final = 1024
"""Primary shards that the engine takes for one index (``opensearch.index.max_number_of_shards``)."""
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
"""Processor parameters equal to Firehose's defaults, which the provider does not keep (sources.DELIVERY_PROVIDER)."""
LAMBDA_BUFFER_SAFE_MIB: Final = 1.0
"""Largest batch that stays below Lambda's 6 MiB after base64 and enrichment (sources.FIREHOSE_LAMBDA)."""

SHARD_WRITE_MIB: Final = 1
"""MiB a second that one shard takes (sources.KINESIS_QUOTAS)."""
SHARD_WRITE_RECORDS: Final = 1000
"""Records a second that one shard takes (sources.KINESIS_QUOTAS)."""
SHARD_READ_MIB: Final = 2
"""MiB a second that all consumers together read from one shard (sources.KINESIS_QUOTAS)."""

ROTATION_DAYS: Final = {"OneHour": 1 / 24, "OneDay": 1.0, "OneWeek": 7.0, "OneMonth": 31.0}
"""Days in which one index of a rotation is written to (sources.FIREHOSE_DESTINATION)."""

BOOTSTRAP_TIMEOUT_S: Final = 60
"""Shortest timeout of the bootstrap function, which waits for the domain for up to half of it (ours)."""
FOLD_TIMEOUT_S: Final = 60
"""Shortest timeout of the recommender's fold (ours)."""
HTTP_API_SOURCE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
HTTP_API_TIMEOUT_S: Final = 30
"""Longest time that an HTTP API waits for its integration."""
LAMBDA_SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
LAMBDA_MEMORY_MIB: Final = 10240
LAMBDA_TIMEOUT_S: Final = 900
LAMBDA_PAYLOAD_MIB: Final = 6
"""Largest request to, and response of, a function."""
LAMBDA_CONCURRENCY: Final = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"
LAMBDA_CALLS: Final = 1000
LAMBDA_QUOTA: Final = "Lambda: Concurrent executions"
"""Default concurrent executions of an account in a region (LAMBDA_CONCURRENCY)."""
LAMBDA_RESERVABLE: Final = 900
"""Concurrent executions that an account can reserve: 1,000 by default, less the 100 that stay unreserved
(LAMBDA_CONCURRENCY)."""
FIREHOSE_LAMBDA_CALLS_PER_SHARD: Final = 5
"""Most concurrent calls of the transform by a delivery stream to a search domain, for each shard of its source
(sources.FIREHOSE_QUOTAS)."""
FIREHOSE_LAMBDA_TIMEOUT_S: Final = 300
"""Longest time that a delivery stream waits for its transform (sources.FIREHOSE_LAMBDA)."""
FIREHOSE_RETRY_MOST_S: Final = 7200
"""Longest time that a delivery stream retries a search domain before documents go to the bucket
(sources.FIREHOSE_QUOTAS)."""
FIREHOSE_STEP_BYTES: Final = 5 * 1024
"""Firehose bills each record in steps of this size (sources.FIREHOSE_PRICING)."""
PUT_UNIT_BYTES: Final = 25 * 1024
"""A provisioned stream bills each record in payload units of this size (sources.KINESIS_PRICING)."""
API_REQUESTS: Final = 10_000
API_QUOTA: Final = "API Gateway: Throttle rate"
API_SOURCE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
"""Requests a second that an account's HTTP and REST APIs take together in a region."""

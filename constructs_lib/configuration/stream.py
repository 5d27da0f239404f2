"""``stream``: the Kinesis stream of events (provider resource ``aws_kinesis_stream``)."""

from __future__ import annotations

from typing import Any, Literal

from constructs_lib.configuration.section import Section, Timeouts
from constructs_lib.rules.finding import Unknown

ShardLevelMetric = Literal[
    "ALL",
    "IncomingBytes",
    "IncomingRecords",
    "IteratorAgeMilliseconds",
    "OutgoingBytes",
    "OutgoingRecords",
    "ReadProvisionedThroughputExceeded",
    "WriteProvisionedThroughputExceeded",
]


class StreamModeDetails(Section):
    """How the stream's capacity is set."""

    stream_mode: Literal["PROVISIONED", "ON_DEMAND"] = "PROVISIONED"
    """PROVISIONED: ``shard_count`` shards; ON_DEMAND: AWS scales, and ``shard_count`` must be left out."""


class StreamConsumer(Section):
    """A consumer with enhanced fan-out: its own 2 MiB/s for each shard, billed separately."""

    name: str
    """Name of the consumer, unique within the stream."""


class StreamReaders(Section):
    """Principals outside this deployment that may read the stream, by its resource policy and the key's policy."""

    principals: list[str] = []
    """ARNs of IAM roles or users, or account numbers, that may read the stream."""


class StreamWriters(Section):
    """Principals outside this deployment that may put records on the stream: web servers, log agents, collectors."""

    principals: list[str] = []
    """ARNs of IAM roles or users, or account numbers, that may put records on the stream."""
    managed_policy: bool = False
    """Whether to create an IAM policy, ``NAME-stream-writer``, that you attach to roles of this account; its ARN is the
    output ``stream_writer_policy_arn``."""


class StreamSettings(Section):
    """The event stream. Default: one provisioned shard (1 MiB/s or 1,000 records/s in), seven days of retention."""

    name: str | None = None
    """Name of the stream; default: the deployment's name with ``-events``."""
    stream_mode_details: StreamModeDetails = StreamModeDetails()
    shard_count: int | None = None
    """Shards of a provisioned stream; each takes 1 MiB/s or 1,000 records/s. Default: 1."""
    retention_period: int = 168
    """Hours that events stay readable: the longest outage of the delivery without a loss. The default is a week, as
    control Kinesis.3 of AWS Foundational Security Best Practices requires."""
    encryption_type: Literal["KMS", "NONE"] = "KMS"
    """KMS: records are encrypted in the stream; NONE: they are not."""
    kms_key_id: str | None = None
    """An existing key's ARN or alias; default: the deployment's key."""
    shard_level_metrics: list[ShardLevelMetric] = []
    """Metrics for each shard, which AWS bills as custom metrics."""
    enforce_consumer_deletion: bool = False
    """Whether destroying the stream may remove registered consumers."""
    max_record_size_in_kib: int | None = None
    """Largest record; AWS's default is 1,024 KiB. Firehose does not guarantee to deliver larger ones."""
    warm_throughput_mib_ps: int | None = None
    """Warm throughput in MiB/s, which an on-demand stream always accepts. Default: none."""
    timeouts: Timeouts | None = None
    consumers: list[StreamConsumer] = []
    """Consumers with enhanced fan-out, besides the delivery stream."""
    readers: StreamReaders = StreamReaders()
    writers: StreamWriters = StreamWriters()

    @property
    def shards(self) -> int | None:
        """Number of shards of a provisioned stream; for an on-demand stream, the value in the file, which must be
        absent."""
        default = 1 if self.stream_mode_details.stream_mode == "PROVISIONED" else None
        return default if self.shard_count is None else self.shard_count

    def resource_arguments(self, *, name: str, kms_key_id: str | Unknown) -> dict[str, Any]:
        """Arguments of the stream's resource, with one shard by default for a provisioned stream.

        Args:
            name: the stream's name, unless the settings have one.
            kms_key_id: the key, unless the settings set one or turn encryption off.
        """
        values = {"name": name, **self.arguments("consumers", "readers", "writers")}
        if self.shards is not None:
            values["shard_count"] = self.shards
        if self.encryption_type == "KMS":
            values.setdefault("kms_key_id", kms_key_id)
        return values

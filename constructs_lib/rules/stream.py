"""What AWS accepts of an ``aws_kinesis_stream``."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib import limits
from constructs_lib.limits import sources
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook(limits.STREAM)
check = BOOK.check

_MODE = "stream_mode_details.stream_mode"


@BOOK.error(sources.STREAM_PROVIDER)
def provisioned_stream_has_shards(stream: Arguments) -> Iterator[Problem]:
    """A provisioned stream (the default mode) has a number of shards, 1 or more."""
    shards = stream.number("shard_count", 0)
    if stream.text(_MODE, "PROVISIONED") == "PROVISIONED" and shards is not None and shards < 1:
        given = stream.get("shard_count")
        yield Problem(
            "shard_count", "is required by a PROVISIONED stream", given, "1 or more, or stream_mode ON_DEMAND"
        )


@BOOK.error(sources.STREAM_PROVIDER)
def on_demand_stream_has_no_shards(stream: Arguments) -> Iterator[Problem]:
    """An on-demand stream takes no shard_count; remove it when you switch the mode."""
    shards = stream.number("shard_count", 0)
    if stream.text(_MODE) == "ON_DEMAND" and shards is not None and shards > 0:
        yield Problem("shard_count", "is not possible with an ON_DEMAND stream", shards, "no shard_count")


@BOOK.error(sources.KINESIS_WARM)
def warm_throughput_is_on_demand(stream: Arguments) -> Iterator[Problem]:
    """Only on-demand streams take warm throughput; a provisioned stream takes shards."""
    path = "warm_throughput_mib_ps"
    if stream.present(path) and stream.text(_MODE, "PROVISIONED") == "PROVISIONED":
        allowed = "stream_mode ON_DEMAND, or shard_count in place of it"
        yield Problem(path, "is not possible with a PROVISIONED stream", stream.get(path), allowed)


@BOOK.error(sources.STREAM_PROVIDER)
def encryption_names_its_key(stream: Arguments) -> Iterator[Problem]:
    """Encryption with KMS needs a key; AWS's own is called `alias/aws/kinesis`."""
    if stream.text("encryption_type") == "KMS" and stream.present("kms_key_id") is False:
        yield Problem(
            "kms_key_id", "is required by encryption_type KMS", None, "a key's id or ARN, or alias/aws/kinesis"
        )


@BOOK.warning(sources.KINESIS_ENCRYPTION)
def key_is_used(stream: Arguments) -> Iterator[Problem]:
    """A key without `encryption_type: KMS` encrypts nothing."""
    if stream.present("kms_key_id") and stream.text("encryption_type", "NONE") == "NONE":
        given = stream.get("encryption_type")
        yield Problem("encryption_type", "leaves the stream unencrypted, although kms_key_id is set", given, "KMS")


@BOOK.warning(sources.KINESIS_METRICS)
def metrics_are_named_one_by_one(stream: Arguments) -> Iterator[Problem]:
    """AWS stores `ALL` as seven metric names, so every later plan shows a change."""
    for path, value in stream.each("shard_level_metrics[]"):
        if value == "ALL":
            yield Problem(path, "makes every plan show a change", value, "the metrics by their names")


@BOOK.error(sources.KINESIS_METRICS)
def all_metrics_stand_alone(stream: Arguments) -> Iterator[Problem]:
    """`ALL` stands for every shard-level metric and cannot be combined with other names."""
    names = stream.items("shard_level_metrics") or []
    if "ALL" in names and len(names) > 1:
        others = ", ".join(str(name) for name in names if name != "ALL" and isinstance(name, str))
        yield Problem("shard_level_metrics", "combines ALL with other names", others, "either ALL or the names")


@BOOK.warning(sources.KINESIS_QUOTAS)
def shards_fit_the_default_quota(stream: Arguments) -> Iterator[Problem]:
    """An account starts with a quota of 1,000 provisioned shards in most regions."""
    shards = stream.number("shard_count", 0)
    if shards is not None and shards > limits.quotas.DEFAULT_SHARDS_PER_ACCOUNT:
        allowed = f"{limits.quotas.DEFAULT_SHARDS_PER_ACCOUNT} or fewer, or a quota increase first"
        yield Problem("shard_count", "is above the default quota of an account", shards, allowed)

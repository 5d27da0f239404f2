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
    """A provisioned stream (the default mode) names its number of shards, at least 1."""
    shards = stream.number("shard_count", 0)
    if stream.text(_MODE, "PROVISIONED") == "PROVISIONED" and shards is not None and shards < 1:
        given = stream.get("shard_count")
        yield Problem("shard_count", "is needed by a PROVISIONED stream", given, "1 or more, or stream_mode ON_DEMAND")


@BOOK.error(sources.STREAM_PROVIDER)
def on_demand_stream_has_no_shards(stream: Arguments) -> Iterator[Problem]:
    """An on-demand stream names no number of shards, not even the one it had before the switch."""
    shards = stream.number("shard_count", 0)
    if stream.text(_MODE) == "ON_DEMAND" and shards is not None and shards > 0:
        yield Problem("shard_count", "has no place in an ON_DEMAND stream", shards, "no shard_count")


@BOOK.error(sources.STREAM_PROVIDER)
def encryption_names_its_key(stream: Arguments) -> Iterator[Problem]:
    """Encryption with KMS needs a key; AWS's own is called `alias/aws/kinesis`."""
    if stream.text("encryption_type") == "KMS" and stream.present("kms_key_id") is False:
        yield Problem("kms_key_id", "is needed by encryption_type KMS", None, "a key's id or ARN, or alias/aws/kinesis")


@BOOK.warning(sources.KINESIS_ENCRYPTION)
def key_is_used(stream: Arguments) -> Iterator[Problem]:
    """A key without `encryption_type: KMS` encrypts nothing."""
    if stream.present("kms_key_id") and stream.text("encryption_type", "NONE") == "NONE":
        given = stream.get("encryption_type")
        yield Problem("encryption_type", "leaves the stream unencrypted although it names a key", given, "KMS")


@BOOK.warning(sources.KINESIS_METRICS)
def metrics_are_named_one_by_one(stream: Arguments) -> Iterator[Problem]:
    """`ALL` is answered by AWS with the seven names, which every later plan reports as a change."""
    for path, value in stream.each("shard_level_metrics[]"):
        if value == "ALL":
            yield Problem(path, "makes every plan show a change", value, "the metrics by their names")


@BOOK.warning(sources.KINESIS_QUOTAS)
def shards_fit_the_default_quota(stream: Arguments) -> Iterator[Problem]:
    """Most regions start with a quota of 1,000 provisioned shards for the whole account."""
    shards = stream.number("shard_count", 0)
    if shards is not None and shards > limits.quotas.DEFAULT_SHARDS_PER_ACCOUNT:
        allowed = f"{limits.quotas.DEFAULT_SHARDS_PER_ACCOUNT} or fewer, or a quota increase"
        yield Problem("shard_count", "is above the account's quota in most regions", shards, allowed)

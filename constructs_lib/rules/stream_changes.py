"""Changes of an existing ``aws_kinesis_stream`` that AWS refuses, although a new stream may have these settings.

The provider changes the mode first and then calls UpdateShardCount where ``shard_count`` differs. The state of an
on-demand stream has no ``shard_count``, however many shards are open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from constructs_lib.limits import sources
from constructs_lib.limits.quotas import SHARD_CHANGES_PER_DAY, SHARD_FACTOR
from constructs_lib.rules.finding import Finding
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()

_MODE = "stream_mode_details.stream_mode"


def check(before: object, after: object) -> list[Finding]:
    """Findings about a change in place, with paths into the arguments after it."""
    found = BOOK.check({"before": before, "after": after})
    return [replace(finding, path=finding.path.removeprefix("after.")) for finding in found]


def _shards(change: Arguments) -> tuple[float, float] | None:
    """Shards before and after, where both are provisioned and known."""
    sides = ("before", "after")
    if any(change.text(f"{side}.{_MODE}", "PROVISIONED") != "PROVISIONED" for side in sides):
        return None
    old, new = (change.number(f"{side}.shard_count") for side in sides)
    return (old, new) if old and new else None


def _allowed(old: float) -> str:
    least, most = math.ceil(old / SHARD_FACTOR), old * SHARD_FACTOR
    return f"{least:g} to {most:g} now, and the rest by further applies, {SHARD_CHANGES_PER_DAY} in 24 hours"


@BOOK.error(sources.KINESIS_SHARD_COUNT)
def shards_at_most_double(change: Arguments) -> Iterator[Problem]:
    """One change at most doubles a stream's shards."""
    shards = _shards(change)
    if shards is not None and shards[1] > shards[0] * SHARD_FACTOR:
        old, new = shards
        yield Problem("after.shard_count", f"is more than double the present {old:g}", new, _allowed(old))


@BOOK.error(sources.KINESIS_SHARD_COUNT)
def shards_at_least_halve(change: Arguments) -> Iterator[Problem]:
    """One change leaves at least half of a stream's shards."""
    shards = _shards(change)
    if shards is not None and shards[1] * SHARD_FACTOR < shards[0]:
        old, new = shards
        yield Problem("after.shard_count", f"is less than half of the present {old:g}", new, _allowed(old))


@BOOK.warning(sources.KINESIS_SHARD_COUNT)
def shards_are_counted_before_the_mode_changes(change: Arguments) -> Iterator[Problem]:
    """A stream that leaves on-demand mode at most doubles or halves its open shards, which a plan does not count."""
    new = change.number("after.shard_count")
    if change.text(f"before.{_MODE}") == "ON_DEMAND" and change.text(f"after.{_MODE}", "PROVISIONED") == "PROVISIONED":
        message = "is refused if it is more than double, or less than half, of the shards that are open now"
        allowed = "half to double of OpenShardCount, which aws kinesis describe-stream-summary prints"
        yield Problem("after.shard_count", message, new, allowed)

"""``stream``: consumers, readers and writers."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.quotas import STREAM_CONSUMERS
from constructs_lib.rules.arns import parse
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()


@BOOK.error(sources.KINESIS_QUOTAS)
def consumers_are_told_apart(environment: Arguments) -> Iterator[Problem]:
    """A stream has at most 20 consumers with enhanced fan-out, each with a name of its own."""
    names = [name for _, name in environment.each("stream.consumers[].name")]
    if len(names) > STREAM_CONSUMERS:
        yield Problem("stream.consumers", "are too many for one stream", len(names), f"{STREAM_CONSUMERS} or fewer")
    for index, name in enumerate(names):
        if name in names[:index]:
            path = f"stream.consumers[{index}].name"
            yield Problem(path, "repeats the name of an earlier consumer", name, "a name of its own")


@BOOK.warning(sources.KINESIS_SHARING)
def shared_stream_has_a_key_to_share(environment: Arguments) -> Iterator[Problem]:
    """Other accounts cannot use a stream encrypted with AWS's own key: its key policy admits one account only."""
    if (environment.text("stream.kms_key_id") or "").rpartition(":")[2] != "alias/aws/kinesis":
        return
    own = environment.text("account_id")
    for kind in ("readers", "writers"):
        for path, principal in environment.each(f"stream.{kind}.principals[]"):
            arn = parse(str(principal))
            account = arn.account if arn is not None else str(principal)
            if account != own:
                message = f"keeps {account}, listed in {path}, from using the stream"
                allowed = "no kms_key_id (the deployment's key), or a key of your own"
                yield Problem("stream.kms_key_id", message, "alias/aws/kinesis", allowed)

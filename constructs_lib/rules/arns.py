"""Whether an ARN names the right kind of thing, in the right partition, region and account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from constructs_lib.limits import ARNS, regions
from constructs_lib.limits.arns import Kind
from constructs_lib.rules.plan_values import Arguments, Context

_ARN = re.compile(r"arn:([^:\s]+):([^:\s]*):([^:\s]*):([^:\s]*):(\S.*)")
_ACCOUNT = re.compile(r"\d{12}")
_WITHOUT_ACCOUNT = ("s3", "sso")
_AWS_MANAGED = "aws"


class Arn(NamedTuple):
    """The parts of an ARN."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse(text: str) -> Arn | None:
    """The parts of an ARN; None if the text is not one."""
    match = _ARN.fullmatch(text)
    return Arn(*match.groups()) if match else None


def context_of(arguments: Arguments) -> Context:
    """Where a resource is: as the caller says, or as its own ``arn`` and ``region`` arguments do."""
    own = parse(arguments.text("arn") or "")
    given = arguments.context
    return given._replace(
        region=given.region or arguments.text("region") or (own.region if own else None),
        account=given.account or (own.account if own else None),
    )


def written(arguments: Arguments, resource_type: str) -> Iterator[tuple[str, str, Kind]]:
    """Path, value and kind of each known ARN-valued argument."""
    for pattern, kind in ARNS.get(resource_type, {}).items():
        for path, value in arguments.each(pattern):
            if isinstance(value, str) and "${" not in value:
                yield path, value, kind


def complaint(value: str, kind: Kind, context: Context) -> tuple[str, str] | None:
    """What is wrong with an ARN, and what is allowed; None if nothing is."""
    allowed = f"the ARN of {kind.meaning}"
    if kind.bare is not None and re.fullmatch(kind.bare, value):
        return None
    arn = parse(value)
    if value.startswith("alias/") or (
        arn is not None and arn.resource.startswith("alias/") and "alias" not in kind.resource
    ):
        return (
            "is an alias; AWS stores the key's ARN, so the next plan shows a change or a replacement",
            f"{allowed} itself",
        )
    if arn is None or not re.fullmatch(kind.service, arn.service):
        return f"is not the ARN of {kind.meaning}", allowed
    if re.search(r"[*?]", arn.resource.removesuffix(":*")):
        return "has a wildcard, but must name one resource", allowed
    if not re.fullmatch(kind.resource, arn.resource):
        return f"is not the ARN of {kind.meaning}", allowed
    return _misplaced(arn, kind, context, allowed)


def _misplaced(arn: Arn, kind: Kind, context: Context, allowed: str) -> tuple[str, str] | None:
    partition = regions.partition_of(context.region) if context.region else None
    if arn.partition not in regions.PARTITIONS or partition not in (None, arn.partition):
        where = f"arn:{partition}:... in {context.region}" if partition else ", ".join(regions.PARTITIONS)
        return f"is in the partition {arn.partition}", f"{allowed}, {where}"
    if arn.region and regions.partition_of(arn.region) != arn.partition:
        return f"has a region of another partition, {arn.region}", f"{allowed}, with a region of {arn.partition}"
    managed = arn.account == _AWS_MANAGED and kind.resource.startswith("policy")
    if not _ACCOUNT.fullmatch(arn.account) and not managed and arn.service not in _WITHOUT_ACCOUNT:
        return "does not name an account of twelve digits", allowed
    if kind.regional and context.region and arn.region != context.region:
        return f"is in the region {arn.region or '(none)'}", f"{allowed} in {context.region}"
    if kind.own_account and context.account and not managed and arn.account != context.account:
        return f"is in the account {arn.account}", f"{allowed} in {context.account}"
    return None

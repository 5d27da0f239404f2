"""What single arguments may be, by resource type and dotted path (``[]`` is every item of a list)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from constructs_lib.limits import sources

DOMAIN = "aws_opensearch_domain"
STREAM = "aws_kinesis_stream"
DELIVERY = "aws_kinesis_firehose_delivery_stream"


@dataclass(frozen=True)
class Range:
    """A number from `minimum` to `maximum`, both included; None is no bound."""

    minimum: float | None
    maximum: float | None
    source: str
    unit: str = ""

    def accepts(self, value: float) -> bool:
        """Whether a number lies within."""
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.maximum is None:
            return f"{self.minimum:g} or more{unit}"
        return f"{self.minimum or 0:g} to {self.maximum:g}{unit}"


@dataclass(frozen=True)
class Length(Range):
    """A text of `minimum` to `maximum` characters."""

    unit: str = "characters"


@dataclass(frozen=True)
class Count(Range):
    """A list of `minimum` to `maximum` items."""

    unit: str = "items"


@dataclass(frozen=True)
class Choice:
    """One of a few texts or numbers, written exactly so."""

    values: tuple[str | int, ...]
    source: str

    def accepts(self, value: object) -> bool:
        """Whether the value is one of them (1 is not True)."""
        return any(value == one and type(value) is type(one) for one in self.values)

    def __str__(self) -> str:
        return ", ".join(str(value) for value in self.values)


@dataclass(frozen=True)
class Pattern:
    """A text that matches an expression as a whole."""

    expression: str
    meaning: str
    source: str

    def accepts(self, value: str) -> bool:
        """Whether the whole text matches."""
        return re.fullmatch(self.expression, value) is not None

    def __str__(self) -> str:
        return self.meaning


Limit = Range | Choice | Pattern

_STREAM_ARGUMENTS: dict[str, tuple[Limit, ...]] = {
    "name": (
        Length(1, 128, sources.KINESIS_MODEL),
        Pattern(r"[a-zA-Z0-9_.-]+", "letters, digits and _ . -", sources.KINESIS_MODEL),
    ),
    "encryption_type": (Choice(("NONE", "KMS"), sources.KINESIS_MODEL),),
    "kms_key_id": (Length(1, 2048, sources.KINESIS_MODEL),),
    "max_record_size_in_kib": (Range(1024, 10240, sources.KINESIS_MODEL, "KiB"),),
    "retention_period": (Range(24, 8760, sources.STREAM_PROVIDER, "hours"),),
    "shard_count": (Range(0, 1_000_000, sources.KINESIS_MODEL, "shards"),),
    "shard_level_metrics[]": (
        Choice(
            (
                "IncomingBytes",
                "IncomingRecords",
                "OutgoingBytes",
                "OutgoingRecords",
                "WriteProvisionedThroughputExceeded",
                "ReadProvisionedThroughputExceeded",
                "IteratorAgeMilliseconds",
                "ALL",
            ),
            sources.KINESIS_MODEL,
        ),
    ),
    "stream_mode_details.stream_mode": (Choice(("PROVISIONED", "ON_DEMAND"), sources.KINESIS_MODEL),),
}

ARGUMENTS: dict[tuple[str, str], tuple[Limit, ...]] = {
    (resource_type, path): limits
    for resource_type, table in ((STREAM, _STREAM_ARGUMENTS),)
    for path, limits in table.items()
}
"""Every limit that concerns one argument alone."""

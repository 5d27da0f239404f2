"""What a planned size can carry: throughput of shards, memory of instances, sizes of requests."""

from __future__ import annotations

from typing import Final

_GUIDE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide"
SHARD_SOURCE: Final = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"
SHARD_WRITE_MIB: Final = 1
"""MiB a second that one shard takes."""
SHARD_WRITE_RECORDS: Final = 1000
"""Records a second that one shard takes."""
SHARD_READ_MIB: Final = 2
"""MiB a second that all consumers together read from one shard."""

DOMAIN_SOURCE: Final = f"{_GUIDE}/limits.html"
DOMAIN_NODES: Final = 80
"""Data and warm nodes a domain before the quota must be raised."""
DOMAIN_MASTERS: Final = 5
"""Dedicated master nodes a domain."""
SMALL_PAYLOAD_MIB: Final = 10
LARGE_PAYLOAD_MIB: Final = 100
"""Largest HTTP request: the small one for t2, t3 and `*.large`, the large one above."""

SHARDS_SOURCE: Final = f"{_GUIDE}/bp-sharding.html"
SHARDS_PER_HEAP_GIB: Final = 25
SHARDS_PER_NODE: Final = 1000
"""Shards that a node should carry: by its heap, and never more than the latter."""
LARGEST_HEAP_GIB: Final = 32
STORAGE_SOURCE: Final = f"{_GUIDE}/bp-storage.html"
STORAGE_OVERHEAD: Final = 1.45
"""Storage needed for one byte of source: indexing, the operating system's reserve, the service's own."""

LAMBDA_SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
LAMBDA_MEMORY_MIB: Final = 10240
LAMBDA_TIMEOUT_S: Final = 900
LAMBDA_PAYLOAD_MIB: Final = 6
"""Largest request to, and response of, a function."""
FIREHOSE_LAMBDA_SOURCE: Final = "https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html"
FIREHOSE_LAMBDA_TIMEOUT_S: Final = 300
"""Longest that a delivery stream waits for its transform."""

_GIB_PER_VCPU: Final = {"c": 2.0, "m": 4.0, "r": 8.0, "i": 7.625, "im": 4.0, "or": 8.0, "om": 4.0, "oi": 8.0}
_VCPUS: Final = {"medium": 1, "large": 2, "xlarge": 4}
_SMALL: Final = {"t2.micro": 1.0, "t2.small": 2.0, "t2.medium": 4.0, "t3.micro": 1.0, "t3.small": 2.0, "t3.medium": 4.0}


def instance_memory_gib(instance_type: str) -> float | None:
    """Memory of an instance type (``r7g.large.search``) by its family and size; None for a family not known here.

    Families keep one ratio of memory to vCPUs, and sizes double (EC2's instance type tables).
    """
    parts = instance_type.split(".")
    if len(parts) != 3:
        return None
    family, size, _ = parts
    if f"{family}.{size}" in _SMALL:
        return _SMALL[f"{family}.{size}"]
    letters = family[: next((n for n, letter in enumerate(family) if letter.isdigit()), 0)]
    ratio = _GIB_PER_VCPU.get(letters)
    times = size.removesuffix("xlarge")
    vcpus = _VCPUS.get(size) or (4 * int(times) if times.isdigit() and size.endswith("xlarge") else None)
    return None if ratio is None or vcpus is None else ratio * vcpus


def heap_gib(instance_type: str) -> float | None:
    """The engine's heap on an instance type: half the memory, at most 32 GiB."""
    memory = instance_memory_gib(instance_type)
    return None if memory is None else min(memory / 2, LARGEST_HEAP_GIB)


def payload_mib(instance_type: str) -> int:
    """Largest HTTP request that a domain of this instance type takes."""
    small = instance_type.startswith(("t2.", "t3.")) or instance_type.endswith(".large.search")
    return SMALL_PAYLOAD_MIB if small else LARGE_PAYLOAD_MIB

"""Facts about instance types of search domains."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from constructs_lib.limits.engines import Floor
from constructs_lib.limits.quotas import HEAP_GIB

# Type (without `.search`), vCPUs, memory in GiB, largest gp2 and gp3 volume in GiB (`-`: the type takes none), largest
# HTTP request in MiB (`?`: AWS does not say). Volumes and requests: sources.DOMAIN_QUOTAS; CPUs and memory: EC2.
_TABLE = """
t2.micro 1 1 35 - 10
t2.small 1 2 35 - 10
t2.medium 2 4 35 - 10
t3.small 2 2 100 100 10
t3.medium 2 4 200 200 10
m3.medium 1 3.75 100 - 10
m3.large 2 7.5 512 - 10
m3.xlarge 4 15 512 - 100
m3.2xlarge 8 30 512 - 100
m4.large 2 8 512 - 10
m4.xlarge 4 16 1024 - 100
m4.2xlarge 8 32 1536 - 100
m4.4xlarge 16 64 1536 - 100
m4.10xlarge 40 160 1536 - 100
m5.large 2 8 512 1024 10
m5.xlarge 4 16 1024 2048 100
m5.2xlarge 8 32 1536 3072 100
m5.4xlarge 16 64 3072 6144 100
m5.12xlarge 48 192 9216 18432 100
m6g.large 2 8 512 1024 10
m6g.xlarge 4 16 1024 2048 100
m6g.2xlarge 8 32 1536 3072 100
m6g.4xlarge 16 64 3072 6144 100
m6g.8xlarge 32 128 6144 12288 100
m6g.12xlarge 48 192 9216 18432 100
m7g.medium 1 4 - 512 ?
m7g.large 2 8 - 768 ?
m7g.xlarge 4 16 - 2048 ?
m7g.2xlarge 8 32 - 3072 ?
m7g.4xlarge 16 64 - 6144 ?
m7g.8xlarge 32 128 - 12288 ?
m7g.12xlarge 48 192 - 18432 ?
m7g.16xlarge 64 256 - 24576 ?
m7i.large 2 8 - 768 100
m7i.xlarge 4 16 - 2048 100
m7i.2xlarge 8 32 - 3072 100
m7i.4xlarge 16 64 - 6144 100
m7i.8xlarge 32 128 - 12288 100
m7i.12xlarge 48 192 - 18432 100
m7i.16xlarge 64 256 - 24576 100
m8g.medium 1 4 - 512 100
m8g.large 2 8 - 768 100
m8g.xlarge 4 16 - 2048 100
m8g.2xlarge 8 32 - 3072 100
m8g.4xlarge 16 64 - 6144 100
m8g.8xlarge 32 128 - 12288 100
m8g.12xlarge 48 192 - 18432 100
m8g.16xlarge 64 256 - 24576 100
c4.large 2 3.75 100 - 10
c4.xlarge 4 7.5 512 - 100
c4.2xlarge 8 15 1024 - 100
c4.4xlarge 16 30 1536 - 100
c4.8xlarge 36 60 1536 - 100
c5.large 2 4 256 256 10
c5.xlarge 4 8 512 512 100
c5.2xlarge 8 16 1024 1024 100
c5.4xlarge 16 32 1536 1536 100
c5.9xlarge 36 72 3584 3584 100
c5.18xlarge 72 144 7168 7168 100
c6g.large 2 4 256 256 10
c6g.xlarge 4 8 512 512 100
c6g.2xlarge 8 16 1024 1024 100
c6g.4xlarge 16 32 1536 1536 100
c6g.8xlarge 32 64 3072 3072 100
c6g.12xlarge 48 96 4608 4608 100
c7g.large 2 4 - 256 ?
c7g.xlarge 4 8 - 512 ?
c7g.2xlarge 8 16 - 1024 ?
c7g.4xlarge 16 32 - 1536 ?
c7g.8xlarge 32 64 - 3072 ?
c7g.12xlarge 48 96 - 4608 ?
c7g.16xlarge 64 128 - 6144 ?
c7i.large 2 4 - 256 100
c7i.xlarge 4 8 - 512 100
c7i.2xlarge 8 16 - 1024 100
c7i.4xlarge 16 32 - 1536 100
c7i.8xlarge 32 64 - 3072 100
c7i.12xlarge 48 96 - 4608 100
c7i.16xlarge 64 128 - 6144 100
c8g.large 2 4 - 256 100
c8g.xlarge 4 8 - 512 100
c8g.2xlarge 8 16 - 1024 100
c8g.4xlarge 16 32 - 1536 100
c8g.8xlarge 32 64 - 3072 100
c8g.12xlarge 48 96 - 4608 100
c8g.16xlarge 64 128 - 6144 100
r3.large 2 15.25 512 - 10
r3.xlarge 4 30.5 512 - 100
r3.2xlarge 8 61 512 - 100
r3.4xlarge 16 122 512 - 100
r3.8xlarge 32 244 512 - 100
r4.large 2 15.25 1024 - 100
r4.xlarge 4 30.5 1536 - 100
r4.2xlarge 8 61 1536 - 100
r4.4xlarge 16 122 1536 - 100
r4.8xlarge 32 244 1536 - 100
r4.16xlarge 64 488 1536 - 100
r5.large 2 16 1024 2048 100
r5.xlarge 4 32 1536 3072 100
r5.2xlarge 8 64 3072 6144 100
r5.4xlarge 16 128 6144 12288 100
r5.12xlarge 48 384 12288 24576 100
r6g.large 2 16 1024 2048 100
r6g.xlarge 4 32 1536 3072 100
r6g.2xlarge 8 64 3072 6144 100
r6g.4xlarge 16 128 6144 12288 100
r6g.8xlarge 32 256 8192 16384 100
r6g.12xlarge 48 384 12288 24576 100
r6gd.large 2 16 - - 100
r6gd.xlarge 4 32 - - 100
r6gd.2xlarge 8 64 - - 100
r6gd.4xlarge 16 128 - - 100
r6gd.8xlarge 32 256 - - 100
r6gd.12xlarge 48 384 - - 100
r6gd.16xlarge 64 512 - - 100
r7g.medium 1 8 - 768 ?
r7g.large 2 16 - 1536 ?
r7g.xlarge 4 32 - 3072 ?
r7g.2xlarge 8 64 - 6144 ?
r7g.4xlarge 16 128 - 12288 ?
r7g.8xlarge 32 256 - 16384 ?
r7g.12xlarge 48 384 - 24576 ?
r7g.16xlarge 64 512 - 36864 ?
r7gd.medium 1 8 - - ?
r7gd.large 2 16 - - ?
r7gd.xlarge 4 32 - - ?
r7gd.2xlarge 8 64 - - ?
r7gd.4xlarge 16 128 - - ?
r7gd.8xlarge 32 256 - - ?
r7gd.12xlarge 48 384 - - ?
r7gd.16xlarge 64 512 - - ?
r7i.large 2 16 - 1536 100
r7i.xlarge 4 32 - 3072 100
r7i.2xlarge 8 64 - 6144 100
r7i.4xlarge 16 128 - 12288 100
r7i.8xlarge 32 256 - 16384 100
r7i.12xlarge 48 384 - 24576 100
r7i.16xlarge 64 512 - 36864 100
r8g.medium 1 8 - 768 100
r8g.large 2 16 - 1536 100
r8g.xlarge 4 32 - 3072 100
r8g.2xlarge 8 64 - 6144 100
r8g.4xlarge 16 128 - 12288 100
r8g.8xlarge 32 256 - 16384 100
r8g.12xlarge 48 384 - 24576 100
r8g.16xlarge 64 512 - 36864 100
r8gd.medium 1 8 - - 100
r8gd.large 2 16 - - 100
r8gd.xlarge 4 32 - - 100
r8gd.2xlarge 8 64 - - 100
r8gd.4xlarge 16 128 - - 100
r8gd.8xlarge 32 256 - - 100
r8gd.12xlarge 48 384 - - 100
r8gd.16xlarge 64 512 - - 100
i2.xlarge 4 30.5 512 - 100
i2.2xlarge 8 61 512 - 100
i3.large 2 15.25 - - 100
i3.xlarge 4 30.5 - - 100
i3.2xlarge 8 61 - - 100
i3.4xlarge 16 122 - - 100
i3.8xlarge 32 244 - - 100
i3.16xlarge 64 488 - - 100
i4g.large 2 16 - - 100
i4g.xlarge 4 32 - - 100
i4g.2xlarge 8 64 - - 100
i4g.4xlarge 16 128 - - 100
i4g.8xlarge 32 256 - - 100
i4g.16xlarge 64 512 - - 100
i4i.large 2 16 - - 100
i4i.xlarge 4 32 - - 100
i4i.2xlarge 8 64 - - 100
i4i.4xlarge 16 128 - - 100
i4i.8xlarge 32 256 - - 100
i4i.12xlarge 48 384 - - 100
i4i.16xlarge 64 512 - - 100
i4i.24xlarge 96 768 - - 100
i4i.32xlarge 128 1024 - - 100
i7i.large 2 16 - - 100
i7i.xlarge 4 32 - - 100
i7i.2xlarge 8 64 - - 100
i7i.4xlarge 16 128 - - 100
i7i.8xlarge 32 256 - - 100
i7i.12xlarge 48 384 - - 100
i7i.16xlarge 64 512 - - 100
i8g.large 2 16 - - 100
i8g.xlarge 4 32 - - 100
i8g.2xlarge 8 64 - - 100
i8g.4xlarge 16 128 - - 100
i8g.8xlarge 32 256 - - 100
i8g.12xlarge 48 384 - - 100
i8g.16xlarge 64 512 - - 100
im4gn.large 2 8 - - 100
im4gn.xlarge 4 16 - - 100
im4gn.2xlarge 8 32 - - 100
im4gn.4xlarge 16 64 - - 100
im4gn.8xlarge 32 128 - - 100
im4gn.16xlarge 64 256 - - 100
or1.medium 1 8 - 768 10
or1.large 2 16 - 1536 100
or1.xlarge 4 32 - 3072 100
or1.2xlarge 8 64 - 6144 100
or1.4xlarge 16 128 - 12288 100
or1.8xlarge 32 256 - 16384 100
or1.12xlarge 48 384 - 24576 100
or1.16xlarge 64 512 - 36864 100
or2.medium 1 8 - 768 100
or2.large 2 16 - 1536 100
or2.xlarge 4 32 - 3072 100
or2.2xlarge 8 64 - 6144 100
or2.4xlarge 16 128 - 12288 100
or2.8xlarge 32 256 - 16384 100
or2.12xlarge 48 384 - 24576 100
or2.16xlarge 64 512 - 36864 100
om2.large 2 8 - 768 10
om2.xlarge 4 16 - 2048 100
om2.2xlarge 8 32 - 3072 100
om2.4xlarge 16 64 - 6144 100
om2.8xlarge 32 128 - 12288 100
om2.12xlarge 48 192 - 18432 100
om2.16xlarge 64 256 - 24576 100
oi2.large 2 16 - - 100
oi2.xlarge 4 32 - - 100
oi2.2xlarge 8 64 - - 100
oi2.4xlarge 16 128 - - 100
oi2.8xlarge 32 256 - - 100
oi2.12xlarge 48 384 - - 100
oi2.16xlarge 64 512 - - 100
"""


class InstanceType(NamedTuple):
    """One instance type."""

    vcpus: int
    memory_gib: float
    gp2_gib: int | None
    """Largest gp2 volume; None: the type takes no gp2 (or no EBS at all)."""
    gp3_gib: int | None
    http_mib: int | None
    """Largest HTTP request; None: not published."""

    @property
    def takes_ebs(self) -> bool:
        """Whether EBS volumes can be attached."""
        return self.gp2_gib is not None or self.gp3_gib is not None

    @property
    def heap_gib(self) -> float:
        """Memory of the engine's Java process: half of the memory, at most `HEAP_GIB`."""
        return min(self.memory_gib / 2, HEAP_GIB)


def _read(table: str) -> dict[str, InstanceType]:
    types = {}
    for row in table.split("\n"):
        if row:
            name, vcpus, memory, *rest = row.split()
            gp2, gp3, http = (int(cell) if cell.isdigit() else None for cell in rest)
            types[f"{name}.search"] = InstanceType(int(vcpus), float(memory), gp2, gp3, http)
    return types


INSTANCE_TYPES: Final = _read(_TABLE)

_GRAVITON_FLOOR = Floor((7, 9), (1, 0))
FAMILY_FLOORS: Final = {
    **dict.fromkeys(("c5", "i3", "m5", "r5"), Floor((5, 1), (1, 0))),
    "t3": Floor((5, 6), (1, 0)),
    **dict.fromkeys(("c6g", "m6g", "r6g", "r6gd", "im4gn", "i4g", "i4i", "i7i", "i8g"), _GRAVITON_FLOOR),
    **dict.fromkeys(("c7g", "m7g", "r7g", "r7gd", "c7i", "m7i", "r7i"), _GRAVITON_FLOOR),
    **dict.fromkeys(("c8g", "m8g", "r8g", "r8gd"), _GRAVITON_FLOOR),
    **dict.fromkeys(("or1", "or2", "om2", "oi2"), Floor(None, (2, 11))),
}
"""First engine version by instance family (sources.INSTANCE_TYPES); families left out run with any."""

BURSTABLE: Final = ("t2", "t3")
"""No UltraWarm, no Auto-Tune, no standby, few nodes (sources.INSTANCE_TYPES)."""
OPTIMIZED: Final = ("or1", "or2", "om2", "oi2")
"""OpenSearch-optimized types, which also store indices in S3: 20 GiB of EBS or more, encryption at rest, Graviton
masters (sources.OPTIMIZED)."""
OPTIMIZED_REFRESH_S: Final = 10
"""Shortest refresh interval on optimized types, in seconds (sources.OPTIMIZED)."""
OPTIMIZED_LATER: Final = Floor(None, (2, 15))
"""First engine version on which an existing domain moves to optimized types (sources.OPTIMIZED)."""
WARM_FAMILY: Final = "ultrawarm1"
"""Types of warm nodes only."""
UNENCRYPTED: Final = ("t2", "m3", "r3")
"""No encryption at rest, hence no fine-grained access control (sources.INSTANCE_TYPES)."""
OWN_DISKS_OR_EBS: Final = ("m3", "r3", "i2")
"""Older types that use their own disks unless EBS is asked for (sources.DOMAIN_QUOTAS)."""
NO_MAGNETIC: Final = ("c6g", "m6g", "r6g", "r6gd")
"""Take no `standard` volume; nor do the types without gp2 (sources.DOMAIN_QUOTAS)."""

EBS_MINIMUM_GIB: Final = 10
OPTIMIZED_EBS_MINIMUM_GIB: Final = 20
MAGNETIC_MAXIMUM_GIB: Final = 100
BURSTABLE_MAGNETIC_FREE: Final = ("t2.small.search", "t2.medium.search")
"""Types without the limit of 100 GiB for magnetic volumes (sources.DOMAIN_QUOTAS)."""

GP3_IOPS_MINIMUM: Final = 3000
GP3_THROUGHPUT_MINIMUM: Final = 125
"""MiB/s, which every gp3 volume has (sources.EBS_VOLUME_TYPES)."""
GP3_IOPS_PER_GIB: Final = 500
GP3_INCLUDED_IOPS_PER_GIB: Final = 3
GP3_IOPS_MAXIMUM: Final = 80000
"""IOPS a volume: EBS raised it from 16,000 in September 2025 (sources.EBS_VOLUME_TYPES)."""
GP3_DOCUMENTED_IOPS: Final = 16000
GP3_DOCUMENTED_THROUGHPUT: Final = 1000
GP3_THROUGHPUT_PER_IOPS: Final = 0.25
GP3_THROUGHPUT_MAXIMUM: Final = 2000
"""MiB/s a volume: EBS raised it from 1,000 in September 2025, and a domain strings several volumes together."""
GP3_STRIPE_GIB: Final = 3072
"""A further volume, with its own IOPS and throughput, for every 3 TiB of a data node (sources.GP3_IN_DOMAINS)."""
GP3_LARGE_GIB: Final = 256
GP3_LARGE_THROUGHPUT: Final = 250
"""At this size AWS answers `Throughput must be between 250 and ...` to less (sources.GP3_FLOOR)."""
IO1_IOPS_PER_GIB: Final = 50


def family(instance_type: str) -> str:
    """``r6g`` of ``r6g.large.search``."""
    return instance_type.partition(".")[0]


def is_graviton(instance_type: str) -> bool:
    """Whether a type runs on a Graviton processor: its family has a g after the generation, as in m7g and im4gn."""
    return re.search(r"\d+g", family(instance_type)) is not None


def most_nodes(instance_type: str, *, large_clusters: bool) -> int:
    """Most data nodes a domain can have of a type, increases included (sources.DOMAIN_QUOTAS).

    Args:
        instance_type: type of the data nodes.
        large_clusters: whether the engine is OpenSearch 2.17 or later.
    """
    kind = family(instance_type)
    if kind in BURSTABLE:
        return 10
    if not large_clusters or kind in ("m3", "c4", "m4", "r4", "c5", "m5", "r5", "i2", "i3", "r3"):
        return 200
    small = instance_type.split(".")[1:2] in (["medium"], ["large"])
    return 1002 if kind in OPTIMIZED and not small else 400

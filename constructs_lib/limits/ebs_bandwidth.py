"""How much EBS traffic an instance type carries (EC2's table of EBS-optimized instances).

OpenSearch Service refuses a gp3 volume with more throughput or IOPS than its instance carries: it answers ``Throughput
must be set to 593`` for types that carry 593.75 MB/s.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from constructs_lib.limits.instances import GP3_INCLUDED_IOPS_PER_GIB, GP3_IOPS_MINIMUM

SOURCE: Final = "https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-type-specifications.html"


class Bandwidth(NamedTuple):
    """Most that one instance moves to and from its EBS volumes."""

    throughput: int
    """MB/s, rounded down."""
    iops: int


_SMALL = ("medium", "large", "xlarge", "2xlarge", "4xlarge")
_SEVENTH = {
    **dict.fromkeys((*_SMALL, "8xlarge"), Bandwidth(1250, 40000)),
    "12xlarge": Bandwidth(1875, 60000),
    "16xlarge": Bandwidth(2500, 80000),
}
_SIXTH = {
    **dict.fromkeys(_SMALL, Bandwidth(593, 20000)),
    "8xlarge": Bandwidth(1187, 40000),
    "12xlarge": Bandwidth(1781, 50000),
}
_FIFTH = {**dict.fromkeys(_SMALL, Bandwidth(593, 18750)), "12xlarge": Bandwidth(1187, 40000)}
_BY_FAMILY: dict[str, dict[str, Bandwidth]] = {
    "t3": dict.fromkeys(("small", "medium"), Bandwidth(260, 11800)),
    **dict.fromkeys(("m5", "r5"), _FIFTH),
    "c5": {
        **dict.fromkeys(_SMALL, Bandwidth(593, 20000)),
        "9xlarge": Bandwidth(1187, 40000),
        "18xlarge": Bandwidth(2375, 80000),
    },
    **dict.fromkeys(("c6g", "m6g", "r6g"), _SIXTH),
    **dict.fromkeys(("c7g", "m7g", "r7g", "c7i", "m7i", "r7i", "c8g", "m8g", "r8g"), _SEVENTH),
}


def bandwidth_of(instance_type: str) -> Bandwidth | None:
    """Bandwidth of a type such as ``r6g.large.search``; None where AWS does not publish it."""
    family, _, rest = instance_type.partition(".")
    return _BY_FAMILY.get(family, {}).get(rest.partition(".")[0])


def included_iops(instance_type: str, size_gib: int) -> int:
    """IOPS that the price of a gp3 volume includes, as far as its instance type carries them."""
    included = max(GP3_IOPS_MINIMUM, GP3_INCLUDED_IOPS_PER_GIB * size_gib)
    most = bandwidth_of(instance_type)
    return included if most is None else min(included, most.iops)

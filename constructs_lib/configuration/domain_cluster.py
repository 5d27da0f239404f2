"""``domain``: nodes and their disks."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.section import Section


class ColdStorageOptions(Section):
    """Cold storage, for indices that are rarely searched."""

    enabled: bool = True
    """Whether indices may move to cold storage. Needs warm nodes."""


class NodeConfig(Section):
    """How many nodes there are, and of which type."""

    enabled: bool = True
    """Whether these nodes exist."""
    count: int | None = None
    """Number of these nodes."""
    type: str | None = None
    """Instance type of these nodes."""


class NodeOptions(Section):
    """Dedicated coordinator nodes."""

    node_type: Literal["coordinator"] = "coordinator"
    """What the nodes do; AWS knows coordinators only."""
    node_config: NodeConfig


class ZoneAwarenessConfig(Section):
    """Zones that the data nodes spread over."""

    availability_zone_count: int = 2
    """Number of zones, 2 or 3."""


class ClusterConfig(Section):
    """Nodes of the cluster. Default: three data nodes over three zones, without dedicated masters."""

    instance_type: str = "r7g.large.search"
    """Instance type of the data nodes."""
    instance_count: int = 3
    """Number of data nodes; a multiple of the zones."""
    dedicated_master_enabled: bool = False
    """Whether the cluster has dedicated masters, which more than 10 data nodes require."""
    dedicated_master_count: int | None = None
    """Number of dedicated masters, 3 or 5. Default: 3 when dedicated masters are on."""
    dedicated_master_type: str | None = None
    """Instance type of the dedicated masters. Default: ``m7g.large.search`` when dedicated masters are on."""
    zone_awareness_enabled: bool | None = None
    """Whether data nodes spread over several zones. Default: on with more than one data node."""
    zone_awareness_config: ZoneAwarenessConfig | None = None
    """Number of zones. Default: 2 or 3, so that the data nodes spread evenly."""
    multi_az_with_standby_enabled: bool | None = None
    """Whether one of three zones is a standby. Needs dedicated masters and a multiple of three data nodes."""
    warm_enabled: bool | None = None
    """Whether there are UltraWarm nodes, which keep old indices in S3. Needs dedicated masters."""
    warm_count: int | None = None
    """Number of warm nodes; a multiple of the zones."""
    warm_type: str | None = None
    """Instance type of the warm nodes, such as ``ultrawarm1.medium.search``."""
    cold_storage_options: ColdStorageOptions | None = None
    node_options: list[NodeOptions] | None = None


class EbsOptions(Section):
    """Disks of the data nodes."""

    ebs_enabled: bool = True
    """Whether data nodes have EBS volumes; off for instance types with disks of their own."""
    volume_type: Literal["standard", "gp2", "gp3", "io1", "io2"] | None = None
    """Type of the volumes. Default: gp3."""
    volume_size: int | None = None
    """GiB of a data node's volume. Default: 20."""
    iops: int | None = None
    """I/O operations a second, for gp3 and io1. Default for gp3: 3 for each GiB, at least 3,000, which the price
    includes."""
    throughput: int | None = None
    """MiB/s, for gp3. Default: 125, and 250 from 256 GiB on."""

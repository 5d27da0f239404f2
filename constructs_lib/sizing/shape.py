"""The shape of a deployment: the numbers of its stream, transform, delivery and domain that determine its capacity."""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lib.limits import engines, quotas
from constructs_lib.limits.instances import INSTANCE_TYPES, InstanceType

FREE_PERCENT = 25
"""Default threshold of the free-storage alarm, as a share of a disk."""


@dataclass(frozen=True)
class Shape:
    """Capacity as numbers. None: unset, unknown or absent; hops that depend on it are left out."""

    on_demand: bool | None = None
    shards: float | None = None
    retention_seconds: float | None = None
    region: str | None = None
    transform: bool = True
    memory_mib: float | None = None
    reserved_calls: float | None = None
    """Reserved concurrent executions of the transform; None: none."""
    batch_mib: float | None = None
    batch_seconds: float | None = None
    buffer_seconds: float | None = None
    retry_seconds: float | None = None
    refresh_seconds: float = 30
    rotation: str | None = None
    engine: engines.Engine | None = None
    instance_type: str | None = None
    nodes: float | None = None
    zones: float = 1
    standby: bool = False
    disk_gib: float | None = None
    """GiB of EBS a data node; None for types with disks of their own, whose size is not known here."""
    free_share: float = FREE_PERCENT / 100
    """Share of a disk that must stay free; the alarm fires below it."""
    masters: float = 0
    master_type: str | None = None
    primaries: float | None = None
    """Primary shards of an index, as they are now."""
    primaries_by_traffic: bool = False
    """Whether they are not set and so follow from the traffic."""
    replicas: float | None = None
    warm_type: str | None = None
    warm_nodes: float = 0
    collector_rate: float | None = None
    """Requests a second of the collector's throttle; None: there is no collector."""
    collector_calls: float | None = None
    """Reserved concurrent executions of the collector; None: none."""
    recommends: bool = False
    """Whether there is a recommender."""
    recommender_rate: float | None = None
    """Requests a second of the throttle of the recommender's API; None: there is no API."""
    recommender_calls: float | None = None
    """Reserved concurrent executions of the recommender; None: none."""
    bulk_mib: float | None = None
    """MiB of a bulk request."""
    warm_throughput_mib: float | None = None
    """Warm throughput of an on-demand stream in MiB a second."""

    @property
    def facts(self) -> InstanceType | None:
        """Facts about the type of the data nodes."""
        return INSTANCE_TYPES.get(self.instance_type or "")

    @property
    def copies(self) -> float | None:
        """Copies of each document, the primary included."""
        return None if self.replicas is None else self.replicas + 1

    @property
    def period_days(self) -> float | None:
        """Days that an index is written to; None where it is never rotated or that is not known."""
        return quotas.ROTATION_DAYS.get(self.rotation or "")

    @property
    def vcpus(self) -> float | None:
        """vCPUs of all data nodes."""
        facts = self.facts
        return None if facts is None or self.nodes is None else facts.vcpus * self.nodes

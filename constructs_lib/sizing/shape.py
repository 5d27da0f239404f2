"""What a deployment provides: the numbers of its stream, transform, delivery and domain that decide what it carries."""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lib.limits import engines, quotas
from constructs_lib.limits.instances import INSTANCE_TYPES, InstanceType

FREE_PERCENT = 25
"""Share of a disk below which the alarm on free storage rings by itself."""


@dataclass(frozen=True)
class Shape:
    """Capacity as numbers. None: not said, not known, or not there; what depends on it is then left out."""

    on_demand: bool | None = None
    shards: float | None = None
    retention_seconds: float | None = None
    region: str | None = None
    transform: bool = True
    memory_mib: float | None = None
    reserved_calls: float | None = None
    """Calls of the transform at once that are reserved for it; None: none are."""
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
    """Share of a disk that stays free, below which an alarm rings."""
    masters: float = 0
    master_type: str | None = None
    primaries: float | None = None
    """Primary shards of an index, as they are now."""
    primaries_by_traffic: bool = False
    """Whether nobody named them, so that they follow from the traffic."""
    replicas: float | None = None
    warm_type: str | None = None
    warm_nodes: float = 0
    collector_rate: float | None = None
    """Requests a second that the collector lets through; None: there is no collector."""
    collector_calls: float | None = None
    """Calls of the collector at once that are reserved for it; None: none are."""
    recommends: bool = False
    """Whether there is a recommender."""
    recommender_rate: float | None = None
    """Requests a second that the recommender's API lets through; None: there is no API."""
    recommender_calls: float | None = None
    """Calls of the recommender at once that are reserved for it; None: none are."""
    bulk_mib: float | None = None
    """MiB of a bulk request."""
    warm_throughput_mib: float | None = None
    """MiB a second that an on-demand stream is kept ready for."""

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

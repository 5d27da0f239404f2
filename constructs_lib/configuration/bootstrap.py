"""``bootstrap``: setup of the domain before the first document: templates, lifecycle, roles, dashboards, alerts."""

from __future__ import annotations

from typing import Any, Literal

from constructs_lib.configuration.delivery import OpensearchConfiguration
from constructs_lib.configuration.domain_cluster import ClusterConfig
from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section
from constructs_lib.configuration.traffic import TrafficSettings
from constructs_lib.limits.quotas import PRIMARY_SHARDS_OF_AN_INDEX, ROTATION_DAYS
from constructs_lib.rules.capacity import demand_of
from constructs_lib.sizing.formulae import primary_shards

Feature = Literal["dashboards", "monitors", "detectors"]


class BootstrapFunctionSettings(FunctionSettings):
    """How the function runs."""

    memory_size: int = 512
    """MiB of memory; the function mostly waits for the domain."""
    timeout: int = 600
    """Seconds that a run may take; half of it may be spent waiting for the domain."""
    reserved_concurrent_executions: int | None = None
    """Reserved concurrent executions, taken from the account's limit; null reserves none."""


class BootstrapSettings(Section):
    """The function that installs templates, lifecycle, roles and dashboards in the domain; on by default."""

    enabled: bool = True
    """Whether the function sets the domain up. Off: install index templates and roles yourself before the first
    delivery."""
    number_of_shards: int | None = None
    """Primary shards of each events index. Default: 1, or as many as ``traffic`` needs at 40 GiB a shard."""
    number_of_replicas: int | None = None
    """Further copies of each shard. Default: 1; 2 with standby; 0 with a single data node."""
    refresh_interval: str = "30s"
    """Time after which new documents can be searched; ``30s`` costs far less CPU than the engine's default of
    ``1s``."""
    merge_after_days: int | None = 2
    """Age in days at which an index is merged to one segment for each shard; null: never."""
    warm_after_days: int | None = None
    """Age in days at which indices move to the warm nodes, which the domain must have; null: never. Warm indices
    are read-only: a person's events cannot be erased there."""
    cold_after_days: int | None = None
    """Age in days at which warm indices move to cold storage, which the domain must have; null: never."""
    retention_days: int | None = 90
    """Age in days at which indices are deleted; null: never. ``archive.lifecycle`` sets the archive's ages."""
    queries_index_name: str = "ubi_queries"
    """Alias to which applications write search queries (OpenSearch User Behavior Insights)."""
    ubi_events_alias: str | None = "ubi_events"
    """Alias under which User Behavior Insights' tools find the events; null: none."""
    install: list[Feature] = ["dashboards", "monitors", "detectors"]
    """What is installed besides templates, lifecycle and roles."""
    thresholds: dict[str, int | str] = {}
    """Thresholds of monitors and detectors that differ from the defaults, such as ``burst_events: 1200``."""
    schedule: str | None = "rate(1 day)"
    """Schedule of further runs besides each change, in EventBridge's notation; null: none. Such a run installs
    detectors, which need documents first, and reverts manual changes."""
    vpc: bool | None = None
    """Whether the function runs in the deployment's VPC. Default: true if the domain does."""
    function: BootstrapFunctionSettings = BootstrapFunctionSettings()

    def sized(self, traffic: TrafficSettings | None, rotation: str) -> BootstrapSettings:
        """A copy with the primary shards that the traffic needs, unless they are set or there is no traffic.

        Args:
            traffic: the expected traffic; None where the file states none.
            rotation: how often the delivery stream begins an index.
        """
        demand = None if traffic is None else demand_of(traffic.resolved(self))
        if demand is None or self.number_of_shards is not None:
            return self
        shards = primary_shards(demand.steady(), ROTATION_DAYS.get(rotation, 1.0))
        return self.model_copy(update={"number_of_shards": min(int(shards.value), PRIMARY_SHARDS_OF_AN_INDEX)})

    def resolved(self, cluster: ClusterConfig | None, destination: OpensearchConfiguration) -> dict[str, Any]:
        """Counts with the defaults that follow from domain and delivery, ages, and the templates' index patterns.

        Args:
            cluster: the domain's nodes; None where they are unknown: an existing domain.
            destination: the delivery stream's destination.
        """
        shards = 1 if self.number_of_shards is None else self.number_of_shards
        replicas = self.number_of_replicas
        if replicas is None:
            standby = cluster is not None and cluster.multi_az_with_standby_enabled
            alone = cluster is not None and cluster.instance_count == 1
            replicas = 2 if standby else 0 if alone else 1
        values = {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "refresh_interval": self.refresh_interval,
            "retention_days": self.retention_days,
            "warm_after_days": self.warm_after_days,
            "index_patterns": [destination.index_name, f"{destination.index_name}-*"],
        }
        return {name: value for name, value in values.items() if value is not None}

"""The capacity of an environment file, the proposed capacity, and the block to paste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from constructs_lib import limits
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.judging import pipeline_parts
from constructs_lib.configuration.traffic import TrafficSettings
from constructs_lib.limits import ebs_bandwidth, instances
from constructs_lib.limits.instances import family
from constructs_lib.rules.capacity import demand_of, shape_of
from constructs_lib.sizing import formulae, proposal
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.hops import Hop, hops
from constructs_lib.sizing.one_deployment import Wishes
from constructs_lib.sizing.proposal import Proposal
from constructs_lib.sizing.shape import Shape

_PLACES = ("stream", "domain", "delivery")


@dataclass(frozen=True)
class Deployment:
    """An environment's demand and shape."""

    environment: Environment
    demand: Demand
    shape: Shape
    stated: bool
    """Whether the file states its traffic; if not, the demand follows from the section's defaults."""

    def hops(self) -> list[Hop]:
        """Load and capacity of each hop."""
        return hops(self.shape, self.demand)

    def propose(self) -> Proposal:
        """The right shape for the traffic.

        Raises:
            constructs_lib.sizing.proposal.TooMuchError: it exceeds what one account carries.
        """
        return proposal.propose(self.demand, self.shape, wishes(self.environment))


def deployment_of(environment: Environment) -> Deployment:
    """The capacity of an environment without errors."""
    parts = pipeline_parts(environment)
    traffic = environment.traffic or TrafficSettings()
    demand = demand_of(traffic.resolved(environment.bootstrap), recommends=environment.recommender is not None)
    if demand is None:
        raise ValueError("the rules have not checked the traffic")
    return Deployment(environment, demand, shape_of(parts), environment.traffic is not None)


def shares(
    environment: Environment, planned: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]] | None = None
) -> list[Hop]:
    """The hops of an environment whose file states its traffic, none otherwise.

    Args:
        environment: the plan's environment file.
        planned: resources of that plan by type, each an address and its values. Where exactly one of a type will
            exist, its values stand for what the file says of that part.
    """
    if environment.traffic is None:
        return []
    found = deployment_of(environment)
    parts = pipeline_parts(environment)
    for place, kind in zip(_PLACES, (limits.STREAM, limits.DOMAIN, limits.DELIVERY), strict=True):
        resources = (planned or {}).get(kind, [])
        if len(resources) == 1:
            parts[place] = resources[0][1]
    return hops(shape_of(parts), found.demand)


def wishes(environment: Environment) -> Wishes:
    """Settings of a file that a proposal keeps: type and zones of its nodes, if set."""
    cluster, network = environment.domain.cluster_config, environment.network
    said = cluster.model_fields_set
    standby = cluster.multi_az_with_standby_enabled if "multi_az_with_standby_enabled" in said else None
    tune = environment.domain.auto_tune_options
    if tune is not None and tune.desired_state == "DISABLED":
        standby = False
    zones = 3
    if network is not None:
        given = environment.domain.vpc_options
        subnets = (given.subnet_ids if given else None) or network.subnet_ids or network.availability_zones
        zones = min(3, max(1, len(subnets)))
    named = family(cluster.instance_type) if "instance_type" in said else None
    return Wishes(
        family=None if named in instances.BURSTABLE else named,
        zones=zones,
        standby=standby,
        masters=cluster.dedicated_master_enabled if "dedicated_master_enabled" in said else None,
        single="instance_count" in said and cluster.instance_count == 1,
        bulk_mib=environment.delivery.opensearch_configuration.buffering_size or 5,
    )


def block(found: Deployment, proposed: Proposal) -> dict[str, Any]:
    """The keys to write into the file for the capacity; with several deployments, into the file of each."""
    shape, environment = proposed.shape, found.environment
    values: dict[str, Any] = {}
    if proposed.deployments > 1:
        values["traffic"] = _part_of_traffic(found, proposed.deployments)
    if shape.collector_rate is not None:
        rate = int(shape.collector_rate)
        values["collector"] = {"throttle": {"rate": rate, "burst": 2 * rate}}
        if found.shape.collector_calls is not None:
            values["collector"]["function"] = {"reserved_concurrent_executions": "by_rate"}
    if shape.recommender_rate is not None:
        rate = int(shape.recommender_rate)
        values["recommender"] = {"api": {"throttle": {"rate": rate, "burst": 2 * rate}}}
    if shape.recommender_calls is not None:
        reserved = {"reserved_concurrent_executions": int(shape.recommender_calls)}
        values.setdefault("recommender", {})["function"] = reserved
    if not shape.on_demand and environment.existing.stream is None:
        values["stream"] = {"shard_count": int(shape.shards or 1)}
    if environment.existing.domain is None:
        values["domain"] = {"cluster_config": _cluster(shape), "ebs_options": _disk(shape)}
        if shape.warm_nodes and proposed.demand.cold_days:
            values["domain"]["cluster_config"]["cold_storage_options"] = {"enabled": True}
    values["delivery"] = {
        "opensearch_configuration": {
            "index_rotation_period": shape.rotation,
            "retry_duration": int(shape.retry_seconds or 0),
        }
    }
    if environment.bootstrap.enabled:
        values["bootstrap"] = {"number_of_shards": int(shape.primaries or 1)}
        if environment.existing.domain is None:
            values["bootstrap"]["number_of_replicas"] = int(shape.replicas or 0)
        values["bootstrap"] |= _ages(found, proposed)
    if environment.transform.enabled and found.shape.reserved_calls is not None:
        values["transform"] = {"function": {"reserved_concurrent_executions": "by_shards"}}
    return values


def block_text(found: Deployment, proposed: Proposal) -> str:
    """The same as YAML."""
    return yaml.safe_dump(block(found, proposed), sort_keys=False, default_flow_style=False, allow_unicode=True)


def pasted(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A file's mapping with the block's keys replacing its own."""
    merged = dict(document)
    for key, value in values.items():
        own = merged.get(key)
        merged[key] = pasted(own, value) if isinstance(value, Mapping) and isinstance(own, Mapping) else value
    return merged


def lag(shape: Shape) -> formulae.Formula | None:
    """Seconds within which an event can be searched; None where the buffers are not known."""
    if shape.buffer_seconds is None:
        return None
    batch = (shape.batch_seconds or 0) if shape.transform else 0
    return formulae.lag_seconds(batch, shape.buffer_seconds, shape.refresh_seconds)


def _part_of_traffic(found: Deployment, deployments: int) -> dict[str, Any]:
    part = found.demand.part(deployments)
    given = (found.environment.traffic or TrafficSettings()).model_dump(exclude_unset=True, exclude_none=True)
    rates = {"events_per_second": part.average, "peak_events_per_second": part.peak}
    if found.environment.recommender is not None:
        rates["recommendations_per_second"] = part.recommendations
    return {name: int(value) if value == int(value) else round(value, 6) for name, value in (given | rates).items()}


def _cluster(shape: Shape) -> dict[str, Any]:
    values: dict[str, Any] = {
        "instance_type": shape.instance_type,
        "instance_count": int(shape.nodes or 1),
        "zone_awareness_enabled": shape.zones > 1,
    }
    if shape.zones > 1:
        values["zone_awareness_config"] = {"availability_zone_count": int(shape.zones)}
    values["multi_az_with_standby_enabled"] = shape.standby
    values["dedicated_master_enabled"] = bool(shape.masters)
    if shape.masters:
        values |= {"dedicated_master_count": int(shape.masters), "dedicated_master_type": shape.master_type}
    if shape.warm_nodes:
        values |= {"warm_enabled": True, "warm_count": int(shape.warm_nodes), "warm_type": shape.warm_type}
    return values


def _disk(shape: Shape) -> dict[str, Any]:
    """The disk with its performance, so that the file's values for another disk are replaced."""
    size, facts = int(shape.disk_gib or 0), shape.facts
    if facts is not None and facts.gp3_gib is None:
        return {"ebs_enabled": True, "volume_type": "gp2", "volume_size": size}
    large = size >= instances.GP3_LARGE_GIB
    return {
        "ebs_enabled": True,
        "volume_type": "gp3",
        "volume_size": size,
        "iops": ebs_bandwidth.included_iops(shape.instance_type or "", size),
        "throughput": instances.GP3_LARGE_THROUGHPUT if large else 125,
    }


def _ages(found: Deployment, proposed: Proposal) -> dict[str, Any]:
    """Ages of indices if the traffic sets days, or if those in the file do not fit the rotation."""
    own, demand, shape = found.environment.bootstrap, proposed.demand, proposed.shape
    given = found.environment.traffic.model_fields_set if found.environment.traffic is not None else set()
    if not given & {"hot_days", "warm_days", "cold_days"}:
        return {}
    hot, warm, cold = (int(days) for days in (demand.hot_days, demand.warm_days, demand.cold_days))
    values: dict[str, Any] = {"retention_days": hot + warm + cold}
    merge = own.merge_after_days
    if merge is not None and merge >= hot:
        values["merge_after_days"] = hot - 1 if hot > 1 else None
    values["warm_after_days"] = hot if shape.warm_nodes else None
    values["cold_after_days"] = hot + warm if shape.warm_nodes and cold else None
    return values

"""Quotas of account and region that a proposal exceeds, by their names in Service Quotas."""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lib.limits import capacity, quotas, sources
from constructs_lib.limits.instances import BURSTABLE, family
from constructs_lib.sizing import formulae
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.shape import Shape


@dataclass(frozen=True)
class Quota:
    """One quota: the needed value and an account's default."""

    name: str
    needed: float
    has: float
    source: str

    @property
    def passed(self) -> bool:
        """Whether a quota increase is needed."""
        return self.needed > self.has


def quotas_of(shape: Shape, demand: Demand, deployments: int = 1) -> list[Quota]:
    """Every relevant quota, for one account and region with all deployments in it.

    Args:
        shape: of each deployment.
        demand: of each deployment.
        deployments: how many there are.
    """
    found = []
    many = shape.region in quotas.REGIONS_WITH_MANY_SHARDS
    if shape.on_demand:
        most = formulae.on_demand_mib(shape.region)
        found.append(Quota(quotas.ON_DEMAND_QUOTA, demand.peak_mib, most, sources.KINESIS_QUOTAS))
    elif shape.shards:
        most = quotas.MANY_SHARDS_PER_ACCOUNT if many else quotas.DEFAULT_SHARDS_PER_ACCOUNT
        found.append(Quota(quotas.SHARDS_QUOTA, shape.shards * deployments, most, sources.KINESIS_QUOTAS))
    calls = requests = 0.0
    if shape.transform and shape.memory_mib:
        calls += formulae.transform_calls(demand, shape.memory_mib).value / capacity.TRANSFORM_TARGET
    if shape.collector_rate is not None:
        requests += formulae.requests(demand).value
        calls += formulae.collector_calls(demand).value
    if shape.recommends:
        requests += demand.recommendations if shape.recommender_rate is not None else 0.0
        calls += formulae.recommender_calls(demand).value
    if calls:
        found.append(Quota(quotas.LAMBDA_QUOTA, calls * deployments, quotas.LAMBDA_CALLS, quotas.LAMBDA_CONCURRENCY))
    if requests:
        requests *= deployments
        found.append(Quota(quotas.API_QUOTA, requests, quotas.API_REQUESTS, quotas.API_SOURCE))
    if shape.nodes:
        few = family(shape.instance_type or "") in BURSTABLE
        most = quotas.BURSTABLE_INSTANCES_PER_DOMAIN if few else quotas.DEFAULT_INSTANCES_PER_DOMAIN
        found.append(Quota(quotas.INSTANCES_QUOTA, shape.nodes, most, sources.DOMAIN_QUOTAS))
        warm = shape.warm_nodes
        found.append(Quota(quotas.WARM_QUOTA, warm, quotas.WARM_INSTANCES_PER_DOMAIN, sources.DOMAIN_QUOTAS))
        found.append(Quota(quotas.DOMAINS_QUOTA, deployments, quotas.DOMAINS_PER_REGION, sources.DOMAIN_QUOTAS))
    return found

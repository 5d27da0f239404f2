"""Drawn traffic and files for the properties of the sizing."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from constructs_lib.configuration.environment import Environment
from constructs_lib.sizing.deployment import Deployment, deployment_of

BASE = {"name": "shop", "region": "eu-west-1"}
ENGINES = ("OpenSearch_3.3", "OpenSearch_2.19", "OpenSearch_1.2", "Elasticsearch_7.10", "Elasticsearch_7.1")
TYPES = ("t3.small.search", "m6g.large.search", "r7g.large.search", "c7g.xlarge.search", "r5.xlarge.search")


def rates(low: float = -2, high: float = 6.2) -> st.SearchStrategy[float]:
    """Rates from a hundredth to more than a million, each size as likely."""
    return st.floats(low, high).map(lambda power: float(f"{10**power:.4g}"))


@st.composite
def traffic(draw: st.DrawFn) -> dict[str, Any]:
    """A section ``traffic`` that an account carries."""
    average = draw(rates())
    values: dict[str, Any] = {"events_per_second": average}
    if draw(st.booleans()):
        values["peak_events_per_second"] = average * draw(st.floats(1, 8))
    if draw(st.booleans()):
        values["event_bytes"] = draw(st.integers(50, 3000))
    if draw(st.booleans()):
        values["events_per_record"] = draw(st.integers(1, 50))
    if draw(st.booleans()):
        values["kept_percent"] = draw(st.integers(1, 100))
    if draw(st.booleans()):
        values["searches_per_second"] = draw(st.floats(0, 200))
    if draw(st.booleans()):
        values["recommendations_per_second"] = draw(st.floats(0, 500))
    if draw(st.booleans()):
        values["monthly_growth_percent"] = draw(st.integers(0, 20))
    if draw(st.booleans()):
        values["hot_days"] = draw(st.integers(1, 60))
        values["warm_days"] = draw(st.sampled_from([0, 0, 1, 30, 300]))
        values["cold_days"] = draw(st.sampled_from([0, 100])) if values["warm_days"] else 0
    return values


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """An environment file with drawn traffic and, at times, an engine, nodes and a stream of its own."""
    document: dict[str, Any] = BASE | {"traffic": draw(traffic())}
    domain: dict[str, Any] = {}
    if draw(st.booleans()):
        domain["engine_version"] = draw(st.sampled_from(ENGINES))
    if draw(st.booleans()):
        domain["cluster_config"] = {"instance_type": draw(st.sampled_from(TYPES))}
        if draw(st.booleans()):
            domain["cluster_config"]["instance_count"] = draw(st.sampled_from([1, 2, 3, 6]))
        domain["ebs_options"] = {"volume_size": draw(st.integers(20, 100))}
    if domain:
        document["domain"] = domain
    if draw(st.booleans()):
        on_demand = {"stream_mode_details": {"stream_mode": "ON_DEMAND"}}
        document["stream"] = draw(st.sampled_from([on_demand, {"shard_count": 2}]))
    if draw(st.booleans()):
        document["collector"] = {"origins": ["https://shop.example"]}
        if draw(st.booleans()):
            document["collector"]["function"] = {"reserved_concurrent_executions": draw(st.sampled_from([None, 1, 50]))}
    if draw(st.booleans()):
        document["recommender"] = draw(
            st.sampled_from([{}, {"api": None}, {"function": {"reserved_concurrent_executions": 5}}])
        )
    if draw(st.booleans()):
        zones = draw(st.sampled_from(["a", "ab", "abc"]))
        names = [f"eu-west-1{zone}" for zone in zones]
        document["network"] = {"cidr_block": "10.20.0.0/16", "availability_zones": names}
    return document


def deployment(document: dict[str, Any]) -> Deployment:
    """A deployment of a file's mapping, without judging the file."""
    return deployment_of(Environment.model_validate(document))

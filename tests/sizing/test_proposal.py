"""Proposals: valid by every rule, never less capacity for more traffic, stable for small changes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.load import parse_environment
from constructs_lib.limits import capacity
from constructs_lib.limits.instances import INSTANCE_TYPES, family
from constructs_lib.sizing import deployment as sizing
from constructs_lib.sizing.hops import hops
from constructs_lib.sizing.proposal import Proposal, TooMuchError
from tests.sizing.drawn import BASE, deployment, files


def problems(document: dict[str, Any]) -> list[str]:
    """Errors, and warnings about capacity, of a file."""
    try:
        _, found = parse_environment(document, "shop.yaml")
    except ConfigurationError as error:
        found = error.problems
    return [str(problem) for problem in found if problem.severity == "error" or "the traffic" in problem.message]


def errors(document: dict[str, Any]) -> list[str]:
    try:
        parse_environment(document, "shop.yaml")
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems if problem.severity == "error"]
    return []


def proposed(document: dict[str, Any]) -> Proposal:
    try:
        return deployment(document).propose()
    except TooMuchError:
        assume(False)
        raise


def improved(document: dict[str, Any]) -> dict[str, Any]:
    """The file with the printed block pasted into it."""
    found = deployment(document)
    text = sizing.block_text(found, proposed(document))
    return sizing.pasted(document, yaml.safe_load(text))


@settings(max_examples=300, deadline=None)
@given(files())
def test_every_proposed_shape_passes_check_and_carries_the_traffic(document: dict[str, Any]) -> None:
    assume(not errors(document))
    assert problems(improved(document)) == []


def bought(found: Proposal) -> dict[str, float]:
    """What all deployments of a proposal give."""
    shape, many = found.shape, found.deployments
    facts, nodes = INSTANCE_TYPES[shape.instance_type or ""], shape.nodes or 0
    master = INSTANCE_TYPES[shape.master_type].memory_gib if shape.master_type else 0
    return {
        "shards": many * (shape.shards or 0),
        "vcpus": many * nodes * facts.vcpus,
        "memory": many * nodes * facts.memory_gib,
        "disk": many * nodes * (shape.disk_gib or 0),
        "requests": many * (shape.collector_rate or 0),
        "recommendations": many * (shape.recommender_rate or 0),
        "recommender's calls": many * (shape.recommender_calls or 0),
        "copies": (shape.replicas or 0) + 1,
        "masters": many * shape.masters * master,
        "warm": many * shape.warm_nodes * capacity.WARM_GIB.get(shape.warm_type or "", 0),
    }


MORE = st.sampled_from(
    ["events_per_second", "peak_events_per_second", "searches_per_second", "recommendations_per_second", "all"]
)


@settings(max_examples=300, deadline=None)
@given(files(), MORE, st.floats(1, 4))
@example(BASE | {"traffic": {"events_per_second": 1_334_000.0, "monthly_growth_percent": 9}}, "events_per_second", 3.0)
@example(
    BASE | {"traffic": {"events_per_second": 1_568_000.0, "peak_events_per_second": 8_232_000.0}},
    "peak_events_per_second",
    1.875,
)
def test_more_traffic_never_gives_less(document: dict[str, Any], key: str, factor: float) -> None:
    traffic = deployment(document).environment.traffic
    assert traffic is not None
    values = traffic.resolved(deployment(document).environment.bootstrap)
    before = document | {"traffic": values}
    keys = [name for name in values if name.endswith("_second")] if key == "all" else [key]
    more = {name: values[name] * factor for name in keys}
    if key == "events_per_second":
        more["peak_events_per_second"] = max(values["peak_events_per_second"], more[key])
    further = proposed(document | {"traffic": values | more})
    less, much = bought(proposed(before)), bought(further)
    if further.cut and much["warm"]:  # both tiers share the quota of a domain's storage; a hot disk is whole GiB
        less, much = ({**each, "disk": each["disk"] + each["warm"], "warm": 0} for each in (less, much))
        much["disk"] += further.deployments * (further.shape.nodes or 0)
    assert {name: (value, much[name]) for name, value in less.items() if much[name] < value} == {}


@settings(max_examples=200, deadline=None)
@given(files(), st.floats(0.99, 1.01))
@example(BASE | {"traffic": {"events_per_second": 80_580}}, 1.0)  # 2 % more is for two deployments
@example(BASE | {"traffic": {"events_per_second": 80_580}}, 1.01)
@example(  # a little more, and no calls are reserved for the collector
    BASE | {"traffic": {"events_per_second": 11_970.0}, "collector": {"origins": ["https://shop.example"]}}, 1.0078125
)
def test_a_shape_is_kept_for_small_changes_of_traffic(document: dict[str, Any], factor: float) -> None:
    found = proposed(document)
    assume(found.deployments == 1 and not errors(document))
    there = improved(document)
    rates = {key: value * factor for key, value in there["traffic"].items() if key.endswith("_second")}
    again = proposed(there | {"traffic": there["traffic"] | rates})
    assert again.kept
    assert bought(again) == bought(found)


@pytest.mark.parametrize("events", [10, 100, 1000, 5000, 50_000, 200_000, 1_000_000])
@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_round_rates_are_on_a_step(events: int, factor: float) -> None:
    def at(rate: float) -> dict[str, float]:
        return bought(proposed(BASE | {"traffic": {"events_per_second": rate, "hot_days": 7}}))

    assert at(events * factor) == at(events)


@pytest.mark.parametrize("kept", [100, 0.01])
@pytest.mark.parametrize(("peak", "growth"), [(15_999_999, 0), (15_000_000, 20), (16_000_000, 0)])
def test_near_a_quota_the_headroom_is_reduced(peak: float, growth: float, kept: float) -> None:
    traffic = {"events_per_second": 1000, "peak_events_per_second": peak, "monthly_growth_percent": growth}
    traffic["kept_percent"] = kept
    found = proposed(BASE | {"traffic": traffic})
    shards = found.deployments * (found.shape.shards or 0)
    assert peak / 1000 / 0.8 <= shards <= 20_000 + found.deployments


@settings(max_examples=200, deadline=None)
@given(files())
def test_fewer_larger_nodes_are_preferred(document: dict[str, Any]) -> None:
    shape = proposed(document).shape
    own = INSTANCE_TYPES[shape.instance_type or ""]
    kind = family(shape.instance_type or "")
    larger = [facts for name, facts in INSTANCE_TYPES.items() if family(name) == kind and facts.vcpus > own.vcpus]
    assert (shape.nodes or 0) <= max(shape.zones, 2) or not larger


@settings(max_examples=100, deadline=None)
@given(files())
def test_a_proposal_leaves_headroom_at_every_hop(document: dict[str, Any]) -> None:
    found = proposed(document)
    assert [hop.name for hop in hops(found.shape, found.demand) if hop.strain > 1.0000001] == []

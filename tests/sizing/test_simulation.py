"""The fluid model compared with a discrete-event one, its accounting, and the promises of sizing."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from constructs_lib.sizing import deployment as sizing
from constructs_lib.sizing.proposal import TooMuchError
from constructs_lib.sizing.simulation import NOON, Fault, Outcome, Path, Scenario, path_of, rhythm, scenarios, simulate
from tests.sizing.discrete import BATCH_SECONDS, Factory
from tests.sizing.drawn import BASE, deployment, files

PATH = Path(
    write=4000, shards=4, transform=8000, index=7000, kept=0.9, retention=86_400, retry=7200, delay=160
)  # fmt: skip
HOUR = 3600.0
CASES = {
    "a usual day": Scenario("usual"),
    "ten times the traffic": Scenario("burst", [Fault(NOON, 300, traffic=10)]),
    "a hot shard": Scenario("hot", hot_share=0.6),
    "the domain away for less than the retry": Scenario("away", [Fault(NOON, 1.9 * HOUR, index=0)]),
    "the domain away for longer": Scenario("away", [Fault(NOON, 3 * HOUR, index=0)]),
    "the domain slow": Scenario("slow", [Fault(NOON, 5 * HOUR, index=0.3)]),
    "calls refused": Scenario("refused", [Fault(NOON, HOUR, throttle=0.5)]),
    "nothing read": Scenario("unread", [Fault(NOON, 4 * HOUR, reading=0)]),
    "nothing read for longer than the retention": Scenario("gone", [Fault(NOON, 26 * HOUR, reading=0)], days=3),
    "everything at once": Scenario(
        "all",
        [Fault(6 * HOUR, HOUR, traffic=3), Fault(NOON, HOUR, reading=0, index=0), Fault(18 * HOUR, HOUR, index=0.2)],
        hot_share=0.3,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_fluid_model_agrees_with_discrete_events(name: str) -> None:
    rate = rhythm(1000, 3000)
    fluid = simulate(PATH, rate, CASES[name])
    discrete = Factory(PATH, rate, CASES[name]).run()
    total = fluid.offered
    for count in ("offered", "refused", "unread", "failed", "dropped", "to_bucket", "delivered"):
        assert getattr(fluid, count) == pytest.approx(discrete.counts[count], rel=0.01, abs=total * 1e-3), count
    assert fluid.oldest == pytest.approx(discrete.oldest, rel=0.01, abs=3 * BATCH_SECONDS)


def faults() -> st.SearchStrategy[list[Fault]]:
    factor = st.sampled_from([0.0, 0.2, 0.5, 1.0])
    fault = st.builds(
        Fault,
        st.floats(0, 20 * HOUR),
        st.floats(60, 4 * HOUR),
        traffic=st.sampled_from([1.0, 2.0, 6.0]),
        reading=factor,
        throttle=factor,
        index=factor,
    )
    return st.lists(fault, max_size=3)


DRAWN = st.builds(Scenario, st.just("drawn"), faults(), hot_share=st.sampled_from([0.0, 0.2, 0.9]))


def accounted(found: Outcome) -> float:
    return sum(
        (found.refused, found.unread, found.failed, found.dropped, found.to_bucket, found.delivered, found.waiting)
    )


@settings(max_examples=40, deadline=None)
@given(DRAWN, st.floats(1, 50))
def test_every_event_is_accounted_for(scenario: Scenario, ratio: float) -> None:
    # An event that the transform keeps counts as one document from there on.
    found = simulate(PATH, rhythm(1000, 1000 * ratio), scenario, step=10)
    assert accounted(found) == pytest.approx(found.offered, rel=1e-9)


@settings(max_examples=12, deadline=None)
@given(DRAWN)
def test_random_days_agree_with_discrete_events(scenario: Scenario) -> None:
    rate = rhythm(1000, 3000)
    fluid, discrete = simulate(PATH, rate, scenario), Factory(PATH, rate, scenario).run()
    for count in ("refused", "failed", "dropped", "to_bucket", "delivered"):
        assert getattr(fluid, count) == pytest.approx(discrete.counts[count], rel=0.03, abs=fluid.offered * 5e-3), count


@pytest.mark.parametrize(("average", "peak"), [(1, 1), (10, 15), (1000, 3000), (5, 500), (1e6, 3e6)])
def test_the_daily_rhythm_has_the_given_average_and_peak(average: float, peak: float) -> None:
    rate = rhythm(average, peak)
    day = [rate(minute * 60) for minute in range(1440)]
    assert sum(day) / len(day) == pytest.approx(average, rel=1e-6)
    assert max(day) == pytest.approx(peak, rel=1e-6)
    assert min(day) >= 0


@settings(max_examples=60, deadline=None)
@given(files())
def test_a_proposed_shape_loses_nothing_and_meets_its_lag(document: dict[str, Any]) -> None:
    found = deployment(document)
    try:
        proposal = found.propose()
    except TooMuchError:
        assume(False)
        raise
    part = found.demand.part(proposal.deployments)
    path, rate = path_of(proposal.shape, part), rhythm(part.average, part.peak)
    lag = sizing.lag(proposal.shape)
    assert lag is not None
    assert path is not None
    usual = simulate(path, rate, Scenario("usual"), step=30)
    assert (usual.lost, usual.failed, usual.to_bucket) == (0, 0, 0)
    assert usual.oldest <= lag.value
    away = simulate(path, rate, Scenario("away", [Fault(NOON, HOUR, index=0)]), step=30)
    assert (away.lost, away.to_bucket) == (0, 0)
    assert away.oldest <= HOUR + lag.value
    if proposal.shape.standby:
        zone = simulate(path, rate, Scenario("zone", [Fault(0, 86_400, index=2 / 3)]), step=30)
        assert (zone.lost, zone.to_bucket) == (0, 0)
        assert zone.oldest <= lag.value


def test_only_an_outage_longer_than_the_retry_sends_documents_to_the_bucket() -> None:
    rate = rhythm(1000, 3000)
    inside = simulate(PATH, rate, Scenario("inside", [Fault(NOON, 7200, index=0)]))
    beyond = simulate(PATH, rate, Scenario("beyond", [Fault(NOON, 7300, index=0)]))
    assert inside.to_bucket == 0
    assert beyond.to_bucket == pytest.approx(100 * 3000 * PATH.kept, rel=0.05)
    assert beyond.unread == 0


def test_a_day_of_a_million_events_a_second_takes_about_a_second() -> None:
    found = deployment(BASE | {"traffic": {"events_per_second": 1e6, "hot_days": 7}})
    proposal = found.propose()
    part = found.demand.part(proposal.deployments)
    path, rate = path_of(proposal.shape, part), rhythm(part.average, part.peak)
    assert path is not None
    started = time.process_time()
    for scenario in scenarios(proposal.shape):
        simulate(path, rate, scenario)
    assert (time.process_time() - started) / len(scenarios(proposal.shape)) < 3

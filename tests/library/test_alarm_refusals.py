"""Alarms that CloudWatch would refuse are refused at once, with their place."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from constructs_lib import (
    Alarm,
    AlarmSettings,
    ConfigurationError,
    Encryption,
    Monitoring,
    MonitoringSettings,
    SearchDomain,
    StreamSettings,
    problems_collected,
)
from tests.library.apps import ACCOUNT, Make, assert_refused, key, stack, stack_with


def watched_domain(scope: TerraformStack, thresholds: dict[str, float]) -> None:
    encryption = Encryption(scope, "domain-key", name="clicks-domain")
    domain = SearchDomain(scope, "domain", name="clicks", encryption=encryption)
    alarms = {name: AlarmSettings(threshold=threshold) for name, threshold in thresholds.items()}
    with problems_collected() as problems:
        monitoring(scope, **alarms).watch_domain(domain)
    if problems:
        raise ConfigurationError(problems)


def monitoring(scope: TerraformStack, **alarms: AlarmSettings) -> Monitoring:
    settings = MonitoringSettings(alarms=alarms, topic_arn=f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms")
    return Monitoring(scope, "monitoring", name="clicks", encryption=key(scope), settings=settings)


def alarm(scope: TerraformStack, **changes: Any) -> object:
    metric: dict[str, Any] = {"metrics": {"IncomingRecords": "Sum"}, "comparison": "LessThanThreshold", "threshold": 1}
    times: dict[str, Any] = {"period": 300, "evaluations": 3, "advice": "No event came in.", "missing": "notBreaching"}
    quiet = Alarm(id="quiet", **(metric | times | changes))
    return monitoring(scope).add_alarm("quiet", quiet, namespace="AWS/Kinesis", dimensions={})


CASES: dict[str, tuple[Make, list[str]]] = {
    "a period": (
        lambda scope: alarm(scope, period=61),
        ["shop/monitoring: quiet.period: is not a period of CloudWatch"],
    ),
    "no period at all": (
        lambda scope: alarm(scope, evaluations=0),
        ["shop/monitoring: quiet.evaluation_periods: is out of range"],
    ),
    "more than a day": (
        lambda scope: alarm(scope, evaluations=289),
        ["shop/monitoring: quiet.evaluation_periods: looks back too far"],
    ),
    "more than a week": (
        lambda scope: alarm(scope, period=86400, evaluations=8),
        ["shop/monitoring: quiet.evaluation_periods: looks back too far"],
    ),
    "more breaches than periods": (
        lambda scope: alarm(scope, breaches=4),
        ["shop/monitoring: quiet.datapoints_to_alarm: is more than evaluation_periods"],
    ),
    "a threshold that no number reaches": (
        lambda scope: alarm(scope, threshold=float("nan")),
        ["shop/monitoring: quiet.threshold: is not a finite number"],
    ),
    "a threshold without end in the settings": (
        lambda _: AlarmSettings(threshold=float("inf")),
        ["AlarmSettings: threshold: has the wrong type"],
    ),
    "more than all of a processor": (
        lambda scope: watched_domain(scope, {"domain-cpu": 100.5, "domain-errors": 101, "domain-nodes": 101}),
        [
            "shop/monitoring: domain-cpu.threshold: is out of range for a metric in percent",
            "shop/monitoring: domain-errors.threshold: is out of range for a metric in percent",
        ],
    ),
    "less than no memory": (
        lambda scope: watched_domain(scope, {"domain-memory": -1}),
        ["shop/monitoring: domain-memory.threshold: is out of range for a metric in percent"],
    ),
    "alarms of a domain that others manage": (
        lambda scope: monitoring(scope).watch_domain(
            SearchDomain.from_attributes(
                scope,
                "domain",
                domain_arn=f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/search",
                endpoint="search.example",
                engine_version="OpenSearch_2.19",
            )
        ),
        ["shop/monitoring: shop/domain: is not managed by this stack"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_refused_where_it_is(case: str) -> None:
    make, expected = CASES[case]
    assert_refused(make, expected)


FINE: dict[str, Make] = {
    "periods of a day together": lambda scope: alarm(scope, evaluations=288),
    "periods of a week together": lambda scope: alarm(scope, period=86400, evaluations=7),
    "as many breaches as periods": lambda scope: alarm(scope, breaches=3),
    "all of a processor, and none": lambda scope: watched_domain(scope, {"domain-cpu": 100, "domain-memory": 0}),
}


@pytest.mark.parametrize("case", FINE)
def test_the_last_that_is_accepted(case: str) -> None:
    FINE[case](stack())


def test_an_alarm_is_on_a_metric() -> None:
    for metrics in ({}, {"A": "Sum", "B": "Sum"}):
        with pytest.raises(ValueError, match="metrics must name one metric, or several with an expression"):
            alarm(stack(), metrics=metrics)


def test_a_resource_is_made_once() -> None:
    watched = monitoring(stack())
    watched.watch_stream("clicks", StreamSettings())
    with pytest.raises(ValueError, match="shop/monitoring: has stream-age already"):
        watched.watch_stream("others", StreamSettings())


def test_an_unknown_alarm_is_refused_when_the_app_is_written() -> None:
    def make(scope: TerraformStack) -> None:
        monitoring(scope, **{"stream-agee": AlarmSettings()}).watch_stream("clicks", StreamSettings())

    with pytest.raises(RuntimeError, match=r"alarms\.stream-agee: unknown name; did you mean stream-age\?"):
        stack_with(make)

"""Rules about the resources around the stream, the domain and the delivery stream, one book a type."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from constructs_lib.limits import resources, sources
from constructs_lib.limits.environment.common import ENVIRONMENT_VARIABLES
from constructs_lib.limits.resources import ALARM, FUNCTION, GRANT, RESOURCES
from constructs_lib.rules.finding import Finding
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOKS: Final = {type_: Rulebook(type_) for type_ in sorted(RESOURCES)}
"""The rules by resource type."""
GRANTS: Final = Rulebook(GRANT)
"""The rules about a role that a ``grant_*`` method is handed."""
PIPELINES: Final = Rulebook()
"""The rules about a pipeline beside the provider and the other pipelines of its stack: its environment's ``name`` and
``region``, the provider's region as ``provider``, and the names of the ``others``."""


def check(resource_type: str, arguments: Mapping[str, Any]) -> list[Finding]:
    """All findings about a resource's arguments; none for a type that has no book here."""
    book = BOOKS.get(resource_type)
    return [] if book is None else book.check(arguments)


@PIPELINES.error(sources.PROVIDER_REGION)
def a_pipeline_is_where_its_provider_is(pipeline: Arguments) -> Iterator[Problem]:
    """A pipeline has the region of its stack's provider, which makes its resources."""
    region, provider = pipeline.text("region"), pipeline.text("provider")
    if region is not None and provider is not None and region != provider:
        yield Problem("region", "differs from the region of the stack's provider", region, provider)


@PIPELINES.error(sources.RESOURCE_NAMES)
def pipelines_of_a_stack_have_names_of_their_own(pipeline: Arguments) -> Iterator[Problem]:
    """Each pipeline of a stack has a name of its own, since its resources are named after it."""
    name = pipeline.text("name")
    if name in (pipeline.items("others") or []):
        yield Problem("name", "is the name of another pipeline in this stack", name, "a name of its own")


@BOOKS[ALARM].error(resources.PUT_ALARM)
def a_threshold_is_a_finite_number(alarm: Arguments) -> Iterator[Problem]:
    """The threshold of an alarm is a finite number."""
    threshold = alarm.get("threshold")
    if isinstance(threshold, float) and not math.isfinite(threshold):
        yield Problem("threshold", "is not a finite number", threshold, "a number such as 90")


@BOOKS[ALARM].error(resources.DOMAIN_METRICS)
def a_threshold_in_percent_can_be_reached(alarm: Arguments) -> Iterator[Problem]:
    """The threshold of a metric in percent is at most 100, and not negative: the alarm would never or always fire."""
    threshold = alarm.number("threshold")
    single = alarm.text("namespace") == resources.DOMAIN_NAMESPACE and resources.PERCENT_METRICS.accepts(
        alarm.text("metric_name", "") or ""
    )
    part = alarm.text("metric_query[0].metric.metric_name") in resources.PARTS_OF_A_WHOLE
    share = part and resources.SHARE in [text for _, text in alarm.each("metric_query[].expression")]
    if (single or share) and threshold is not None and not resources.PERCENT.accepts(threshold):
        yield Problem("threshold", "is out of range for a metric in percent", threshold, str(resources.PERCENT))


@BOOKS[ALARM].error(resources.PUT_ALARM)
def a_period_is_one_that_cloudwatch_has(alarm: Arguments) -> Iterator[Problem]:
    """The period of an alarm is 10, 20 or 30 seconds, or whole minutes."""
    queries = alarm.items("metric_query") or []
    for path in ("period", *(f"metric_query[{number}].metric.period" for number, _ in enumerate(queries))):
        period = alarm.number(path)
        if period is not None and not is_period(period):
            yield Problem(path, "is not a period of CloudWatch", period, PERIODS)


@BOOKS[ALARM].error(resources.PUT_ALARM)
def an_alarm_looks_back_a_day(alarm: Arguments) -> Iterator[Problem]:
    """The periods of an alarm cover at most one day, or seven days with periods of an hour and more."""
    evaluations = alarm.number("evaluation_periods")
    period = alarm.number("period") or alarm.number("metric_query[0].metric.period")
    if evaluations is None or period is None:
        return
    most = resources.LONG_LOOK if period >= resources.LONG_PERIOD else resources.SHORT_LOOK
    if evaluations * period > most:
        message = f"looks back too far with periods of {period:g} seconds"
        yield Problem("evaluation_periods", message, evaluations, f"{most // int(max(period, 1))} or less")


@BOOKS[ALARM].error(resources.PUT_ALARM)
def breaches_fit_into_the_periods(alarm: Arguments) -> Iterator[Problem]:
    """An alarm cannot need more breaches than it evaluates periods."""
    breaches, evaluations = alarm.number("datapoints_to_alarm"), alarm.number("evaluation_periods")
    if breaches is not None and evaluations is not None and breaches > evaluations:
        message = "is more than evaluation_periods"
        yield Problem("datapoints_to_alarm", message, breaches, f"{evaluations:g} or less")


@BOOKS[FUNCTION].error(ENVIRONMENT_VARIABLES)
def environment_variables_fit(function: Arguments) -> Iterator[Problem]:
    """The environment variables of a function have names that Lambda takes, and fit into 4 KB together."""
    variables = function.get("environment.variables")
    given = variables if isinstance(variables, Mapping) else {}
    for name in given:
        if not resources.VARIABLE.accepts(str(name)):
            yield Problem(
                f"environment.variables.{name}", "has a name that Lambda refuses", name, str(resources.VARIABLE)
            )
    size = sum(len(str(name)) + len(value.encode()) for name, value in given.items() if isinstance(value, str))
    if size > resources.VARIABLES_BYTES:
        message = "are too large together"
        yield Problem("environment.variables", message, size, f"{resources.VARIABLES_BYTES} bytes or less")


PERIODS: Final = "10, 20, 30, or a multiple of 60 seconds"


def is_period(seconds: float) -> bool:
    """Whether CloudWatch evaluates periods of this length."""
    return seconds in resources.SHORT_PERIODS or (seconds >= resources.MINUTE and seconds % resources.MINUTE == 0)

"""``monitoring``: the topic and its subscriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib.limits import regions, resources
from constructs_lib.limits.environment import operations
from constructs_lib.rules.arns import parse
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.resources import PERIODS, is_period
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()


@BOOK.error(operations.ALARM_ACTIONS)
def existing_topic_has_its_own_subscribers(environment: Arguments) -> Iterator[Problem]:
    """Subscriptions belong to the deployment's own topic; the owner of an existing topic subscribes people there."""
    given = environment.items("monitoring.subscriptions")
    if given and environment.present("monitoring.topic_arn"):
        message = "cannot be added to the existing topic of topic_arn"
        yield Problem("monitoring.subscriptions", message, len(given), "either topic_arn or subscriptions")


@BOOK.error(resources.PUT_ALARM)
def changes_of_alarms_are_possible(environment: Arguments) -> Iterator[Problem]:
    """The period of a changed alarm is one that CloudWatch has, and it evaluates one period or more."""
    alarms = environment.get("monitoring.alarms")
    for name, change in alarms.items() if isinstance(alarms, Mapping) else ():
        given, path = Arguments(change), f"monitoring.alarms.{name}"
        period, evaluations = given.number("period"), given.number("evaluations")
        if period is not None and not is_period(period):
            yield Problem(f"{path}.period", "is not a period of CloudWatch", period, PERIODS)
        if evaluations is not None and evaluations < 1:
            yield Problem(f"{path}.evaluations", "is out of range", evaluations, "1 or more periods")


@BOOK.error(operations.SUBSCRIPTIONS)
def endpoints_suit_their_protocol(environment: Arguments) -> Iterator[Problem]:
    """A subscription's endpoint is what its protocol needs: an address, a URL, a number, an ARN."""
    for index, _ in enumerate(environment.items("monitoring.subscriptions") or []):
        path = f"monitoring.subscriptions[{index}]"
        protocol, endpoint = environment.text(f"{path}.protocol"), environment.text(f"{path}.endpoint")
        form = operations.ENDPOINTS.get(protocol or "")
        if form is None or endpoint is None:
            continue
        if not form.accepts(endpoint):
            yield Problem(f"{path}.endpoint", f"is not an endpoint for {protocol}", endpoint, str(form))
        arn, partition = parse(endpoint), regions.partition_of(environment.text("region") or "")
        if arn is not None and environment.present("region") and arn.partition != partition:
            allowed = f"{form} in the partition {partition}"
            yield Problem(f"{path}.endpoint", f"is in the partition {arn.partition}", endpoint, allowed)


@BOOK.error(operations.SUBSCRIPTIONS)
def subscribers_are_named_once(environment: Arguments) -> Iterator[Problem]:
    """Each subscriber is listed once; SNS merges two equal subscriptions."""
    seen: list[tuple[object, object]] = []
    for index, _ in enumerate(environment.items("monitoring.subscriptions") or []):
        path = f"monitoring.subscriptions[{index}]"
        each = environment.get(f"{path}.protocol"), environment.get(f"{path}.endpoint")
        if each in seen:
            yield Problem(path, "repeats an earlier subscription", str(each[1]), "each subscriber once")
        seen.append(each)

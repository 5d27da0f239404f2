"""Deployments that apply cleanly, but that nobody can reach or read, or whose alarms notify nobody."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.environment.operations import ALARM_ACTIONS
from constructs_lib.rules.environment.book import has_network, new_book, signs_people_in
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_READERS = ("administrators", "analysts", "personalization", "administrator_groups", "analyst_groups")
_OTHER_WAYS = (
    "domain.access_policies",
    "domain.cognito_options",
    "domain.identity_center_options",
    "adopt.domain",
    "existing.domain",
)


@BOOK.warning(sources.ACCESS_POLICY)
def somebody_may_read(environment: Arguments) -> Iterator[Problem]:
    """Without `access`, only the deployment's own functions may read the domain, and nobody may open its dashboards."""
    given = any(environment.items(f"access.{key}") for key in _READERS)
    if given or any(environment.present(path) for path in _OTHER_WAYS) or signs_people_in(environment):
        return
    allowed = "the roles of people in access.administrators and access.analysts"
    yield Problem("access", "lists no roles, so nobody can read the domain or open its dashboards", None, allowed)


@BOOK.warning(sources.VPC)
def somebody_reaches_the_vpc(environment: Arguments) -> Iterator[Problem]:
    """A domain in a VPC is reached only from the security groups and ranges that `network` names as clients."""
    ways = ("network.client_security_group_ids", "network.client_cidr_blocks", "domain.vpc_options.security_group_ids")
    if not has_network(environment) or environment.present("existing.domain"):
        return
    if any(environment.present(path) is not False for path in ways):
        return
    people = ", not even browsers for the sign-in" if signs_people_in(environment) else ""
    allowed = "client_security_group_ids or client_cidr_blocks, such as the range of a VPN"
    yield Problem("network", f"lets no client reach the domain{people}", None, allowed)


@BOOK.warning(ALARM_ACTIONS)
def alarms_have_a_subscriber(environment: Arguments) -> Iterator[Problem]:
    """Alarms go to an SNS topic, which needs a subscriber."""
    if environment.flag("monitoring.enabled", default=True) is not True:
        return
    if (
        environment.present("monitoring.topic_arn") is False
        and environment.present("monitoring.subscriptions") is False
    ):
        allowed = "a subscription such as {protocol: email, endpoint: on-call@example.com}, or a topic_arn"
        yield Problem("monitoring.subscriptions", "is empty, so alarms notify nobody", None, allowed)

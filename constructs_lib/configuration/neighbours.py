"""Deployments that would share an account: what two of them both make, the second cannot create."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.judging import resource_arguments
from constructs_lib.configuration.problems import Problem
from constructs_lib.rules.finding import Finding

SOURCE = "names are unique in an account and region"


def collisions(environments: Mapping[str, Environment]) -> list[Problem]:
    """Names that environments of the same account and region both give.

    Args:
        environments: by the name that problems call their file.

    Returns:
        An error where both name the same account, a warning where one leaves the account to its credentials; in the
        later file of the two.
    """
    problems = []
    known: list[tuple[str, Environment, dict[str, str]]] = []
    for file, environment in environments.items():
        names = dict(_names(environment))
        for earlier, other, taken in known:
            accounts = {environment.account_id, other.account_id}
            if environment.region != other.region or (None not in accounts and len(accounts) > 1):
                continue
            certain = None not in accounts
            for path, name in names.items():
                if taken.get(path) == name:
                    allowed = "a name of its own" if certain else "a name of its own, or an account_id in both files"
                    finding = Finding(path, "error", f"is made by {earlier} too", name, allowed, SOURCE)
                    severity = finding.severity if certain else "warning"
                    problems.append(Problem(file, path, str(finding), severity))
        known.append((file, environment, names))
    return problems


def _names(environment: Environment) -> Iterator[tuple[str, str]]:
    """Names of what a deployment makes, adopted things left out: they are there already."""
    arguments = resource_arguments(environment)
    yield "name", environment.name
    for path, adopted in (
        ("domain.domain_name", environment.adopt.domain),
        ("stream.name", environment.adopt.stream),
        ("delivery.name", environment.adopt.delivery),
    ):
        section, _, key = path.partition(".")
        name = arguments[section].get(key)
        # A name that follows from the deployment's is the same mistake.
        if adopted is None and isinstance(name, str) and not name.startswith(environment.name):
            yield path, name
    if environment.archive.bucket is not None and environment.adopt.archive is None:
        yield "archive.bucket", environment.archive.bucket

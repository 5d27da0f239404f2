"""Deployments that would share an account: what two of them both make, the second cannot create."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from constructs_lib.configuration.backend import BackendSettings
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import Problem
from constructs_lib.configuration.resources import resource_arguments
from constructs_lib.rules.finding import Finding

SOURCE = "names are unique in an account and region, some in an account or everywhere"

Reach = Literal["region", "account", "partition"]
"""How far a name is taken: in one region of an account, in the whole account, or for everybody in the partition."""


class _Made(NamedTuple):
    """Something that a deployment makes, and how it is named."""

    kind: str
    name: str
    path: str
    reach: Reach
    allowed: str = "a name of its own"
    derived: bool = False
    """Whether the name follows from the deployment's."""


def collisions(environments: Mapping[str, Environment]) -> list[Problem]:
    """Names that two environments both give, as far as each name reaches.

    Args:
        environments: by the name that problems call their file.

    Returns:
        An error where both name the same account (or the name is everybody's), a warning where one leaves the account
        to its credentials; in the later file of the two.
    """
    problems = []
    known: list[tuple[str, Environment, list[_Made]]] = []
    for file, environment in environments.items():
        made = list(_made(environment))
        for earlier, other, taken in known:
            for each in made:
                # Where the deployments' names are the same, all that follows from them is one mistake.
                said = each.derived and environment.name == other.name
                if said or not any((each.kind, each.name) == (one.kind, one.name) for one in taken):
                    continue
                if not _meet(environment, other, each.reach):
                    continue
                certain = each.reach == "partition" or None not in {environment.account_id, other.account_id}
                allowed = each.allowed if certain else f"{each.allowed}, or an account_id in both files"
                finding = Finding(each.path, "error", f"is made by {earlier} too", each.name, allowed, SOURCE)
                severity = finding.severity if certain else "warning"
                problems.append(Problem(file, each.path, str(finding), severity))
        known.append((file, environment, made))
    return problems


def _meet(one: Environment, other: Environment, reach: Reach) -> bool:
    """Whether a name of this reach in one deployment is, or may be, the same name in the other."""
    if reach == "partition":
        return _partition(one.region) == _partition(other.region)
    accounts = {one.account_id, other.account_id}
    return (None in accounts or len(accounts) == 1) and (reach == "account" or one.region == other.region)


def _partition(region: str) -> str:
    """What sets the regions of another partition than AWS's main one apart; empty for those of the main one."""
    return next((begin for begin in ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-") if region.startswith(begin)), "")


def _made(environment: Environment) -> Iterator[_Made]:
    """What a deployment makes, adopted things left out: they are there already."""
    arguments = resource_arguments(environment)
    # Its roles and its CloudWatch dashboard are the account's, whatever the region.
    yield _Made("deployment", environment.name, "name", "account")
    reaches: tuple[tuple[str, str | None, Reach], ...] = (
        ("domain.domain_name", environment.adopt.domain, "region"),
        ("stream.name", environment.adopt.stream, "region"),
        ("delivery.name", environment.adopt.delivery, "account"),  # and so is the role of that name
    )
    for path, adopted, reach in reaches:
        section, _, key = path.partition(".")
        if adopted is None and section in arguments:
            given = getattr(getattr(environment, section), key)
            yield _Made(section, arguments[section][key], path, reach, derived=given is None)
    if environment.archive.bucket is not None and environment.adopt.archive is None:
        yield _Made("bucket", environment.archive.bucket, "archive.bucket", "partition")
    if environment.domain.service_linked_role:
        yield _Made("role", "the account's", "domain.service_linked_role", "account", "true in one file of an account")
    place = _state(environment.backend)
    if place is not None:
        yield _Made("state", place, "backend", "partition", "a state of its own: applying one would destroy the other")


def _state(backend: BackendSettings) -> str | None:
    """Where the state lies, if other deployments' may lie there too."""
    if backend.s3 is not None:
        return f"s3://{backend.s3.bucket}/{backend.s3.key}"
    if backend.cloud is not None and backend.cloud.workspaces.name is not None:
        cloud = backend.cloud
        return f"{cloud.hostname or 'app.terraform.io'}/{cloud.organization}/{cloud.workspaces.name}"
    # A relative path is one of the stack's own folder, unless it leads out of it.
    path = posixpath.normpath(backend.local.path) if backend.local is not None else ""
    return path if path.startswith(("../", "/")) else None

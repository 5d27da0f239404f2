"""Names that two deployments would both create in one account; the second apply would fail."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from constructs_lib.limits import regions, sources
from constructs_lib.rules.environment.book import DERIVED
from constructs_lib.rules.finding import Finding
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()
"""Judges ``{"earlier": {...}, "later": {...}}``, two described environments."""

Reach = Literal["region", "account", "partition"]
"""Scope in which a name is unique: one region of an account, the whole account, or the partition (all accounts)."""


class _Made(NamedTuple):
    """Something that a deployment makes, and how it is named."""

    kind: str
    name: str
    path: str
    reach: Reach
    allowed: str = "a name of its own"
    derived: bool = False
    """Whether the name follows from the deployment's."""


def check(deployments: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Finding]]:
    """Names that two deployments both use within a name's scope; each with the later of the two files.

    Args:
        deployments: environments as `rules.environment` reads them, by the name of their file.

    Returns:
        An error where both set the same account (or the name is unique for all accounts), a warning where one of them
        has no account_id.
    """
    found: list[tuple[str, Finding]] = []
    names = list(deployments)
    for number, later in enumerate(names):
        for earlier in names[:number]:
            pair = {"earlier": {**deployments[earlier], "file": earlier}, "later": deployments[later]}
            found += [(later, finding) for finding in BOOK.check(pair)]
    return found


@BOOK.error(sources.RESOURCE_NAMES)
def names_are_free(pair: Arguments) -> Iterator[Problem]:
    """Deployments in one account give their resources different names; bucket names and states differ everywhere."""
    yield from _shared(pair, lambda certain: certain, "")


@BOOK.warning(sources.RESOURCE_NAMES)
def names_are_free_in_any_account(pair: Arguments) -> Iterator[Problem]:
    """Without account_id, two deployments may be in one account, so their resources need different names."""
    yield from _shared(pair, lambda certain: not certain, ", or an account_id in both files")


def _shared(pair: Arguments, wanted: Callable[[bool], bool], more: str) -> Iterator[Problem]:
    earlier, later = pair.at("earlier"), pair.at("later")
    taken = {(each.kind, each.name) for each in _made(earlier)}
    one, other = _account(later), _account(earlier)
    for each in _made(later):
        # If the deployments have the same name, report that once and not every name derived from it.
        said = each.derived and earlier.get("name") == later.get("name")
        certain = each.reach == "partition" or (one is not None and other is not None)
        if said or (each.kind, each.name) not in taken or not _meet(later, earlier, each.reach) or not wanted(certain):
            continue
        message = f"is used by {earlier.text('file')} too"
        yield Problem(each.path, message, each.name, f"{each.allowed}{more}")


def _account(deployment: Arguments) -> str | None:
    return deployment.text("account_id")


def _meet(one: Arguments, other: Arguments, reach: Reach) -> bool:
    """Whether a name of this reach in one deployment is, or may be, the same name in the other."""
    here, there = (each.text("region") or "" for each in (one, other))
    if reach == "partition":
        return regions.partition_of(here) == regions.partition_of(there)
    accounts = {_account(one), _account(other)}
    return (None in accounts or len(accounts) == 1) and (reach == "account" or here == there)


def _made(deployment: Arguments) -> Iterator[_Made]:
    """What a deployment makes; adopted things are there already and are left out."""
    # Its roles and its CloudWatch dashboard are the account's, whatever the region.
    yield _Made("deployment", deployment.text("name") or "", "name", "account")
    reaches: tuple[tuple[str, str, str, Reach], ...] = (
        ("domain", "domain.domain_name", "adopt.domain", "region"),
        ("stream", "stream.name", "adopt.stream", "region"),
        ("delivery stream", "delivery.name", "adopt.delivery", "account"),  # and so is the role of that name
    )
    for kind, path, adopted, reach in reaches:
        name = deployment.text(f"{DERIVED}.{path}")
        if deployment.present(adopted) is False and name is not None:
            yield _Made(kind, name, path, reach, derived=deployment.present(path) is False)
    bucket = deployment.text("archive.bucket")
    if bucket is not None and deployment.present("adopt.archive") is False:
        yield _Made("bucket", bucket, "archive.bucket", "partition")
    if deployment.flag("domain.service_linked_role"):
        allowed = "true in one file of an account"
        yield _Made(
            "service-linked role",
            "AWSServiceRoleForAmazonOpenSearchService",
            "domain.service_linked_role",
            "account",
            allowed,
        )
    place = _state(deployment)
    if place is not None:
        allowed = "a state of its own: with a shared state, applying one destroys the other"
        yield _Made("state", place, "backend", "partition", allowed)


def _state(deployment: Arguments) -> str | None:
    """Where the state is, if other deployments' may be there too."""
    if deployment.present("backend.s3"):
        return f"s3://{deployment.text('backend.s3.bucket')}/{deployment.text('backend.s3.key')}"
    workspace = deployment.text("backend.cloud.workspaces.name")
    if workspace is not None:
        host = deployment.text("backend.cloud.hostname", "app.terraform.io")
        return f"{host}/{deployment.text('backend.cloud.organization')}/{workspace}"
    # A relative path is in the stack's own folder, unless it leads out of it.
    path = posixpath.normpath(deployment.text("backend.local.path") or ".")
    return path if path.startswith(("../", "/")) else None

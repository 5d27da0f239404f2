"""``backend``: where Terraform keeps the state."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits.environment.deployment import BACKENDS, CLOUD
from constructs_lib.rules.arns import parse
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_SPACES = "backend.cloud.workspaces"


@BOOK.error(BACKENDS)
def state_is_in_one_place(environment: Arguments) -> Iterator[Problem]:
    """The state is in one place: `local`, `s3` or `cloud`."""
    chosen = [name for name in ("local", "s3", "cloud") if environment.present(f"backend.{name}")]
    if len(chosen) > 1:
        yield Problem("backend", "configures more than one backend", ", ".join(chosen), "one of them")


@BOOK.error(CLOUD)
def workspaces_are_named_in_one_way(environment: Arguments) -> Iterator[Problem]:
    """HCP Terraform finds its workspaces by one name or by tags: one of the two, and not a project alone."""
    if not environment.present("backend.cloud"):
        return
    name, tags = environment.text(f"{_SPACES}.name"), environment.items(f"{_SPACES}.tags")
    if name is not None and tags:
        yield Problem(
            _SPACES, "cannot be selected by both name and tags", f"name {name} and tags", "either name or tags"
        )
    if name is None and not tags:
        project = environment.text(f"{_SPACES}.project")
        given = f"project {project} only" if project else None
        yield Problem(
            _SPACES, "are not selected by name or tags", given, "name, for one workspace, or tags, for several"
        )


@BOOK.error(f"{BACKENDS}/s3")
def state_key_is_in_the_states_region(environment: Arguments) -> Iterator[Problem]:
    """The KMS key that encrypts the state is in the region of the bucket."""
    path = "backend.s3.kms_key_id"
    given, region = environment.text(path), environment.text("backend.s3.region")
    arn = parse(given or "")
    if arn is not None and region is not None and (arn.service != "kms" or arn.region != region):
        yield Problem(path, f"is not a key in {region}", given, f"the ARN of a KMS key in {region}")

"""``adopt``: existing resources, imported under the names that the file gives them."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.rules.environment.book import DERIVED, new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_PARTS = (
    ("domain", "domain.domain_name", f"{DERIVED}.domain.domain_name"),
    ("stream", "stream.name", f"{DERIVED}.stream.name"),
    ("delivery", "delivery.name", f"{DERIVED}.delivery.name"),
    ("archive", "archive.bucket", "archive.bucket"),
)


@BOOK.error(sources.IMPORT)
def parts_are_adopted_or_used(environment: Arguments) -> Iterator[Problem]:
    """A part that exists is either adopted, under this deployment's management, or used where others manage it."""
    ways = [(part, f"existing.{part}") for part in ("stream", "domain", "archive")]
    for part, other in (*ways, ("key", "encryption.kms_key_arn")):
        if environment.present(f"adopt.{part}") and environment.present(other):
            message = f"takes over what {other} leaves to its owner"
            yield Problem(f"adopt.{part}", message, environment.get(f"adopt.{part}"), f"either adopt.{part} or {other}")


@BOOK.error(sources.IMPORT)
def adopted_names_are_the_files(environment: Arguments) -> Iterator[Problem]:
    """An adopted resource has the name that the file gives it; under another name a plan would replace it."""
    for part, key, derived in _PARTS:
        adopted, name = environment.text(f"adopt.{part}"), environment.get(derived)
        own = (adopted or "").rpartition("/")[2]
        if adopted is not None and own != name and environment.present(f"existing.{part}") is False:
            message = f"differs from the name in {key}, so a plan would replace the resource"
            yield Problem(f"adopt.{part}", message, adopted, f"{key}: {own}")

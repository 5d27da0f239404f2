"""``adopt`` and ``existing``: resources that are imported, and resources that others manage."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.rules.arns import parse
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

_OWNERS_SETTINGS = (
    ("existing.stream", "stream", ("retention_period", "writers.managed_policy")),
    ("existing.domain", "domain", ()),
    ("existing.domain", "monitoring.free_storage_percent", ()),
    ("existing.domain", "network.client_security_group_ids", ()),
    ("existing.domain", "network.client_cidr_blocks", ()),
    (
        "existing.archive",
        "archive",
        (
            "enabled",
            "lifecycle.expiration_days",
            "lifecycle.failed_expiration_days",
            "lifecycle.noncurrent_expiration_days",
        ),
    ),
    ("encryption.kms_key_arn", "encryption", ("kms_key_arn",)),
    ("network.vpc_id", "network.flow_log_retention_in_days", ()),
)
"""What uses a resource of others, the settings of the resource that is then not created, and the keys among them that
still count: alarms follow the stream's retention, and erasures need to know how long the archive keeps events."""


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


@BOOK.warning(sources.DATA_SOURCES)
def settings_have_a_resource(environment: Arguments) -> Iterator[Problem]:
    """Settings of a resource have no effect where an existing one is used; its owner sets them there."""
    written = environment.items(f"{DERIVED}.written") or []
    for used, section, counted in _OWNERS_SETTINGS:
        if not environment.present(used):
            continue
        effective = {f"{section}.{name}" for name in counted}
        for path in written:
            if _within(path, section) and path not in effective:
                message = f"has no effect, because {used} names a resource that others manage"
                yield Problem(path, message, None, f"no {path}, or no {used}")


def _within(path: str, section: str) -> bool:
    return path == section or path.startswith(f"{section}.")


@BOOK.warning(sources.KINESIS_SHARING)
def an_existing_stream_admits_this_account(environment: Arguments) -> Iterator[Problem]:
    """Another account's stream must admit this deployment's role, by its own policy and that of its customer key."""
    path = "existing.stream.arn"
    arn, own = parse(environment.text(path) or ""), environment.text("account_id")
    if arn is None or own is None or arn.account == own or not arn.account.isdecimal():
        return
    role = environment.text("adopt.delivery_role") or environment.text("delivery.name")
    role = role or f"{environment.text('name')}-delivery"
    key = "" if environment.present("existing.stream.kms_key_arn") else ", and kms_key_arn if the stream is encrypted"
    message = f"is in the account {arn.account}, and so are the metrics that the stream's alarms need"
    allowed = f"a stream in {own}; or a policy of the stream that lets the role {role} read it{key}"
    yield Problem(path, message, environment.text(path), allowed)

"""``archive``: bucket names, and lifecycles that fit each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from constructs_lib.limits.environment import storage
from constructs_lib.limits.environment.common import BUCKET_NAMES
from constructs_lib.rules.delivery import literal_prefix
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, counted

BOOK = new_book()

_LIFECYCLE = "archive.lifecycle"
_DESTINATION = "delivery.opensearch_configuration"
_BACKUP = f"{_DESTINATION}.s3_configuration"
_BUCKETS = (
    "archive.bucket",
    "archive.access_log_bucket",
    "adopt.archive",
    "existing.archive.bucket",
    "backend.s3.bucket",
)


@BOOK.error(BUCKET_NAMES)
def bucket_names_follow_s3(environment: Arguments) -> Iterator[Problem]:
    """A bucket name has no two dots in a row, is no IP address, and has no beginning or ending that AWS reserves."""
    for path in _BUCKETS:
        name = environment.text(path) or ""
        if ".." in name or ".-" in name or "-." in name:
            yield Problem(path, "has a dot beside a dot or hyphen", name, "dots between letters or digits only")
        elif re.fullmatch(r"\d+\.\d+\.\d+\.\d+", name):
            yield Problem(path, "looks like an IP address", name, "a name that is not four numbers")
        for reserved in storage.RESERVED_PREFIXES:
            if name.startswith(reserved):
                yield Problem(path, f"begins with {reserved}, which AWS reserves", name, "another beginning")
        for reserved in storage.RESERVED_SUFFIXES:
            if name.endswith(reserved):
                yield Problem(path, f"ends with {reserved}, which AWS reserves", name, "another ending")


@BOOK.error(storage.LIFECYCLE_SOURCE)
def objects_move_before_they_go(environment: Arguments) -> Iterator[Problem]:
    """Archived events move to another storage class before they expire, and to infrequent access after 30 days."""
    path = f"{_LIFECYCLE}.transition_days"
    days, expiry = environment.number(path), environment.number(f"{_LIFECYCLE}.expiration_days")
    storage_class = environment.text(f"{_LIFECYCLE}.transition_storage_class")
    if days is None:
        return
    if expiry is not None and days >= expiry:
        message = f"is not before the objects expire, which is after {counted(expiry, 'day')}"
        yield Problem(path, message, days, f"less than {expiry:g}")
    if storage_class in storage.INFREQUENT_ACCESS and days < storage.INFREQUENT_ACCESS_DAYS:
        allowed = f"{storage.INFREQUENT_ACCESS_DAYS} or more"
        yield Problem(path, f"is too early for {storage_class}", days, allowed)


@BOOK.error(storage.LIFECYCLE_CONFLICTS)
def failures_have_a_prefix(environment: Arguments) -> Iterator[Problem]:
    """The prefix of undelivered records begins with a fixed text, or their expiry would empty the bucket."""
    path = f"{_BACKUP}.error_output_prefix"
    given, days = environment.text(path, ""), environment.number(f"{_LIFECYCLE}.failed_expiration_days")
    if given is not None and days is not None and not literal_prefix(given):
        message = f"has no fixed beginning, so every object of the archive would expire after {counted(days, 'day')}"
        yield Problem(path, message, given, "a text before the first !{, such as failed/")


@BOOK.error(storage.LIFECYCLE_CONFLICTS)
def events_outlast_failures(environment: Arguments) -> Iterator[Problem]:
    """Backed-up events are not under the prefix of undelivered records, which expire earlier."""
    backup, failed = _prefixes(environment)
    days = environment.number(f"{_LIFECYCLE}.failed_expiration_days")
    kept = environment.number(f"{_LIFECYCLE}.expiration_days")
    if not failed or not backup.startswith(failed) or days is None or (kept is not None and kept <= days):
        return
    if environment.text(f"{_DESTINATION}.s3_backup_mode") == "AllDocuments":
        path = f"{_BACKUP}.error_output_prefix"
        message = f"also covers {backup}, so backed-up events would expire after {counted(days, 'day')}"
        yield Problem(path, message, environment.get(path), "a prefix of its own, such as failed/")


@BOOK.error(storage.LIFECYCLE_CONFLICTS)
def failures_stay_as_long_as_told(environment: Arguments) -> Iterator[Problem]:
    """Undelivered records are not under the prefix of events, where those move or expire earlier."""
    backup, failed = _prefixes(environment)
    days = environment.number(f"{_LIFECYCLE}.failed_expiration_days")
    if not failed or not failed.startswith(backup) or days is None:
        return
    for key, verb in (("transition_days", "move"), ("expiration_days", "expire")):
        earlier = environment.number(f"{_LIFECYCLE}.{key}")
        if earlier is not None and earlier < days:
            message = f"also covers {failed}, so undelivered records would {verb} after {counted(earlier, 'day')}"
            allowed = f"a prefix of its own, such as events/, or {key} of {days:g} or more"
            yield Problem(f"{_BACKUP}.prefix", message, environment.get(f"{_BACKUP}.prefix"), allowed)


def _prefixes(environment: Arguments) -> tuple[str, str]:
    """The fixed beginnings of the keys of backed-up events and of undelivered records."""
    backup, failed = (environment.text(f"{_BACKUP}.{key}", "") or "" for key in ("prefix", "error_output_prefix"))
    return literal_prefix(backup), literal_prefix(failed)

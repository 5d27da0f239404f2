"""What AWS accepts of an environment file's own keys: tags, lifecycles, functions, keys, logs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from constructs_lib.limits import ENVIRONMENT, sources, surroundings
from constructs_lib.limits.quotas import STREAM_CONSUMERS
from constructs_lib.rules.delivery import literal_prefix
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook(ENVIRONMENT)
check = BOOK.check

_LIFECYCLE = "archive.lifecycle"
_DESTINATION = "delivery.opensearch_configuration"
_BACKUP = f"{_DESTINATION}.s3_configuration"
_MAY_BE_EMPTY = ("prefix", "type_name")
_ACCOUNT = re.compile(r"\b\d{12}\b")
_TEMPLATE = re.compile(r"(?:(?<!\$)\$|(?<!%)%)\{")


@BOOK.error(surroundings.TEMPLATE_SOURCE)
def texts_are_no_templates(environment: Arguments) -> Iterator[Problem]:
    """Texts are data: `${` and `%{`, which Terraform would run, are doubled where they are meant as they stand."""
    for path, text in _texts(environment.values, ""):
        found = _TEMPLATE.search(text)
        if found:
            mark = found[0]
            yield Problem(path, f"holds {mark}, which begins a template", text, f"{mark[0]}{mark} for {mark} itself")


@BOOK.error(surroundings.TEMPLATE_SOURCE)
def texts_say_something(environment: Arguments) -> Iterator[Problem]:
    """A text is not empty, but for prefixes, tags and type names: what is not wanted is left out."""
    for path, text in _texts(environment.values, ""):
        if not text and not path.startswith("tags.") and not path.endswith(_MAY_BE_EMPTY):
            yield Problem(path, "is empty", '""', "some text, or left out")


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text below a value, keys of mappings included, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if isinstance(name, str) and _TEMPLATE.search(name):
                yield path, name
            yield from _texts(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")


@BOOK.error(surroundings.TAG_SOURCE)
def tags_are_possible(environment: Arguments) -> Iterator[Problem]:
    """Tags are 50 at most, with keys of 1 to 128 characters that do not begin with `aws:`, and values of up to 256."""
    tags = environment.get("tags")
    if not isinstance(tags, Mapping):
        return
    if len(tags) > surroundings.TAGS:
        yield Problem("tags", "are too many", len(tags), f"{surroundings.TAGS} or fewer")
    for key, value in tags.items():
        if not isinstance(key, str) or not isinstance(value, str):
            continue
        if not surroundings.TAG_KEY.accepts(len(key)) or key.lower().startswith(surroundings.TAG_PREFIX):
            allowed = f"{surroundings.TAG_KEY}, not beginning with {surroundings.TAG_PREFIX}"
            yield Problem("tags", "have a key that AWS does not take", key, allowed)
        if not surroundings.TAG_VALUE.accepts(len(value)):
            yield Problem(f"tags.{key}", f"has {len(value)} characters", value, str(surroundings.TAG_VALUE))


@BOOK.error(sources.KINESIS_QUOTAS)
def consumers_are_told_apart(environment: Arguments) -> Iterator[Problem]:
    """Consumers with enhanced fan-out are 20 at most, each with a name of its own."""
    names = [name for _, name in environment.each("stream.consumers[].name")]
    if len(names) > STREAM_CONSUMERS:
        yield Problem("stream.consumers", "are too many for one stream", len(names), f"{STREAM_CONSUMERS} or fewer")
    for index, name in enumerate(names):
        if name in names[:index]:
            path = f"stream.consumers[{index}].name"
            yield Problem(path, "is the name of an earlier consumer", name, "a name of its own")


@BOOK.warning(sources.KINESIS_SHARING)
def shared_stream_has_a_key_to_share(environment: Arguments) -> Iterator[Problem]:
    """A stream that other accounts use is not encrypted with AWS's own key, whose policy lets one account alone."""
    if (environment.text("stream.kms_key_id") or "").rpartition(":")[2] != "alias/aws/kinesis":
        return
    own = environment.text("account_id")
    for kind in ("readers", "writers"):
        for path, principal in environment.each(f"stream.{kind}.principals[]"):
            account = _ACCOUNT.search(str(principal))
            if account and account[0] != own:
                allowed = "no kms_key_id, for the deployment's key, or a key of one's own"
                yield Problem("stream.kms_key_id", f"is no key for {path}", "alias/aws/kinesis", allowed)


@BOOK.error(surroundings.LIFECYCLE_SOURCE)
def objects_move_before_they_go(environment: Arguments) -> Iterator[Problem]:
    """Archived events move to another storage class before they are deleted, and to infrequent access after 30 days."""
    days = environment.number(f"{_LIFECYCLE}.transition_days")
    expiry = environment.number(f"{_LIFECYCLE}.expiration_days")
    storage = environment.text(f"{_LIFECYCLE}.transition_storage_class")
    if days is None:
        return
    if expiry is not None and days >= expiry:
        yield Problem(f"{_LIFECYCLE}.transition_days", f"is not before the {expiry:g} days of expiration", days, "less")
    if storage in surroundings.INFREQUENT_ACCESS and days < surroundings.INFREQUENT_ACCESS_DAYS:
        allowed = f"{surroundings.INFREQUENT_ACCESS_DAYS} or more"
        yield Problem(f"{_LIFECYCLE}.transition_days", f"is too early for {storage}", days, allowed)


@BOOK.error(surroundings.LIFECYCLE_CONFLICTS)
def failures_have_a_prefix(environment: Arguments) -> Iterator[Problem]:
    """What could not be delivered has a prefix that begins with a text, or its expiration would empty the bucket."""
    path = f"{_BACKUP}.error_output_prefix"
    given, days = environment.text(path, ""), environment.number(f"{_LIFECYCLE}.failed_expiration_days")
    if given is not None and days is not None and not literal_prefix(given):
        message = f"begins with no text, so that all objects of the archive would go after {days:g} days"
        yield Problem(path, message, given, "a text before the first !{, such as failed/")


@BOOK.error(surroundings.LIFECYCLE_CONFLICTS)
def events_outlast_failures(environment: Arguments) -> Iterator[Problem]:
    """Backed-up events do not lie under the prefix of what could not be delivered, which goes earlier."""
    backup, failed = _prefixes(environment)
    days = environment.number(f"{_LIFECYCLE}.failed_expiration_days")
    kept = environment.number(f"{_LIFECYCLE}.expiration_days")
    if not failed or not backup.startswith(failed) or days is None or (kept is not None and kept <= days):
        return
    if environment.text(f"{_DESTINATION}.s3_backup_mode") == "AllDocuments":
        path = f"{_BACKUP}.error_output_prefix"
        message = f"covers {backup}, so that backed-up events would go after {days:g} days"
        yield Problem(path, message, environment.get(path), "a text of its own, such as failed/")


@BOOK.error(surroundings.LIFECYCLE_CONFLICTS)
def failures_stay_as_long_as_told(environment: Arguments) -> Iterator[Problem]:
    """What could not be delivered does not lie under the prefix of events, where those move or go before it."""
    backup, failed = _prefixes(environment)
    days = environment.number(f"{_LIFECYCLE}.failed_expiration_days")
    if not failed or not failed.startswith(backup) or days is None:
        return
    for key, verb in (("transition_days", "move"), ("expiration_days", "go")):
        earlier = environment.number(f"{_LIFECYCLE}.{key}")
        if earlier is not None and earlier < days:
            message = f"covers {failed}, so that what could not be delivered would {verb} after {earlier:g} days"
            allowed = f"a text of its own, such as events/, or {key} of {days:g} or more"
            yield Problem(f"{_BACKUP}.prefix", message, environment.get(f"{_BACKUP}.prefix"), allowed)


def _prefixes(environment: Arguments) -> tuple[str, str]:
    """What keys of backed-up events and of what could not be delivered begin with."""
    backup, failed = (environment.text(f"{_BACKUP}.{key}", "") or "" for key in ("prefix", "error_output_prefix"))
    return literal_prefix(backup), literal_prefix(failed)

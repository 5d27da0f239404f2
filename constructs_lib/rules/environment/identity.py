"""Texts, tags and ARNs of an environment file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from constructs_lib.limits.environment import identity
from constructs_lib.rules.environment.book import DERIVED, new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_MAY_BE_EMPTY = ("prefix", "type_name")
_TEMPLATE = re.compile(r"(?:(?<!\$)\$|(?<!%)%)\{")


@BOOK.error(identity.TEMPLATE_SOURCE)
def texts_are_no_templates(environment: Arguments) -> Iterator[Problem]:
    """Terraform would evaluate `${` and `%{` in a text; write `$${` and `%%{` for these characters themselves."""
    for path, text in _texts(_file(environment), ""):
        found = _TEMPLATE.search(text)
        if found:
            mark = found[0]
            yield Problem(path, f"contains {mark}, which Terraform would evaluate", text, f"{mark[0]}{mark} for {mark}")


@BOOK.error(identity.TEMPLATE_SOURCE)
def texts_are_not_empty(environment: Arguments) -> Iterator[Problem]:
    """A text is not empty, except for prefixes, tags and type names; leave the key out instead."""
    for path, text in _texts(_file(environment), ""):
        if not text and not path.startswith("tags.") and not path.endswith(_MAY_BE_EMPTY):
            yield Problem(path, "is empty; leave the key out instead", None, "")


def _file(environment: Arguments) -> Mapping[str, object]:
    return {name: value for name, value in environment.values.items() if name != DERIVED}


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


@BOOK.error(identity.TAG_SOURCE)
def tags_are_few(environment: Arguments) -> Iterator[Problem]:
    """A resource has at most 50 tags, the two that every stack sets included."""
    tags = environment.get("tags")
    if isinstance(tags, Mapping):
        count = len(tags) + sum(name not in tags for name in identity.OWN_TAGS)
        if count > identity.TAGS:
            own = " and ".join(identity.OWN_TAGS)
            yield Problem(
                "tags", f"are too many together with {own}, which every stack sets", count, f"{identity.TAGS} or fewer"
            )


@BOOK.error(identity.TAG_SOURCE)
def tags_are_taken_by_iam(environment: Arguments) -> Iterator[Problem]:
    """Tag keys have 1 to 128 characters, values up to 256: letters, digits, spaces and `_ . : / = + - @`."""
    for key, value in _tags(environment):
        path = f"tags.{key}"
        if not identity.TAG_KEY.accepts(len(key)):
            yield Problem("tags", f"have a key of {len(key)} characters", key, str(identity.TAG_KEY))
        if key.lower().startswith(identity.TAG_PREFIX):
            allowed = f"a key that does not begin with {identity.TAG_PREFIX}"
            yield Problem(path, "has a key that is reserved for AWS", key, allowed)
        for what, text in (("key", key), ("value", value)):
            wrong = sorted({sign for sign in text if not _may_stand_in_tags(sign)})
            if wrong:
                allowed = f"letters, digits, spaces and {' '.join(identity.TAG_SIGNS)}"
                shown = " ".join(map(repr, wrong))
                yield Problem(path, f"has a {what} with {shown}, which IAM refuses", text, allowed)
        if not identity.TAG_VALUE.accepts(len(value)):
            yield Problem(path, f"has a value of {len(value)} characters", value, str(identity.TAG_VALUE))


def _may_stand_in_tags(sign: str) -> bool:
    """Whether IAM takes a sign: letters, numbers and separators of any script, and a few signs."""
    return unicodedata.category(sign)[0] in "LNZ" or sign in identity.TAG_SIGNS


@BOOK.error(identity.TAG_SOURCE)
def tag_keys_differ_by_more_than_case(environment: Arguments) -> Iterator[Problem]:
    """IAM compares tag keys without regard to case; the stack's own `Deployment` and `ManagedBy` count too."""
    seen = {name.lower(): name for name in identity.OWN_TAGS}
    for key, _ in _tags(environment):
        earlier = seen.setdefault(key.lower(), key)
        if earlier != key:
            whose = ", which every stack sets" if earlier in identity.OWN_TAGS else ""
            message = f"differs from the tag {earlier}{whose}, only in case; IAM takes both for one"
            yield Problem(f"tags.{key}", message, key, f"{earlier}, or another key")


def _tags(environment: Arguments) -> Iterator[tuple[str, str]]:
    tags = environment.get("tags")
    for key, value in tags.items() if isinstance(tags, Mapping) else ():
        # Another rule reports templates; do not report their characters as well.
        if isinstance(key, str) and isinstance(value, str) and not _TEMPLATE.search(f"{key} {value}"):
            yield key, value

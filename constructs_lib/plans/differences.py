"""Comparing what was with what will be, and keeping secrets out of both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

SENSITIVE = "(sensitive)"
UNKNOWN = "(known after apply)"
SHORTEST = 6
"""Characters a secret needs to be searched for in other texts; shorter ones are only replaced where they stand."""

_SECRET_THING = re.compile(
    r"passw(or)?d|passphrase|(^|[_\-.])(secret|credential)s?($|[_\-.])|(secret|private|client)_?(key|string|value|binary|secret)",
    re.IGNORECASE,
)
"""Names under which everything is secret, whatever its shape."""
_SECRET_TEXT = re.compile(
    r"(^|[_\-.])tokens?($|[_\-.])|(api|access|signing|hmac)_?key(_id)?$|auth(orization)?(_?(key|token|header))?$|bearer"
    r"|connection_?string|cookie|(^|[_\-.])(salt|pepper)$",
    re.IGNORECASE,
)
"""Names whose text is secret; a mapping of that name (a field of an index template) is described, not hidden."""
_WORD = re.compile(r"[a-z_\-]*|[A-Z_\-]*|[0-9.]*")
_NO_SECRET = re.compile(
    r"(_arns?|_url|_policy|_enabled|_configuration|_validity|_length|_in_days|_units)$", re.IGNORECASE
)
_SECRET_VALUE = re.compile(
    r"(?:AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]+:[^/\s@]+@|gh[pousr]_[A-Za-z0-9]{30,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.|xox[abprs]-[A-Za-z0-9-]{10,}"
)


def is_secret_name(key: str, value: object) -> bool:
    """Whether a name says that its value is a secret (``master_user_password``, ``API_TOKEN``), marked or not."""
    if value is None or isinstance(value, bool) or value in ("", [], {}) or _NO_SECRET.search(key):
        return False
    return bool(_SECRET_THING.search(key) or (_SECRET_TEXT.search(key) and not isinstance(value, (dict, list))))


def is_secret_value(value: str) -> bool:
    """Whether a text looks like a secret by itself: an access key, a private key, a password in a URL, a web token."""
    return bool(_SECRET_VALUE.search(value))


class Redactor:
    """Collects the values that must never be shown and takes them out of finished text.

    Values are already replaced where they stand; this is the second line, for messages that quote a value.
    """

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def learn(self, value: object, marks: object) -> None:
        """Remember what ``marks`` (the plan's ``before_sensitive`` or ``after_sensitive``) and secret names cover."""
        for leaf in leaves(value, marks, None):
            if leaf.shown == SENSITIVE:
                self._remember(leaf.value, certain=leaf.marked)

    def _remember(self, value: object, *, certain: bool) -> None:
        """``certain``: the plan says so. What only its name gives away may be an ordinary word: that stays."""
        if isinstance(value, (dict, list)):
            for item in value.values() if isinstance(value, dict) else value:
                self._remember(item, certain=certain)
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            text = str(value)
            if len(text) >= SHORTEST and (certain or not _WORD.fullmatch(text)):
                self._secrets.add(text)

    def clean(self, text: str) -> str:
        """The text without any of the values, also where they were escaped as JSON."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, SENSITIVE)
            escaped = json.dumps(secret)[1:-1]
            if escaped != secret:
                text = text.replace(escaped, SENSITIVE)
        return text


@dataclass(frozen=True)
class Leaf:
    """One value inside a resource: where it stands, what it is, what of it may be shown."""

    path: tuple[str | int, ...]
    value: Any = field(repr=False)
    shown: str
    marked: bool = False


@dataclass(frozen=True)
class Difference:
    """One attribute that changes. ``before`` and ``after`` are what may be shown; None means absent."""

    path: tuple[str | int, ...]
    before: str | None
    after: str | None
    old: Any = field(default=None, repr=False)
    new: Any = field(default=None, repr=False)
    unknown: bool = False

    @property
    def name(self) -> str:
        """The path as the provider writes it: ``cluster_config[0].instance_count``."""
        return dotted(self.path)

    @property
    def attribute(self) -> str:
        """The path without list positions, as the environment file writes it: ``cluster_config.instance_count``."""
        return ".".join(part for part in self.path if isinstance(part, str))


def dotted(path: tuple[str | int, ...]) -> str:
    """``('a', 0, 'b')`` -> ``a[0].b``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + part
    return text


def _marked(marks: object, key: str | int) -> object:
    if marks is True:
        return True
    if isinstance(marks, dict) and isinstance(key, str):
        return marks.get(key, False)
    if isinstance(marks, list) and isinstance(key, int) and key < len(marks):
        return marks[key]
    return False


def _decoded(value: object) -> object:
    """A JSON document in a string (a policy, a field mapping) as what it says, so that differences inside are found."""
    if isinstance(value, str) and value[:1] in "{[" and value[-1:] in "}]":
        try:
            decoded = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return decoded if decoded and _shallow(decoded) else value
    return value


def _shallow(value: object, levels: int = 40) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_shallow(child, levels - 1) for child in children)


def leaves(value: object, marks: object, unknown: object, path: tuple[str | int, ...] = ()) -> Iterator[Leaf]:
    """Every value of a resource. An empty list or mapping is a value too, except where it says nothing (absent block).

    ``marks`` covers what is sensitive, ``unknown`` what is known after apply only (None: nothing is).
    """
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if marks is True or (path and is_secret_name(key, value)):
        yield Leaf(path, value, SENSITIVE, marks is True)
        return
    if unknown is True:
        yield Leaf(path, value, UNKNOWN)
        return
    whole = value
    value = _decoded(value)
    if isinstance(value, dict):
        keys = [*value, *(k for k in (unknown if isinstance(unknown, dict) else ()) if k not in value)]
        for name in keys:
            yield from leaves(value.get(name), _marked(marks, name), _marked(unknown, name), (*path, str(name)))
    elif isinstance(value, list):
        more = len(unknown) if isinstance(unknown, list) else 0
        for place in range(max(len(value), more)):
            item = value[place] if place < len(value) else None
            yield from leaves(item, _marked(marks, place), _marked(unknown, place), (*path, place))
    elif value is None and isinstance(unknown, (dict, list)) and unknown and whole is None:
        inner = unknown.items() if isinstance(unknown, dict) else enumerate(unknown)
        for name, item in inner:
            yield from leaves(None, _marked(marks, name), item, (*path, name))
    elif value is not None:
        yield Leaf(path, value, _shown(value))


def _shown(value: object) -> str:
    if isinstance(value, str):
        return SENSITIVE if is_secret_value(value) else value
    return json.dumps(value)


def differences(change: object) -> list[Difference]:
    """The attributes that a change touches, in the provider's order of names.

    A value that stays equal is left out even when only its sensitivity changes. What AWS will choose for a resource
    that is made anew (ids, endpoints, defaults) is left out: it was nothing before and is not known yet.
    """
    before = {leaf.path: leaf for leaf in leaves(_get(change, "before"), _get(change, "before_sensitive"), None)}
    after = {
        leaf.path: leaf
        for leaf in leaves(_get(change, "after"), _get(change, "after_sensitive"), _get(change, "after_unknown"))
    }
    made = "create" in _get(change, "actions")
    found = []
    for path in sorted({*before, *after}, key=lambda p: [(isinstance(part, int), str(part).zfill(6)) for part in p]):
        old, new = before.get(path), after.get(path)
        if made and path and path[0] in ("id", "arn", "tags_all") and new is not None and new.shown == UNKNOWN:
            continue
        if _nothing(old) and (_nothing(new) or (made and new is not None and new.shown == UNKNOWN)):
            continue
        if old is not None and new is not None and new.shown != UNKNOWN and _same(old.value, new.value):
            continue
        found.append(
            Difference(
                path,
                None if old is None else old.shown,
                None if new is None else new.shown,
                None if old is None else old.value,
                None if new is None or new.shown == UNKNOWN else new.value,
                new is not None and new.shown == UNKNOWN,
            )
        )
    return found


def _nothing(leaf: Leaf | None) -> bool:
    """Absent and empty text are one to the provider (its plans show one for the other)."""
    return leaf is None or (leaf.shown != UNKNOWN and leaf.value in (None, ""))


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _get(change: object, name: str) -> Any:
    return getattr(change, name)


def public(value: object, marks: object, unknown: object, hidden: object) -> Any:
    """A copy of a resource's values in which what is sensitive or unknown is ``hidden``: for rules, which quote."""
    if marks is True or unknown is True:
        return hidden
    if isinstance(value, dict):
        return {
            name: hidden
            if is_secret_name(str(name), item)
            else public(item, _marked(marks, name), _marked(unknown, name), hidden)
            for name, item in {**dict.fromkeys(unknown if isinstance(unknown, dict) else ()), **value}.items()
        }
    if isinstance(value, list):
        return [public(item, _marked(marks, n), _marked(unknown, n), hidden) for n, item in enumerate(value)]
    if value is None and isinstance(unknown, (dict, list)) and unknown:
        return hidden
    return hidden if isinstance(value, str) and is_secret_value(value) else value

"""Compares a resource before and after a change, attribute by attribute, and redacts secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.plans.document import DEEPEST, Change
from constructs_lib.plans.plan_file import PlanError
from constructs_lib.plans.redaction import SENSITIVE, is_secret_name, mark, public, without_secret_values

KNOWN_LATER = "(known after apply)"
MOST = 100_000
"""Most changed attributes of one resource; a plan with more is refused."""
_LONGEST_DOCUMENT = 1024 * 1024
"""Most characters of a JSON text that is compared by content; AWS's longest documents are shorter."""

Path = tuple["str | int", ...]


@dataclass(frozen=True)
class Difference:
    """One attribute that changes. ``before`` and ``after`` are redacted texts; None means absent."""

    path: Path
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


def dotted(path: Path) -> str:
    """``('a', 0, 'b')`` -> ``a[0].b``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + part
    return text


def differences(change: Change) -> list[Difference]:
    """The attributes that a change touches, in the order of their names.

    Left out are equal values, even if their sensitivity changes; values that are absent on one side and empty on the
    other; and values that AWS chooses for a new resource (ids, endpoints, defaults), which are unknown. A value that is
    known only after the apply is one difference.

    Raises:
        PlanError: more than `MOST` attributes change, or a value is nested too deeply.
    """
    if change.unchanged and change.raw_unknown in (b"false", b"{}"):
        return []
    made = "create" in change.actions
    sides = _Sides(change.before, change.after, change.before_sensitive, change.after_sensitive, change.after_unknown)
    found = []
    for difference in _compare((), sides):
        if (
            made
            and difference.unknown
            and (_nothing(difference.old) or difference.path[:1] in (("id",), ("arn",), ("tags_all",)))
        ):
            continue
        found.append(difference)
        if len(found) > MOST:
            raise PlanError(f"more than {MOST} attributes of one resource change")
    return found


@dataclass(frozen=True)
class _Sides:
    """The values at one path before and after, with the plan's marks."""

    before: Any
    after: Any
    before_marks: object
    after_marks: object
    unknown: object

    def below(self, key: str | int) -> _Sides:
        return _Sides(
            _at(self.before, key),
            _at(self.after, key),
            mark(self.before_marks, key),
            mark(self.after_marks, key),
            mark(self.unknown, key),
        )


def _compare(path: Path, sides: _Sides) -> Iterator[Difference]:
    if len(path) > DEEPEST:
        raise PlanError(f"a value is nested more than {DEEPEST} levels deep")
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    hidden = [
        marks is True or bool(path and is_secret_name(key, value))
        for value, marks in ((sides.before, sides.before_marks), (sides.after, sides.after_marks))
    ]
    if sides.unknown is True:
        before = None if _empty(sides.before) else _text(sides.before, sides.before_marks, key, hidden=hidden[0])
        yield Difference(path, before, KNOWN_LATER, sides.before, None, unknown=True)
        return
    if any(hidden):
        containers = isinstance(sides.before, (dict, list)) or isinstance(sides.after, (dict, list))
        yield from _leaf(path, sides, hidden_before=hidden[0] or containers, hidden_after=hidden[1] or containers)
        return
    before, after = sides.before, sides.after
    if isinstance(before, str) or isinstance(after, str):
        if before == after:
            return
        before, after = _document(before), _document(after)
        sides = _Sides(before, after, sides.before_marks, sides.after_marks, sides.unknown)
    inner = [side for side in (before, after, sides.unknown) if isinstance(side, (dict, list)) and side]
    if not inner:
        yield from _leaf(path, sides, hidden_before=False, hidden_after=False)
    elif all(isinstance(side, dict) for side in inner) and all(_dict_or_empty(side) for side in (before, after)):
        for name in sorted({str(name) for side in inner for name in side}):
            yield from _compare((*path, name), sides.below(name))
    elif all(isinstance(side, list) for side in inner) and all(_list_or_empty(side) for side in (before, after)):
        for place in range(max(len(side) for side in inner)):
            yield from _compare((*path, place), sides.below(place))
    else:  # The value's type changes.
        fits = type(sides.unknown) is type(after) or _empty(after)
        yield from _compare(path, _Sides(before, None, sides.before_marks, after_marks=False, unknown=False))
        unknown = sides.unknown if fits else False
        yield from _compare(
            path, _Sides(None, after, before_marks=False, after_marks=sides.after_marks, unknown=unknown)
        )


def _leaf(path: Path, sides: _Sides, *, hidden_before: bool, hidden_after: bool) -> Iterator[Difference]:
    before, after = sides.before, sides.after
    if (_empty(before) and _empty(after)) or (type(before) is type(after) and before == after):
        return
    yield Difference(
        path,
        None if before is None else SENSITIVE if hidden_before and not _empty(before) else _shown(before),
        None if after is None else SENSITIVE if hidden_after and not _empty(after) else _shown(after),
        before,
        after,
    )


def _at(value: Any, key: str | int) -> Any:
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def _dict_or_empty(value: Any) -> bool:
    return isinstance(value, dict) or _empty(value)


def _list_or_empty(value: Any) -> bool:
    return isinstance(value, list) or _empty(value)


def _empty(value: Any) -> bool:
    """Whether a value is absent or empty, which are the same to the provider."""
    return value is None or value in ("", [], {})


def _nothing(value: Any) -> bool:
    return value in (None, "")


def _document(value: Any) -> Any:
    """The parsed JSON document in a string (a policy, a field mapping), to compare its content."""
    if (
        isinstance(value, str)
        and value[:1] in ("{", "[")
        and value[-1:] in ("}", "]")
        and len(value) <= _LONGEST_DOCUMENT
    ):
        try:
            decoded = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return decoded if decoded and _shallow(decoded) else value
    return value


def _shallow(value: object, levels: int = 40) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_shallow(child, levels - 1) for child in children)


def _text(value: Any, marks: object, key: str, *, hidden: bool) -> str:
    """A whole value as redacted text on one line."""
    if hidden:
        return SENSITIVE
    shown = public(_document(value), marks, key)
    return shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)


def _shown(value: object) -> str:
    return without_secret_values(value) if isinstance(value, str) else json.dumps(value)

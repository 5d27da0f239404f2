"""Checks the plain Python arguments of constructs against the annotations of what takes them."""

from __future__ import annotations

import builtins
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, wraps
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from constructs import Construct

from constructs_lib.configuration.errors import ArgumentTypeError, Problem
from constructs_lib.configuration.form import as_given
from constructs_lib.limits.limit_types import Range
from constructs_lib.reporting import collected_problems, settings_are_judged
from constructs_lib.rules.finding import sentence

_NAME = re.compile(r"[A-Za-z_]\w*")
UNKNOWN_NUMBER = -1e290
"""cdktf writes an unknown number as a token of about -8.1e298, far below any argument's value."""
_WORDS: Mapping[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    type(None): "None",
}

Called = TypeVar("Called", bound=Callable[..., Any])


def arguments_checked(function: Called) -> Called:
    """A method, class method or function of constructs that refuses arguments of other types than its annotations say.

    Inside a `Pipeline` or a `Stack`, which hand on what was checked already, this does nothing.

    Raises:
        ArgumentTypeError: with all wrong arguments at once.
    """
    names = function.__code__.co_varnames[: function.__code__.co_argcount]

    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        if not settings_are_judged():
            wrong = list(_wrong(function, dict(zip(names, arguments, strict=False)) | named))
            if wrong:
                raise ArgumentTypeError([*collected_problems(), *wrong])
        return function(*arguments, **named)

    return cast("Called", call)


def _wrong(function: Callable[..., Any], given: Mapping[str, Any]) -> Iterator[Problem]:
    """The problems of arguments, in the order in which they are given."""
    hints = _hints(function)
    for name, value in given.items():
        for path, item, hint in _misfits(name, value, hints.get(name, Any)):
            limit = _limit(hint)
            message = "has the wrong type" if limit is None or not _fits(item, int) else "is out of range"
            yield Problem(_place(given), path, sentence(message, _shown(item), _described(hint)))


def _place(given: Mapping[str, Any]) -> str:
    """Path of the construct: of the one that has the method, or of the one to be made."""
    scope, id_ = given.get("scope"), given.get("id_")
    if "scope" in given:
        above = scope.node.path if isinstance(scope, Construct) else ""
        return "/".join(part for part in (above, str(id_)) if part)
    owner = given.get("self")
    return str(owner.node.path) if isinstance(owner, Construct) else ""


@cache
def _hints(function: Callable[..., Any]) -> Mapping[str, Any]:
    """The types of a function's arguments; those that only type checkers import come from this library's exports."""
    import constructs_lib  # noqa: PLC0415 - it imports this module

    known: dict[str, Any] = {}
    for annotation in function.__annotations__.values():
        for name in _NAME.findall(str(annotation)):
            if name not in function.__globals__ and not hasattr(builtins, name):
                known[name] = getattr(constructs_lib, name) if name in constructs_lib.EXPORTS else Any
    return get_type_hints(function, localns=known, include_extras=True)


def _misfits(path: str, value: object, hint: Any) -> Iterator[tuple[str, object, Any]]:
    """Path, value and type of what does not fit: the argument, or single items of a list."""
    items = [member for member in _members(hint) if _is_list(member)]
    if items and isinstance(value, (list, tuple)):
        (inner,) = get_args(items[0])[:1] or (Any,)
        for number, item in enumerate(value):
            yield from _misfits(f"{path}[{number}]", item, inner)
    elif not any(_fits(value, member) for member in _members(hint)):
        yield path, value, hint


def _members(hint: Any) -> tuple[Any, ...]:
    """The types of a union, or the one type."""
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(member for each in get_args(hint) for member in _members(each))
    return (type(None) if hint is None else hint,)


def _is_list(hint: Any) -> bool:
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Sequence) and not issubclass(origin, (str, tuple))


def _fits(value: object, hint: Any) -> bool:
    """Whether a value is of a type that is no union."""
    if hint is Any or isinstance(hint, TypeVar):
        return True
    if hint in (int, float):
        return _is_number(value, whole=hint is int)
    origin = get_origin(hint)
    if origin is Annotated:
        inner, limit = get_args(hint)[0], _limit(hint)
        return _fits(value, inner) and (limit is None or not isinstance(value, int) or limit.accepts(value))
    if origin is Literal:
        return value in get_args(hint)
    return _is_of_class(value, origin or hint, text=not _is_list(hint))


def _is_number(value: object, *, whole: bool) -> bool:
    if isinstance(value, float) and value < UNKNOWN_NUMBER:
        return True
    return isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)


def _is_of_class(value: object, kind: Any, *, text: bool) -> bool:
    """Whether a value is of a class or has the members of a protocol; a text is no list."""
    if not isinstance(kind, type):
        return True
    if getattr(kind, "_is_protocol", False):
        return all(hasattr(value, name) for name in _protocol_members(kind))
    return isinstance(value, kind) and (text or not isinstance(value, (str, bytes)))


@cache
def _protocol_members(protocol: type) -> frozenset[str]:
    from typing_extensions import get_protocol_members  # noqa: PLC0415 - pydantic has loaded it

    return get_protocol_members(protocol)


def _limit(hint: Any) -> Range | None:
    """The range of a whole number, alone or in a union."""
    for member in _members(hint):
        for extra in get_args(member)[1:] if get_origin(member) is Annotated else ():
            if isinstance(extra, Range):
                return extra
    return None


def _shown(value: object) -> object:
    """A value for a message: plain values as they are, everything else by its class."""
    if isinstance(value, (str, bool, int, float, list, dict)):
        return as_given(value)
    return _Named("None" if value is None else type(value).__name__)


class _Named:
    """The name of a class, or None, which messages show without quotes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


def _described(hint: Any) -> str:
    """A type in words."""
    return ", or ".join(dict.fromkeys(_word(member) for member in _members(hint)))


def _word(hint: Any) -> str:
    limit = _limit(hint)
    if limit is not None:
        return str(limit)
    if hint in _WORDS:
        return _WORDS[hint]
    origin = get_origin(hint)
    if origin is Literal:
        return ", ".join(str(value) for value in get_args(hint))
    if _is_list(hint):
        return f"a list of {_described((get_args(hint) or (Any,))[0])}"
    kind = origin or hint
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return "a mapping"
    return str(getattr(kind, "__name__", kind))

"""Converts arguments from the provider's shape to that of its bindings.

The shape is Terraform's own: snake_case names, a block that may occur once as a mapping, a block that repeats as a list
of mappings, an absent argument left out. The bindings want their struct classes for blocks (a list of snake_case
mappings is refused by jsii), which are found here from the bindings' own type hints.
"""

from __future__ import annotations

import difflib
import math
import re
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

_PASSED_ON = {"connection", "provisioners", "count", "for_each", "depends_on", "provider"}
"""Arguments of every resource that are not the provider's blocks."""

_NOT_ARGUMENTS = {"return", "scope", "id_"}
"""Parameters of a resource class that are not arguments."""


class ArgumentError(ValueError):
    """An argument that the resource or block does not have, or a block of the wrong form."""


class _Argument(NamedTuple):
    """How to pass one argument to the bindings."""

    keyword: str
    block: type[Any] | None
    repeats: bool
    hint: object
    """The bindings' type hint, as an object or as a text."""


def arguments(target: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments for a resource or struct class of the bindings, from the provider's argument shape.

    >>> KinesisStream(self, "Resource", **arguments(KinesisStream, {"name": "events", "shard_count": 1}))

    Blocks become instances of their struct classes, however deep. Everything else is passed on as it is: tokens,
    references, structs that are made already, arguments that every resource has (``depends_on``, ``lifecycle``).

    Raises ArgumentError, with the dotted path, for an argument the target does not have and for a block that is
    neither a mapping nor (where it repeats) a list of mappings. A single mapping is
    accepted for a repeatable block.
    """
    return _convert(target, values, target.__name__)


def argument_names(target: type[Any]) -> dict[str, type[Any] | None]:
    """The provider's names of all arguments of a resource or struct class, each with the class of its block, if it is
    one.
    """
    return {name: argument.block for name, argument in _arguments_of(target).items()}


def wrong_type(target: type[Any], name: str, value: Any) -> str | None:
    """What an argument takes instead of a value of the wrong type; None where the value fits.

    None, texts with references, and cdktf's own objects fit everywhere. Arguments of every resource that are not the
    provider's (``provider``, ``depends_on`` ...) are not judged.
    """
    argument = _arguments_of(target)[name]
    if value is None or name in _PASSED_ON or (isinstance(value, str) and _REFERENCE.search(value)):
        return None
    if not isinstance(value, (bool, int, float, str, list, tuple, Mapping)):
        return None
    if argument.block is not None:
        return _wrong_block(argument, value)
    form = next((each for each in _FORMS if re.search(each.hint, str(argument.hint))), None)
    return None if form is None or form.fits(value) else form.allowed


def _wrong_block(argument: _Argument, value: Any) -> str | None:
    if isinstance(value, (list, tuple)):
        many = argument.repeats or len(value) <= 1
        fits = many and all(not isinstance(item, (bool, int, float, str, list)) for item in value)
    else:
        fits = isinstance(value, Mapping)
    if fits:
        return None
    return "a list of mappings, or one mapping" if argument.repeats else "a mapping"


class _Form(NamedTuple):
    """One form of values, by how the bindings' type hints write it."""

    hint: str
    fits: Callable[[Any], bool]
    allowed: str


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


_FORMS = (
    _Form(r"Mapping\[", lambda value: isinstance(value, Mapping), "a mapping"),
    _Form(r"Sequence\[", lambda value: isinstance(value, (list, tuple)), "a list"),
    _Form(r"\bbool\b", lambda value: isinstance(value, bool), "true or false"),
    _Form(r"\b(Number|int|float)\b", _is_finite, "a number"),
    _Form(r"\bstr\b", lambda value: isinstance(value, str), "text"),
)
_REFERENCE = re.compile(r"[$#]\{")


def _convert(target: type[Any], values: Mapping[str, Any], path: str) -> dict[str, Any]:
    known = _arguments_of(target)
    converted = {}
    for name, value in values.items():
        argument = known.get(name)
        if argument is None:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"
            raise ArgumentError(f"{path}.{name}: unknown argument{hint}")
        if argument.block is not None:
            value = _block(argument, value, f"{path}.{name}")  # noqa: PLW2901 - one value, in its new form
        converted[argument.keyword] = value
    return converted


def _block(argument: _Argument, value: Any, path: str) -> Any:
    block = argument.block
    if block is None:
        return value
    if isinstance(value, Mapping):
        made = block(**_convert(block, value, path))
        return [made] if argument.repeats else made
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not argument.repeats:
            raise ArgumentError(f"{path}: this block occurs at most once; give a mapping, not a list")
        return [
            block(**_convert(block, item, f"{path}[{number}]")) if isinstance(item, Mapping) else item
            for number, item in enumerate(value)
        ]
    if isinstance(value, (bool, int, float)):
        raise ArgumentError(f"{path}: {value!r} is not a block; give a mapping")
    return value


_known: dict[type[Any], dict[str, _Argument]] = {}


def _arguments_of(target: type[Any]) -> dict[str, _Argument]:
    """Every argument of a resource or struct class, by the provider's name."""
    if target not in _known:
        _known[target] = dict(_read_signature(target))
    return _known[target]


def _read_signature(target: type[Any]) -> Iterator[tuple[str, _Argument]]:
    initializer = target.__init__
    for keyword, hint in initializer.__annotations__.items():
        if keyword in _NOT_ARGUMENTS:
            continue
        block, repeats = None, False
        # Only hints of possible blocks, which also allow a dictionary, are read any further.
        if keyword not in _PASSED_ON and "Dict[" in str(hint):
            # In the slim copy hints are texts. To evaluate them all would take a fortieth of a synth.
            read = _block_in_text if isinstance(hint, str) else _evaluated_block
            block, repeats = read(hint, initializer.__globals__)
        # The bindings append an underscore to names that are Python keywords.
        yield keyword.removesuffix("_"), _Argument(keyword, block, repeats, hint)


_TEXT = re.compile(r"(typing\.Sequence\[)?typing\.Union\[['\"]?([\w.]+)['\"]?, typing\.Dict\[")
"""A block's struct in the text of a hint; jsii writes all hints in this form."""


def _block_in_text(hint: str, names: Mapping[str, Any]) -> tuple[type[Any] | None, bool]:
    """As `_block_of`, for a hint that is a text."""
    found = _TEXT.search(hint)
    if found is None:
        return _evaluated_block(hint, names)
    first, *others = found[2].split(".")
    struct: Any = names[first]
    for name in others:
        struct = getattr(struct, name)
    return struct, found[1] is not None


def _evaluated_block(hint: Any, names: Mapping[str, Any]) -> tuple[type[Any] | None, bool]:
    resolved = typing.get_type_hints(SimpleNamespace(__annotations__={"hint": hint}), dict(names))
    return _block_of(resolved["hint"], repeats=False)


def _block_of(hint: Any, *, repeats: bool) -> tuple[type[Any] | None, bool]:
    """The struct class in a type hint, if any, and whether the hint is for a list of them."""
    if isinstance(hint, type) and hasattr(hint, "__jsii_name_mapping__"):
        return hint, repeats
    origin = typing.get_origin(hint)
    if origin is None or origin is dict:
        return None, False
    for part in typing.get_args(hint):
        block, many = _block_of(part, repeats=repeats or origin is Sequence)
        if block is not None:
            return block, many
    return None, False

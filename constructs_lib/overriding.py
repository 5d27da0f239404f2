"""Changes of single arguments after a resource is made: by path, merged, checked for names and types."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from constructs_lib.aws import argument_names, wrong_type
from constructs_lib.configuration.errors import Problem
from constructs_lib.configuration.form import as_given
from constructs_lib.limits.provider import ARGUMENT_SINCE
from constructs_lib.reporting import report
from constructs_lib.rules.finding import sentence

if TYPE_CHECKING:
    from constructs_lib.service_construct import ServiceConstruct

MAIN = "resource"
"""Name of a construct's main resource among its `resources`."""


def override_by_path(construct: ServiceConstruct, path: str, changes: Any) -> None:
    """Change arguments by a path through a construct's `parts`, its `resources` and their arguments, as the section
    ``overrides`` of an environment file gives them: ``domain.cluster_config.instance_count``, ``archive.versioning``.

    Args:
        path: the dotted path.
        changes: what stands at its end: more steps, arguments, or a value.
    """
    first, _, rest = path.partition(".")
    if rest:
        override_by_path(construct, first, {rest: changes})
        return
    inner = first in construct.parts or (first in construct.resources and first != MAIN)
    if inner and not isinstance(changes, Mapping):
        message = sentence("has the wrong type", as_given(changes), "a mapping of names and arguments")
        report([Problem(construct.node.path, first, message)])
    elif first in construct.parts:
        for step, value in changes.items():
            override_by_path(construct.parts[first], step, value)
    elif inner:
        construct.override(_nested(changes), first)
    elif MAIN in construct.resources:
        construct.override(_nested({first: changes}))
    elif construct.parts or construct.resources:
        report([unknown_name(construct.node.path, first, sorted({*construct.parts, *construct.resources} - {MAIN}))])
    else:
        message = "cannot be changed here, because the resource exists already and this stack does not manage it"
        report([Problem(construct.node.path, first, message)])


def unknown_name(where: str, path: str, known: Sequence[str]) -> Problem:
    """The problem for an unknown name of a resource, part or argument.

    Args:
        where: path of the construct.
        path: of the name in it.
        known: the names that stand there.
    """
    near = difflib.get_close_matches(path.rpartition(".")[2], known, n=1)
    if near:
        return Problem(where, path, f"unknown name; did you mean {near[0]}?")
    return Problem(where, path, sentence("unknown name", None, ", ".join(sorted(known))))


def argument_problems(kind: Any, changes: Mapping[str, Any], where: str, path: str = "") -> Iterator[Problem]:
    """The problems of changes to a resource or block: unknown names, and values of the wrong type.

    Args:
        kind: class of the resource or block in the bindings.
        changes: arguments in the provider's shape; None takes one away.
        where: path of the construct.
        path: of the block.
    """
    known = argument_names(kind)
    newer = {name.split(".")[-1] for name in ARGUMENT_SINCE.get(f"aws_{kind.__module__.rpartition('.')[2]}", {})}
    for name, value in changes.items():
        place = f"{path}.{name}" if path else name
        if name not in known:
            if name not in newer:
                yield unknown_name(where, place, sorted(known))
            continue
        allowed = wrong_type(kind, name, value)
        if allowed is not None:
            yield Problem(where, place, sentence("has the wrong type", as_given(value), allowed))
        elif known[name] is not None:
            many = isinstance(value, list)
            for number, item in enumerate(value if many else [value]):
                if isinstance(item, Mapping):
                    inside = f"{place}[{number}]" if many else place
                    yield from argument_problems(known[name], item, where, inside)


def _nested(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as mappings in mappings."""
    nested: dict[str, Any] = {}
    for name, value in changes.items():
        first, _, rest = name.partition(".")
        nested[first] = merged(nested.get(first), {rest: value} if rest else value)
    return nested


def merged(value: Any, change: Any) -> Any:
    """A value after a change: mappings are merged, every other value is replaced."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping) and isinstance(change, Mapping):
        return [merged(value[0], change)]
    if isinstance(value, Mapping) and isinstance(change, Mapping):
        return {**value, **{name: merged(value.get(name), item) for name, item in change.items()}}
    return deepcopy(change) if isinstance(change, (dict, list)) else change

"""Reading YAML the way an environment file means it: no tags, no duplicate keys, no surprises of YAML 1.1."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from constructs_lib.configuration.problems import ConfigurationError, Problem

LARGEST_FILE = 1024 * 1024
"""Bytes; an environment file has a few thousand."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plain data only, scalars as YAML 1.2 has them: ``on``, ``12:30`` and dates are text."""


_KINDS = {
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    "float": (r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
}
_Loader.yaml_implicit_resolvers = {}
for _kind, (_pattern, _first) in _KINDS.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(
                None, None, f"a key must be text, given {key!r}", key_node.start_mark
            )
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f'duplicate key "{key}", first given on line {seen[key]}', key_node.start_mark
            )
        seen[key] = key_node.start_mark.line + 1
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in node.value
    }


def _tagged(_loader: Any, node: yaml.Node) -> Any:
    raise yaml.constructor.ConstructorError(None, None, f"YAML tag {node.tag}, allowed are none", node.start_mark)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor(None, _tagged)
for _tag in ("binary", "omap", "pairs", "set", "timestamp"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _tagged)


def read_yaml(path: Path, shown: str) -> dict[str, Any]:
    """The mapping in a YAML file.

    Args:
        path: the file.
        shown: how problems name it.

    Raises:
        ConfigurationError: the file cannot be read, is too large, not YAML, or not a mapping.
    """

    def refuse(message: str) -> ConfigurationError:
        return ConfigurationError([Problem(shown, "", message)])

    try:
        if path.stat().st_size > LARGEST_FILE:
            raise refuse(f"is too large, given {path.stat().st_size} bytes, allowed {LARGEST_FILE}")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise refuse(f"is not UTF-8 text: {error.reason} at byte {error.start}") from None
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, made stricter
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise refuse(f"{place}{error.problem or error.context}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise refuse(f"is not YAML: {str(error).splitlines()[0] if str(error) else type(error).__name__}") from None
    if document is None:
        raise refuse("is empty; an environment needs at least name and region")
    if not isinstance(document, dict):
        raise refuse(f"must be a mapping of keys, given {_kind_of(document)}")
    return document


def _kind_of(value: object) -> str:
    return {list: "a list", str: "text", bool: "a boolean", int: "a number", float: "a number"}.get(
        type(value), "nothing"
    )

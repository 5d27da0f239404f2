"""Reading YAML the way an environment file means it: no tags, no duplicate keys, no surprises of YAML 1.1."""

from __future__ import annotations

import math
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from constructs_lib.configuration.errors import ConfigurationError, Problem

LARGEST_FILE = 1024 * 1024
"""Bytes; an environment file has a few thousand."""
DEEPEST = 50
"""Levels of nesting; the deepest key that there is lies on the sixth."""
MOST_VALUES = 100_000
"""Values that a file comes to with every alias written out."""


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


class _Duplicate(yaml.MarkedYAMLError):
    """A key that is there already."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(
                None, None, f"a key must be text, given {key!r}", key_node.start_mark
            )
        if key == "<<":
            message = "merge keys (<<) are not taken; write the keys out"
            raise yaml.constructor.ConstructorError(None, None, message, key_node.start_mark)
        if key in seen:
            message = f'duplicate key "{key}", first given on line {seen[key]}'
            loader.duplicates.append(_Duplicate(None, None, message, key_node.start_mark))
        else:
            seen[key] = key_node.start_mark.line + 1
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in node.value
    }


def _float(loader: Any, node: yaml.ScalarNode) -> float:
    value = float(loader.construct_scalar(node))
    if math.isinf(value):
        message = f"{node.value} is beyond what a number can be"
        raise yaml.constructor.ConstructorError(None, None, message, node.start_mark)
    return value


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)


def read_yaml(path: Path, shown: str) -> dict[str, Any]:
    """The mapping in a YAML file.

    Args:
        path: the file.
        shown: how problems name it.

    Raises:
        ConfigurationError: the file cannot be read, is too large, not YAML, or not a mapping.
    """
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise _refusal(shown, "is no file that can be read, but a device or a pipe")
        if status.st_size > LARGEST_FILE:
            raise _refusal(shown, f"is too large, given {status.st_size} bytes, allowed {LARGEST_FILE}")
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(shown, f"cannot be read: {error.strerror}") from None
    return parse_yaml(content, shown)


def parse_yaml(content: bytes, shown: str) -> dict[str, Any]:
    """The mapping in the bytes of a YAML file; see `read_yaml`."""
    if len(content) > LARGEST_FILE:
        raise _refusal(shown, f"is too large, given {len(content)} bytes, allowed {LARGEST_FILE}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal(shown, f"is not UTF-8 text: {error.reason} at byte {error.start}") from None
    try:
        found = list(_oddities(text))
        document, duplicates = (None, []) if found else _loaded(text)
    except yaml.MarkedYAMLError as error:
        found, document, duplicates = [error], None, []
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _refusal(shown, f"is not YAML: {message}") from None
    if found or duplicates:
        raise ConfigurationError([Problem(shown, "", _placed(error)) for error in [*found, *duplicates]])
    if document is None:
        raise _refusal(shown, "is empty; an environment needs at least name and region")
    if not isinstance(document, dict):
        raise _refusal(shown, f"must be a mapping of keys, given {_kind_of(document)}")
    return document


def _refusal(shown: str, message: str) -> ConfigurationError:
    return ConfigurationError([Problem(shown, "", message)])


def _placed(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem or error.context}"


def _loaded(text: str) -> tuple[Any, list[_Duplicate]]:
    """What the text holds, and the keys that are given twice."""
    loader = _Loader(text)
    loader.duplicates = []
    try:
        return loader.get_single_data(), loader.duplicates
    finally:
        loader.dispose()


def _oddities(text: str) -> Iterator[yaml.MarkedYAMLError]:
    """What YAML has and an environment file has no use for, found before anything is made of it.

    Tags, further documents, and what would take the memory or the stack of whoever reads the file: deep nesting,
    aliases of aliases.
    """
    events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = []
    values = documents = 0
    for event in events:
        mark = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                yield yaml.MarkedYAMLError(None, None, "a second document begins, allowed is one", mark)
                return
        if getattr(event, "tag", None) is not None:
            yield yaml.MarkedYAMLError(None, None, f"YAML tag {event.tag}, allowed are none", mark)
        if isinstance(event, yaml.AliasEvent):
            values += sizes.get(str(event.anchor), 0)
        elif isinstance(event, yaml.NodeEvent):
            values += 1
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append((event.anchor, values))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor is not None:
                sizes[anchor] = values - before + 1
        elif isinstance(event, yaml.ScalarEvent) and event.anchor is not None:
            sizes[event.anchor] = 1
        if len(open_) > DEEPEST or values > MOST_VALUES:
            what = f"nested over {DEEPEST} levels deep" if len(open_) > DEEPEST else f"over {MOST_VALUES} values"
            yield yaml.MarkedYAMLError(None, None, f"is {what}, which no environment is", mark)
            return


def _kind_of(value: object) -> str:
    return {list: "a list", str: "text", bool: "a boolean", int: "a number", float: "a number"}.get(
        type(value), "nothing"
    )

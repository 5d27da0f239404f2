"""Reads the YAML of an environment file: plain data without tags or duplicate keys, and the line of each key."""

from __future__ import annotations

import math
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from constructs_lib.configuration.errors import ConfigurationError, Problem
from constructs_lib.configuration.yaml_errors import in_plain_words

LARGEST_FILE = 1024 * 1024
"""Most bytes; an environment file has a few thousand."""
DEEPEST = 50
"""Most levels of nesting; the deepest key of an environment file is on level 6."""
MOST_VALUES = 100_000
"""Most values in a file, with every alias expanded."""


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


class _Wrong(yaml.MarkedYAMLError):
    """A YAML feature that environment files do not allow; the problem is a clause of a message.

    Attributes:
        path: dotted path of the key; empty where the problem is in no key.
    """

    def __init__(self, problem: str, mark: Any, path: str = "") -> None:
        super().__init__(None, None, problem, mark)
        self.path = path


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise _Wrong(f"has a key that is not text (given {_key(key)})", key_node.start_mark)
        if key == "<<":
            raise _Wrong("uses a merge key (<<); write the keys out instead", key_node.start_mark)
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in node.value
    }


def _key(key: object) -> str:
    """A key as a file writes it."""
    return "null" if key is None else str(key).lower() if isinstance(key, bool) else str(key)


def _float(loader: Any, node: yaml.ScalarNode) -> float:
    value = float(loader.construct_scalar(node))
    if math.isinf(value):
        raise _Wrong(f"has a number that is too large (given {node.value})", node.start_mark)
    return value


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)


class Document(dict[str, Any]):
    """The mapping in a YAML file, and the line of each key."""

    def __init__(self, values: Mapping[str, Any], lines: Mapping[str, int]) -> None:
        super().__init__(values)
        self._lines = lines

    def holds(self, path: str) -> bool:
        """Whether the file has a key or list item, given by its dotted path."""
        return path in self._lines

    def line(self, path: str) -> int:
        """The line, from 1, of a key or list item; of the section around it where the file does not have it."""
        while path and path not in self._lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._lines.get(path, 1)


def read_yaml(path: Path, shown: str) -> Document:
    """The mapping in a YAML file.

    Args:
        path: the file.
        shown: the file's name in messages.

    Raises:
        ConfigurationError: the file cannot be read, is too large, is not YAML, or is not a mapping.
    """
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise _refusal(shown, "is a device or a pipe (allowed: a file)")
        if status.st_size > LARGEST_FILE:
            raise _too_large(shown, status.st_size)
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(shown, f"cannot be read: {error.strerror}") from None
    return parse_yaml(content, shown)


def parse_yaml(content: bytes, shown: str) -> Document:
    """The mapping in the bytes of a YAML file; see `read_yaml`."""
    if len(content) > LARGEST_FILE:
        raise _too_large(shown, len(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(shown, f"is not UTF-8 text: {error.reason}", line) from None
    try:
        found = list(_oddities(text))
        document, lines, duplicates = (None, {}, []) if found else _loaded(text)
    except _Wrong as error:
        found, document, lines, duplicates = [error], None, {}, []
    except yaml.MarkedYAMLError as error:
        line_, message = in_plain_words(error, text)
        raise _refusal(shown, message, line_) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _refusal(shown, f"holds the control character U+{error.character:04X}; remove it", line) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _refusal(shown, f"is not YAML: {message}") from None
    if found or duplicates:
        wrong = [*found, *duplicates]
        raise ConfigurationError([Problem(shown, each.path, str(each.problem), line=_line(each)) for each in wrong])
    if document is None:
        document = {}  # required keys are then reported as missing
    if not isinstance(document, dict):
        raise _refusal(shown, f"must be a mapping of keys (given {_kind_of(document)})", 1)
    return Document(document, lines)


def _refusal(shown: str, message: str, line: int | None = None) -> ConfigurationError:
    return ConfigurationError([Problem(shown, "", message, line=line)])


def _too_large(shown: str, size: int) -> ConfigurationError:
    return _refusal(shown, f"is too large (given {size} bytes; allowed: {LARGEST_FILE} bytes)")


def _line(error: yaml.MarkedYAMLError) -> int | None:
    return error.problem_mark.line + 1 if error.problem_mark else None


def _loaded(text: str) -> tuple[Any, dict[str, int], list[_Wrong]]:
    """The text's values, the line of each key and list item, and the repeated keys."""
    loader = _Loader(text)
    lines: dict[str, int] = {}
    try:
        node = loader.get_single_node()
        if node is None:
            return None, lines, []
        values = loader.construct_document(node)
        duplicates: dict[int, _Wrong] = {}
        _find_lines(node, "", lines, duplicates)
        return values, lines, list(duplicates.values())
    finally:
        loader.dispose()


def _find_lines(node: yaml.Node, path: str, lines: dict[str, int], duplicates: dict[int, _Wrong]) -> None:
    """Find the line of each key and list item below a node, and the repeated keys.

    Args:
        duplicates: the repeated keys by where they stand: a mapping that has aliases repeats its key once.
    """
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            inner = f"{path}.{key.value}" if path else str(key.value)
            lines[inner] = key.start_mark.line + 1
            if key.value in seen:
                repeated = _Wrong(f"repeats the key of line {seen[key.value]}", key.start_mark, inner)
                duplicates.setdefault(key.start_mark.index, repeated)
            seen.setdefault(key.value, lines[inner])
            _find_lines(value, inner, lines, duplicates)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            inner = f"{path}[{index}]"
            lines[inner] = item.start_mark.line + 1
            _find_lines(item, inner, lines, duplicates)


def _oddities(text: str) -> Iterator[_Wrong]:
    """YAML features that an environment file must not use, found before values are built.

    These are tags, further documents, and features that could exhaust memory or the stack: deep nesting, aliases.
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
                yield _Wrong("begins a second document (---); write one document in a file", mark)
                return
        if getattr(event, "tag", None) is not None:
            yield _Wrong(f"uses the YAML tag {event.tag}; remove it", mark)
        if isinstance(event, yaml.AliasEvent):
            if any(event.anchor == anchor for anchor, _ in open_):
                yield _Wrong(f"uses the alias *{event.anchor} inside the value that it stands for", mark)
                return
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
            deep = f"is nested more than {DEEPEST} levels deep"
            many = f"has more than {MOST_VALUES} values with its aliases expanded"
            yield _Wrong(deep if len(open_) > DEEPEST else many, mark)
            return


def _kind_of(value: object) -> str:
    return {list: "a list", str: "text", bool: "a boolean", int: "a number", float: "a number"}.get(
        type(value), "nothing"
    )

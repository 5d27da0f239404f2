"""From an environment file to an `Environment`, or to all its problems at once."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError, Problem, dotted
from constructs_lib.configuration.judging import judge
from constructs_lib.configuration.section import Section
from constructs_lib.configuration.yaml_file import read_yaml

PLACEHOLDERS = {"name": "placeholder", "region": "us-east-1"}
"""Stand in for what is required and missing, so that the rest of the file can still be judged."""
ROUNDS = 10
"""How often wrong parts are taken out: a section that lacks one of its parts may be wrong without it."""


def load_environment(path: Path | str, shown: str | None = None) -> tuple[Environment, list[Problem]]:
    """Read and judge one environment file.

    Args:
        path: the file.
        shown: how problems name it; default: the path as given.

    Returns:
        The environment, and warnings: what AWS accepts and what hurts later.

    Raises:
        ConfigurationError: with every problem, errors and warnings, in the order of the file's sections.
    """
    file = Path(path)
    shown = shown or file.as_posix()
    return parse_environment(read_yaml(file, shown), shown)


def parse_environment(document: Mapping[str, Any], shown: str) -> tuple[Environment, list[Problem]]:
    """Judge what a file holds; see `load_environment`.

    Args:
        document: the file's mapping.
        shown: how problems name the file.
    """
    problems: list[Problem] = []
    environment: Environment | None = None
    known: Environment | None
    try:
        known = environment = Environment.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        problems = [Problem(shown, dotted(_location(item["loc"])), _sentence(item)) for item in details]
        known = _without(document, details)
    if known is not None:
        wrong = {problem.path for problem in problems}
        problems += [
            Problem(shown, finding.path, str(finding), finding.severity)
            for finding in judge(known)
            if not any(finding.path == path or finding.path.startswith((f"{path}.", f"{path}[")) for path in wrong)
        ]
    problems = list(dict.fromkeys(problems))
    if environment is None or any(problem.severity == "error" for problem in problems):
        raise ConfigurationError(problems)
    return environment, problems


def _location(loc: Sequence[str | int]) -> tuple[str | int, ...]:
    """A pydantic location without the names of a union's members."""
    return tuple(
        part for part in loc if not (isinstance(part, str) and ("[" in part or part in {"str", "dict", "int"}))
    )


def _without(document: Mapping[str, Any], details: Sequence[Any]) -> Environment | None:
    """The environment with the wrong parts taken out, as far as that leaves one."""
    rest: Any = deepcopy(dict(document))
    for _ in range(ROUNDS):
        # What lies deep first, and in a list the last first: the places of the others stay.
        wrong = {_location(item["loc"])[: -1 if item["type"] == "missing" else None] for item in details}
        for path in sorted(wrong, key=lambda path: (len(path), [(isinstance(part, str), part) for part in path]))[::-1]:
            if path:
                _remove(rest, path)
        for key, value in PLACEHOLDERS.items():
            rest.setdefault(key, value)
        try:
            return Environment.model_validate(rest)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
    return None


def _remove(holder: Any, path: tuple[str | int, ...]) -> None:
    for part in path[:-1]:
        if isinstance(holder, dict):
            holder = holder.get(str(part))
        elif isinstance(holder, list) and isinstance(part, int) and part < len(holder):
            holder = holder[part]
    last = path[-1]
    if isinstance(holder, dict):
        holder.pop(last, None)
    elif isinstance(holder, list) and isinstance(last, int) and last < len(holder):
        holder.pop(last)


def _sentence(item: Any) -> str:
    """One pydantic error as this project says it: what is wrong, what was given, what is allowed."""
    kind, given = item["type"], item.get("input")
    if kind == "missing":
        return "is required, given nothing"
    if kind == "extra_forbidden":
        return f"unknown key{_nearest(item['loc'])}"
    allowed = {
        "string_type": "text (in quotes where it looks like a number)",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "list_type": "a list",
        "dict_type": "a mapping of keys",
        "model_type": "a mapping of keys",
        "model_attributes_type": "a mapping of keys",
    }.get(kind)
    if kind == "literal_error":
        expected = item["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        near = difflib.get_close_matches(str(given), expected.split(", "), n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"is not one of the known values{hint}, given {shown_value(given)}, allowed {expected}"
    if allowed is not None:
        return f"is of the wrong type, given {shown_value(given)}, allowed {allowed}"
    message = item["msg"].removeprefix("Value error, ")
    return f"{message[0].lower()}{message[1:]}, given {shown_value(given)}"


def shown_value(value: object) -> str:
    """A value on one line, short."""
    if value is None:
        return "nothing"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _nearest(loc: Sequence[str | int]) -> str:
    """The known key that an unknown one most looks like."""
    model: Any = Environment
    for part in _location(loc)[:-1]:
        if isinstance(part, str):
            model = section_of(model.model_fields[part].annotation) if part in model.model_fields else None
        if model is None:
            return ""
    known = list(model.model_fields)
    near = difflib.get_close_matches(str(loc[-1]), known, n=1)
    if near:
        return f", did you mean {near[0]}?"
    return f", allowed {', '.join(known)}"


def section_of(annotation: Any) -> type[Section] | None:
    """The section inside an annotation such as ``Section | None`` or ``list[Section]``."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    for argument in get_args(annotation):
        found = section_of(argument)
        if found is not None:
            return found
    return None

"""Turns an environment file into an `Environment`, or reports all of its problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError, Problem
from constructs_lib.configuration.form import form_problems, location, placed
from constructs_lib.configuration.judging import judge, judge_together
from constructs_lib.configuration.yaml_file import read_yaml

PLACEHOLDERS = {"name": "placeholder", "region": "us-east-1"}
"""Stand-ins for missing required keys, so that the rest of the file is still checked."""
ROUNDS = 10
"""How often invalid parts are removed: removing a part may make its section invalid."""


def load_environment(path: Path | str, shown: str | None = None) -> tuple[Environment, list[Problem]]:
    """Read and check one environment file.

    Args:
        path: the file.
        shown: the file's name in messages; default: the path as given.

    Returns:
        The environment, and its warnings.

    Raises:
        ConfigurationError: with every problem, errors and warnings, in the order of the lines.
    """
    file = Path(path)
    shown = shown or file.as_posix()
    return parse_environment(read_yaml(file, shown), shown)


def parse_environment(document: Mapping[str, Any], shown: str) -> tuple[Environment, list[Problem]]:
    """Check the content of a file; see `load_environment`.

    Args:
        document: the file's mapping; a `Document` gives problems their lines.
        shown: the file's name in messages.
    """
    problems: list[Problem] = []
    environment: Environment | None = None
    known: Environment | None
    try:
        known = environment = Environment.parsed(document)
    except ValidationError as error:
        problems = form_problems(error, Environment, document, shown)
        known = _without(document, error)
    if known is not None:
        wrong = {problem.path for problem in problems}
        problems += [
            placed(document, shown, finding.path, str(finding), finding.severity)
            for finding in judge(known, unread={path.partition(".")[0] for path in wrong})
            if not any(finding.path == path or finding.path.startswith((f"{path}.", f"{path}[")) for path in wrong)
        ]
    problems = sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)
    if environment is None or any(problem.severity == "error" for problem in problems):
        raise ConfigurationError(problems)
    return environment, problems


def shared_problems(environments: Mapping[str, tuple[Environment, Mapping[str, Any]]]) -> list[Problem]:
    """Names that several environments use although they must be unique.

    Args:
        environments: each with its document, by the file's name in messages.
    """
    found = judge_together({file: environment for file, (environment, _) in environments.items()})
    return [
        placed(environments[file][1], file, finding.path, str(finding), finding.severity) for file, finding in found
    ]


def _without(document: Mapping[str, Any], error: ValidationError) -> Environment | None:
    """The environment without its invalid parts, if the rest is valid."""
    rest: Any = deepcopy(dict(document))
    for _ in range(ROUNDS):
        details = error.errors(include_url=False, include_context=False)
        # Deep parts first, and the last item of a list first, so that the positions of the others stay right.
        wrong = {location(item)[: -1 if item["type"] == "missing" else None] for item in details}
        for path in sorted(wrong, key=lambda path: (len(path), [(isinstance(part, str), part) for part in path]))[::-1]:
            if path:
                _remove(rest, path)
        for key, value in PLACEHOLDERS.items():
            rest.setdefault(key, value)
        try:
            return Environment.parsed(rest)
        except ValidationError as again:
            error = again
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

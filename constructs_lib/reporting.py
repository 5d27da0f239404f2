"""How constructs report problems: as one error with all of them, as Python warnings, or collected."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError, Problem
from constructs_lib.configuration.judging import judge

_INSIDE = frozenset({"constructs_lib", "jsii", "contextlib"})

_collecting: ContextVar[list[Problem] | None] = ContextVar("problems", default=None)
_settings_are_judged: ContextVar[bool] = ContextVar("settings", default=False)


class ConfigurationWarning(UserWarning):
    """AWS accepts these settings, but they cause trouble later."""


def settings_are_judged() -> bool:
    """Whether the constructs being made belong to an environment whose settings were judged as a whole."""
    return _settings_are_judged.get()


def report(problems: Sequence[Problem]) -> None:
    """Report problems: to `problems_collected`, or else as a `ConfigurationError` and as Python warnings."""
    collected = _collecting.get()
    if collected is not None:
        collected.extend(problems)
        return
    for problem in problems:
        if problem.severity == "warning":
            warnings.warn(str(problem), ConfigurationWarning, stacklevel=_users_level())
    if any(problem.severity == "error" for problem in problems):
        raise ConfigurationError(problems)


def _users_level() -> int:
    """How many calls above the caller is code of neither this library nor of what makes its objects."""
    level, frame = 1, sys._getframe(1)  # noqa: SLF001 - as warnings itself looks for it
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _INSIDE:
        level, frame = level + 1, frame.f_back
    return level


@contextmanager
def problems_collected() -> Iterator[list[Problem]]:
    """Collect the errors and warnings of the constructs created in this context, instead of stopping at the first
    error."""
    problems: list[Problem] = []
    token = _collecting.set(problems)
    try:
        yield problems
    except ConfigurationError:
        raise
    except Exception as error:
        # A construct goes on with refused values, on which other libraries may stop; the problems say why.
        if any(problem.severity == "error" for problem in problems):
            raise ConfigurationError(problems) from error
        raise
    finally:
        _collecting.reset(token)


def collected_problems() -> Sequence[Problem]:
    """The problems that are collected so far; none outside of `problems_collected`."""
    return tuple(_collecting.get() or ())


Initializer = TypeVar("Initializer", bound=Callable[..., None])


def reported_together(initializer: Initializer) -> Initializer:
    """A construct's initializer that reports its problems, and those of the constructs in it, all at once."""

    @wraps(initializer)
    def initialize(*arguments: Any, **named: Any) -> None:
        if _collecting.get() is not None:
            initializer(*arguments, **named)
            return
        with problems_collected() as problems:
            initializer(*arguments, **named)
        report(_without_repeats(problems))

    return cast("Initializer", initialize)


def _without_repeats(problems: Sequence[Problem]) -> list[Problem]:
    """The problems without those that a resource repeats about the setting that its argument comes from."""
    kept: list[Problem] = []
    for problem in problems:
        if not any(_repeats(problem, earlier) for earlier in kept):
            kept.append(problem)
    return kept


def _repeats(problem: Problem, earlier: Problem) -> bool:
    """Whether a problem says the same of the same key, there or in a construct inside."""
    if problem.message != earlier.message or not f"{problem.file}/".startswith(f"{earlier.file}/"):
        return False
    # A function's log_retention_in_days is its log group's retention_in_days.
    shorter, longer = sorted((problem.path.replace(".", "_"), earlier.path.replace(".", "_")), key=len)
    return f"_{longer}".endswith(f"_{shorter}")


@contextmanager
def environment_judged(path: str, environment: Environment) -> Iterator[Environment]:
    """Judge an environment as a whole, then collect what the constructs made inside say about their arguments.

    Yields the environment, read again, since a copy with changed values was not checked when it was made.

    The constructs do not judge their settings again. Where the environment was judged before, this does nothing.

    Args:
        path: of the construct that the environment is for.

    Raises:
        ConfigurationError: with all errors, of the environment before anything is made, and of the constructs at the
            end. Warnings are Python warnings of the category `ConfigurationWarning`.
    """
    if _settings_are_judged.get():
        yield environment
        return
    environment = environment.read_again(path)
    report([Problem(path, item.path, str(item), item.severity) for item in judge(environment)])
    token = _settings_are_judged.set(True)
    try:
        with problems_collected() as problems:
            yield environment
    finally:
        _settings_are_judged.reset(token)
    # Warnings about the same arguments were among those about the environment.
    report([problem for problem in problems if problem.severity == "error"])

"""The base of this library's constructs: plain logical ids, named resources, overrides, checks by the rules."""

from __future__ import annotations

import difflib
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import jsii
from cdktf import (
    IAnyProducer,
    IStringProducer,
    Lazy,
    TerraformLocal,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)
from constructs import Construct, IConstruct, IValidation

from constructs_lib.aws import argument_names, arguments
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError, Problem
from constructs_lib.configuration.judging import judge, judge_section
from constructs_lib.configuration.section import Section
from constructs_lib.limits.provider import ARGUMENT_SINCE, split_beyond_bindings
from constructs_lib.rules.finding import UNKNOWN, Finding

MAIN = "resource"
"""Name of a construct's main resource among its `resources`."""

_SILENT = frozenset({"function", "monitoring", "pipeline", "security-group"})
"""Ids of constructs that add nothing to the logical ids below them."""
_TOKEN = re.compile(r"[$#]\{")
_INSIDE = frozenset({"constructs_lib", "jsii", "contextlib"})
_SMALLEST_NUMBER = -1e300
"""cdktf writes an unknown number as a token far below any setting's value."""

Check = Callable[[Mapping[str, Any]], list[Finding]]
"""A rulebook: findings about a resource's arguments in the provider's shape."""

_stacks: WeakKeyDictionary[IConstruct, set[tuple[str, str]]] = WeakKeyDictionary()
_collecting: ContextVar[list[Problem] | None] = ContextVar("problems", default=None)
_settings_are_judged: ContextVar[bool] = ContextVar("settings", default=False)


class ConfigurationWarning(UserWarning):
    """AWS accepts these settings, but they cause trouble later."""


class ServiceConstruct(Construct):
    """A construct of this library.

    Logical ids are plain and stable: the ids of the constructs below the stack, joined by ``_``, then the name of the
    resource, such as ``aws_opensearch_domain.domain`` and ``aws_s3_bucket_policy.archive_policy``. Constructs called
    ``pipeline``, ``monitoring``, ``function`` and ``security-group`` add nothing. A second pipeline in a stack needs
    another id, with which its logical ids then begin (``aws_opensearch_domain.europe_domain``).

    Attributes:
        resources: the Terraform elements that the construct makes, by name; ``resource`` is its main one.
        parts: the constructs of this library inside it, by id.

    Raises:
        ValueError: two constructs of one stack make the same logical id.
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        if isinstance(scope, ServiceConstruct):
            stack, above = scope.stack, scope.prefix
            scope.parts[id_] = self
        else:
            stack = scope if isinstance(scope, TerraformStack) else TerraformStack.of(scope)
            above = _path_below(scope, stack)
        self.stack: TerraformStack = stack
        self.prefix: str = above if id_ in _SILENT else _joined(above, id_)
        self.resources: dict[str, Any] = {}
        self.parts: dict[str, ServiceConstruct] = {}
        self._arguments: dict[str, tuple[Any, dict[str, Any]]] = {}
        self._judge: Check | None = None

    def create(
        self,
        kind: Any,
        name: str,
        values: Mapping[str, Any],
        *,
        depends_on: Sequence[Any] = (),
        retain: bool = False,
        ignore_changes: Sequence[str] = (),
    ) -> Any:
        """Make a resource or data source under a plain logical id.

        Args:
            kind: its class in the provider's bindings.
            name: its name in this construct; `MAIN` for the construct's main resource.
            values: its arguments in the provider's shape; arguments newer than the bindings are added as overrides.
            depends_on: resources to create first.
            retain: whether Terraform refuses to destroy it.
            ignore_changes: arguments that Terraform leaves as they are.
        """
        type_ = f"aws_{kind.__module__.rpartition('.')[2]}"
        given = {key: value for key, value in values.items() if value is not None}
        known, beyond = split_beyond_bindings(type_, given) if type_ in ARGUMENT_SINCE else (given, {})
        more: dict[str, Any] = {}
        if depends_on:
            more["depends_on"] = list(depends_on)
        if retain or ignore_changes:
            more["lifecycle"] = TerraformResourceLifecycle(
                prevent_destroy=True if retain else None, ignore_changes=list(ignore_changes) or None
            )
        element = kind(self, "Resource" if name == MAIN else name, **arguments(kind, known), **more)
        element.override_logical_id(self._logical_id(type_, name))
        for path, value in beyond.items():
            element.add_override(path, value)
        self.resources[name] = element
        self._arguments[name] = (kind, given)
        return element

    def local(self, name: str, value: Any) -> str:
        """Create a local value of the stack for a value that many resources repeat; returns the reference."""
        element = TerraformLocal(self, f"local-{name}", value)
        element.override_logical_id(self._logical_id("local", name))
        reference: str = element.as_string
        return reference

    def override(self, changes: Mapping[str, Any], resource: str = MAIN) -> None:
        """Change arguments of a resource after its creation: an escape hatch for arguments without a setting.

        >>> archive.override({"versioning_configuration": {"status": "Suspended"}}, "versioning")

        Mappings are merged, every other value is replaced, None removes an argument. The construct's rules check the
        result.

        Args:
            changes: arguments in the provider's shape.
            resource: a name among `resources`.

        Raises:
            ConfigurationError: no such resource or argument, or a result that AWS refuses.
        """
        if resource not in self._arguments:
            report([self.unknown(resource, list(self._arguments))])
            return
        kind, values = self._arguments[resource]
        problems = [self.unknown(path, known) for path, known in _unknown_arguments(kind, changes, "")]
        if problems:
            report(problems)
            return
        for name, value in changes.items():
            values[name] = _merged(values.get(name), value)
            # Evaluated late, since cdktf would append a list to the existing one.
            self.resources[resource].add_override(name, written_late(partial(values.get, name)))
        if resource == MAIN and self._judge is not None:
            self.judge_by(self._judge)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Arguments of the main resource, in the provider's shape."""
        return self._arguments[MAIN][1]

    def judge_by(self, check: Check) -> None:
        """Check the arguments of the main resource with its service's rulebook.

        Raises:
            ConfigurationError: with all errors at once, unless they are collected (`problems_collected`). Warnings
                are Python warnings of the category `ConfigurationWarning`.
        """
        self._judge = check
        findings = check(_judgeable(self.arguments))
        if findings:
            report([Problem(self.node.path, item.path, str(item), item.severity) for item in findings])

    def judge_settings(self, section: str, settings: Section) -> None:
        """Judge settings by the rules about a section of environment files, whatever the other sections may say.

        Inside a `Pipeline` or a `Stack`, which judge all sections together, this does nothing.

        Raises:
            ConfigurationError: as for `judge_by`.
        """
        if _settings_are_judged.get():
            return
        findings = judge_section(section, _judgeable(settings.model_dump(exclude_none=True)))
        if findings:
            report([Problem(self.node.path, item.path, str(item), item.severity) for item in findings])

    def _logical_id(self, type_: str, name: str) -> str:
        logical_id = self.prefix if name == MAIN else _joined(self.prefix, name)
        if self.stack not in _stacks:
            _stacks[self.stack] = set()
            self.stack.node.add_validation(_UniqueIds(self.stack))
        taken = _stacks[self.stack]
        if (type_, logical_id) in taken:
            raise ValueError(
                f"{self.node.path}: the stack has another {type_}.{logical_id}; give one of the constructs another id"
            )
        taken.add((type_, logical_id))
        return logical_id

    def unknown(self, path: str, known: Sequence[str]) -> Problem:
        """The problem for an unknown name of a resource, part or argument of this construct."""
        near = difflib.get_close_matches(path.rpartition(".")[2], known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join(sorted(known))}"
        return Problem(self.node.path, path, f"unknown name; {hint}")


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
    if first in construct.parts and isinstance(changes, Mapping):
        for step, inner in changes.items():
            override_by_path(construct.parts[first], step, inner)
    elif first in construct.resources and first != MAIN and isinstance(changes, Mapping):
        construct.override(_nested(changes), first)
    elif MAIN in construct.resources:
        construct.override(_nested({first: changes}))
    else:
        known = sorted({*construct.parts, *construct.resources} - {MAIN})
        report([construct.unknown(first, known)])


def _nested(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as mappings in mappings."""
    nested: dict[str, Any] = {}
    for name, value in changes.items():
        first, _, rest = name.partition(".")
        nested[first] = _merged(nested.get(first), {rest: value} if rest else value)
    return nested


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
    finally:
        _collecting.reset(token)


@contextmanager
def environment_judged(path: str, environment: Environment) -> Iterator[None]:
    """Judge an environment as a whole, then collect what the constructs made inside say about their arguments.

    The constructs do not judge their settings again. Where the environment was judged before, this does nothing.

    Args:
        path: of the construct that the environment is for.

    Raises:
        ConfigurationError: with all errors, of the environment before anything is made, and of the constructs at the
            end. Warnings are Python warnings of the category `ConfigurationWarning`.
    """
    if _settings_are_judged.get():
        yield
        return
    report([Problem(path, item.path, str(item), item.severity) for item in judge(environment)])
    token = _settings_are_judged.set(True)
    try:
        with problems_collected() as problems:
            yield
    finally:
        _settings_are_judged.reset(token)
    # Warnings about the same arguments were among those about the environment.
    report([problem for problem in problems if problem.severity == "error"])


def skip_id_validation(stack: TerraformStack) -> None:
    """Skip the check of logical ids for a stack in which only this library creates resources."""
    _stacks.setdefault(stack, set())


@jsii.implements(IValidation)
class _UniqueIds:
    """Refuses a stack in which two resources have one logical id, because cdktf would merge them."""

    def __init__(self, stack: TerraformStack) -> None:
        self._stack = stack

    def validate(self) -> list[str]:
        """One line for each repeated logical id."""
        ours = _stacks[self._stack]
        paths: dict[tuple[str, str], str] = {}
        problems = []
        for each in self._stack.node.find_all():
            if isinstance(each, TerraformResource):
                address = (each.terraform_resource_type, each.friendly_unique_id)
                first = paths.setdefault(address, each.node.path)
                if first != each.node.path and address in ours:
                    again = f"{first} and {each.node.path} both make {'.'.join(address)}"
                    problems.append(f"{again}: give one of them another id")
        return problems


@jsii.implements(IAnyProducer, IStringProducer)
class _Producer:
    """Gives Node a value that is complete only when the stack is written."""

    def __init__(self, value: Callable[[], Any]) -> None:
        self._value = value

    def produce(self, _context: Any) -> Any:
        """The value, in Terraform's own shape."""
        return self._value()


def written_late(value: Callable[[], Any]) -> Any:
    """A value that is evaluated when the stack is written; it must be in Terraform's own shape."""
    return Lazy.any_value(_Producer(value))


def text_written_late(value: Callable[[], str]) -> str:
    """A text that is evaluated when the stack is written."""
    text: str = Lazy.string_value(_Producer(value))
    return text


def _path_below(scope: Construct, stack: TerraformStack) -> str:
    """The ids between a stack and a construct of another library, as the beginning of logical ids."""
    if scope is stack:
        return ""
    path = ""
    for part in scope.node.path.removeprefix(stack.node.path).strip("/").split("/"):
        path = _joined(path, part)
    return path


def _joined(above: str, id_: str) -> str:
    """Parts of a logical id: letters, digits and ``_``, not beginning with a digit."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", id_)
    whole = f"{above}_{plain}" if above else plain
    return f"_{whole}" if whole[:1].isdigit() else whole


def _merged(value: Any, change: Any) -> Any:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping) and isinstance(change, Mapping):
        return [_merged(value[0], change)]
    if isinstance(value, Mapping) and isinstance(change, Mapping):
        return {**value, **{name: _merged(value.get(name), item) for name, item in change.items()}}
    return deepcopy(change) if isinstance(change, (dict, list)) else change


def _unknown_arguments(kind: Any, changes: Mapping[str, Any], path: str) -> Iterator[tuple[str, list[str]]]:
    """Paths of unknown arguments of a resource or block, each with the known ones."""
    known = argument_names(kind)
    newer = {name.split(".")[-1] for name in ARGUMENT_SINCE.get(f"aws_{kind.__module__.rpartition('.')[2]}", {})}
    for name, value in changes.items():
        where = f"{path}.{name}" if path else name
        if name not in known:
            if name not in newer:
                yield where, sorted(known)
        elif known[name] is not None:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Mapping):
                    yield from _unknown_arguments(known[name], item, where)


def _judgeable(value: Any) -> Any:
    """Arguments for the rules: values known only after an apply are `UNKNOWN`."""
    if isinstance(value, Mapping):
        return {name: _judgeable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        # cdktf writes an unknown list as a list of one text token.
        late = len(value) == 1 and isinstance(value[0], str) and value[0].startswith("#{")
        return UNKNOWN if late else [_judgeable(item) for item in value]
    if isinstance(value, str):
        return UNKNOWN if _TOKEN.search(value) else value
    if isinstance(value, float) and value < _SMALLEST_NUMBER:
        return UNKNOWN
    return value if value is None or isinstance(value, (bool, int, float)) else UNKNOWN

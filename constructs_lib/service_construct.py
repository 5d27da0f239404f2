"""The base of this library's constructs: plain logical ids, named resources, overrides, checks by the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FunctionType
from typing import Any, TypeVar
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

from constructs_lib.argument_types import UNKNOWN_NUMBER, arguments_checked
from constructs_lib.aws import AwsProvider, arguments
from constructs_lib.configuration.errors import Problem
from constructs_lib.configuration.judging import judge_section
from constructs_lib.configuration.section import Section
from constructs_lib.limits.provider import ARGUMENT_SINCE, split_beyond_bindings
from constructs_lib.overriding import MAIN, argument_problems, merged, unknown_name
from constructs_lib.reporting import report, reported_together, settings_are_judged
from constructs_lib.rules.finding import UNKNOWN, Finding

_SILENT = frozenset({"function", "monitoring", "pipeline", "security-group"})
"""Ids of constructs that add nothing to the logical ids below them."""
_TOKEN = re.compile(r"[$#]\{")

Check = Callable[[Mapping[str, Any]], list[Finding]]
"""A rulebook: findings about a resource's arguments in the provider's shape."""

SectionType = TypeVar("SectionType", bound=Section)

_regions: WeakKeyDictionary[IConstruct, str] = WeakKeyDictionary()
_stacks: WeakKeyDictionary[IConstruct, set[tuple[str, str]]] = WeakKeyDictionary()


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
        ArgumentTypeError: arguments of a construct or of its methods have other types than their annotations.
        ValueError: two constructs of one stack make the same logical id.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name, member in list(vars(cls).items()):
            if name == "__init__":
                cls.__init__ = reported_together(arguments_checked(member))  # type: ignore[method-assign]
            elif isinstance(member, FunctionType) and not name.startswith("_"):
                setattr(cls, name, arguments_checked(member))
            elif isinstance(member, classmethod) and not name.startswith("_"):
                setattr(cls, name, classmethod(arguments_checked(member.__func__)))

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

        Raises:
            ConfigurationError: AWS would refuse one of the arguments.
            ValueError: the construct has a resource of this name.
        """
        if name in self.resources:
            raise ValueError(f"{self.node.path}: has {name} already; give the second one another name")
        type_ = _type_of(kind)
        given = {key: value for key, value in values.items() if value is not None}
        known, beyond = split_beyond_bindings(type_, given) if type_ in ARGUMENT_SINCE else (given, {})
        if not settings_are_judged():
            self._judge_resource(type_, name, given)
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
            report([unknown_name(self.node.path, resource, list(self._arguments))])
            return
        kind, values = self._arguments[resource]
        problems = list(argument_problems(kind, changes, self.node.path, "" if resource == MAIN else resource))
        if problems:
            report(problems)
            return
        for name, value in changes.items():
            values[name] = merged(values.get(name), value)
            # Evaluated late, since cdktf would append a list to the existing one.
            self.resources[resource].add_override(name, written_late(partial(values.get, name)))
        if resource == MAIN and self._judge is not None:
            self.judge_by(self._judge)
        else:
            self.judge_resource(resource)

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

    def judge_settings(
        self,
        section: str,
        settings: SectionType | None,
        kind: type[SectionType],
        *,
        beside: Mapping[str, object] | None = None,
    ) -> SectionType:
        """Judge settings by the rules about a section of environment files, whatever the other sections may say.

        Inside a `Pipeline` or a `Stack`, which judge all sections together, this does nothing.

        Args:
            section: dotted path of the section.
            settings: the settings; copies with changed values are read again; None: the defaults.
            kind: their class.
            beside: what is known of the rest of the file, by its sections.

        Returns:
            The settings as read.

        Raises:
            ConfigurationError: as for `judge_by`.
        """
        settings = kind() if settings is None else settings
        if settings_are_judged():
            return settings
        read = settings.read_again(self.node.path)
        self.judge_keys(section, read.model_dump(exclude_none=True), beside=beside)
        return read

    def judge_keys(
        self, section: str, values: Mapping[str, Any], *, beside: Mapping[str, object] | None = None
    ) -> None:
        """Judge values as keys of a section of environment files; see `judge_settings`."""
        if settings_are_judged():
            return
        beside = {"region": region_of(self.stack), **(beside or {})}
        findings = judge_section(section, _judgeable(values), beside)
        if findings:
            report([Problem(self.node.path, item.path, str(item), item.severity) for item in findings])

    def judge_by_keys(self, check: Check, block: str, values: Mapping[str, Any]) -> None:
        """Judge single arguments of a block by another service's rulebook, whatever the other arguments may be."""
        if settings_are_judged():
            return
        given = _judgeable(values)
        paths = {f"{block}.{name}": name for name in given}
        findings = [item for item in check({block: given}) if item.path in paths]
        if findings:
            report([Problem(self.node.path, paths[item.path], str(item), item.severity) for item in findings])

    def judge_resource(self, name: str = MAIN) -> None:
        """Judge the arguments of one resource by the limits of its type, as every override does."""
        kind, values = self._arguments[name]
        self._judge_resource(_type_of(kind), name, values)

    def _judge_resource(self, type_: str, name: str, values: Mapping[str, Any]) -> None:
        """Judge one resource's arguments by the limits of its type; `judge_by` judges the main ones by their rules."""
        from constructs_lib.rules import resources  # noqa: PLC0415 - an environment's own synth needs none of it

        findings = resources.check(type_, _judgeable(values))
        above = "" if name == MAIN else f"{name}."
        if findings:
            report([Problem(self.node.path, f"{above}{item.path}", str(item), item.severity) for item in findings])

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


def _type_of(kind: Any) -> str:
    """The Terraform type of a resource class."""
    return f"aws_{kind.__module__.rpartition('.')[2]}"


def region_of(stack: TerraformStack) -> Any:
    """The region of the stack's one AWS provider, as far as it is made and known."""
    if stack not in _regions:
        providers = [each for each in stack.node.children if isinstance(each, AwsProvider) and each.alias is None]
        region = _judgeable(providers[0].region) if len(providers) == 1 else UNKNOWN
        if not isinstance(region, str):
            return UNKNOWN
        _regions[stack] = region
    return _regions[stack]


def _path_below(scope: Construct, stack: TerraformStack) -> str:
    """The ids between a stack and a construct of another library, as the beginning of logical ids."""
    if scope is stack:
        return ""
    path = ""
    for part in scope.node.path.removeprefix(stack.node.path).strip("/").split("/"):
        path = _joined(path, part)
    return path


def _joined(above: str, id_: str) -> str:
    return logical_part(f"{above}_{id_}" if above else id_)


def logical_part(id_: str) -> str:
    """An id as part of a logical id: letters, digits and ``_``, not beginning with a digit."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", id_)
    return f"_{plain}" if plain[:1].isdigit() else plain


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
    if isinstance(value, float) and value < UNKNOWN_NUMBER:
        return UNKNOWN
    return value if value is None or isinstance(value, (bool, int, float)) else UNKNOWN

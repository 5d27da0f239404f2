"""Reading a plan: the JSON of ``terraform show -json``, once, for every command.

https://developer.hashicorp.com/terraform/internals/json-format describes the format. This module reads major version 1
and ignores unknown members, as that page requires.

The members of a plan are checked when it is read. The values of resources stay text until they are needed
(`Change.before` and the others decode on each call), so memory depends on the largest resource, not on the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from constructs_lib.plans.plan_file import MESSAGE, PlanError, content, is_wrapped
from constructs_lib.terminal import one_line

MOST_VALUES = 12_000_000
"""Most values (commas) in a plan; an ordinary plan of 256 MiB has ten million."""
MOST_RESOURCES = 200_000
"""Most entries of ``resource_changes`` and of ``resource_drift``."""
LARGEST_VALUE = 32 * 1024 * 1024
"""Most bytes of one resource before or after; providers send at most a few MiB."""
DEEPEST = 64
"""Most levels of nesting inside a resource; Terraform's own values have far fewer."""

NULL = msgspec.Raw(b"null")
FALSE = msgspec.Raw(b"false")
EMPTY = msgspec.Raw(b"{}")
ABSENT = msgspec.Raw()


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    pass


class Change(_Part, frozen=True, kw_only=True):
    """The change of one resource: its values before and after, and which are unknown or sensitive."""

    actions: list[str]
    raw_before: msgspec.Raw = msgspec.field(default=NULL, name="before")
    raw_after: msgspec.Raw = msgspec.field(default=NULL, name="after")
    raw_unknown: msgspec.Raw = msgspec.field(default=FALSE, name="after_unknown")
    raw_before_sensitive: msgspec.Raw = msgspec.field(default=FALSE, name="before_sensitive")
    raw_after_sensitive: msgspec.Raw = msgspec.field(default=FALSE, name="after_sensitive")
    raw_replace_paths: msgspec.Raw = msgspec.field(default=NULL, name="replace_paths")
    raw_importing: msgspec.Raw = msgspec.field(default=NULL, name="importing")

    @property
    def before(self) -> Any:
        """The resource's present values; None where it does not exist yet."""
        return decoded(self.raw_before)

    @property
    def after(self) -> Any:
        """The resource's planned values; None where it is destroyed. Unknown values are absent or null."""
        return decoded(self.raw_after)

    @property
    def after_unknown(self) -> Any:
        """True at values that are known only after the apply."""
        return decoded(self.raw_unknown)

    @property
    def before_sensitive(self) -> Any:
        """True at sensitive values of `before`."""
        return decoded(self.raw_before_sensitive)

    @property
    def after_sensitive(self) -> Any:
        """True at sensitive values of `after`."""
        return decoded(self.raw_after_sensitive)

    @property
    def replace_paths(self) -> list[list[Any]]:
        """The arguments that force a replacement, each as the steps to it."""
        paths = decoded(self.raw_replace_paths)
        return [path for path in paths if isinstance(path, list)] if isinstance(paths, list) else []

    @property
    def importing(self) -> Mapping[str, Any] | None:
        """The import (``id``); None without one."""
        importing = decoded(self.raw_importing)
        return importing if isinstance(importing, dict) else None

    @property
    def unchanged(self) -> bool:
        """Whether both sides are the same text: no value differs."""
        return self.raw_before == self.raw_after


class ResourceChange(_Part, frozen=True, kw_only=True):
    """One entry of ``resource_changes`` or ``resource_drift``."""

    address: str
    mode: str = "managed"
    type: str
    name: str = ""
    previous_address: str | None = None
    deposed: str | None = None
    action_reason: str | None = None
    change: Change

    @property
    def action(self) -> str:
        """One word: create, update, replace, destroy, forget, import, move, read, no-op, or other for any not known.

        An import with changes counts as an import.
        """
        actions = self.change.actions
        if "delete" in actions or "forget" in actions:
            if "create" in actions:
                return "replace"
            return "destroy" if "delete" in actions else "forget"
        if self.change.importing is not None:
            return "import"
        if actions == ["no-op"]:
            return "move" if self.previous_address not in (None, self.address) else "no-op"
        return actions[0] if actions[0] in ("create", "update", "read") else "other"


class OutputChange(_Part, frozen=True, kw_only=True):
    """One entry of ``output_changes``."""

    actions: list[str]
    before: msgspec.Raw = NULL
    after: msgspec.Raw = NULL
    before_sensitive: msgspec.Raw = FALSE
    after_sensitive: msgspec.Raw = FALSE


class CheckAddress(_Part, frozen=True, kw_only=True):
    """The object that a check belongs to."""

    to_display: str = "without a name"


class Check(_Part, frozen=True, kw_only=True):
    """One entry of ``checks``: a ``check`` block, a precondition or a postcondition, and how it went."""

    address: CheckAddress = CheckAddress()
    status: str = "unknown"


class Variable(_Part, frozen=True, kw_only=True):
    """The value of one input variable."""

    value: msgspec.Raw = NULL


class DeclaredVariable(_Part, frozen=True, kw_only=True):
    """The declaration of one input variable."""

    sensitive: bool = False


class ConfiguredResource(_Part, frozen=True, kw_only=True):
    """The configuration of one resource, without dynamic blocks, which Terraform leaves out."""

    address: str
    expressions: msgspec.Raw = EMPTY


class Output(_Part, frozen=True, kw_only=True):
    """One output of a module."""

    expression: msgspec.Raw = EMPTY


class ModuleCall(_Part, frozen=True, kw_only=True):
    """One call of a module, with the module itself."""

    expressions: msgspec.Raw = EMPTY
    module: Module | None = None


class Module(_Part, frozen=True, kw_only=True):
    """The configuration of one module."""

    resources: list[ConfiguredResource] | None = None
    module_calls: dict[str, ModuleCall] | None = None
    outputs: dict[str, Output] | None = None
    variables: dict[str, DeclaredVariable] | None = None


class ProviderBlock(_Part, frozen=True, kw_only=True):
    """The configuration of one provider."""

    expressions: msgspec.Raw = EMPTY


class Configured(_Part, frozen=True, kw_only=True):
    """The ``configuration`` of a plan."""

    root_module: Module | None = None
    provider_config: dict[str, ProviderBlock] | None = None


class StateResource(_Part, frozen=True, kw_only=True):
    """One resource or data source as it was before the plan."""

    address: str
    type: str
    mode: str = "managed"
    values: msgspec.Raw = NULL


class _StateModule(_Part, frozen=True, kw_only=True):
    resources: list[StateResource] | None = None


class _StateValues(_Part, frozen=True, kw_only=True):
    root_module: _StateModule | None = None


class PriorState(_Part, frozen=True, kw_only=True):
    """The ``prior_state`` of a plan; only its root module."""

    values: _StateValues | None = None

    @property
    def resources(self) -> list[StateResource]:
        """Resources of the root module."""
        root = None if self.values is None else self.values.root_module
        return (root.resources if root is not None else None) or []


class Plan(_Part, frozen=True, kw_only=True):
    """A plan; values of resources are decoded when they are asked for."""

    format_version: str
    terraform_version: str = "unknown"
    errored: bool = False
    complete: bool = True
    timestamp: str | None = None
    resource_changes: list[ResourceChange] = []
    resource_drift: list[ResourceChange] = []
    output_changes: dict[str, OutputChange] | None = None
    checks: list[Check] | None = None
    variables: dict[str, Variable] | None = None
    configuration: Configured | None = None
    prior_state: PriorState | None = None
    raw_configuration: msgspec.Raw = NULL

    @property
    def region(self) -> str | None:
        """The AWS provider's region in the configuration; None where it is not a constant."""
        providers = (self.configuration.provider_config if self.configuration is not None else None) or {}
        value = decoded(providers["aws"].expressions) if "aws" in providers else None
        for name in ("region", "constant_value"):
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, str) else None

    @property
    def managed(self) -> list[ResourceChange]:
        """The changes of resources, without data sources, in the order of their addresses."""
        return sorted((c for c in self.resource_changes if c.mode == "managed"), key=lambda c: c.address)

    @property
    def root_module(self) -> Module:
        """The configuration of the root module; an empty one where the plan has none."""
        found = None if self.configuration is None else self.configuration.root_module
        return found or Module()


class _Document(_Part, frozen=True, kw_only=True):
    """The members of the whole file, the large ones as text."""

    format_version: msgspec.Raw = ABSENT
    terraform_version: str = "unknown"
    errored: bool = False
    complete: bool = True
    timestamp: str | None = None
    resource_changes: list[msgspec.Raw] | None = None
    resource_drift: list[msgspec.Raw] | None = None
    output_changes: dict[str, OutputChange] | None = None
    checks: list[Check] | None = None
    variables: dict[str, Variable] | None = None
    configuration: msgspec.Raw = NULL
    prior_state: PriorState | None = None
    planned_values: msgspec.Raw = ABSENT
    values: msgspec.Raw = ABSENT


_T = TypeVar("_T")


def read(path: Path) -> Plan:
    """Read and check one plan.

    Raises:
        PlanError: no such file, not JSON, a binary plan, a state, another major version, or members of the wrong type.
    """
    return parse(content(path))


def parse(text: bytes | str) -> Plan:
    """Check the text of a plan (UTF-8).

    Raises:
        PlanError: as `read`.
    """
    data = text.encode("utf-8", errors="replace") if isinstance(text, str) else text
    head = data[:4096].lstrip()
    if is_wrapped(head):
        raise PlanError(
            "begins with output of setup-terraform's wrapper; use setup-terraform with terraform_wrapper: false"
        )
    if head.startswith(MESSAGE):
        raise PlanError("has the messages of terraform plan -json; use terraform show -json plan.bin > plan.json")
    if data.count(b",") > MOST_VALUES:
        raise PlanError(f"has too many values (allowed: {MOST_VALUES})")
    document = _decode(data, _Document)
    version = _version(document)
    _limit(document.resource_changes, "resource_changes")
    _limit(document.resource_drift, "resource_drift")
    return Plan(
        format_version=version,
        terraform_version=document.terraform_version,
        errored=document.errored,
        complete=document.complete,
        timestamp=document.timestamp,
        resource_changes=_changes(document.resource_changes, "resource_changes"),
        resource_drift=_changes(document.resource_drift, "resource_drift"),
        output_changes=document.output_changes,
        checks=document.checks,
        variables=document.variables,
        configuration=None
        if document.configuration == NULL
        else _decode(document.configuration, Configured, "configuration"),
        prior_state=document.prior_state,
        raw_configuration=document.configuration,
    )


def _version(document: _Document) -> str:
    version = None if document.format_version == ABSENT else decoded(document.format_version)
    if not isinstance(version, str):
        raise PlanError("is not a plan: it has no format_version (terraform show -json writes it)")
    if version.partition(".")[0] != "1":
        raise PlanError(f"has an unsupported format_version (given {_short(version)}; allowed: 1.x)")
    if document.resource_changes is None and document.planned_values == ABSENT:
        if document.values != ABSENT:
            raise PlanError("is a state, not a plan; run terraform show -json with the plan's file")
        raise PlanError("is not a plan: it has neither resource_changes nor planned_values")
    return version


def _limit(entries: list[msgspec.Raw] | None, name: str) -> None:
    if entries is not None and len(entries) > MOST_RESOURCES:
        raise PlanError(f"{name}: has too many entries (given {len(entries)}; allowed: {MOST_RESOURCES})")


def _changes(entries: list[msgspec.Raw] | None, name: str) -> list[ResourceChange]:
    found = [_decode(raw, ResourceChange, f"{name}[{number}]") for number, raw in enumerate(entries or ())]
    for number, item in enumerate(found):
        if not item.change.actions:
            raise PlanError(f"{name}[{number}].change.actions: is empty")
    return found


def _decode(text: bytes | msgspec.Raw, type_: type[_T], where: str = "") -> _T:
    """Decode with msgspec; its errors as one line with the place."""
    prefix = f"{where}: " if where else ""
    try:
        return msgspec.json.decode(text, type=type_)
    except msgspec.ValidationError as error:
        reason, _, inner = str(error).partition(" - at `$")
        path = f"{where}{inner.rstrip('`')}".lstrip(".")
        prefix = f"{_short(path)}: " if path else ""
        raise PlanError(f"is not a plan: {prefix}{_short(reason[:1].lower() + reason[1:])}") from None
    except RecursionError:
        raise PlanError(f"{prefix}is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{prefix}is not JSON: {_why(error, text)}") from None


def _why(error: Exception, text: bytes | msgspec.Raw) -> str:
    if "truncated" in str(error):
        return "it is truncated" if bytes(text).strip() else "it is empty"
    return _short(str(error).removeprefix("JSON is malformed: "))


def decoded(raw: msgspec.Raw) -> Any:
    """The value of a piece of a plan.

    Raises:
        PlanError: it is larger than `LARGEST_VALUE`, nested too deeply, or not JSON.
    """
    size = memoryview(raw).nbytes
    if size > LARGEST_VALUE:
        raise PlanError(f"one resource is too large (given {size} bytes; allowed: {LARGEST_VALUE})")
    try:
        return msgspec.json.decode(raw)
    except RecursionError:
        raise PlanError("a value is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"a value is not JSON: {_short(str(error))}") from None


def _short(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= 200 else text[:200] + "..."

"""A plan: the JSON of ``terraform show -json``, as every command has it; `plans.reading` reads it.

https://developer.hashicorp.com/terraform/internals/json-format describes the format. Unknown members
are ignored, as that page requires.

The members of a plan are checked when it is read. The values of resources stay text until they are needed
(`Change.before` and the others decode on each call), so memory depends on the largest resource, not on the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from constructs_lib.plans.plan_file import PlanError
from constructs_lib.terminal import one_line

LARGEST_VALUE = 32 * 1024 * 1024
"""Most bytes of one resource before or after; providers send at most a few MiB."""
DEEPEST = 64
"""Most levels of nesting inside a resource; Terraform's own values have far fewer."""

NULL = msgspec.Raw(b"null")
FALSE = msgspec.Raw(b"false")
EMPTY = msgspec.Raw(b"{}")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a plan; unknown members are ignored."""


class Change(Part, frozen=True, kw_only=True):
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


class ResourceChange(Part, frozen=True, kw_only=True):
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


class OutputChange(Part, frozen=True, kw_only=True):
    """One entry of ``output_changes``."""

    actions: list[str]
    before: msgspec.Raw = NULL
    after: msgspec.Raw = NULL
    before_sensitive: msgspec.Raw = FALSE
    after_sensitive: msgspec.Raw = FALSE


class CheckAddress(Part, frozen=True, kw_only=True):
    """The object that a check belongs to."""

    to_display: str = "without a name"


class Check(Part, frozen=True, kw_only=True):
    """One entry of ``checks``: a ``check`` block, a precondition or a postcondition, and how it went."""

    address: CheckAddress = CheckAddress()
    status: str = "unknown"


class Variable(Part, frozen=True, kw_only=True):
    """The value of one input variable."""

    value: msgspec.Raw = NULL


class DeclaredVariable(Part, frozen=True, kw_only=True):
    """The declaration of one input variable."""

    sensitive: bool = False


class ConfiguredResource(Part, frozen=True, kw_only=True):
    """The configuration of one resource, without dynamic blocks, which Terraform leaves out."""

    address: str
    expressions: msgspec.Raw = EMPTY


class Output(Part, frozen=True, kw_only=True):
    """One output of a module."""

    expression: msgspec.Raw = EMPTY


class ModuleCall(Part, frozen=True, kw_only=True):
    """One call of a module, with the module itself."""

    expressions: msgspec.Raw = EMPTY
    module: Module | None = None


class Module(Part, frozen=True, kw_only=True):
    """The configuration of one module."""

    resources: list[ConfiguredResource] | None = None
    module_calls: dict[str, ModuleCall] | None = None
    outputs: dict[str, Output] | None = None
    variables: dict[str, DeclaredVariable] | None = None


class ProviderBlock(Part, frozen=True, kw_only=True):
    """The configuration of one provider."""

    expressions: msgspec.Raw = EMPTY


class Configured(Part, frozen=True, kw_only=True):
    """The ``configuration`` of a plan."""

    root_module: Module | None = None
    provider_config: dict[str, ProviderBlock] | None = None


class StateResource(Part, frozen=True, kw_only=True):
    """One resource or data source as it was before the plan."""

    address: str
    type: str
    mode: str = "managed"
    values: msgspec.Raw = NULL


class _StateModule(Part, frozen=True, kw_only=True):
    resources: list[StateResource] | None = None


class _StateValues(Part, frozen=True, kw_only=True):
    root_module: _StateModule | None = None


class PriorState(Part, frozen=True, kw_only=True):
    """The ``prior_state`` of a plan; only its root module."""

    values: _StateValues | None = None

    @property
    def resources(self) -> list[StateResource]:
        """Resources of the root module."""
        root = None if self.values is None else self.values.root_module
        return (root.resources if root is not None else None) or []


class Plan(Part, frozen=True, kw_only=True):
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
        raise PlanError(f"a value is not JSON: {shortened(str(error))}") from None


def shortened(text: str) -> str:
    """A text from a plan as one line of at most 200 characters."""
    text = one_line(text)
    return text if len(text) <= 200 else text[:200] + "..."

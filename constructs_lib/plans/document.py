"""Reading a plan: the JSON of ``terraform show -json``, checked as far as the report relies on it.

https://developer.hashicorp.com/terraform/internals/json-format describes the format; major version 1 is read and
unknown members are ignored, as that page asks of readers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from constructs_lib.plans.differences import Redactor

DEEPEST = 64
"""Levels of nesting that are read; Terraform's own values stay far below it."""
LARGEST = 256 * 1024 * 1024
"""Bytes of a plan that are read: a file above it is not a plan of this project."""


class PlanError(Exception):
    """The file is not a plan that can be reported on; the message is one line."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Change(_Part):
    """What happens to one resource: the values before and after, and which of them are unknown or sensitive."""

    actions: list[str]
    before: Any = None
    after: Any = None
    after_unknown: Any = False
    before_sensitive: Any = False
    after_sensitive: Any = False
    replace_paths: list[list[Any]] = Field(default_factory=list)
    importing: dict[str, Any] | None = None


class ResourceChange(_Part):
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
        """One word: create, update, replace, destroy, forget, import, move, read or no-op.

        An import with changes is an import: what it changes is listed with it.
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
        return actions[0]


class OutputChange(_Part):
    """One entry of ``output_changes``."""

    actions: list[str]
    before_sensitive: Any = False
    after_sensitive: Any = False


class Check(_Part):
    """One entry of ``checks``: a ``check`` block, a precondition or a postcondition, and how it went."""

    address: dict[str, Any] = Field(default_factory=dict)
    status: str = "unknown"


class Plan(_Part):
    """A plan as far as the report needs it; ``raw`` is the whole document, for the policies."""

    format_version: str
    terraform_version: str = "unknown"
    errored: bool = False
    complete: bool = True
    timestamp: str | None = None
    resource_changes: list[ResourceChange] = Field(default_factory=list)
    resource_drift: list[ResourceChange] = Field(default_factory=list)
    output_changes: dict[str, OutputChange] = Field(default_factory=dict)
    checks: list[Check] = Field(default_factory=list)
    raw: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @property
    def managed(self) -> list[ResourceChange]:
        """The changes of resources, without data sources, in the order of their addresses."""
        return sorted((c for c in self.resource_changes if c.mode == "managed"), key=lambda c: c.address)

    def redactor(self) -> Redactor:
        """Knows every value that must not be shown: what the plan marks sensitive, what has a secret's name."""
        redactor = Redactor()
        for item in (*self.resource_changes, *self.resource_drift):
            redactor.learn(item.change.before, item.change.before_sensitive)
            redactor.learn(item.change.after, item.change.after_sensitive)
        for name, output in _mapping(self.raw.get("output_changes")).items():
            sensitive = self.output_changes.get(name)
            if sensitive is not None and isinstance(output, dict):
                redactor.learn(output.get("before"), sensitive.before_sensitive)
                redactor.learn(output.get("after"), sensitive.after_sensitive)
        declared = _mapping(_mapping(_mapping(self.raw.get("configuration")).get("root_module")).get("variables"))
        for name, variable in _mapping(self.raw.get("variables")).items():
            marked = bool(_mapping(declared.get(name)).get("sensitive"))
            redactor.learn({name: _mapping(variable).get("value")}, {name: marked})
        return redactor


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def read(path: Path) -> Plan:
    """Read and check one plan.

    Raises:
        PlanError: no such file, not JSON, a binary plan, a state, another major version, or members of the wrong type.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise PlanError(f"{path}: {path.stat().st_size} bytes; a plan of at most {LARGEST} is read")
        content = path.read_bytes()
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror or error}") from None
    if content[:2] == b"PK":
        raise PlanError(f"{path}: a binary plan; turn it into JSON first: terraform show -json {path.name} > plan.json")
    return parse(content, str(path))


def parse(content: bytes | str, name: str) -> Plan:
    """Check the text of a plan; ``name`` stands in front of every message."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
        raise PlanError(f"{name}: not JSON: {reason}") from None
    if not isinstance(document, dict):
        raise PlanError(f"{name}: not a plan: the JSON is a {_kind(document)}, a plan is an object")
    if "values" in document and "resource_changes" not in document:
        raise PlanError(f"{name}: a state, not a plan: name the plan's file to terraform show -json")
    version = document.get("format_version")
    if not isinstance(version, str):
        raise PlanError(f"{name}: not a plan: no format_version (terraform show -json writes it)")
    if version.partition(".")[0] != "1":
        raise PlanError(f"{name}: format_version {_short(version)}; version 1.x is read")
    if _depth(document) > DEEPEST:
        raise PlanError(f"{name}: nested more than {DEEPEST} levels deep")
    try:
        plan = Plan.model_validate({**document, "raw": document})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise PlanError(f"{name}: not a plan: {_short(where)}: {first['msg']}{more}") from None
    for item in (*plan.resource_changes, *plan.resource_drift):
        if not item.change.actions:
            raise PlanError(f"{name}: not a plan: {_short(item.address)} has no action")
    return plan


def _kind(value: object) -> str:
    return {list: "list", str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}[
        type(value)
    ]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:200] + "..."


def _depth(document: object) -> int:
    """Levels of nesting, counted without recursion so that hostile input cannot exhaust the stack."""
    deepest, level = 0, [document]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [child for value in level for child in _children(value)]
    return deepest


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []

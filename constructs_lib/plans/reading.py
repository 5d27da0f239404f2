"""Reads and checks a plan: the JSON of ``terraform show -json``, major version 1, once, for every command."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from constructs_lib.plans.document import (
    NULL,
    Check,
    Configured,
    OutputChange,
    Part,
    Plan,
    PriorState,
    ResourceChange,
    Variable,
    decoded,
    shortened,
)
from constructs_lib.plans.plan_file import MESSAGE, PlanError, content, is_wrapped

MOST_VALUES = 12_000_000
"""Most values (commas) in a plan; an ordinary plan of 256 MiB has ten million."""
MOST_RESOURCES = 200_000
"""Most entries of ``resource_changes`` and of ``resource_drift``."""

ABSENT = msgspec.Raw()


class _Document(Part, frozen=True, kw_only=True):
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
        raise PlanError(f"has an unsupported format_version (given {shortened(version)}; allowed: 1.x)")
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
        prefix = f"{shortened(path)}: " if path else ""
        raise PlanError(f"is not a plan: {prefix}{shortened(reason[:1].lower() + reason[1:])}") from None
    except RecursionError:
        raise PlanError(f"{prefix}is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{prefix}is not JSON: {_why(error, text)}") from None


def _why(error: Exception, text: bytes | msgspec.Raw) -> str:
    if "truncated" in str(error):
        return "it is truncated" if bytes(text).strip() else "it is empty"
    return shortened(str(error).removeprefix("JSON is malformed: "))

"""Planned resources: their arguments for rules and measures, with unknown values as `UNKNOWN`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from constructs_lib import limits
from constructs_lib.plans.document import DEEPEST, Plan, ResourceChange
from constructs_lib.plans.references import Configuration
from constructs_lib.rules import elasticsearch_domain
from constructs_lib.rules.finding import UNKNOWN
from constructs_lib.rules.plan_values import Arguments

DOMAINS = (limits.DOMAIN, elasticsearch_domain.DOMAIN)

_ABSENT_BLOCKS = (
    "access_policies",
    "advanced_security_options",
    "domain_endpoint_options",
    "ebs_options",
    "encrypt_at_rest",
    "node_to_node_encryption",
)
"""Arguments that are off in AWS when not sent, although the provider reports them as known after apply."""


@dataclass(frozen=True)
class PlannedResource:
    """One planned resource, its arguments in the provider's shape.

    The plan of an existing resource also has values that AWS chose: the configuration does not set them and the plan
    does not change them.
    """

    address: str
    type: str
    values: Mapping[str, Any]
    """All arguments; `UNKNOWN` where known only after the apply."""
    chosen: Mapping[str, Any]
    """All arguments; `UNKNOWN` also where AWS chose the value."""
    written: Mapping[str, Any]
    """Arguments without those that AWS chose."""
    before: Mapping[str, Any] | None
    """Its present arguments, None for a new resource; sensitive ones are `UNKNOWN`."""
    sensitive: object
    """The plan's marks of sensitive values."""
    replaced: Mapping[str, Any] | None = None
    """Its present arguments, if the plan replaces it."""

    def changes(self, path: str) -> bool:
        """Whether the plan changes the value at a path in place."""
        if self.before is None:
            return False
        return not _same(Arguments(self.values).get(path), Arguments(self.before).get(path))


def planned_resources(
    plan: Plan, types: Sequence[str], configuration: Configuration | None = None
) -> Iterator[PlannedResource]:
    """The managed resources of these types that will exist.

    Args:
        plan: the plan.
        types: such as ``aws_opensearch_domain``.
        configuration: the plan's; without it no argument counts as set.
    """
    for item in plan.resource_changes:
        if item.type in types and item.mode == "managed" and item.deposed is None:
            found = _planned(item, configuration)
            if found is not None:
                yield found


def _planned(item: ResourceChange, configuration: Configuration | None) -> PlannedResource | None:
    change = item.change
    after, unknown = change.after, change.after_unknown
    if not isinstance(after, Mapping) or unknown is True:
        return None
    before = change.before if isinstance(change.before, Mapping) else None
    values = marked(after, unknown)
    written = None if configuration is None else configuration.arguments_of(item.address)
    if before is None or "create" in change.actions:
        if written is not None and item.type in DOMAINS:
            absent = [name for name in _ABSENT_BLOCKS if values.get(name) is UNKNOWN and name not in written]
            values = {name: value for name, value in values.items() if name not in absent}
        replaced = None if before is None else marked(before, change.before_sensitive)
        return PlannedResource(item.address, item.type, values, values, values, None, change.after_sensitive, replaced)
    chosen = {name: _chosen(value, before.get(name), (written or {}).get(name)) for name, value in values.items()}
    return PlannedResource(
        item.address,
        item.type,
        values,
        _with(chosen, UNKNOWN),
        _with(chosen, None),
        marked(before, change.before_sensitive),
        change.after_sensitive,
    )


def _with(value: Any, instead: Any) -> Any:
    """Values with a replacement where AWS chose them."""
    if value is _BY_AWS:
        return instead
    if isinstance(value, Mapping):
        return {name: _with(item, instead) for name, item in value.items()}
    return [_with(item, instead) for item in value] if isinstance(value, list) else value


def marked(value: Any, marks: Any, depth: int = 0) -> Any:
    """Values with `UNKNOWN` wherever the plan's marks are true, and below `DEEPEST` levels."""
    if marks is True or depth > DEEPEST:
        return UNKNOWN
    if isinstance(value, Mapping):
        inner = marks if isinstance(marks, Mapping) else {}
        names = [*value, *(name for name in inner if name not in value)]
        return {name: marked(value.get(name), inner.get(name), depth + 1) for name in names}
    if isinstance(value, list):
        known = marks if isinstance(marks, list) else []
        return [
            marked(item, known[index] if index < len(known) else None, depth + 1) for index, item in enumerate(value)
        ]
    if value is None and isinstance(marks, (Mapping, list)) and marks:
        empty: Any = {} if isinstance(marks, Mapping) else [None] * len(marks)
        return marked(empty, marks, depth + 1)
    return value


_BY_AWS: Final = object()


def _chosen(value: Any, before: Any, written: Any) -> Any:
    """A value of an existing resource, with a mark where the configuration does not set it and the plan keeps it.

    ``written`` is the configuration's: an expression, blocks as mappings of their arguments, or None.
    """
    if value is UNKNOWN or _is_expression(written) or _is_empty(value):
        return value
    if written is None:
        return _BY_AWS if _same(value, before) else value
    if isinstance(value, Mapping):
        old = before if isinstance(before, Mapping) else {}
        said = _blocks(written)
        return {name: _chosen(item, old.get(name), _any(said, name)) for name, item in value.items()}
    if isinstance(value, list):
        was = before if isinstance(before, list) else []
        olds = was if len(value) == len(was) else [item if item in was else None for item in value]
        said = _blocks(written)
        each = said if len(said) == len(value) else [said] * len(value)
        return [_chosen(item, old, one) for item, old, one in zip(value, olds, each, strict=True)]
    return value


def _same(value: Any, before: Any) -> bool:
    return bool(value == before) or (_is_empty(value) and _is_empty(before))


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _is_expression(written: Any) -> bool:
    """Whether this is an argument's expression (``constant_value``, ``references``, or empty) and not a block."""
    return isinstance(written, Mapping) and set(written) <= {"constant_value", "references"}


def _blocks(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _any(blocks: list[Any], name: str) -> Any:
    """The argument's value in one of several blocks; None where none has it."""
    return next((block[name] for block in blocks if isinstance(block, Mapping) and name in block), None)

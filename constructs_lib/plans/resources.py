"""Resources as a plan leaves them: arguments that rules and measures read, with what nobody knows marked `UNKNOWN`."""

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
"""Arguments that AWS takes as off when they are not sent, though the provider calls them known after apply."""


@dataclass(frozen=True)
class PlannedResource:
    """One resource as it will be, its arguments in the provider's shape.

    Of a resource that exists, a plan shows also what AWS chose: values that neither the configuration writes nor the
    plan changes.
    """

    address: str
    type: str
    values: Mapping[str, Any]
    """Everything; `UNKNOWN` where it is known after the apply only."""
    chosen: Mapping[str, Any]
    """The same, `UNKNOWN` also where AWS chose."""
    written: Mapping[str, Any]
    """The same without what AWS chose."""
    before: Mapping[str, Any] | None
    """Its arguments as they are, None where it is made; what may not be shown is `UNKNOWN`."""
    sensitive: object
    """The plan's marks of what may not be shown."""
    replaced: Mapping[str, Any] | None = None
    """Its arguments as they are, where the plan replaces it."""

    def changes(self, path: str) -> bool:
        """Whether the plan changes in place what stands at a path."""
        if self.before is None:
            return False
        return not _same(Arguments(self.values).get(path), Arguments(self.before).get(path))


def planned_resources(
    plan: Plan, types: Sequence[str], configuration: Configuration | None = None
) -> Iterator[PlannedResource]:
    """The managed resources of these types that will exist.

    Args:
        plan: where they stand.
        types: such as ``aws_opensearch_domain``.
        configuration: the plan's; without it nothing counts as written.
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
    """Values with something else where AWS chose."""
    if value is _BY_AWS:
        return instead
    if isinstance(value, Mapping):
        return {name: _with(item, instead) for name, item in value.items()}
    return [_with(item, instead) for item in value] if isinstance(value, list) else value


def marked(value: Any, marks: Any, depth: int = 0) -> Any:
    """Values with `UNKNOWN` wherever the plan's marks are true; below `DEEPEST` levels everything is."""
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
    """A value of a resource that exists, with a mark where the configuration does not write it and the plan keeps it.

    ``written`` is what the configuration says: an expression, blocks as mappings of their arguments, or None.
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
    """Whether this is an argument's expression (``constant_value``, ``references``, or nothing to say) and no block."""
    return isinstance(written, Mapping) and set(written) <= {"constant_value", "references"}


def _blocks(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _any(blocks: list[Any], name: str) -> Any:
    """What one of several blocks says of an argument, None where none does."""
    return next((block[name] for block in blocks if isinstance(block, Mapping) and name in block), None)

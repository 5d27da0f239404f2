"""Finds the resource that an argument of a plan refers to, where the configuration is unambiguous."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from constructs_lib.plans.document import Module, ModuleCall, Plan, decoded

_STEP = re.compile(r"([^.\[\]\"]+)|\[\"((?:[^\"\\]|\\.)*)\"\]|\[(\d+)\]")
_DEEPEST = 16
"""Most modules and values through which a reference is followed."""
_MOST_STEPS = 200
"""Most references that are followed for one argument; more count as ambiguous."""


class Configuration:
    """The configuration of a plan, and the addresses of its resources."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._root = plan.root_module
        self._written: dict[int, dict[str, Any]] = {}
        self._left = _MOST_STEPS

    def arguments_of(self, address: str) -> Mapping[str, Any] | None:
        """A resource's arguments in the configuration; None if it is not found.

        Without dynamic blocks, which Terraform leaves out of the plan's configuration.
        """
        modules, rest = split(address)
        module = self._module(modules)
        if module is None:
            return None
        known = self._written.get(id(module))
        if known is None:
            known = self._written[id(module)] = {item.address: item.expressions for item in module.resources or ()}
        raw = known.get(".".join(rest[:2]))
        expressions = None if raw is None else decoded(raw)
        return expressions if isinstance(expressions, Mapping) else None

    def referred(self, address: str, path: Sequence[str], types: Sequence[str]) -> str | None:
        """Address of the resource of these types that an argument refers to; None if it is ambiguous.

        Args:
            address: the resource with the argument.
            path: names of the blocks down to the argument, each of which occurs once.
            types: such as ``aws_opensearch_domain``.
        """
        expression: Any = self.arguments_of(address)
        for name in path:
            if isinstance(expression, list):
                expression = expression[0] if len(expression) == 1 else None
            expression = _mapping(expression).get(name)
        modules, _ = split(address)
        self._left = _MOST_STEPS
        found = set(self._targets(modules, expression, types, _DEEPEST))
        (target,) = found if len(found) == 1 else (None,)
        return target

    @cached_property
    def _instances(self) -> dict[str, list[str]]:
        """Addresses of the plan by the address without its own key (``aws_s3_bucket.logs`` of ``...logs["a"]``)."""
        found: dict[str, list[str]] = {}
        for item in self._plan.resource_changes:
            found.setdefault(_without_key(item.address), []).append(item.address)
        return found

    @cached_property
    def _modules(self) -> set[tuple[str, ...]]:
        """Module instances that the plan has resources in, and those around them."""
        found = {split(address)[0] for address in self._instances}
        return {modules[:length] for modules in found for length in range(len(modules) + 1)}

    def _targets(
        self, modules: tuple[str, ...], expression: object, types: Sequence[str], depth: int
    ) -> Iterator[str | None]:
        """Addresses that an expression refers to; None for each that is uncertain."""
        references = _mapping(expression).get("references")
        module = self._module(modules)
        if depth == 0 or module is None or not isinstance(references, list):
            return
        for reference in _longest(references):
            self._left -= 1
            if self._left < 0:
                yield None
                return
            steps = _steps(reference)
            if steps[:1] == ["var"] and modules:
                call = _call(self._module(modules[:-1]), modules[-1])
                arguments = None if call is None else decoded(call.expressions)
                argument = _mapping(arguments).get(steps[1] if len(steps) > 1 else "")
                yield from self._targets(modules[:-1], argument, types, depth - 1) if argument else (None,)
            elif steps[:1] == ["module"] and len(steps) > 2:
                yield from self._through_output(modules, module, steps, types, depth)
            elif steps[0] in types and len(steps) > 1:
                yield self._one(modules, steps)
            elif steps[0] not in ("count", "each", "local", "path", "terraform", "data"):
                yield None

    def _through_output(
        self, modules: tuple[str, ...], module: Module, steps: list[str], types: Sequence[str], depth: int
    ) -> Iterator[str | None]:
        key = next((step for step in steps[2:] if step.startswith("[")), "")
        name = next((step for step in steps[2:] if not step.startswith("[")), "")
        inner = (*modules, f"{steps[1]}{key}")
        if not key and inner not in self._modules:
            yield None
            return
        call = (module.module_calls or {}).get(steps[1])
        called = None if call is None else call.module
        output = None if called is None else (called.outputs or {}).get(name)
        expression = None if output is None else decoded(output.expression)
        yield from self._targets(inner, expression, types, depth - 1)

    def _one(self, modules: tuple[str, ...], steps: list[str]) -> str | None:
        """The single instance that a reference such as ``aws_opensearch_domain.this[0].arn`` names."""
        prefix = "".join(f"module.{name}." for name in modules) + f"{steps[0]}.{steps[1]}"
        key = steps[2] if len(steps) > 2 and steps[2].startswith("[") else ""
        instances = self._instances.get(prefix, [])
        if key:
            return prefix + key if prefix + key in instances else None
        return instances[0] if len(instances) == 1 else None

    def _module(self, modules: Sequence[str]) -> Module | None:
        module: Module | None = self._root
        for name in modules:
            call = _call(module, name)
            module = None if call is None else call.module
        return module


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _call(module: Module | None, name: str) -> ModuleCall | None:
    """The call of a module instance such as ``search[0]``."""
    calls = None if module is None else module.module_calls
    return (calls or {}).get(name.partition("[")[0])


def _steps(reference: str) -> list[str]:
    """``["aws_kinesis_stream", "s", '["a"]', "arn"]`` of ``aws_kinesis_stream.s["a"].arn``."""
    return [
        name or (f'["{key}"]' if key or not index else f"[{index}]") for name, key, index in _STEP.findall(reference)
    ] or [""]


def split(address: str) -> tuple[tuple[str, ...], list[str]]:
    """Module instances, and the steps of the resource, of an address."""
    steps, modules = _steps(address), []
    while steps[:1] == ["module"] and len(steps) > 1:
        name = steps[1]
        steps = steps[2:]
        if steps and steps[0].startswith("["):
            name += steps[0]
            steps = steps[1:]
        modules.append(name)
    return tuple(modules), steps


def _without_key(address: str) -> str:
    modules, steps = split(address)
    return "".join(f"module.{name}." for name in modules) + ".".join(steps[:2])


def _longest(references: Sequence[object]) -> Iterator[str]:
    """References without prefixes of others: Terraform lists ``a.b.arn``, then ``a.b``."""
    texts = dict.fromkeys(text for text in references if isinstance(text, str) and text)
    ordered = sorted(texts)

    def begins(text: str) -> bool:
        after = bisect_left(ordered, text)
        return after < len(ordered) and ordered[after].startswith(text)

    yield from (text for text in texts if not begins(f"{text}.") and not begins(f"{text}["))

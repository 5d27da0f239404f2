"""Which resource a plan's argument refers to, where its configuration leaves no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_STEP = re.compile(r"([^.\[\]\"]+)|\[\"((?:[^\"\\]|\\.)*)\"\]|\[(\d+)\]")
_DEEPEST = 16
"""Modules and values that a reference is followed through."""


class Configuration:
    """The ``configuration`` of a plan, and the addresses of what the plan has."""

    def __init__(self, document: object) -> None:
        plan = _mapping(document)
        self._root = _mapping(_mapping(plan.get("configuration")).get("root_module"))
        changes = plan.get("resource_changes")
        self._addresses = [
            item["address"]
            for item in (changes if isinstance(changes, list) else ())
            if isinstance(item, Mapping) and isinstance(item.get("address"), str)
        ]

    def arguments_of(self, address: str) -> Mapping[str, Any] | None:
        """What the configuration writes about a resource; None if it is not found.

        Dynamic blocks are not among it: Terraform leaves them out of the plan's configuration.
        """
        modules, rest = _split(address)
        module = self._module(modules)
        resource = None if module is None else _resource(module, ".".join(rest[:2]))
        expressions = None if resource is None else resource.get("expressions")
        return expressions if isinstance(expressions, Mapping) else None

    def referred(self, address: str, path: Sequence[str], types: Sequence[str]) -> str | None:
        """Address of the one resource of these types that an argument refers to; None if there is any doubt.

        Args:
            address: the resource whose argument it is.
            path: names of the blocks down to the argument, each of which occurs once.
            types: such as ``aws_opensearch_domain``.
        """
        expression: Any = self.arguments_of(address)
        for name in path:
            if isinstance(expression, list):
                expression = expression[0] if len(expression) == 1 else None
            expression = _mapping(expression).get(name)
        modules, _ = _split(address)
        found = set(self._targets(modules, expression, types, _DEEPEST))
        (target,) = found if len(found) == 1 else (None,)
        return target

    def _targets(
        self, modules: tuple[str, ...], expression: object, types: Sequence[str], depth: int
    ) -> Iterator[str | None]:
        """Addresses that an expression leads to, None for each that is not certain."""
        references = _mapping(expression).get("references")
        module = self._module(modules)
        if depth == 0 or module is None or not isinstance(references, list):
            return
        for reference in _longest(references):
            steps = _steps(reference)
            if steps[:1] == ["var"] and modules:
                call = _call(self._module(modules[:-1]), modules[-1])
                argument = _mapping(_mapping(call).get("expressions")).get(steps[1] if len(steps) > 1 else "")
                yield from self._targets(modules[:-1], argument, types, depth - 1) if argument else (None,)
            elif steps[:1] == ["module"] and len(steps) > 2:
                yield from self._through_output(modules, module, steps, types, depth)
            elif steps[0] in types and len(steps) > 1:
                yield self._one(modules, steps)
            elif steps[0] not in ("count", "each", "local", "path", "terraform", "data"):
                yield None

    def _through_output(
        self, modules: tuple[str, ...], module: Mapping[str, Any], steps: list[str], types: Sequence[str], depth: int
    ) -> Iterator[str | None]:
        key = next((step for step in steps[2:] if step.startswith("[")), "")
        name = next((step for step in steps[2:] if not step.startswith("[")), "")
        inner = (*modules, f"{steps[1]}{key}")
        instances = {_split(address)[0] for address in self._addresses}
        if not key and inner not in {found[: len(inner)] for found in instances}:
            yield None
            return
        call = _mapping(_mapping(module.get("module_calls")).get(steps[1]))
        output = _mapping(_mapping(_mapping(call.get("module")).get("outputs")).get(name))
        yield from self._targets(inner, output.get("expression"), types, depth - 1)

    def _one(self, modules: tuple[str, ...], steps: list[str]) -> str | None:
        """The one instance that a reference such as ``aws_opensearch_domain.this[0].arn`` names."""
        prefix = "".join(f"module.{name}." for name in modules) + f"{steps[0]}.{steps[1]}"
        key = steps[2] if len(steps) > 2 and steps[2].startswith("[") else ""
        instances = [address for address in self._addresses if address == prefix or address.startswith(f"{prefix}[")]
        if key:
            return prefix + key if prefix + key in instances else None
        return instances[0] if len(instances) == 1 else None

    def _module(self, modules: Sequence[str]) -> Mapping[str, Any] | None:
        module: Mapping[str, Any] | None = self._root
        for name in modules:
            call = _call(module, name)
            module = None if call is None else _mapping(call.get("module"))
        return module


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _call(module: Mapping[str, Any] | None, name: str) -> Mapping[str, Any] | None:
    """The call of a module instance such as ``search[0]``."""
    call = _mapping(_mapping(module).get("module_calls")).get(name.partition("[")[0])
    return call if isinstance(call, Mapping) else None


def _resource(module: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    resources = module.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, Mapping) and resource.get("address") == name:
            return resource
    return None


def _steps(reference: str) -> list[str]:
    """``["aws_kinesis_stream", "s", '["a"]', "arn"]`` of ``aws_kinesis_stream.s["a"].arn``."""
    return [
        name or (f'["{key}"]' if key or not index else f"[{index}]") for name, key, index in _STEP.findall(reference)
    ] or [""]


def _split(address: str) -> tuple[tuple[str, ...], list[str]]:
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


def _longest(references: Sequence[object]) -> Iterator[str]:
    """References without those that only begin others: Terraform lists ``a.b.arn``, then ``a.b``."""
    texts = [text for text in references if isinstance(text, str) and text]
    for text in texts:
        if not any(other != text and other.startswith((f"{text}.", f"{text}[")) for other in texts):
            yield text

"""Anybody's plan judged by the same rules: the JSON of ``terraform show -json``, whoever wrote the configuration.

https://developer.hashicorp.com/terraform/internals/json-format describes the format. What is only known after an apply
is `UNKNOWN` to the rules; nulls and empty lists are absent; what a plan deletes is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from constructs_lib import limits
from constructs_lib.plans.references import Configuration
from constructs_lib.rules import delivery, domain, elasticsearch_domain, pipeline, stream, stream_changes
from constructs_lib.rules.finding import UNKNOWN, Finding

DEEPEST = 64
"""Levels of values that are read; Terraform's own stay far below, and what lies deeper counts as unknown."""

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
class Planned:
    """One resource as it will be."""

    address: str
    type: str
    arguments: Mapping[str, Any]
    sensitive: object
    """The plan's marks of what may not be shown."""
    before: Mapping[str, Any] | None
    """Its arguments as they are, where it is changed in place; what may not be shown is `UNKNOWN`."""


def judge(document: object) -> list[tuple[str, Finding]]:
    """Findings about a plan's search domains, streams and delivery streams, each with its resource's address.

    A domain's argument that the configuration does not mention counts as absent, even where the provider reports it as
    known after apply. Rules between resources apply where the configuration's references leave no doubt which they are,
    rules about changes to what is changed in place.
    """
    configuration = Configuration(document)
    resources = {item.address: item for item in _resources(document, configuration)}
    found: list[tuple[str, Finding]] = []
    for item in resources.values():
        found += [(item.address, _discreet(finding, item)) for finding in _own(item)]
    for item in resources.values():
        if item.type == limits.DELIVERY and _leads_to_a_domain(item.arguments):
            found += _between(item, resources, configuration)
    found.sort(key=lambda pair: (pair[0], pair[1].path, pair[1].severity, pair[1].message))
    # Two delivery streams say the same of their one domain; what was given need not be hashable.
    return [pair for number, pair in enumerate(found) if number == 0 or pair != found[number - 1]]


def _own(item: Planned) -> list[Finding]:
    if item.type == limits.DOMAIN:
        return domain.check(item.arguments)
    if item.type == elasticsearch_domain.DOMAIN:
        return elasticsearch_domain.check(item.arguments)
    if item.type == limits.STREAM:
        changed = [] if item.before is None else stream_changes.check(item.before, item.arguments)
        return stream.check(item.arguments) + changed
    return delivery.check(item.arguments) if _leads_to_a_domain(item.arguments) else []


def _leads_to_a_domain(arguments: Mapping[str, Any]) -> bool:
    return arguments.get("destination") in ("opensearch", "elasticsearch") or any(
        arguments.get(block) for block in limits.DESTINATIONS
    )


def _between(
    item: Planned, resources: Mapping[str, Planned], configuration: Configuration
) -> Iterator[tuple[str, Finding]]:
    """Findings about a delivery stream and the domain and stream that its references lead to."""
    parts = {"delivery": item}
    for block in limits.DESTINATIONS:
        for argument in ("domain_arn", "cluster_endpoint"):
            address = configuration.referred(item.address, (block, argument), _DOMAINS)
            if address is not None and address in resources:
                parts["domain"] = resources[address]
    source = ("kinesis_source_configuration", "kinesis_stream_arn")
    address = configuration.referred(item.address, source, (limits.STREAM,))
    if address is not None and address in resources:
        parts["stream"] = resources[address]
    if len(parts) == 1:
        return
    arguments = {
        name: elasticsearch_domain.modern(part.arguments)
        if part.type == elasticsearch_domain.DOMAIN
        else part.arguments
        for name, part in parts.items()
    }
    for finding in pipeline.check(**arguments):
        name, _, path = finding.path.partition(".")
        part = parts.get(name)
        if part is None:
            continue
        own = replace(finding, path=path)
        if parts.get("domain", part).type == elasticsearch_domain.DOMAIN:
            own = elasticsearch_domain.renamed(own)
        yield part.address, _discreet(own, part)


def _discreet(finding: Finding, item: Planned) -> Finding:
    """A finding that does not repeat what the plan marks as sensitive."""
    marks = item.sensitive
    for step in finding.path.replace("[", ".[").split("."):
        if isinstance(marks, list) and not step.startswith("["):
            marks = marks[0] if marks else None
        if isinstance(marks, Mapping):
            marks = marks.get(step)
        elif isinstance(marks, list) and step[1:-1].isdigit():
            index = int(step[1:-1])
            marks = marks[index] if index < len(marks) else None
        if marks is True:
            return replace(finding, given="(sensitive)")
    return finding


def _resources(document: object, configuration: Configuration) -> Iterator[Planned]:
    changes = document.get("resource_changes") if isinstance(document, Mapping) else None
    for item in changes if isinstance(changes, list) else ():
        if not isinstance(item, Mapping) or item.get("type") not in _TYPES:
            continue
        change, address = item.get("change"), item.get("address")
        if item.get("mode", "managed") != "managed" or item.get("deposed") is not None:
            continue
        after = change.get("after") if isinstance(change, Mapping) else None
        if not isinstance(change, Mapping) or not isinstance(address, str) or not isinstance(after, Mapping):
            continue
        unknown = change.get("after_unknown")
        if change.get("before") is None and isinstance(unknown, Mapping):
            unknown = _without_unwritten(unknown, address, str(item["type"]), configuration)
        before = _merged(change.get("before"), change.get("before_sensitive"))
        yield Planned(
            address,
            str(item["type"]),
            _merged(after, unknown),
            change.get("after_sensitive"),
            before if change.get("actions") == ["update"] and isinstance(before, Mapping) else None,
        )


_DOMAINS = (limits.DOMAIN, elasticsearch_domain.DOMAIN)
_TYPES = (*_DOMAINS, limits.STREAM, limits.DELIVERY)


def _without_unwritten(
    unknown: Mapping[str, Any], address: str, type_: str, configuration: Configuration
) -> Mapping[str, Any]:
    written = configuration.arguments_of(address)
    if written is None or type_ not in _DOMAINS:
        return unknown
    return {
        name: mark
        for name, mark in unknown.items()
        if not (mark is True and name in _ABSENT_BLOCKS and name not in written)
    }


def _merged(after: Any, unknown: Any, depth: int = 0) -> Any:
    """Values with `UNKNOWN` wherever the plan says so."""
    if unknown is True or depth > DEEPEST:
        return UNKNOWN
    if isinstance(after, Mapping):
        marks = unknown if isinstance(unknown, Mapping) else {}
        names = [*after, *(name for name in marks if name not in after)]
        return {name: _merged(after.get(name), marks.get(name), depth + 1) for name in names}
    if isinstance(after, list):
        known = unknown if isinstance(unknown, list) else []
        return [
            _merged(item, known[index] if index < len(known) else None, depth + 1) for index, item in enumerate(after)
        ]
    if after is None and isinstance(unknown, (Mapping, list)) and unknown:
        empty: Any = {} if isinstance(unknown, Mapping) else [None] * len(unknown)
        return _merged(empty, unknown, depth + 1)
    return after

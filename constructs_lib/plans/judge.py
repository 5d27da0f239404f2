"""Applies the rules to any plan (the JSON of ``terraform show -json``), also to other configurations than ours.

Values known only after an apply are `UNKNOWN` to the rules; nulls and empty lists count as absent; resources that the
plan deletes are not checked. For an existing resource the rules see the arguments that the configuration sets or the
plan changes, because the user did not choose the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from constructs_lib import limits
from constructs_lib.plans.document import Plan
from constructs_lib.plans.references import Configuration
from constructs_lib.plans.resources import DOMAINS, PlannedResource, planned_resources
from constructs_lib.rules import (
    Context,
    delivery,
    domain,
    domain_changes,
    elasticsearch_domain,
    pipeline,
    stream,
    stream_changes,
)
from constructs_lib.rules.finding import UNKNOWN, Finding

_BESIDE = {
    "aws_opensearch_domain_policy": "access_policies",
    "aws_elasticsearch_domain_policy": "access_policies",
    "aws_opensearch_domain_saml_options": "saml_options",
    "aws_elasticsearch_domain_saml_options": "saml_options",
}
"""Resources that set one argument of a domain, with that argument."""
_TYPES = (*DOMAINS, limits.STREAM, limits.DELIVERY, *_BESIDE)


_Check = Callable[[Mapping[str, Any], "Mapping[str, Any] | None"], Sequence[Finding]]
"""Checks a resource's arguments, for an existing resource together with the present ones."""


@dataclass(frozen=True)
class _Part:
    """A resource, or a domain with the separate resources that set its arguments."""

    resource: PlannedResource
    beside: Mapping[str, PlannedResource]
    """The resource that sets each argument."""

    def arguments(self, side: str) -> Mapping[str, Any]:
        """``values``, ``chosen``, ``written`` or ``before`` of the resource and its separate resources."""
        own: Mapping[str, Any] = getattr(self.resource, side) or {}
        others = ((name, getattr(item, side) or {}) for name, item in self.beside.items())
        return {**own, **{name: other.get(name) for name, other in others}}

    def of(self, path: str) -> PlannedResource:
        """The resource that sets the argument at a path."""
        return self.beside.get(path.partition(".")[0].partition("[")[0], self.resource)

    def judged(self, check: _Check) -> Iterator[tuple[str, Finding]]:
        """Findings of a check, each with its resource's address.

        For an existing resource: findings about values that the user chose, and findings that the plan's changes cause,
        if they are about a change or hold without the values that AWS chose.
        """
        if self.resource.before is None:
            yield from self._placed(check(self.arguments("values"), None))
            return
        before = self.arguments("before")
        found = list(check(self.arguments("chosen"), before))
        if self.arguments("values") != before:
            known = {_key(each) for each in (*found, *check(before, before))}
            new = [each for each in check(self.arguments("values"), before) if _key(each) not in known]
            written = {_key(each) for each in check(self.arguments("written"), before)} if new else set()
            found += [each for each in new if _key(each) in written or self.of(each.path).changes(each.path)]
        yield from self._placed(found)

    def _placed(self, findings: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
        """Findings with the address of the resource that sets the value, without sensitive values."""
        for finding in findings:
            resource = self.of(finding.path)
            yield resource.address, _discreet(finding, resource)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.path, finding.message


class _Elsewhere(dict[str, Any]):
    """Arguments of a domain that is not in the plan: missing ones are `UNKNOWN`."""

    def get(self, name: str, _default: Any = None) -> Any:
        return super().get(name, UNKNOWN)


def judge(plan: Plan) -> list[tuple[str, Finding]]:
    """Findings about a plan's search domains, streams and delivery streams, each with its resource's address.

    A new domain's argument that the configuration does not mention counts as absent, even where the provider reports it
    as known after apply. Separate policies and SAML options are checked with their domain. Rules between resources
    apply where the configuration's references are unambiguous, rules about changes to resources that change in place.
    """
    configuration = Configuration(plan)
    resources = {item.address: item for item in planned_resources(plan, _TYPES, configuration)}
    parts = {part.resource.address: part for part in _joined(resources, configuration)}
    place = Context(region=plan.region, now=plan.timestamp)
    found: list[tuple[str, Finding]] = []
    for part in parts.values():
        found += part.judged(_check(part.resource, place._replace(existing=part.resource.before is not None)))
        found += _replacement(part.resource)
    for part in parts.values():
        if part.resource.type == limits.DELIVERY and _leads_to_a_domain(part.arguments("chosen")):
            found += _between(part, parts, configuration)
    found.sort(key=lambda pair: (pair[0], pair[1].path, pair[1].severity, pair[1].message))
    # Two delivery streams may give the same finding about their domain; `given` may not be hashable.
    return [pair for number, pair in enumerate(found) if number == 0 or pair != found[number - 1]]


def _joined(resources: Mapping[str, PlannedResource], configuration: Configuration) -> Iterator[_Part]:
    """Each resource, a domain with its separate resources; separate resources of a domain elsewhere, alone."""
    beside: dict[str, dict[str, PlannedResource]] = {}
    for item in resources.values():
        if item.type in _BESIDE:
            address = _domain_of(item, resources, configuration)
            if address is None:
                yield _Part(item, {})
            else:
                beside.setdefault(address, {})[_BESIDE[item.type]] = item
    for item in resources.values():
        if item.type not in _BESIDE:
            yield _Part(item, beside.get(item.address, {}))


def _domain_of(
    item: PlannedResource, resources: Mapping[str, PlannedResource], configuration: Configuration
) -> str | None:
    """Address of the domain that a resource's ``domain_name`` means, by reference or by its name."""
    address = configuration.referred(item.address, ("domain_name",), DOMAINS)
    if address in resources:
        return address
    name = item.values.get("domain_name")
    named = [
        other.address
        for other in resources.values()
        if other.type in DOMAINS and isinstance(name, str) and other.values.get("domain_name") == name
    ]
    return named[0] if len(named) == 1 else None


def _check(item: PlannedResource, context: Context) -> _Check:
    """The check for a single resource of this type."""
    if item.type in _BESIDE:
        return partial(_alone, _BESIDE[item.type])
    checks = {limits.DOMAIN: _domain, elasticsearch_domain.DOMAIN: _older, limits.STREAM: _stream}
    return partial(checks.get(item.type, _delivery), context)


def _domain(context: Context, arguments: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Finding]:
    return domain.check(arguments, context) + ([] if before is None else domain_changes.check(before, arguments))


def _older(context: Context, arguments: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Finding]:
    found = elasticsearch_domain.check(arguments, context)
    if before is None:
        return found
    sides = (elasticsearch_domain.modern(side) for side in (before, arguments))
    return found + [elasticsearch_domain.renamed(finding) for finding in domain_changes.check(*sides)]


def _replacement(item: PlannedResource) -> Iterator[tuple[str, Finding]]:
    """Findings about a domain that the provider replaces because AWS cannot upgrade it to the version."""
    if item.replaced is None or item.type not in DOMAINS:
        return
    older = item.type == elasticsearch_domain.DOMAIN
    sides = (elasticsearch_domain.modern(side) if older else side for side in (item.replaced, item.values))
    for finding in domain_changes.check(*sides):
        if finding.path == "engine_version":
            yield item.address, elasticsearch_domain.renamed(finding) if older else finding


def _stream(context: Context, arguments: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Finding]:
    return stream.check(arguments, context) + ([] if before is None else stream_changes.check(before, arguments))


def _delivery(context: Context, arguments: Mapping[str, Any], _before: object) -> list[Finding]:
    return delivery.check(arguments, context) if _leads_to_a_domain(arguments) else []


def _alone(argument: str, arguments: Mapping[str, Any], _before: object) -> list[Finding]:
    """Findings about one argument of a domain that is not in the plan."""
    found = domain.check(_Elsewhere({argument: arguments.get(argument)}))
    return [each for each in found if each.path.startswith(argument)]


def _leads_to_a_domain(arguments: Mapping[str, Any]) -> bool:
    blocks = (arguments.get(block) for block in limits.DESTINATIONS)
    return arguments.get("destination") in ("opensearch", "elasticsearch") or any(
        block for block in blocks if block is not UNKNOWN
    )


def _between(part: _Part, parts: Mapping[str, _Part], configuration: Configuration) -> Iterator[tuple[str, Finding]]:
    """Findings about a delivery stream and the domain and stream that its references lead to."""
    address, together = part.resource.address, {"delivery": part}
    for block in limits.DESTINATIONS:
        for argument in ("domain_arn", "cluster_endpoint"):
            referred = configuration.referred(address, (block, argument), DOMAINS)
            if referred is not None and referred in parts:
                together["domain"] = parts[referred]
    source = ("kinesis_source_configuration", "kinesis_stream_arn")
    referred = configuration.referred(address, source, (limits.STREAM,))
    if referred is not None and referred in parts:
        together["stream"] = parts[referred]
    if len(together) == 1:
        return
    for name, one in together.items():
        yield from one.judged(partial(_fit, name, together))


def _fit(judged: str, together: Mapping[str, _Part], arguments: Mapping[str, Any], _before: object) -> list[Finding]:
    """Findings of the rules between resources about one of them, with these arguments."""
    older = "domain" in together and together["domain"].resource.type == elasticsearch_domain.DOMAIN
    given = {name: part.arguments("chosen") for name, part in together.items()} | {judged: arguments}
    if older:
        given["domain"] = elasticsearch_domain.modern(given["domain"])
    found = []
    for finding in pipeline.check(**given):
        name, _, path = finding.path.partition(".")
        if name == judged:
            own = replace(finding, path=path)
            found.append(elasticsearch_domain.renamed(own) if older else own)
    return found


def _discreet(finding: Finding, item: PlannedResource) -> Finding:
    """A finding without values that the plan marks as sensitive."""
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

"""Runs the rules on environments: on their own keys, on each resource, and on the relations between resources."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, get_args

from constructs_lib import rules
from constructs_lib.bootstrap.runtime.catalogue import DEFAULTS
from constructs_lib.configuration.delivery import processor_order
from constructs_lib.configuration.environment import COLLECTOR_OUTPUTS, NETWORK_OUTPUTS, Environment, OutputSource
from constructs_lib.configuration.resources import resource_arguments
from constructs_lib.configuration.section import Section
from constructs_lib.limits import ARGUMENTS, ENVIRONMENT, Pattern
from constructs_lib.rules import UNKNOWN, Context, Finding
from constructs_lib.rules.environment.book import DERIVED

_PROCESSOR = re.compile(r"(delivery\.opensearch_configuration\.processing_configuration\.processors)\[(\d+)\](.*)")
_RESOURCES = ("stream", "domain", "delivery")
_VPC = ("domain.vpc_options", "delivery.opensearch_configuration.vpc_config")


def judge(environment: Environment, *, unread: Collection[str] = ()) -> list[Finding]:
    """All findings about an environment, with paths from the root of the file.

    Args:
        environment: what could be read of the file.
        unread: sections of which something could not be read. Nothing is held against the traffic where it is one:
            defaults would stand for what was meant.
    """
    (form,) = ARGUMENTS[ENVIRONMENT, "name"]
    # Report a wrong name once, not for every name derived from it.
    named = isinstance(form, Pattern) and form.accepts(environment.name)
    resources = resource_arguments(environment, environment.name if named else "placeholder")
    context = Context(
        region=environment.region,
        account=environment.account_id,
        existing=True if environment.adopt.domain is not None else None,
        now=datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    findings = rules.environment.check(environment.model_dump(exclude_none=True), resources | _derived(environment))
    for section, module in (("stream", rules.stream), ("domain", rules.domain), ("delivery", rules.delivery)):
        found = module.check(resources[section], context) if section in resources else []
        findings += [replace(item, path=f"{section}.{item.path}") for item in found]
    parts = pipeline_parts(environment, resources)
    findings += rules.pipeline.check(**parts | ({"traffic": None} if "traffic" in unread else {}))
    return [replace(item, path=_as_written(item.path, environment)) for item in findings]


def judge_section(
    section: str, settings: Mapping[str, Any], beside: Mapping[str, object] | None = None
) -> list[Finding]:
    """All findings about one section of a file of which the rest is unknown, with paths from the section.

    Args:
        section: dotted path of the section.
        settings: its keys.
        beside: what is known of the other sections; the rest is unknown.
    """
    whole: dict[str, Any] = {**dict.fromkeys(Environment.model_fields, UNKNOWN), **(beside or {})}
    nested: Mapping[str, Any] = settings
    names = section.split(".")
    for name in reversed(names[1:]):
        nested = {name: nested}
    whole[names[0]] = nested
    findings = rules.environment.check(whole, dict.fromkeys(_RESOURCES, UNKNOWN) | _derived())
    return [
        replace(item, path=item.path.removeprefix(f"{section}."))
        for item in findings
        if item.path == section or item.path.startswith(f"{section}.")
    ]


def pipeline_parts(environment: Environment, resources: dict[str, dict[str, Any]] | None = None) -> dict[str, object]:
    """Input of the rules about relations between resources: their arguments, and further settings of the file."""
    transform = environment.transform
    destination = environment.delivery.opensearch_configuration
    own = environment.bootstrap.sized(environment.traffic, destination.index_rotation_period)
    cluster = environment.domain.cluster_config if environment.existing.domain is None else None
    by_traffic = environment.traffic is not None and environment.bootstrap.number_of_shards is None
    return {
        **(resource_arguments(environment) if resources is None else resources),
        # Only if the file sets it: the default archive keeps failures only.
        "archive": environment.archive.model_dump(exclude_unset=True, exclude_none=True),
        "bootstrap": own.resolved(cluster, destination) | {"shards_by_traffic": by_traffic} if own.enabled else None,
        "transform": {"function": transform.function.arguments(), "processor": transform.processor.arguments()}
        if transform.enabled
        else None,
        "traffic": None if environment.traffic is None else environment.traffic.resolved(own),
        "monitoring": environment.monitoring.arguments(),
        "region": environment.region,
        "collector": _collector(environment),
        "recommender": None if environment.recommender is None else environment.recommender.model_dump(),
    }


def _collector(environment: Environment) -> dict[str, Any] | None:
    """The collector, with the calls that are reserved for its function as a number."""
    settings = environment.collector
    if settings is None:
        return None
    calls = settings.function.reserved(settings.throttle.rate)
    found = settings.model_dump()
    return found | {"function": found["function"] | {"reserved_concurrent_executions": calls}}


def judge_together(environments: Mapping[str, Environment]) -> list[tuple[str, Finding]]:
    """Names that two environments both use although they must be unique; reported for the later file.

    Args:
        environments: by the name of their file.
    """
    described = {
        file: {**environment.model_dump(exclude_none=True), DERIVED: resource_arguments(environment)}
        for file, environment in environments.items()
    }
    return rules.deployments.check(described)


def _derived(environment: Environment | None = None) -> dict[str, Any]:
    """Further values that the rules need besides the file and its resources.

    Args:
        environment: what could be read of the file; None where a section is judged alone.
    """
    # The Vega-Lite version follows from the engine.
    thresholds = {name: value for name, value in DEFAULTS.items() if name != "vega_lite_version"}
    standard = [source.replace(".", "_") for source in get_args(OutputSource)]
    outputs = [
        *standard,
        "alarms_topic_arn",
        "bootstrap_answer",
        "bootstrap_function_name",
        "stream_writer_policy_arn",
        "transform_function_name",
    ]
    return {
        "thresholds": thresholds,
        "outputs": outputs,
        "network_outputs": list(NETWORK_OUTPUTS),
        "collector_outputs": list(COLLECTOR_OUTPUTS),
        "written": [] if environment is None else list(_written(environment)),
    }


def _written(section: Section, above: str = "") -> Iterator[str]:
    """Paths of the keys that a file sets, down to the last section."""
    for name in sorted(section.model_fields_set):
        value = getattr(section, name)
        path = f"{above}{name}"
        if isinstance(value, Section) and value.model_fields_set:
            yield from _written(value, f"{path}.")
        elif value is not None:
            yield path


def _as_written(path: str, environment: Environment) -> str:
    """The key of the file that an argument comes from, where the file does not write the argument itself.

    The transform, which the file does not list, is a processor too.
    """
    listed = _PROCESSOR.fullmatch(path)
    if listed is not None:
        processors = environment.delivery.opensearch_configuration.processing_configuration.processors
        index = processor_order(processors, transforms=environment.transform.enabled)[int(listed[2])]
        return f"{listed[1]}[{index}]{listed[3]}" if index is not None else "transform"
    given = environment.domain.vpc_options
    for block in _VPC:
        name = path.removeprefix(f"{block}.")
        if name == path or (block == _VPC[0] and getattr(given, name, None)):
            continue
        own = environment.network is not None and environment.network.cidr_block is not None
        if name == "subnet_ids":
            return "network.availability_zones" if own else "network.subnet_ids"
        return path if name == "security_group_ids" else "network"
    if path == "domain.access_policies" and environment.domain.access_policies is None:
        saml = environment.domain.saml_options
        return "domain.saml_options" if saml is not None else "domain.advanced_security_options.jwt_options"
    return path

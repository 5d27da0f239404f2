"""The capacity of the planned sizes, compared with the limits of the services (``constructs_lib.limits``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from constructs_lib.limits import ARGUMENTS, DELIVERY, DOMAIN, STREAM, Range, quotas, sources
from constructs_lib.limits.instances import INSTANCE_TYPES
from constructs_lib.plans.resources import PlannedResource
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.sizing.hops import Hop

TYPES = (STREAM, DOMAIN, DELIVERY, "aws_lambda_function")

_ByType = Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]]
"""Addresses and arguments of resources by type."""


@dataclass(frozen=True)
class Measure:
    """One size: how much is planned, how much is allowed (None: there is no quota; the size is for information)."""

    address: str
    name: str
    value: float
    limit: float | None = None
    unit: str = ""
    source: str = ""
    before: float | None = None
    """How much it is now; None where the resource is new, or the size unknown."""

    @property
    def share(self) -> float | None:
        """Share of the limit that is used; 1 is the whole limit."""
        return self.value / self.limit if self.limit else None

    @property
    def shown(self) -> str:
        return f"{_number(self.value)} {self.unit}".strip()

    @property
    def shown_before(self) -> str:
        return "" if self.before is None else f"{_number(self.before)} {self.unit}".strip()

    @property
    def shown_limit(self) -> str:
        return "" if self.limit is None else f"{_number(self.limit)} {self.unit}".strip()

    @property
    def shown_share(self) -> str:
        return "" if self.share is None else f"{self.share * 100:.0f} %"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def measures(resources: Sequence[PlannedResource]) -> list[Measure]:
    """Planned and present sizes of resources of `TYPES`; unknown sizes are left out."""
    after: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    before: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for item in resources:
        after.setdefault(item.type, []).append((item.address, item.values))
        if item.before is not None:
            before.setdefault(item.type, []).append((item.address, item.before))
    known = {(each.address, each.name, each.unit): each.value for each in _measures(before)}
    return [replace(each, before=known.get((each.address, each.name, each.unit))) for each in _measures(after)]


def traffic_measures(hops: Sequence[Hop]) -> list[Measure]:
    """Share of the planned capacity that the traffic uses, as ``size`` reports it; the address is the file's key."""
    return [Measure(hop.path, f"Traffic: {hop.name}", hop.must, hop.can, hop.unit, hop.formula.source) for hop in hops]


def _measures(planned: _ByType) -> list[Measure]:
    found: list[Measure] = []
    for address, values in planned.get(STREAM, []):
        found.extend(_stream(address, Arguments(values)))
    for address, values in planned.get(DOMAIN, []):
        found.extend(_domain(address, Arguments(values)))
    payload = _payload(planned)
    for address, values in planned.get(DELIVERY, []):
        found.extend(_delivery(address, Arguments(values), payload))
    for address, values in planned.get("aws_lambda_function", []):
        found.extend(_function(address, Arguments(values)))
    return found


def _stream(address: str, stream: Arguments) -> Iterator[Measure]:
    shards = stream.number("shard_count")
    if stream.text("stream_mode_details.stream_mode", "PROVISIONED") == "PROVISIONED" and shards:
        source = sources.KINESIS_QUOTAS
        yield Measure(address, "Shards", shards, quotas.DEFAULT_SHARDS_PER_ACCOUNT, "shards", source)
        yield Measure(address, "Write", shards * quotas.SHARD_WRITE_MIB, None, "MiB/s", source)
        yield Measure(address, "Write", shards * quotas.SHARD_WRITE_RECORDS, None, "records/s", source)
        yield Measure(address, "Read, all consumers", shards * quotas.SHARD_READ_MIB, None, "MiB/s", source)
    hours = stream.number("retention_period")
    longest = next(
        (limit for limit in ARGUMENTS.get((STREAM, "retention_period"), ()) if isinstance(limit, Range)), None
    )
    if hours is not None and longest is not None:
        yield Measure(address, "Retention", hours, longest.maximum, "h", longest.source)


def _domain(address: str, domain: Arguments) -> Iterator[Measure]:
    nodes = domain.number("cluster_config.instance_count", 1) or 1
    instance = domain.text("cluster_config.instance_type")
    warm = (domain.number("cluster_config.warm_count") or 0) if domain.flag("cluster_config.warm_enabled") else 0
    yield Measure(
        address,
        "Data and warm nodes",
        nodes + warm,
        quotas.DEFAULT_INSTANCES_PER_DOMAIN,
        "nodes",
        sources.DOMAIN_QUOTAS,
    )
    if domain.flag("cluster_config.dedicated_master_enabled"):
        masters = domain.number("cluster_config.dedicated_master_count")
        if masters:
            yield Measure(
                address, "Dedicated masters", masters, quotas.DEDICATED_MASTERS, "nodes", sources.DOMAIN_QUOTAS
            )
    known = INSTANCE_TYPES.get(instance or "")
    if known:
        shards = int(min(known.heap_gib * quotas.SHARDS_PER_HEAP_GIB, quotas.SHARDS_PER_NODE)) * nodes
        yield Measure(address, "Shards that fit the heap", shards, None, "shards", sources.SIZING)
    volume = domain.number("ebs_options.volume_size")
    if volume and domain.flag("ebs_options.ebs_enabled"):
        yield Measure(address, "Storage of the data nodes", volume * nodes, None, "GiB", sources.STORAGE_SIZING)
        usable = volume * nodes / 2 / quotas.STORAGE_OVERHEAD
        yield Measure(address, "Source data it holds with one replica", usable, None, "GiB", sources.STORAGE_SIZING)


def _payload(planned: _ByType) -> float | None:
    """Largest request that every planned domain takes."""
    types = [Arguments(values).text("cluster_config.instance_type") for _, values in planned.get(DOMAIN, [])]
    sizes = [INSTANCE_TYPES[name].http_mib for name in types if name in INSTANCE_TYPES]
    return min((size for size in sizes if size), default=None)


def _delivery(address: str, delivery: Arguments, payload: float | None) -> Iterator[Measure]:
    for block in ("opensearch_configuration", "elasticsearch_configuration"):
        buffer = delivery.number(f"{block}.buffering_size")
        if buffer and payload:
            yield Measure(address, "Bulk request", buffer, payload, "MiB", sources.DOMAIN_QUOTAS)
        for processor in delivery.items(f"{block}.processing_configuration.processors") or []:
            for item in Arguments(processor).items("parameters") or []:
                parameter = Arguments(item)
                size = _parsed(parameter.text("parameter_value"))
                if parameter.text("parameter_name") == "BufferSizeInMBs" and size:
                    name = "Batch for the transform"
                    yield Measure(address, name, size, quotas.LAMBDA_PAYLOAD_MIB, "MiB", quotas.LAMBDA_SOURCE)


def _function(address: str, function: Arguments) -> Iterator[Measure]:
    memory, timeout = function.number("memory_size"), function.number("timeout")
    if memory:
        yield Measure(address, "Memory", memory, quotas.LAMBDA_MEMORY_MIB, "MiB", quotas.LAMBDA_SOURCE)
    if timeout and "transform" in address:
        limit, source = quotas.FIREHOSE_LAMBDA_TIMEOUT_S, sources.FIREHOSE_LAMBDA
        yield Measure(address, "Timeout of the transform", timeout, limit, "s", source)
    elif timeout:
        yield Measure(address, "Timeout", timeout, quotas.LAMBDA_TIMEOUT_S, "s", quotas.LAMBDA_SOURCE)


def _parsed(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None

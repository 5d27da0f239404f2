"""Demand and shape of a pipeline (`constructs_lib.sizing`), read from the arguments of its parts."""

from __future__ import annotations

from collections.abc import Mapping

from constructs_lib import limits
from constructs_lib.limits import engines, quotas
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.schedules import seconds_of
from constructs_lib.sizing.demand import HOUR_SECONDS, Demand
from constructs_lib.sizing.shape import FREE_PERCENT, Shape

_ON_DEMAND = {"PROVISIONED": False, "ON_DEMAND": True}


_KEYS = (
    "events_per_second",
    "peak_events_per_second",
    "event_bytes",
    "document_bytes",
    "events_per_record",
    "events_per_request",
    "kept_percent",
    "hot_days",
    "warm_days",
    "cold_days",
    "searches_per_second",
    "monthly_growth_percent",
    "documents_per_vcpu",
    "recommendations_per_second",
)


def demand_of(traffic: object, *, recommends: bool = False) -> Demand | None:
    """The demand that resolved traffic states; None where a number is missing, or is one that is refused by itself.

    Args:
        traffic: the section with its defaults filled in.
        recommends: whether there is a recommender, without which nothing is recommended.
    """
    read = Arguments(traffic)
    found = {key: read.number(key) for key in _KEYS}
    if any(value is None or not possible(key, value) for key, value in found.items()):
        return None
    values = {key: value for key, value in found.items() if value is not None}
    if values["peak_events_per_second"] < values["events_per_second"]:
        return None
    return Demand(
        average=values["events_per_second"],
        peak=values["peak_events_per_second"],
        event_bytes=values["event_bytes"],
        document_bytes=values["document_bytes"],
        events_per_record=values["events_per_record"],
        events_per_request=values["events_per_request"],
        kept=values["kept_percent"] / 100,
        hot_days=values["hot_days"],
        warm_days=values["warm_days"],
        cold_days=values["cold_days"],
        searches=values["searches_per_second"],
        growth=values["monthly_growth_percent"] / 100,
        documents_per_vcpu=values["documents_per_vcpu"],
        recommendations=values["recommendations_per_second"] if recommends else 0.0,
    )


def possible(key: str, value: float) -> bool:
    """Whether a number of the section ``traffic`` keeps its own limits."""
    applying = limits.ARGUMENTS[limits.ENVIRONMENT, f"traffic.{key}"]
    return all(limit.accepts(value) for limit in applying if isinstance(limit, limits.Range))


def shape_of(parts: Mapping[str, object]) -> Shape:
    """The shape that a pipeline's parts describe.

    Args:
        parts: arguments by part, as `constructs_lib.rules.pipeline.check` takes them: ``stream``, ``domain``,
            ``delivery``, ``bootstrap``, ``transform``, and ``region``.
    """
    pipeline = Arguments(parts)
    block = next((f"delivery.{name}" for name in limits.DESTINATIONS if pipeline.present(f"delivery.{name}")), "")
    on_demand = _ON_DEMAND.get(pipeline.text("stream.stream_mode_details.stream_mode", "PROVISIONED") or "")
    shards = pipeline.number("stream.shard_count", 1) if pipeline.present("stream") and not on_demand else None
    hours = pipeline.number("stream.retention_period", quotas.RETENTION_MINIMUM_HOURS)
    masters = pipeline.number("domain.cluster_config.dedicated_master_count") or 0
    warm = pipeline.number("domain.cluster_config.warm_count") or 0
    aware = pipeline.flag("domain.cluster_config.zone_awareness_enabled")
    zones = pipeline.number("domain.cluster_config.zone_awareness_config.availability_zone_count", 2)
    free = pipeline.number("monitoring.free_storage_percent", FREE_PERCENT)
    return Shape(
        on_demand=on_demand if pipeline.present("stream") else None,
        shards=shards,
        retention_seconds=hours * HOUR_SECONDS if hours is not None and pipeline.present("stream") else None,
        region=pipeline.text("region"),
        transform=pipeline.present("transform") is True,
        memory_mib=pipeline.number("transform.function.memory_size"),
        reserved_calls=_reserved(pipeline, "transform"),
        batch_mib=pipeline.number("transform.processor.buffer_size_mb"),
        batch_seconds=pipeline.number("transform.processor.buffer_interval_seconds"),
        buffer_seconds=pipeline.number(f"{block}.buffering_interval", quotas.FIREHOSE_BUFFER_SECONDS)
        if block
        else None,
        retry_seconds=pipeline.number(f"{block}.retry_duration", quotas.RETRY_SECONDS) if block else None,
        refresh_seconds=seconds_of(pipeline.text("bootstrap.refresh_interval", "1s") or "") or 0.0,
        rotation=pipeline.text(f"{block}.index_rotation_period", "OneDay") if block else None,
        engine=engines.parse(pipeline.text("domain.engine_version") or ""),
        instance_type=pipeline.text("domain.cluster_config.instance_type"),
        nodes=pipeline.number("domain.cluster_config.instance_count", 1) if pipeline.present("domain") else None,
        zones=(zones or 1) if aware else 1,
        standby=pipeline.flag("domain.cluster_config.multi_az_with_standby_enabled") is True,
        disk_gib=pipeline.number("domain.ebs_options.volume_size")
        if pipeline.flag("domain.ebs_options.ebs_enabled")
        else None,
        free_share=FREE_PERCENT / 100 if free is None else min(max(free, 0), quotas.FREE_STORAGE_PERCENT_MOST) / 100,
        masters=masters if pipeline.flag("domain.cluster_config.dedicated_master_enabled") else 0,
        master_type=pipeline.text("domain.cluster_config.dedicated_master_type"),
        primaries=pipeline.number("bootstrap.number_of_shards"),
        primaries_by_traffic=pipeline.flag("bootstrap.shards_by_traffic") is True,
        replicas=pipeline.number("bootstrap.number_of_replicas"),
        warm_type=pipeline.text("domain.cluster_config.warm_type"),
        warm_nodes=warm if pipeline.flag("domain.cluster_config.warm_enabled") else 0,
        collector_rate=pipeline.number("collector.throttle.rate"),
        collector_calls=_reserved(pipeline, "collector"),
        recommends=pipeline.present("recommender") is True,
        recommender_rate=pipeline.number("recommender.api.throttle.rate"),
        recommender_calls=_reserved(pipeline, "recommender"),
        bulk_mib=pipeline.number(f"{block}.buffering_size", quotas.FIREHOSE_BUFFER_MIB) if block else None,
        warm_throughput_mib=pipeline.number("stream.warm_throughput_mib_ps"),
    )


def _reserved(pipeline: Arguments, part: str) -> float | None:
    """Calls at once that are reserved for a part's function; None: none are."""
    calls = pipeline.number(f"{part}.function.reserved_concurrent_executions")
    return calls if calls and calls > 0 else None

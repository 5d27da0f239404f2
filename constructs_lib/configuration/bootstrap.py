"""``bootstrap``: what the domain holds before the first document: templates, lifecycle, roles, dashboards, alerts."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Literal

from constructs_lib.bootstrap.runtime.catalogue import DEFAULTS
from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section

if TYPE_CHECKING:
    from constructs_lib.configuration.environment import Environment

Feature = Literal["dashboards", "monitors", "detectors"]
SHARD_GIB = 40
"""GiB a shard of logs should hold: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html"""
PERIOD_DAYS = {"OneHour": 1 / 24, "OneDay": 1.0, "OneWeek": 7.0, "OneMonth": 31.0, "NoRotation": 1.0}


class BootstrapFunctionSettings(FunctionSettings):
    """How the function runs."""

    memory_size: int = 512
    """MiB; it mostly waits for the domain."""
    timeout: int = 600
    """Seconds a run may take; a domain that is not ready is waited for half as long."""
    reserved_concurrent_executions: int | None = None
    """Calls at once, taken from the account's limit and guaranteed; null: as many as the account has left."""


class BootstrapSettings(Section):
    """The function that sets the domain up from inside; on by default."""

    enabled: bool = True
    """Off: somebody else installs index templates and roles before the first delivery."""
    number_of_shards: int | None = None
    """Primary shards of each events index; default: 1, or what ``daily_gib`` asks for at 40 GiB a shard."""
    number_of_replicas: int | None = None
    """Further copies of each shard; default: 1, with standby 2, with a single data node 0."""
    refresh_interval: str = "30s"
    """How soon documents are searchable; ``30s`` costs far less than the engine's one second."""
    daily_gib: float | None = None
    """GiB of documents expected a day; shard count and disks are judged by it."""
    merge_after_days: int | None = 2
    """Age at which an index that is no longer written is merged to one segment a shard; null: never."""
    warm_after_days: int | None = None
    """Age at which indices move to UltraWarm, which the domain must have; null: never. Warm indices are read-only: a
    person's events cannot be erased there."""
    cold_after_days: int | None = None
    """Age at which warm indices move to cold storage, which the domain must have; null: never."""
    retention_days: int | None = 90
    """Age at which indices are deleted; null: never. The archive has an age of its own."""
    queries_index_name: str = "ubi_queries"
    """Alias under which applications write search queries (OpenSearch User Behavior Insights)."""
    ubi_events_alias: str | None = "ubi_events"
    """Alias under which User Behavior Insights' tools find the events; null: none."""
    install: list[Feature] = ["dashboards", "monitors", "detectors"]
    """What is installed besides templates, lifecycle and roles."""
    thresholds: dict[str, int | str] = {}
    """Numbers of the monitors and detectors that differ from the defaults, such as ``burst_events: 1200``."""
    schedule: str | None = "rate(1 day)"
    """When the function runs besides each change: detectors need documents, so the first run cannot install them, and
    what somebody changed by hand is made right again. EventBridge's notation; null: never."""
    vpc: bool | None = None
    """Whether the function runs in the deployment's network; default: when the domain is there."""
    function: BootstrapFunctionSettings = BootstrapFunctionSettings()

    def resolved(self, environment: Environment) -> dict[str, Any]:
        """What the rules judge: counts with the defaults that follow from domain and delivery, ages, index patterns."""
        options = environment.delivery.opensearch_configuration
        cluster = environment.domain.cluster_config
        shards = self.number_of_shards
        if shards is None:
            period = PERIOD_DAYS.get(options.index_rotation_period, 1.0)
            shards = max(1, math.ceil((self.daily_gib or 0) * period / SHARD_GIB))
        replicas = self.number_of_replicas
        if replicas is None:
            replicas = 2 if cluster.multi_az_with_standby_enabled else 1 if cluster.instance_count > 1 else 0
        values = {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "retention_days": self.retention_days,
            "warm_after_days": self.warm_after_days,
            "daily_gib": self.daily_gib,
            "index_patterns": [options.index_name, f"{options.index_name}-*"],
        }
        return {name: value for name, value in values.items() if value is not None}

    def variables(self, environment: Environment, *, fine_grained: bool, audited: bool) -> dict[str, str]:
        """Environment variables of the function that decide what is installed (``runtime/settings.py``)."""
        options, access = environment.delivery.opensearch_configuration, environment.access
        counts = self.resolved(environment)
        ages = {
            "MERGE_AFTER_DAYS": self.merge_after_days,
            "WARM_AFTER_DAYS": self.warm_after_days,
            "COLD_AFTER_DAYS": self.cold_after_days,
            "DELETE_AFTER_DAYS": self.retention_days,
        }
        callers = {
            "ADMINISTRATORS": [*access.administrators, *access.administrator_groups],
            "ANALYSTS": [*access.analysts, *access.analyst_groups],
            "PERSONALIZATION": access.personalization,
        }
        return {
            "INDEX_NAME": options.index_name,
            "INDEX_ROTATION": options.index_rotation_period,
            "QUERIES_NAME": self.queries_index_name,
            "UBI_EVENTS_ALIAS": self.ubi_events_alias or "none",
            "SHARDS": str(counts["number_of_shards"]),
            "REPLICAS": str(counts["number_of_replicas"]),
            "REFRESH_INTERVAL": self.refresh_interval,
            "FINE_GRAINED": "true" if fine_grained else "false",
            "AUDIT_LOGS": "true" if audited else "false",
            "INSTALL": ",".join(sorted(self.install)) or "none",
            "VALUES": json.dumps(_delay(environment) | self.thresholds, sort_keys=True),
            **{name: "never" if days is None else str(days) for name, days in ages.items()},
            **{name: ",".join(sorted(each)) for name, each in callers.items() if each},
        }

    def variables_beside(self, environment: Environment) -> dict[str, str]:
        """Environment variables that only erasure needs."""
        lifecycle = environment.archive.lifecycle
        every = environment.delivery.opensearch_configuration.s3_backup_mode == "AllDocuments"
        # The bucket keeps versions: what expires is hidden, and gone after the days of a noncurrent version.
        hidden, days = lifecycle.noncurrent_expiration_days, lifecycle.expiration_days
        return {
            "ARCHIVE": "all" if every else "failed",
            "ARCHIVE_DAYS": "never" if days is None else str(days + hidden),
            "FAILED_DAYS": str(lifecycle.failed_expiration_days + hidden),
            "STREAM_DAYS": str(math.ceil(environment.stream.retention_period / 24)),
            "PSEUDONYM_LABEL": environment.transform.user_ids.label,
        }


_ON_THE_WAY = 180
"""Seconds that reading the stream, a first retry and the index's refresh take on top of the buffers."""


def _delay(environment: Environment) -> dict[str, int | str]:
    """How late documents may be, where the buffers are too long for the default.

    Monitors and detectors look at no event younger than this: half of a minute's events would look like silence.
    """
    seconds = environment.delivery.opensearch_configuration.buffering_interval + _ON_THE_WAY
    if environment.transform.enabled:
        seconds += environment.transform.processor.buffer_interval_seconds
    minutes = math.ceil(seconds / 60)
    return {"delay_minutes": minutes} if minutes > int(DEFAULTS["delay_minutes"]) else {}

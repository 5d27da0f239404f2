"""Defaults of the domain that follow from other values of it."""

from __future__ import annotations

from typing import Any

from constructs_lib.limits import ebs_bandwidth, engines, instances, quotas
from constructs_lib.rules.finding import Unknown

NEWEST = engines.Engine(engines.OPENSEARCH, (99, 0))
"""Used for a version that cannot be parsed; the rules report it."""


def fill(values: dict[str, Any], *, master_user_arn: str | Unknown | None) -> dict[str, Any]:
    """The domain's arguments with the defaults that follow from other arguments filled in."""
    engine = engines.parse(values["engine_version"]) or NEWEST
    cluster = _cluster(values["cluster_config"])
    values["cluster_config"] = cluster
    burstable = instances.family(cluster["instance_type"]) in instances.BURSTABLE
    values["ebs_options"] = _disks(values.get("ebs_options"), cluster["instance_type"])
    security = _security(values.get("advanced_security_options"), engine, master_user_arn)
    if security is None:
        values.pop("advanced_security_options", None)
    else:
        values["advanced_security_options"] = security
    fine_grained = security is not None and security["enabled"]
    if "log_publishing_options" not in values:
        values["log_publishing_options"] = [
            {"log_type": kind, "enabled": True}
            for kind in ("INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", *(["AUDIT_LOGS"] * fine_grained))
        ]
    tune = values.get("auto_tune_options", {})
    if engine.reaches(engines.AUTO_TUNE):
        # AWS reports DISABLED for burstable types; without the block every plan would show a change.
        tune.setdefault("desired_state", "DISABLED" if burstable else "ENABLED")
        values["auto_tune_options"] = tune
    if "off_peak_window_options" not in values:
        start = {"hours": 0, "minutes": 0}
        values["off_peak_window_options"] = {"enabled": True, "off_peak_window": {"window_start_time": start}}
    return values


def _drop_zeros(block: dict[str, Any], *names: str) -> None:
    """Leave out zeros that stand for "not set": imports show them, and the provider refuses them."""
    for name in names:
        if block.get(name) == 0:
            del block[name]


def _cluster(cluster: dict[str, Any]) -> dict[str, Any]:
    if not cluster.get("warm_enabled"):
        _drop_zeros(cluster, "warm_count")
    if not cluster["dedicated_master_enabled"]:
        _drop_zeros(cluster, "dedicated_master_count")
    for options in cluster.get("node_options", []):
        if not options["node_config"]["enabled"]:
            _drop_zeros(options["node_config"], "count")
    if cluster["dedicated_master_enabled"]:
        cluster.setdefault("dedicated_master_count", quotas.MASTER_COUNTS[0])
        cluster.setdefault("dedicated_master_type", "m7g.large.search")
    cluster.setdefault("zone_awareness_enabled", cluster["instance_count"] > 1)
    if cluster["zone_awareness_enabled"] and "zone_awareness_config" not in cluster:
        standby = cluster.get("multi_az_with_standby_enabled", False)
        zones = 3 if standby or cluster["instance_count"] % 3 == 0 else 2
        cluster["zone_awareness_config"] = {"availability_zone_count": zones}
    return cluster


def _disks(given: dict[str, Any] | None, instance_type: str) -> dict[str, Any]:
    if given is None:
        known = instances.INSTANCE_TYPES.get(instance_type)
        given = {"ebs_enabled": known is None or known.takes_ebs}
    _drop_zeros(given, "iops", "throughput")
    if given["ebs_enabled"]:
        given.setdefault("volume_type", "gp3")
        given.setdefault("volume_size", 20)
        if given["volume_type"] == "gp3":
            # Set what the disk's price includes: AWS's default is half of a large gp2 disk's performance.
            size = given["volume_size"]
            given.setdefault("iops", ebs_bandwidth.included_iops(instance_type, size))
            large = size >= instances.GP3_LARGE_GIB
            least = instances.GP3_LARGE_THROUGHPUT if large else instances.GP3_THROUGHPUT_MINIMUM
            given.setdefault("throughput", least)
    return given


def _security(
    given: dict[str, Any] | None, engine: engines.Engine, master_user_arn: str | Unknown | None
) -> dict[str, Any] | None:
    if given is None:
        if master_user_arn is None or not engine.reaches(engines.FINE_GRAINED):
            return None
        given = {"enabled": True, "internal_user_database_enabled": False}
    if given["enabled"] and "master_user_options" not in given and master_user_arn is not None:
        given["master_user_options"] = {"master_user_arn": master_user_arn}
    return given

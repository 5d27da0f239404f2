"""Rules between the parts of a pipeline, each in both directions."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import UNKNOWN, pipeline
from tests.rules.cases import DELIVERY, DOMAIN, SMALL, STREAM, changed

BLOCK = "delivery.opensearch_configuration"
WHOLE: dict[str, Any] = {
    "stream": STREAM,
    "domain": DOMAIN,
    "delivery": DELIVERY,
    "archive": {"enabled": True},
    "bootstrap": {
        "number_of_shards": 2,
        "number_of_replicas": 1,
        "retention_days": 90,
        "index_patterns": ["events*"],
    },
}
"""Three r7g.large carry 600 shards (8 GiB of heap each); 90 days make 364 shards."""
VPC = ("domain.vpc_options.subnet_ids", ["a", "b", "c"])
STANDBY = ("domain.cluster_config.multi_az_with_standby_enabled", True)
TYPE = "domain.cluster_config.instance_type"
SMALL_REQUESTS = (TYPE, "m6g.large.search")
MONTH = ("bootstrap.retention_days", 30)
INTERFACES = (f"{BLOCK}.vpc_config", {"subnet_ids": ["a", "b", "c"]})
CALLS = "transform.function.reserved_concurrent_executions"
ON_DEMAND = (("stream.stream_mode_details.stream_mode", "ON_DEMAND"), ("stream.shard_count", None))
EXPLICIT = "rest.action.multi.allow_explicit_index"

ACCEPTED: dict[str, dict[str, Any]] = {
    "as it is": WHOLE,
    "in a VPC": changed(WHOLE, VPC, INTERFACES),
    "interfaces unknown": changed(WHOLE, VPC, (f"{BLOCK}.vpc_config", UNKNOWN)),
    "domain unknown": changed(WHOLE, ("domain", UNKNOWN), INTERFACES),
    "without a domain": {"stream": STREAM, "delivery": DELIVERY},
    "nothing": {},
    "a large request": changed(WHOLE, (f"{BLOCK}.buffering_size", 99), (TYPE, "r6g.large.search")),
    "a small request": changed(WHOLE, (f"{BLOCK}.buffering_size", 9), SMALL_REQUESTS, MONTH),
    "type name for Elasticsearch 6": changed(
        WHOLE, (f"{BLOCK}.type_name", "_doc"), ("domain.engine_version", "Elasticsearch_6.8")
    ),
    "standby": changed(WHOLE, STANDBY, ("bootstrap.number_of_replicas", 2), ("bootstrap.retention_days", 60)),
    "shards at their most": changed(WHOLE, ("bootstrap.retention_days", 149)),
    "weeks": changed(
        WHOLE,
        (f"{BLOCK}.index_rotation_period", "OneWeek"),
        ("bootstrap.retention_days", 365),
    ),
    "records of a megabyte": changed(WHOLE, ("stream.max_record_size_in_kib", 1024)),
    "large records that nothing delivers": {"stream": STREAM | {"max_record_size_in_kib": 1025}},
    "kept for a weekend": changed(WHOLE, ("stream.retention_period", 72)),
    "an index without rotation": changed(
        WHOLE, (f"{BLOCK}.index_rotation_period", "NoRotation"), ("bootstrap.index_patterns", ["events"])
    ),
    "a call for each that four shards make": changed(WHOLE, ("stream.shard_count", 4), (CALLS, 20)),
    "calls as the shards are": changed(WHOLE, ("stream.shard_count", 4), (CALLS, "by_shards")),
    "no calls reserved": changed(WHOLE, ("stream.shard_count", 4), (CALLS, -1)),
    "calls of shards that nobody knows": changed(WHOLE, *ON_DEMAND, (CALLS, 1)),
    "calls without a stream": {"transform": {"function": {"reserved_concurrent_executions": 1}}},
    "failures only, as asked": changed(
        WHOLE, (f"{BLOCK}.s3_backup_mode", "FailedDocumentsOnly"), ("archive.enabled", False)
    ),
}


@pytest.mark.parametrize("parts", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted(parts: dict[str, Any]) -> None:
    assert [f"{finding.path}: {finding}" for finding in pipeline.check(**parts)] == []


FOUND: list[tuple[str, str, tuple[tuple[str, Any], ...]]] = [
    ("error", f"{BLOCK}.vpc_config", (VPC,)),
    ("warning", f"{BLOCK}.vpc_config", (INTERFACES,)),
    ("error", f"{BLOCK}.buffering_size", ((f"{BLOCK}.buffering_size", 11), SMALL_REQUESTS, MONTH)),
    ("warning", f"{BLOCK}.buffering_size", ((f"{BLOCK}.buffering_size", 10), SMALL_REQUESTS, MONTH)),
    ("warning", f"{BLOCK}.buffering_size", ((f"{BLOCK}.buffering_size", 100), (TYPE, "r6g.large.search"))),
    ("error", f"{BLOCK}.type_name", ((f"{BLOCK}.type_name", "_doc"),)),
    ("error", f"domain.advanced_options.{EXPLICIT}", (("domain.advanced_options", {EXPLICIT: "false"}),)),
    ("error", "bootstrap.number_of_replicas", (STANDBY,)),
    (
        "warning",
        "bootstrap.number_of_replicas",
        (("bootstrap.number_of_replicas", 3), MONTH),
    ),
    (
        "warning",
        f"{BLOCK}.index_rotation_period",
        (("bootstrap.retention_days", 150),),
    ),
    (
        "warning",
        f"{BLOCK}.index_rotation_period",
        ((f"{BLOCK}.index_rotation_period", "OneHour"), ("bootstrap.retention_days", 7)),
    ),
    ("error", f"{BLOCK}.index_name", ((f"{BLOCK}.index_name", "clicks"),)),
    ("error", f"{BLOCK}.index_name", (("bootstrap.index_patterns", ["events"]),)),
    ("warning", "stream.retention_period", (("stream.retention_period", 71),)),
    ("warning", "stream.retention_period", (("stream.retention_period", None),)),
    ("warning", "stream.max_record_size_in_kib", (("stream.max_record_size_in_kib", 1025),)),
    ("warning", f"{BLOCK}.retry_duration", ((f"{BLOCK}.retry_duration", 0),)),
    ("error", f"{BLOCK}.s3_backup_mode", ((f"{BLOCK}.s3_backup_mode", "FailedDocumentsOnly"),)),
    ("error", f"{BLOCK}.s3_backup_mode", ((f"{BLOCK}.s3_backup_mode", None),)),
    ("error", f"{BLOCK}.s3_backup_mode", (("archive.enabled", False),)),
    ("warning", CALLS, (("stream.shard_count", 4), (CALLS, 19))),
    ("warning", CALLS, (("stream.shard_count", None), (CALLS, 4))),
    (
        "warning",
        "bootstrap.warm_after_days",
        (("bootstrap.warm_after_days", 30), ("domain.cluster_config.warm_enabled", True)),
    ),
]


@pytest.mark.parametrize(("severity", "path", "changes"), FOUND, ids=[f"{n}-{case[1]}" for n, case in enumerate(FOUND)])
def test_found(severity: str, path: str, changes: tuple[tuple[str, Any], ...]) -> None:
    found = pipeline.check(**changed(WHOLE, *changes))
    assert [(finding.path, finding.severity) for finding in found] == [(path, severity)]


def test_a_replica_needs_a_second_node() -> None:
    found = pipeline.check(domain=SMALL, bootstrap={"number_of_replicas": 1})
    assert [finding.allowed for finding in found] == ["0 or fewer"]

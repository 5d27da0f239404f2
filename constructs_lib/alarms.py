"""What is worth an alarm: metrics, thresholds and periods, derived from what was configured. Knows no cdktf.

Sources, all in AWS's documentation: recommended alarms of OpenSearch Service
(https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html) and its metrics
(.../managedomains-cloudwatchmetrics.html), of Kinesis (https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html),
Firehose (https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html) and Lambda
(https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Comparison = Literal[
    "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"
]
MISSING = Literal["missing", "notBreaching", "breaching", "ignore"]

_GE: Comparison = "GreaterThanOrEqualToThreshold"
_GT: Comparison = "GreaterThanThreshold"
_LT: Comparison = "LessThanThreshold"
_LE: Comparison = "LessThanOrEqualToThreshold"

MIB_IN_GIB = 1024
MOST_SHARDS = 30000
"""Shards a domain may have at most is set by the engine and the instance; AWS warns from here on."""


@dataclass(frozen=True)
class Alarm:
    """One alarm on one metric, or on an expression over several.

    Attributes:
        id: part of the alarm's name and of its id in the tree; fixed.
        metrics: metric name to statistic.
        expression: metric math over ``m1``, ``m2`` ... in the order of ``metrics``; None for a single metric.
        evaluations: how many periods in a row.
        advice: what it means and where to look; the alarm's description.
        missing: what a period without data counts as.
    """

    id: str
    metrics: Mapping[str, str]
    comparison: Comparison
    threshold: float
    period: int
    evaluations: int
    advice: str
    expression: str | None = None
    missing: MISSING = "missing"

    @property
    def metric(self) -> tuple[str, str]:
        """The first metric and its statistic."""
        return next(iter(self.metrics.items()))


def node_count(cluster: Mapping[str, Any]) -> int:
    """Nodes that the metric ``Nodes`` counts: data nodes, dedicated masters, warm nodes, coordinators."""
    masters = cluster.get("dedicated_master_count", 0) if cluster.get("dedicated_master_enabled") else 0
    warm = cluster.get("warm_count", 0) if cluster.get("warm_enabled") else 0
    further = sum(
        options.get("node_config", {}).get("count", 0)
        for options in cluster.get("node_options", [])
        if options.get("node_config", {}).get("enabled", False)
    )
    return int(cluster.get("instance_count", 1) + masters + warm + further)


def domain_alarms(arguments: Mapping[str, Any], *, free_storage_percent: int) -> Iterator[Alarm]:
    """Alarms of a domain, by its resource's arguments.

    Left out are those that cannot ring: of dedicated masters where there are none, of free storage where the disk's
    size is the instance type's own and not in the arguments, of the key where nothing is encrypted.
    """
    cluster = arguments["cluster_config"]
    maximum = "Maximum"
    yield Alarm(
        "red",
        {"ClusterStatus.red": maximum},
        _GE,
        1,
        60,
        1,
        "A primary shard has no node: documents are lost to searches, writes to it fail. Look at _cat/shards and the "
        "free storage.",
    )
    yield Alarm(
        "yellow",
        {"ClusterStatus.yellow": maximum},
        _GE,
        1,
        60,
        5,
        "A replica has no node. With one data node and replicas this stays so: set number_of_replicas to 0 or add a "
        "node.",
    )
    disks = arguments.get("ebs_options", {})
    if disks.get("ebs_enabled") and disks.get("volume_size"):
        least = disks["volume_size"] * MIB_IN_GIB * free_storage_percent / 100
        yield Alarm(
            "free-storage",
            {"FreeStorageSpace": "Minimum"},
            _LE,
            least,
            60,
            1,
            f"A data node has {free_storage_percent} % of its disk left or less; writes stop at about 20 %. Delete or "
            "move old indices, or enlarge the disks.",
        )
    yield Alarm(
        "writes-blocked",
        {"ClusterIndexWritesBlocked": maximum},
        _GE,
        1,
        300,
        1,
        "The domain takes no writes: disks are full or memory is short. Events wait in the stream and then in the "
        "archive.",
    )
    yield Alarm("nodes", {"Nodes": "Minimum"}, _LT, node_count(cluster), 86400, 1, "A node was missing for a day.")
    yield Alarm(
        "snapshot",
        {"AutomatedSnapshotFailure": maximum},
        _GE,
        1,
        60,
        1,
        "No automatic snapshot was made in the last 36 hours; often the cluster is red.",
    )
    yield Alarm(
        "cpu",
        {"CPUUtilization": maximum},
        _GE,
        80,
        900,
        3,
        "The data nodes are busy: slower searches and deliveries. Larger or more instances help.",
    )
    yield Alarm(
        "memory",
        {"JVMMemoryPressure": maximum},
        _GE,
        95,
        60,
        3,
        "The heap is nearly full; the domain may begin to refuse requests. Fewer shards, smaller aggregations, "
        "larger instances.",
    )
    yield Alarm(
        "old-memory",
        {"OldGenJVMMemoryPressure": maximum},
        _GE,
        80,
        60,
        3,
        "The heap's long-lived part fills up, which ends in long collections.",
    )
    if cluster.get("dedicated_master_enabled"):
        yield Alarm(
            "master-cpu",
            {"MasterCPUUtilization": maximum},
            _GE,
            50,
            900,
            3,
            "The masters are busy; larger ones are needed for blue/green deployments too.",
        )
        yield Alarm(
            "master-memory",
            {"MasterJVMMemoryPressure": maximum},
            _GE,
            95,
            60,
            3,
            "The masters' heap is nearly full: too many shards or mappings.",
        )
        yield Alarm(
            "master-reachable",
            {"MasterReachableFromNode": maximum},
            _LT,
            1,
            300,
            1,
            "The master node stopped or cannot be reached.",
        )
    if arguments.get("encrypt_at_rest", {}).get("enabled"):
        yield Alarm(
            "key-error",
            {"KMSKeyError": maximum},
            _GE,
            1,
            60,
            1,
            "The key is disabled. Enable it, or the domain is lost.",
        )
        yield Alarm(
            "key-inaccessible",
            {"KMSKeyInaccessible": maximum},
            _GE,
            1,
            60,
            1,
            "The key was deleted, or its grant to the service. A deleted key's domain cannot be saved: restore a "
            "snapshot into a new one.",
        )
    yield Alarm("write-queue", {"ThreadpoolWriteQueue": "Average"}, _GE, 100, 60, 1, "Bulk requests queue up.")
    yield Alarm("search-queue", {"ThreadpoolSearchQueue": "Average"}, _GE, 500, 60, 1, "Searches queue up.")
    yield Alarm(
        "write-rejected",
        {"ThreadpoolWriteRejected": "Sum"},
        _GE,
        1,
        60,
        1,
        "Bulk requests were refused; Firehose tries again.",
        expression="DIFF(m1)",
    )
    yield Alarm(
        "search-rejected",
        {"ThreadpoolSearchRejected": "Sum"},
        _GE,
        1,
        60,
        1,
        "Searches were refused.",
        expression="DIFF(m1)",
    )
    engine = "OpenSearch" if str(arguments["engine_version"]).startswith("OpenSearch") else "Elasticsearch"
    yield Alarm(
        "errors",
        {"5xx": "Sum", f"{engine}Requests": "Sum"},
        _GE,
        10,
        60,
        1,
        "A tenth of all requests fail.",
        expression="m1 / m2 * 100",
        missing="notBreaching",
    )
    yield Alarm(
        "shards",
        {"Shards.active": maximum},
        _GE,
        MOST_SHARDS,
        60,
        1,
        "Very many shards: rotate less often or use fewer shards an index.",
    )


def stream_alarms(*, retention_hours: int) -> Iterator[Alarm]:
    """Alarms of a stream with this retention."""
    half = retention_hours * 3600 * 1000 / 2
    yield Alarm(
        "age",
        {"GetRecords.IteratorAgeMilliseconds": "Maximum"},
        _GT,
        half,
        60,
        15,
        "The oldest unread event has spent half of its time in the stream; what gets older than the retention is lost.",
        missing="breaching",
    )
    yield Alarm(
        "write-throttled",
        {"WriteProvisionedThroughputExceeded": "Sum"},
        _GT,
        0,
        60,
        5,
        "Producers are refused: more shards, or records spread better over partition keys.",
        missing="notBreaching",
    )
    yield Alarm(
        "read-throttled",
        {"ReadProvisionedThroughputExceeded": "Sum"},
        _GT,
        0,
        60,
        5,
        "Consumers are refused: too many of them read without enhanced fan-out.",
        missing="notBreaching",
    )
    yield Alarm(
        "put-failed",
        {"PutRecords.FailedRecords": "Sum"},
        _GT,
        0,
        60,
        5,
        "Records failed inside the service; producers have to send them again.",
        missing="notBreaching",
    )


def delivery_alarms(
    *, buffering_interval: int, late_seconds: int, all_documents: bool, backup_interval: int, transforms: bool
) -> Iterator[Alarm]:
    """Alarms of a delivery stream from Kinesis to a domain.

    ``ThrottledRecords`` is about direct puts and never rings for a stream as source, so it is left out.
    """
    late = buffering_interval + late_seconds
    yield Alarm(
        "late",
        {"DeliveryToAmazonOpenSearchService.DataFreshness": "Maximum"},
        _GT,
        late,
        60,
        5,
        f"The oldest undelivered document is older than the buffering interval and {late_seconds} s. Look at the "
        "delivery's log and the domain's health.",
        missing="notBreaching",
    )
    yield Alarm(
        "failing",
        {"DeliveryToAmazonOpenSearchService.Success": "Average"},
        _LT,
        1,
        60,
        5,
        "Documents are refused; after the retry duration they go to the archive's failed prefix.",
        missing="notBreaching",
    )
    if all_documents:
        yield Alarm(
            "backup-late",
            {"DeliveryToS3.DataFreshness": "Maximum"},
            _GT,
            backup_interval + late_seconds,
            60,
            5,
            "The archive is not being written.",
            missing="notBreaching",
        )
    yield Alarm(
        "behind",
        {"KinesisMillisBehindLatest": "Maximum"},
        _GT,
        late * 1000,
        60,
        5,
        "Firehose reads the stream too slowly.",
        missing="notBreaching",
    )
    yield Alarm(
        "read-throttled",
        {"ThrottledGetRecords": "Sum"},
        _GT,
        0,
        60,
        5,
        "Firehose's reads of the stream are refused.",
        missing="notBreaching",
    )
    if transforms:
        yield Alarm(
            "transform-failing",
            {"ExecuteProcessing.Success": "Average"},
            _LT,
            1,
            60,
            5,
            "Calls of the transform fail; whole batches go to the archive's failed prefix.",
            missing="notBreaching",
        )


def function_alarms(*, timeout_seconds: int) -> Iterator[Alarm]:
    """Alarms of a function with this timeout."""
    yield Alarm(
        "errors", {"Errors": "Sum"}, _GT, 0, 60, 3, "The function fails; its log says why.", missing="notBreaching"
    )
    yield Alarm(
        "throttles",
        {"Throttles": "Sum"},
        _GT,
        0,
        60,
        5,
        "Calls are refused: the reserved concurrency is too small.",
        missing="notBreaching",
    )
    yield Alarm(
        "slow",
        {"Duration": "p90"},
        _GE,
        timeout_seconds * 1000 * 0.9,
        60,
        15,
        "A tenth of the calls take nine tenths of the timeout or more.",
        missing="notBreaching",
    )

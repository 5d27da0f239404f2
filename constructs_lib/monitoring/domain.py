"""Alarms of a search domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from constructs_lib.monitoring.alarm import GE, LE, LT, Alarm

MIB_IN_GIB = 1024
MOST_SHARDS = 30000
"""Shards from which AWS recommends an alarm; the hard limit depends on engine and instance type."""


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


_ALWAYS: Final = (
    Alarm(
        "red",
        {"ClusterStatus.red": "Maximum"},
        GE,
        1,
        60,
        1,
        "The cluster is red: a primary shard has no node, so searches miss its documents and writes to it fail. Look "
        "at _cat/shards and the free storage.",
    ),
    Alarm(
        "yellow",
        {"ClusterStatus.yellow": "Maximum"},
        GE,
        1,
        60,
        5,
        "The cluster is yellow: a replica has no node. With a single data node it stays yellow: set number_of_replicas "
        "to 0 or add a node.",
    ),
    Alarm(
        "writes-blocked",
        {"ClusterIndexWritesBlocked": "Maximum"},
        GE,
        1,
        300,
        1,
        "The domain blocks writes: disks are full or memory is short. Free or add storage or memory. Meanwhile events "
        "wait in the stream, then Firehose puts them into the archive.",
    ),
    Alarm(
        "snapshot",
        {"AutomatedSnapshotFailure": "Maximum"},
        GE,
        1,
        60,
        1,
        "No automated snapshot was taken in the last 36 hours. Often the cluster is red: repair that first.",
    ),
    Alarm(
        "cpu",
        {"CPUUtilization": "Maximum"},
        GE,
        80,
        900,
        3,
        "CPU of the data nodes is high; searches and deliveries slow down. Use larger or more instances.",
    ),
    Alarm(
        "memory",
        {"JVMMemoryPressure": "Maximum"},
        GE,
        95,
        60,
        3,
        "The JVM heap is nearly full; the domain may refuse requests. Reduce shards or aggregations, or use larger "
        "instances.",
    ),
    Alarm(
        "old-memory",
        {"OldGenJVMMemoryPressure": "Maximum"},
        GE,
        80,
        60,
        3,
        "The heap's old generation fills up; long garbage collections follow. Reduce shards, or use larger instances.",
    ),
    Alarm(
        "write-queue",
        {"ThreadpoolWriteQueue": "Average"},
        GE,
        100,
        60,
        1,
        "Bulk requests queue up. Look at CPU and disk; use larger or more data nodes.",
    ),
    Alarm(
        "search-queue",
        {"ThreadpoolSearchQueue": "Average"},
        GE,
        500,
        60,
        1,
        "Searches queue up. Look for expensive queries; use larger or more data nodes.",
    ),
    Alarm(
        "write-rejected",
        {"ThreadpoolWriteRejected": "Sum"},
        GE,
        1,
        60,
        1,
        "The domain rejected bulk requests; Firehose retries. If it lasts, use larger or more data nodes.",
        expression="DIFF(m1)",
    ),
    Alarm(
        "search-rejected",
        {"ThreadpoolSearchRejected": "Sum"},
        GE,
        1,
        60,
        1,
        "The domain rejected searches. Look for expensive queries; use larger or more data nodes.",
        expression="DIFF(m1)",
    ),
    Alarm(
        "shards",
        {"Shards.active": "Maximum"},
        GE,
        MOST_SHARDS,
        60,
        1,
        "The domain has very many shards. Rotate indices less often, or use fewer shards per index.",
    ),
)
"""Alarms of every domain."""

_OF_MASTERS: Final = (
    Alarm(
        "master-cpu",
        {"MasterCPUUtilization": "Maximum"},
        GE,
        50,
        900,
        3,
        "CPU of the dedicated masters is high. Use larger masters, above all before a blue/green deployment.",
    ),
    Alarm(
        "master-memory",
        {"MasterJVMMemoryPressure": "Maximum"},
        GE,
        95,
        60,
        3,
        "The masters' JVM heap is nearly full. Reduce shards and mapped fields, or use larger masters.",
    ),
    Alarm(
        "master-reachable",
        {"MasterReachableFromNode": "Maximum"},
        LT,
        1,
        300,
        1,
        "The master node stopped or cannot be reached. Look at the domain's health; if it lasts, ask AWS support.",
    ),
)
"""Alarms of a domain with dedicated masters."""

_OF_THE_KEY: Final = (
    Alarm(
        "key-error",
        {"KMSKeyError": "Maximum"},
        GE,
        1,
        60,
        1,
        "The domain's KMS key is disabled. Enable it, or the domain is lost.",
    ),
    Alarm(
        "key-inaccessible",
        {"KMSKeyInaccessible": "Maximum"},
        GE,
        1,
        60,
        1,
        "The domain's KMS key, or its grant to the service, was deleted. A domain whose key is deleted cannot be "
        "recovered: restore a snapshot into a new domain.",
    ),
)
"""Alarms of a domain that is encrypted at rest."""


def domain_alarms(arguments: Mapping[str, Any], *, free_storage_percent: int) -> list[Alarm]:
    """Alarms of a domain, by its resource's arguments.

    Alarms that could not fire are left out: of dedicated masters where there are none, of free storage where the disk
    belongs to the instance type and its size is not in the arguments, of the key where nothing is encrypted.
    """
    cluster, disks = arguments["cluster_config"], arguments.get("ebs_options", {})
    sized = bool(disks.get("ebs_enabled") and disks.get("volume_size"))
    engine = "OpenSearch" if str(arguments["engine_version"]).startswith("OpenSearch") else "Elasticsearch"
    return [
        *_ALWAYS,
        *((_free_storage(disks["volume_size"], free_storage_percent),) if sized else ()),
        _nodes(cluster),
        *(_OF_MASTERS if cluster.get("dedicated_master_enabled") else ()),
        *(_OF_THE_KEY if arguments.get("encrypt_at_rest", {}).get("enabled") else ()),
        _errors(engine),
    ]


def _free_storage(gib: float, free_storage_percent: int) -> Alarm:
    least = gib * MIB_IN_GIB * free_storage_percent / 100
    return Alarm(
        "free-storage",
        {"FreeStorageSpace": "Minimum"},
        LE,
        least,
        60,
        1,
        f"A data node has {free_storage_percent} % of its disk left or less; writes stop at about 20 %. Delete or "
        "move old indices, or enlarge the disks.",
    )


def _nodes(cluster: Mapping[str, Any]) -> Alarm:
    return Alarm("nodes", {"Nodes": "Minimum"}, LT, node_count(cluster), 86400, 1, "A node has been missing for a day.")


def _errors(engine: str) -> Alarm:
    return Alarm(
        "errors",
        {"5xx": "Sum", f"{engine}Requests": "Sum"},
        GE,
        10,
        60,
        1,
        "10 % of all requests fail with a server error (5xx). Look at the domain's health and error log.",
        expression="m1 / m2 * 100",
        missing="notBreaching",
    )

"""Alarms of a search domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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


def domain_alarms(arguments: Mapping[str, Any], *, free_storage_percent: int) -> Iterator[Alarm]:
    """Alarms of a domain, by its resource's arguments.

    Alarms that could not fire are left out: of dedicated masters where there are none, of free storage where the disk
    belongs to the instance type and its size is not in the arguments, of the key where nothing is encrypted.
    """
    cluster = arguments["cluster_config"]
    maximum = "Maximum"
    yield Alarm(
        "red",
        {"ClusterStatus.red": maximum},
        GE,
        1,
        60,
        1,
        "The cluster is red: a primary shard has no node, so searches miss its documents and writes to it fail. Look "
        "at _cat/shards and the free storage.",
    )
    yield Alarm(
        "yellow",
        {"ClusterStatus.yellow": maximum},
        GE,
        1,
        60,
        5,
        "The cluster is yellow: a replica has no node. With a single data node it stays yellow: set number_of_replicas "
        "to 0 or add a node.",
    )
    disks = arguments.get("ebs_options", {})
    if disks.get("ebs_enabled") and disks.get("volume_size"):
        least = disks["volume_size"] * MIB_IN_GIB * free_storage_percent / 100
        yield Alarm(
            "free-storage",
            {"FreeStorageSpace": "Minimum"},
            LE,
            least,
            60,
            1,
            f"A data node has {free_storage_percent} % of its disk left or less; writes stop at about 20 %. Delete or "
            "move old indices, or enlarge the disks.",
        )
    yield Alarm(
        "writes-blocked",
        {"ClusterIndexWritesBlocked": maximum},
        GE,
        1,
        300,
        1,
        "The domain blocks writes: disks are full or memory is short. Free or add storage or memory. Meanwhile events "
        "wait in the stream, then Firehose puts them into the archive.",
    )
    yield Alarm("nodes", {"Nodes": "Minimum"}, LT, node_count(cluster), 86400, 1, "A node has been missing for a day.")
    yield Alarm(
        "snapshot",
        {"AutomatedSnapshotFailure": maximum},
        GE,
        1,
        60,
        1,
        "No automated snapshot was taken in the last 36 hours. Often the cluster is red: repair that first.",
    )
    yield Alarm(
        "cpu",
        {"CPUUtilization": maximum},
        GE,
        80,
        900,
        3,
        "CPU of the data nodes is high; searches and deliveries slow down. Use larger or more instances.",
    )
    yield Alarm(
        "memory",
        {"JVMMemoryPressure": maximum},
        GE,
        95,
        60,
        3,
        "The JVM heap is nearly full; the domain may refuse requests. Reduce shards or aggregations, or use larger "
        "instances.",
    )
    yield Alarm(
        "old-memory",
        {"OldGenJVMMemoryPressure": maximum},
        GE,
        80,
        60,
        3,
        "The heap's old generation fills up; long garbage collections follow. Reduce shards, or use larger instances.",
    )
    if cluster.get("dedicated_master_enabled"):
        yield Alarm(
            "master-cpu",
            {"MasterCPUUtilization": maximum},
            GE,
            50,
            900,
            3,
            "CPU of the dedicated masters is high. Use larger masters, above all before a blue/green deployment.",
        )
        yield Alarm(
            "master-memory",
            {"MasterJVMMemoryPressure": maximum},
            GE,
            95,
            60,
            3,
            "The masters' JVM heap is nearly full. Reduce shards and mapped fields, or use larger masters.",
        )
        yield Alarm(
            "master-reachable",
            {"MasterReachableFromNode": maximum},
            LT,
            1,
            300,
            1,
            "The master node stopped or cannot be reached. Look at the domain's health; if it lasts, ask AWS support.",
        )
    if arguments.get("encrypt_at_rest", {}).get("enabled"):
        yield Alarm(
            "key-error",
            {"KMSKeyError": maximum},
            GE,
            1,
            60,
            1,
            "The domain's KMS key is disabled. Enable it, or the domain is lost.",
        )
        yield Alarm(
            "key-inaccessible",
            {"KMSKeyInaccessible": maximum},
            GE,
            1,
            60,
            1,
            "The domain's KMS key, or its grant to the service, was deleted. A domain whose key is deleted cannot be "
            "recovered: restore a snapshot into a new domain.",
        )
    yield Alarm(
        "write-queue",
        {"ThreadpoolWriteQueue": "Average"},
        GE,
        100,
        60,
        1,
        "Bulk requests queue up. Look at CPU and disk; use larger or more data nodes.",
    )
    yield Alarm(
        "search-queue",
        {"ThreadpoolSearchQueue": "Average"},
        GE,
        500,
        60,
        1,
        "Searches queue up. Look for expensive queries; use larger or more data nodes.",
    )
    yield Alarm(
        "write-rejected",
        {"ThreadpoolWriteRejected": "Sum"},
        GE,
        1,
        60,
        1,
        "The domain rejected bulk requests; Firehose retries. If it lasts, use larger or more data nodes.",
        expression="DIFF(m1)",
    )
    yield Alarm(
        "search-rejected",
        {"ThreadpoolSearchRejected": "Sum"},
        GE,
        1,
        60,
        1,
        "The domain rejected searches. Look for expensive queries; use larger or more data nodes.",
        expression="DIFF(m1)",
    )
    engine = "OpenSearch" if str(arguments["engine_version"]).startswith("OpenSearch") else "Elasticsearch"
    yield Alarm(
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
    yield Alarm(
        "shards",
        {"Shards.active": maximum},
        GE,
        MOST_SHARDS,
        60,
        1,
        "The domain has very many shards. Rotate indices less often, or use fewer shards per index.",
    )

"""Alarms of a search domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.monitoring.alarm import GE, LE, LT, Alarm

MIB_IN_GIB = 1024
MOST_SHARDS = 30000
"""Shards a domain may have at most is set by the engine and the instance; AWS warns from here on."""


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
        GE,
        1,
        60,
        1,
        "A primary shard has no node: documents are lost to searches, writes to it fail. Look at _cat/shards and the "
        "free storage.",
    )
    yield Alarm(
        "yellow",
        {"ClusterStatus.yellow": maximum},
        GE,
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
        "The domain takes no writes: disks are full or memory is short. Events wait in the stream and then in the "
        "archive.",
    )
    yield Alarm("nodes", {"Nodes": "Minimum"}, LT, node_count(cluster), 86400, 1, "A node was missing for a day.")
    yield Alarm(
        "snapshot",
        {"AutomatedSnapshotFailure": maximum},
        GE,
        1,
        60,
        1,
        "No automatic snapshot was made in the last 36 hours; often the cluster is red.",
    )
    yield Alarm(
        "cpu",
        {"CPUUtilization": maximum},
        GE,
        80,
        900,
        3,
        "The data nodes are busy: slower searches and deliveries. Larger or more instances help.",
    )
    yield Alarm(
        "memory",
        {"JVMMemoryPressure": maximum},
        GE,
        95,
        60,
        3,
        "The heap is nearly full; the domain may begin to refuse requests. Fewer shards, smaller aggregations, "
        "larger instances.",
    )
    yield Alarm(
        "old-memory",
        {"OldGenJVMMemoryPressure": maximum},
        GE,
        80,
        60,
        3,
        "The heap's long-lived part fills up, which ends in long collections.",
    )
    if cluster.get("dedicated_master_enabled"):
        yield Alarm(
            "master-cpu",
            {"MasterCPUUtilization": maximum},
            GE,
            50,
            900,
            3,
            "The masters are busy; larger ones are needed for blue/green deployments too.",
        )
        yield Alarm(
            "master-memory",
            {"MasterJVMMemoryPressure": maximum},
            GE,
            95,
            60,
            3,
            "The masters' heap is nearly full: too many shards or mappings.",
        )
        yield Alarm(
            "master-reachable",
            {"MasterReachableFromNode": maximum},
            LT,
            1,
            300,
            1,
            "The master node stopped or cannot be reached.",
        )
    if arguments.get("encrypt_at_rest", {}).get("enabled"):
        yield Alarm(
            "key-error",
            {"KMSKeyError": maximum},
            GE,
            1,
            60,
            1,
            "The key is disabled. Enable it, or the domain is lost.",
        )
        yield Alarm(
            "key-inaccessible",
            {"KMSKeyInaccessible": maximum},
            GE,
            1,
            60,
            1,
            "The key was deleted, or its grant to the service. A deleted key's domain cannot be saved: restore a "
            "snapshot into a new one.",
        )
    yield Alarm("write-queue", {"ThreadpoolWriteQueue": "Average"}, GE, 100, 60, 1, "Bulk requests queue up.")
    yield Alarm("search-queue", {"ThreadpoolSearchQueue": "Average"}, GE, 500, 60, 1, "Searches queue up.")
    yield Alarm(
        "write-rejected",
        {"ThreadpoolWriteRejected": "Sum"},
        GE,
        1,
        60,
        1,
        "Bulk requests were refused; Firehose tries again.",
        expression="DIFF(m1)",
    )
    yield Alarm(
        "search-rejected",
        {"ThreadpoolSearchRejected": "Sum"},
        GE,
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
        GE,
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
        GE,
        MOST_SHARDS,
        60,
        1,
        "Very many shards: rotate less often or use fewer shards an index.",
    )

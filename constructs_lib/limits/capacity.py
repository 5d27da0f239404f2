"""Capacity of one unit of each service: AWS's published rules, this project's measurements, and its own estimates.

Each constant says which of the three it is. Measured figures come from ``make bench`` (tests/benchmarks), which also
verifies them. `HOUSE` marks an estimate of this project without a published source; change it here.
"""

from __future__ import annotations

from typing import Final

HOUSE: Final = "house judgement"
MEASURED: Final = "measured by make bench"

EVENT_BYTES: Final = 744
"""An event as producers put it on the stream: a browser's UBI event with its attributes (measured)."""
DOCUMENT_BYTES_ADDED: Final = 355
"""Bytes that the transform adds to an event: 744 bytes become 1,099 (measured)."""
INDEX_RATIO: Final = 0.68
"""Bytes on disk to a byte of document, one copy, before segments are merged (measured)."""
MERGED_RATIO: Final = 0.63
"""The same after the merge to one segment a shard, which the lifecycle does after two days (measured)."""
INDEX_RATIO_SIZED: Final = 0.70
"""The ratio for sizing disks: the merged one plus 10 % for running merges and deletes (HOUSE)."""

TRANSFORM_SECONDS: Final = 80e-6
"""CPU seconds that the transform takes for one browser event of 744 bytes on a whole vCPU (measured), in proportion to
the event's length. Short, simple events take less: 20 us for those of a search page."""
TRANSFORM_TARGET: Final = 0.5
"""Share of the transform's concurrent calls that peak traffic may use: Lambda's vCPU may be half as fast (HOUSE)."""
LAMBDA_VCPU_MIB: Final = 1769
"""Memory with which a function has one whole vCPU."""
LAMBDA_VCPU: Final = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"

DOCUMENTS_PER_VCPU: Final = 1900
"""Document copies a second that sizing assumes for one vCPU (HOUSE): the lowest rate measured with this project's
documents, on a busy machine with a cold engine; `MEASURED_DOCUMENTS_PER_CPU_SECOND` is that of a warm one. Set
``traffic.documents_per_vcpu`` to the rate measured on your domain."""
MEASURED_DOCUMENTS_PER_CPU_SECOND: Final = 8600
"""Documents of 1,112 bytes that a warm OpenSearch 3.4 with this product's template indexes for a second of CPU
(measured): 4.5 times what sizing assumes, and between OpenSearch's published rates for long texts and for numbers."""
PUBLISHED_DOCUMENTS_PER_VCPU: Final = {
    "http_logs, small log lines": (22_000, 25_000),
    "nyc_taxis, numbers": (15_300, 15_600),
    "StackOverflow, long texts": (4_900, 5_300),
}
"""Document copies a second a vCPU that OpenSearch published, on r6g.xlarge with one replica
(sources.REMOTE_STORE_BENCHMARK). The lowest is 2.6 times what sizing assumes."""
CPU_TARGET: Final = 0.5
"""Share of the data nodes' CPU that peak traffic may take: the rest is for merges, bursts and a node that is
replaced (HOUSE)."""
STANDBY_CPU_SHARE: Final = 2 / 3
"""Share of the data nodes that remain when one of three zones fails, which standby must survive
(sources.MULTI_AZ)."""
SEARCH_VCPU_SECONDS: Final = 0.05
"""CPU seconds that a search takes on each shard that it reads (HOUSE)."""
COLLECTOR_SECONDS: Final = 0.1
"""Average seconds that the collector's function takes for a request, occasional cold starts and a slow stream included
(HOUSE); 0.001 s of it is CPU time (measured)."""
LEAST_COLLECTOR_CALLS: Final = 10
"""Lowest proposed reserved concurrency of the collector's function (HOUSE)."""
MEASURED_RECOMMENDING: Final = "measured by make recommend-bench"
RECOMMENDATION_VCPU_SECONDS: Final = 0.008
"""CPU seconds of the domain that a recommendation takes (HOUSE): ``make recommend-bench`` measures 0.75 ms with
three million sessions, in a warm engine without TLS, permissions and other work; the rest is for these."""
FOLDED_PER_VCPU: Final = 3000
"""Events a second that one vCPU of the domain serves to the recommender's fold (HOUSE): a third of the 9,700 a second
of CPU, the function's own included, that ``make recommend-bench`` measured."""
RECOMMENDATION_SECONDS: Final = 0.1
"""Seconds that the recommender's function takes for a request (HOUSE): the whole handler took 2 ms for one caller and
19 ms for ten on the engine's two cores (``make recommend-bench``); the rest is for cold starts and a slow domain."""
VCPU_PER_ACTIVE_SHARD: Final = 1.5
"""vCPUs for each shard that is written to, copies included (sources.SIZING)."""
DISK_GIB_PER_MEMORY_GIB: Final = 60
"""GiB of disk that a GiB of a data node's memory serves, for logs that are searched now and then (HOUSE)."""

STREAM_TARGET: Final = 0.8
"""Share of a provisioned stream that peak traffic may take: keys do not spread evenly (HOUSE, 20 % room)."""
SHARD_GIB: Final = 40
"""GiB of index planned for a primary shard, in the middle of 30 to 50 for logs (sources.SIZING)."""
SHARD_GIB_LEAST: Final = 10
SHARD_GIB_MOST: Final = 50
"""A shard holds 10 to 50 GiB (sources.SIZING)."""

RESERVED_SHARE: Final = 0.20
RESERVED_GIB_MOST: Final = 20
"""Disk that OpenSearch Service keeps for itself on each node: 20 %, at most 20 GiB (sources.STORAGE_SIZING)."""

MASTER_TYPES: Final = (
    (10, 10_000, 8, ("m6g.large.search", "m5.large.search", "m4.large.search")),
    (30, 30_000, 16, ("c6g.2xlarge.search", "c5.2xlarge.search", "c4.2xlarge.search")),
    (75, 40_000, 32, ("r6g.xlarge.search", "r5.xlarge.search", "r4.xlarge.search")),
    (125, 75_000, 64, ("r6g.2xlarge.search", "r5.2xlarge.search", "r4.2xlarge.search")),
    (200, 75_000, 128, ("r6g.4xlarge.search", "r5.4xlarge.search", "r4.4xlarge.search")),
)
"""Most data nodes, most shards, GiB of memory and the smallest types of dedicated masters that AWS recommends
(sources.MASTERS); those of generation 4 are for engines that support no newer one."""

WARM_GIB: Final = {"ultrawarm1.medium.search": 1536, "ultrawarm1.large.search": 20 * 1024}
"""GiB that a warm node serves from S3, one copy of each index (sources.DOMAIN_QUOTAS)."""

STANDBY_FROM: Final = 100
"""Average events a second from which a proposal has three zones with standby, unless the file sets zones (HOUSE)."""
NODES_OF_A_DEPLOYMENT: Final = 60
"""Data nodes above which the traffic is split over several deployments: below the default quota of 80,
to leave room to grow while AWS raises the quota (HOUSE)."""
HORIZON_MONTHS: Final = 3
"""Months of growth that a proposal includes (HOUSE)."""
PEAK_TO_AVERAGE: Final = 3
"""Default ratio of a day's peak to its average (HOUSE)."""
STEP_TOLERANCE: Final = 0.02
"""How far traffic may exceed a size before the next size is proposed; headroom covers it (HOUSE)."""
WORKING_SECONDS: Final = 10
"""Seconds of a document's delivery besides buffering and refresh (HOUSE)."""

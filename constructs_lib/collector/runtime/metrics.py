"""One line a request in CloudWatch's embedded metric format: counts and reasons, never a body or an address.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

_UNITS = {"Duration": "Milliseconds", "Bytes": "Bytes"}


def line(
    namespace: str, collector: str, key: str | None, counts: Mapping[str, float], properties: Mapping[str, Any]
) -> str:
    """The metrics of one request, by collector, and by key if the deployment has keys.

    ``Requests``, ``Events`` (those in the body), ``Stored``, ``Rejected``, ``NotStored``, ``Bytes`` and ``Duration``
    are always there; ``Rejected_REASON`` counts events and ``Refused_REASON`` requests, if there were any.

    Args:
        key: name of one of the deployment's keys.
        properties: searchable fields of the log line.
    """
    metrics = [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in counts]
    dimensions = [["Collector"]] if key is None else [["Collector"], ["Collector", "Key"]]
    return json.dumps(
        {
            "_aws": {
                "Timestamp": int(time.time() * 1000),
                "CloudWatchMetrics": [{"Namespace": namespace, "Dimensions": dimensions, "Metrics": metrics}],
            },
            "Collector": collector,
            **({} if key is None else {"Key": key}),
            **properties,
            **counts,
        },
        separators=(",", ":"),
    )

"""One line a call in CloudWatch's embedded metric format: counts and durations, no personal data.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

_UNITS = {"FoldDuration": "Milliseconds", "RecommendTime": "Milliseconds", "FoldLag": "Seconds"}


def line(
    namespace: str, deployment: str, values: Mapping[str, float | list[float]], properties: Mapping[str, Any]
) -> str:
    """The metrics by name, with the deployment as their dimension; ``properties`` are searchable fields of the line."""
    metrics = [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in values]
    return json.dumps(
        {
            "_aws": {
                "Timestamp": int(time.time() * 1000),
                "CloudWatchMetrics": [{"Namespace": namespace, "Dimensions": [["Deployment"]], "Metrics": metrics}],
            },
            "Deployment": deployment,
            **properties,
            **values,
        },
        separators=(",", ":"),
    )

"""One line an invocation in CloudWatch's embedded metric format: counts and reasons, never anything of a record."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

_UNITS = {"Duration": "Milliseconds", "BytesIn": "Bytes", "BytesOut": "Bytes"}


def line(namespace: str, delivery_stream: str, counts: Counter[str], properties: dict[str, Any]) -> str:
    """The metrics line: every count under its name, by delivery stream.

    ``Records``, ``Ok``, ``Dropped`` and ``ProcessingFailed`` are always there; ``Dropped_REASON`` and
    ``Failed_REASON`` (the keys of reasons.py) and ``Shape_NAME`` (the names of formats/catalogue.py; ``Shape_unmapped``
    are those that only its last entry took) where there were any. ``properties`` are searchable fields of the log line.
    """
    metrics = [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in counts]
    return json.dumps(
        {
            "_aws": {
                "Timestamp": int(time.time() * 1000),
                "CloudWatchMetrics": [{"Namespace": namespace, "Dimensions": [["DeliveryStream"]], "Metrics": metrics}],
            },
            "DeliveryStream": delivery_stream,
            **properties,
            **counts,
        },
        separators=(",", ":"),
    )

"""Alarms on the transform's own metrics, see ``transform/runtime/metrics.py``.

AWS's own metrics count calls: Lambda and Firehose count a call as a success even if every record in it failed.
"""

from __future__ import annotations

import math

from constructs_lib.monitoring.alarm import GE, Alarm
from constructs_lib.monitoring.delivery import QUIET

PERIOD = 300
"""Seconds; long enough for several calls, so that one bad batch does not decide alone."""


def transform_alarms(*, failed_percent: int, buffer_interval: int) -> list[Alarm]:
    """Alarms of a transform that Firehose calls every so many seconds at least, as long as records come."""
    # Periods shorter than the time between two calls are often empty, so three breaches in a row would not occur.
    period = max(PERIOD, math.ceil(buffer_interval / 60) * 60)
    return [
        Alarm(
            "failed-share",
            {"ProcessingFailed": "Sum", "Records": "Sum"},
            GE,
            failed_percent,
            period,
            3,
            f"The transform fails {failed_percent} % of the records or more; often a producer changed its format. The "
            "metrics Failed_... name the reason; the records are under failed/ in the archive.",
            expression="m1 / m2 * 100",
            missing="notBreaching",
        ),
        Alarm(
            "failed",
            {"ProcessingFailed": "Sum"},
            GE,
            1,
            period,
            max(1, QUIET // period),
            "The transform failed a record, which is now under failed/processing-failed/ in the archive. The metrics "
            "Failed_... name the reason; docs/loss.md says how to send it again.",
            breaches=1,
            missing="notBreaching",
        ),
        Alarm(
            "no-pseudonym-key",
            {"Failed_no_pseudonym_key": "Sum"},
            GE,
            1,
            period,
            1,
            "The transform cannot get its pseudonym key from KMS, so records with a user id fail. Check the key's "
            "state and policy and, in a VPC, the route to KMS; then send the records again from failed/ in the "
            "archive.",
            missing="notBreaching",
        ),
    ]

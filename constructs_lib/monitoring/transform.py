"""Alarms on what the transform counts itself, in ``transform/runtime/metrics.py``.

AWS's own metrics count calls: one in which every record failed is a success to Lambda and to Firehose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from constructs_lib.monitoring.alarm import GE, Alarm
from constructs_lib.monitoring.delivery import QUIET

PERIOD = 300
"""Seconds: enough calls that one bad batch is not everything."""


def transform_alarms(*, failed_percent: int, buffer_interval: int) -> Iterator[Alarm]:
    """Alarms of a transform that Firehose calls every so many seconds at least, as long as records come."""
    # A period shorter than the time between two calls is often empty, and three in a row would never be.
    period = max(PERIOD, math.ceil(buffer_interval / 60) * 60)
    yield Alarm(
        "failed-share",
        {"ProcessingFailed": "Sum", "Records": "Sum"},
        GE,
        failed_percent,
        period,
        3,
        f"{failed_percent} % of the records or more become no documents though they should: often a producer changed "
        "its format. The metrics Failed_... say why; the records are in the archive's failed prefix.",
        expression="m1 / m2 * 100",
        missing="notBreaching",
    )
    yield Alarm(
        "failed",
        {"ProcessingFailed": "Sum"},
        GE,
        1,
        period,
        max(1, QUIET // period),
        "A record became no document though it should, and is now under failed/processing-failed/ in the archive. The "
        "metrics Failed_... say why; docs/loss.md says how it comes back.",
        breaches=1,
        missing="notBreaching",
    )
    yield Alarm(
        "no-pseudonym-key",
        {"Failed_no_pseudonym_key": "Sum"},
        GE,
        1,
        period,
        1,
        "KMS gave no key for pseudonyms, so records with a user id fail. Look at the key's state and policy and, in a "
        "network, at the way to KMS; then send the records again from the archive's failed prefix.",
        missing="notBreaching",
    )

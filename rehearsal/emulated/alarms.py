"""Composite alarms: moto's backend can store them, but lacks the API call."""

from __future__ import annotations

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from rehearsal.emulated.extension import extends


@extends(CloudWatchResponse)
def put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
    """PutCompositeAlarm: an alarm with a rule instead of a metric."""
    return self.put_metric_alarm()

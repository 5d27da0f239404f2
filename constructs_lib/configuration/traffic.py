"""``traffic``: the expected traffic, which the capacity in the rest of the file is checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs_lib.configuration.section import Section
from constructs_lib.limits import capacity

if TYPE_CHECKING:
    from constructs_lib.configuration.bootstrap import BootstrapSettings

KEPT_FOR_GOOD_DAYS = 365
"""Days on the data nodes that are assumed if ``bootstrap.retention_days`` deletes nothing."""


class TrafficSettings(Section):
    """The traffic that a deployment is sized for. The rules check capacity against it, and ``python -m constructs_lib
    size`` proposes capacity for it; it changes no resource. Default: capacity is not checked."""

    events_per_second: float = 10
    """Events a second, averaged over a day."""
    peak_events_per_second: float | None = None
    """Events a second in the busiest minutes. Default: three times the average."""
    event_bytes: float = capacity.EVENT_BYTES
    """Bytes of an event as it is put on the stream, on average."""
    document_bytes: float | None = None
    """Bytes of the document that the transform makes from an event. Default: the event's bytes plus 355."""
    events_per_record: float = 1
    """Events that producers put into one record of the stream: more than 1 if they aggregate, as the Kinesis Producer
    Library does."""
    events_per_request: float = 5
    """Events that a browser sends in one request to the collector, if there is one. The collector puts them into one
    record: where all events come by it, ``events_per_record`` is the same number."""
    kept_percent: float = 100
    """Share of the events that the transform keeps; it drops bots, health checks and events without consent."""
    hot_days: int | None = None
    """Days that documents stay on the data nodes. Default: until ``bootstrap`` moves them to warm nodes or deletes
    them, or 365 if it never does."""
    warm_days: int | None = None
    """Days that documents then stay on warm nodes. Default: as in ``bootstrap``; 0 without warm nodes."""
    cold_days: int | None = None
    """Days that documents then stay in cold storage. Default: as in ``bootstrap``; 0 without cold storage."""
    searches_per_second: float = 1
    """Searches a second at peak, including those of dashboards, without those of the recommender."""
    recommendations_per_second: float = 1
    """Recommendations a second at peak that the recommender is asked for, if there is one."""
    documents_per_vcpu: float = capacity.DOCUMENTS_PER_VCPU
    """Document copies a second that one vCPU of a data node indexes. The default is cautious; set what
    you measured on your domain."""
    monthly_growth_percent: float = 0
    """Growth of the traffic a month, as a share; proposals include three months of growth."""

    def resolved(self, bootstrap: BootstrapSettings) -> dict[str, Any]:
        """The settings with the defaults that follow from other values, as the rules and ``size`` read them."""
        values = self.model_dump(exclude_none=True)
        values.setdefault("peak_events_per_second", self.events_per_second * capacity.PEAK_TO_AVERAGE)
        values.setdefault("document_bytes", self.event_bytes + capacity.DOCUMENT_BYTES_ADDED)
        end = bootstrap.retention_days
        cold = bootstrap.cold_after_days
        warm = bootstrap.warm_after_days
        kept = KEPT_FOR_GOOD_DAYS if end is None else end
        hot_end = warm if warm is not None else kept
        warm_end = hot_end if warm is None else cold if cold is not None else kept
        values.setdefault("hot_days", hot_end)
        values.setdefault("warm_days", max(0, warm_end - hot_end))
        values.setdefault("cold_days", 0 if cold is None else max(0, kept - cold))
        return values

"""``traffic``: numbers that somebody can mean; what an account carries is a rule."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.limit_types import Limit, Range
from constructs_lib.limits.quotas import LARGE_RECORD_KIB
from constructs_lib.limits.sources import KINESIS_LARGE_RECORDS

_OURS = "constructs_lib/sizing"
_EVENTS = Range(0.001, 100_000_000, _OURS, "events a second")

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "traffic.events_per_second": (_EVENTS,),
    "traffic.peak_events_per_second": (_EVENTS,),
    "traffic.event_bytes": (Range(1, LARGE_RECORD_KIB * 1024, KINESIS_LARGE_RECORDS, "bytes"),),
    "traffic.document_bytes": (Range(1, 10 * 1024 * 1024, _OURS, "bytes"),),
    "traffic.events_per_record": (Range(1, 10_000, _OURS, "events"),),
    "traffic.events_per_request": (Range(1, 10_000, _OURS, "events"),),
    "traffic.kept_percent": (Range(0.01, 100, _OURS, "percent"),),
    "traffic.hot_days": (Range(1, 3650, _OURS, "days"),),
    "traffic.warm_days": (Range(0, 3650, _OURS, "days"),),
    "traffic.cold_days": (Range(0, 3650, _OURS, "days"),),
    "traffic.searches_per_second": (Range(0, 100_000, _OURS, "searches a second"),),
    "traffic.monthly_growth_percent": (Range(0, 100, _OURS, "percent"),),
    "traffic.documents_per_vcpu": (Range(100, 50_000, _OURS, "documents a second"),),
}

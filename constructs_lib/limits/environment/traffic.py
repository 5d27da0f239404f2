"""``traffic``: plausible ranges; a rule checks what one account can carry."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.limit_types import Limit, Range
from constructs_lib.limits.quotas import LARGE_RECORD_KIB
from constructs_lib.limits.sources import (
    AGGREGATION,
    ISM,
    KINESIS_LARGE_RECORDS,
    REMOTE_STORE_BENCHMARK,
    SIZING,
    STORAGE_SIZING,
)

# The bounds are ours, wide enough for any plausible value. The sources explain the numbers' use.
_EVENTS = Range(0.001, 100_000_000, SIZING, "events a second")

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "traffic.events_per_second": (_EVENTS,),
    "traffic.peak_events_per_second": (Range(0.001, 300_000_000, SIZING, "events a second"),),
    "traffic.event_bytes": (Range(1, LARGE_RECORD_KIB * 1024, KINESIS_LARGE_RECORDS, "bytes"),),
    "traffic.document_bytes": (Range(1, 10 * 1024 * 1024, STORAGE_SIZING, "bytes"),),
    "traffic.events_per_record": (Range(1, 10_000, AGGREGATION, "events"),),
    "traffic.events_per_request": (Range(1, 10_000, SIZING, "events"),),
    "traffic.kept_percent": (Range(0.01, 100, STORAGE_SIZING, "percent"),),
    "traffic.hot_days": (Range(1, 3650, ISM, "days"),),
    "traffic.warm_days": (Range(0, 3650, ISM, "days"),),
    "traffic.cold_days": (Range(0, 3650, ISM, "days"),),
    "traffic.searches_per_second": (Range(0, 100_000, SIZING, "searches a second"),),
    "traffic.recommendations_per_second": (Range(0, 100_000, SIZING, "recommendations a second"),),
    "traffic.monthly_growth_percent": (Range(0, 100, STORAGE_SIZING, "percent"),),
    "traffic.documents_per_vcpu": (Range(100, 50_000, REMOTE_STORE_BENCHMARK, "documents a second"),),
}

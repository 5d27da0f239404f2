"""Simulates a day of the data path as a fluid: flow per second, backlog, its age, and losses.

The stream refuses events above its shards' capacity. Accepted events wait there until the transform reads them, and
are lost after the retention. Batches whose calls Lambda throttles go to the bucket (``processing-failed``), since
Firehose retries them three times within seconds. Documents wait in Firehose until the domain accepts them, the oldest
first; after the retry duration they go to the bucket. The model leaves out that producers send refused events again,
and simulates one backlog for all shards, except for writes to the hot one.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from constructs_lib.limits import capacity, quotas
from constructs_lib.sizing import formulae
from constructs_lib.sizing.demand import DAY_SECONDS, Demand
from constructs_lib.sizing.shape import Shape

_NOTHING = 1e-6
"""Share of a step's flow below which it counts as zero (rounding)."""


@dataclass(frozen=True)
class Path:
    """Capacity of each hop, in events or documents a second."""

    write: float
    """Events that the stream accepts."""
    shards: float
    transform: float
    """Events that Firehose reads and the transform processes."""
    index: float
    """Documents that the domain indexes."""
    kept: float
    retention: float
    """Seconds of the stream's retention."""
    retry: float
    """Seconds that a document waits for the domain before it goes to the bucket."""
    delay: float
    """Seconds of buffers and refresh without a backlog."""


@dataclass(frozen=True)
class Fault:
    """A temporary fault. Factors are relative to a hop's usual rate."""

    start: float
    seconds: float
    traffic: float = 1.0
    reading: float = 1.0
    """Factor of reading and transforming; 0: the stream is not read."""
    throttle: float = 1.0
    """Share of calls that Lambda accepts; it throttles the others until Firehose gives up."""
    index: float = 1.0
    """Factor of the domain's indexing; 0: it is unavailable."""


@dataclass(frozen=True)
class Scenario:
    """A day."""

    name: str
    faults: Sequence[Fault] = ()
    hot_share: float = 0.0
    """Share of the traffic with one partition key, which goes to one shard."""
    days: int = 1


@dataclass
class Outcome:
    """Results of a scenario. Counts are events up to the transform, documents after it."""

    scenario: Scenario
    offered: float = 0.0
    refused: float = 0.0
    unread: float = 0.0
    """Expired in the stream unread: lost."""
    failed: float = 0.0
    """Went to the bucket because Lambda throttled the transform."""
    dropped: float = 0.0
    """Left out by the transform on purpose."""
    to_bucket: float = 0.0
    """Documents that went to the bucket because the domain did not accept them in time."""
    delivered: float = 0.0
    waiting: float = 0.0
    """Events and documents that still wait when the day ends."""
    oldest: float = 0.0
    """Seconds that the oldest document took until it could be searched."""
    most_waiting: float = 0.0
    catch_up: float | None = 0.0
    """Seconds from the end of the last fault until nothing waits; None: not within the day."""
    series: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Time series: time, incoming events a second, delivered documents a second, age of the oldest."""

    @property
    def lost(self) -> float:
        """Events that cannot be recovered: refused, or expired unread."""
        return self.refused + self.unread


def path_of(shape: Shape, demand: Demand) -> Path | None:
    """The path of a shape for a demand; None if domain or delivery are unknown."""
    facts, vcpus, copies, primaries = shape.facts, shape.vcpus, shape.copies, shape.primaries
    if facts is None or vcpus is None or copies is None or primaries is None or shape.buffer_seconds is None:
        return None
    shards = formulae.shards(demand).value if shape.shards is None else shape.shards
    by_bytes = quotas.SHARD_WRITE_MIB * 1024**2 / demand.event_bytes
    by_records = quotas.SHARD_WRITE_RECORDS * demand.events_per_record
    write = shards * min(by_bytes, by_records)
    read = shards * quotas.SHARD_READ_MIB * 1024**2 / demand.event_bytes
    if shape.transform and shape.memory_mib:
        calls = formulae.calls_at_most(shards, shape.reserved_calls)
        read = min(read, calls / formulae.event_seconds(demand, shape.memory_mib))
    searching = demand.searches * primaries * capacity.SEARCH_VCPU_SECONDS
    if shape.recommends:
        searching += formulae.recommending(demand)
    index = max(0.0, vcpus - searching) * demand.documents_per_vcpu / copies
    batch = (shape.batch_seconds or 0) if shape.transform else 0
    return Path(
        write=write,
        shards=shards,
        transform=read,
        index=index,
        kept=demand.kept if shape.transform else 1.0,
        retention=shape.retention_seconds or quotas.RETENTION_MINIMUM_HOURS * 3600,
        retry=shape.retry_seconds or 0.0,
        delay=formulae.lag_seconds(batch, shape.buffer_seconds, shape.refresh_seconds).value,
    )


def rhythm(average: float, peak: float) -> Callable[[float], float]:
    """Events a second over a day (seconds from midnight): a hump around one o'clock with this average and this peak."""
    ratio = average / peak
    power, mean = 0, 1.0
    while mean > ratio and power < 100_000:
        power += 1
        mean *= (2 * power - 1) / (2 * power)  # the average of ((1 + cos) / 2) ** power over a turn
    floor = (average - peak * mean) / (1 - mean) if mean < 1 else average
    top = 13 / 24

    def rate(second: float) -> float:
        hump = (1 + math.cos(2 * math.pi * (second / DAY_SECONDS - top))) / 2
        return floor + (peak - floor) * hump**power

    return rate


def simulate(
    path: Path, rate: Callable[[float], float], scenario: Scenario, *, step: float = 1.0, every: float = 300.0
) -> Outcome:
    """Simulate the days of a scenario on a path.

    Args:
        path: the hops' capacity.
        rate: events a second, by second of the day.
        scenario: the faults.
        step: seconds of a step, the resolution of all results.
        every: seconds between two points of the series.
    """
    flow = _Flow(path, scenario, step)
    last = max((fault.start + fault.seconds for fault in scenario.faults), default=0.0)
    between = max(1, round(every / step))
    clear: float | None = None
    for number in range(round(scenario.days * DAY_SECONDS / step)):
        now = number * step
        fault = _at(scenario.faults, now) if scenario.faults else _USUAL
        coming = rate(now) * fault.traffic
        flow.take(now, coming)
        flow.read(now, fault)
        delivered = flow.index(now, fault)
        waiting = flow.waiting()
        if now >= last and waiting > flow.nothing:
            clear = None
        elif now >= last and clear is None:
            clear = now
        if number % between == 0:
            flow.found.series.append((now, coming, delivered / step, flow.age(now) + path.delay))
    flow.found.waiting = flow.waiting()
    flow.found.catch_up = None if clear is None else max(0.0, clear - last)
    return flow.found


_USUAL = Fault(0, 0)


def _at(faults: Sequence[Fault], now: float) -> Fault:
    """The combined faults at a time."""
    found = _USUAL
    for fault in faults:
        if fault.start <= now < fault.start + fault.seconds:
            found = Fault(
                0,
                0,
                traffic=found.traffic * fault.traffic,
                reading=found.reading * fault.reading,
                throttle=found.throttle * fault.throttle,
                index=found.index * fault.index,
            )
    return found


class _Flow:
    """The backlog in the stream and in Firehose, oldest first, and the counts of the rest."""

    def __init__(self, path: Path, scenario: Scenario, step: float) -> None:
        self.path = path
        self.step = step
        self.found = Outcome(scenario)
        self.nothing = _NOTHING * max(1.0, path.write * step)
        self._stream: deque[tuple[float, float]] = deque()
        """Arrival time and events."""
        self._firehose: deque[tuple[float, float, float]] = deque()
        """Arrival time, read time, documents."""
        self._in_stream = self._in_firehose = 0.0
        self._hot = min(scenario.hot_share, 1.0)
        self._one = path.write / path.shards
        self._others = path.write - self._one if path.shards > 1 else path.write

    def waiting(self) -> float:
        """Events and documents in the backlog."""
        return self._in_stream + self._in_firehose

    def age(self, now: float) -> float:
        """Seconds since the oldest of them came."""
        heads = [queue[0][0] for queue in (self._stream, self._firehose) if queue]
        return now - min(heads, default=now)

    def take(self, now: float, coming: float) -> None:
        """The stream accepts events up to its capacity and drops those older than its retention."""
        found, step = self.found, self.step
        found.offered += coming * step
        taken = min(coming, self.path.write)
        if self._hot:
            taken = min(taken, min(coming * self._hot, self._one) + min(coming * (1 - self._hot), self._others))
        found.refused += max(0.0, coming - taken) * step
        if taken:
            self._stream.append((now, taken * step))
            self._in_stream += taken * step
        while self._stream and now - self._stream[0][0] > self.path.retention:
            gone = self._stream.popleft()[1]
            self._in_stream -= gone
            found.unread += gone

    def read(self, now: float, fault: Fault) -> None:
        """Firehose reads as much as the transform can process."""
        room = self.path.transform * fault.reading * self.step
        while self._stream and room > 0:
            came, events = self._stream.popleft()
            worked = min(events, room)
            if worked < events:
                self._stream.appendleft((came, events - worked))
            room -= worked
            self._in_stream -= worked
            passed = worked * fault.throttle
            self.found.failed += worked - passed
            documents = passed * self.path.kept
            self.found.dropped += passed - documents
            if documents:
                self._firehose.append((came, now, documents))
                self._in_firehose += documents

    def index(self, now: float, fault: Fault) -> float:
        """The domain indexes up to its capacity; expired documents go to the bucket. Returns the documents indexed."""
        found = self.found
        while self._firehose and now - self._firehose[0][1] > self.path.retry:
            gone = self._firehose.popleft()[2]
            self._in_firehose -= gone
            found.to_bucket += gone
        room = self.path.index * fault.index * self.step
        delivered = 0.0
        while self._firehose and room > 0:
            came, read, documents = self._firehose.popleft()
            worked = min(documents, room)
            if worked < documents:
                self._firehose.appendleft((came, read, documents - worked))
            room -= worked
            delivered += worked
            found.oldest = max(found.oldest, now - came + self.path.delay)
        self._in_firehose -= delivered
        found.delivered += delivered
        found.most_waiting = max(found.most_waiting, self.waiting())
        return delivered


NOON = 13 * 3600.0
"""When the rhythm has its peak, and faults hurt most."""


def scenarios(shape: Shape) -> list[Scenario]:
    """The days to simulate for a shape."""
    hours = 3600.0
    left = 0.0 if shape.zones < 2 or not shape.replicas else 1 - 1 / shape.zones
    return [
        Scenario("a usual day"),
        Scenario("a burst: twice the traffic for 5 minutes", [Fault(NOON, 300, traffic=2)]),
        Scenario("a burst: ten times the traffic for 5 minutes", [Fault(NOON, 300, traffic=10)]),
        Scenario("a hot shard: a tenth of the traffic has one key", hot_share=0.1),
        Scenario("a zone is lost for 4 hours", [Fault(NOON - 2 * hours, 4 * hours, index=left)]),
        Scenario("the domain is unavailable for 1 hour", [Fault(NOON, hours, index=0)]),
        Scenario("the domain is unavailable for 3 hours", [Fault(NOON, 3 * hours, index=0)]),
        Scenario("Lambda throttles half of the calls for 1 hour", [Fault(NOON, hours, throttle=0.5)]),
        Scenario("Firehose cannot read the stream for 4 hours", [Fault(NOON, 4 * hours, reading=0)]),
    ]

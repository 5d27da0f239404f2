"""A day of the path as a fluid: what flows each second, what waits, how old it gets, and where the rest goes.

The stream refuses what its shards do not take. What it takes waits there until the transform is free, and is gone
unread after the retention. Calls of the transform that Lambda refuses go to the bucket (``processing-failed``), since
Firehose tries them three times within seconds. Documents wait in Firehose until the domain takes them, the oldest
first; what has waited for longer than the retry duration goes to the bucket. Producers do not send again what the
stream refused, and a shard's waiting is that of all shards, except for the hot one's writing.
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
"""Part of a step's flow that counts as nothing: what is left by rounding."""


@dataclass(frozen=True)
class Path:
    """What each hop lets through, in events or documents a second."""

    write: float
    """Events that the stream takes."""
    shards: float
    transform: float
    """Events that Firehose reads and the transform works off."""
    index: float
    """Documents that the domain indexes."""
    kept: float
    retention: float
    """Seconds that the stream holds what is not read."""
    retry: float
    """Seconds that a document waits for the domain before it goes to the bucket."""
    delay: float
    """Seconds that buffers and the refresh take when nothing waits."""


@dataclass(frozen=True)
class Fault:
    """Something that is not as usual for a while. Factors are of what the hop does usually."""

    start: float
    seconds: float
    traffic: float = 1.0
    reading: float = 1.0
    """Share of its speed that reading the stream and transforming has; 0: the stream is not read."""
    throttle: float = 1.0
    """Share of the calls that Lambda takes; the rest it refuses until Firehose gives them up."""
    index: float = 1.0
    """Share of its speed that the domain has; 0: it is away."""


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
    """What became of the events of a scenario. Counts are of events up to the transform, of documents behind it."""

    scenario: Scenario
    offered: float = 0.0
    refused: float = 0.0
    unread: float = 0.0
    """Left the stream unread: gone."""
    failed: float = 0.0
    """Went to the bucket because the transform refused them."""
    dropped: float = 0.0
    """Dropped by the transform, as it should."""
    to_bucket: float = 0.0
    """Documents that went to the bucket because the domain did not take them in time."""
    delivered: float = 0.0
    waiting: float = 0.0
    """Events and documents that still wait when the day ends."""
    oldest: float = 0.0
    """Seconds that the oldest document took until it could be searched."""
    most_waiting: float = 0.0
    catch_up: float | None = 0.0
    """Seconds from the end of the last fault until nothing waits; None: not within the day."""
    series: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Each few minutes: time, events a second that come, documents a second that are delivered, age of the oldest."""

    @property
    def lost(self) -> float:
        """What no retry, replay or patience brings back: refused or gone unread."""
        return self.refused + self.unread


def path_of(shape: Shape, demand: Demand) -> Path | None:
    """The path that a shape makes for a demand; None where the shape leaves domain or delivery open."""
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
    """Let a scenario's days flow through a path.

    Args:
        path: what each hop lets through.
        rate: events a second by the second.
        scenario: what is not as usual.
        step: seconds of a step; everything is exact to one.
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
    """All faults of a moment as one."""
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
    """What waits in the stream and in Firehose, the oldest first, and what has become of the rest."""

    def __init__(self, path: Path, scenario: Scenario, step: float) -> None:
        self.path = path
        self.step = step
        self.found = Outcome(scenario)
        self.nothing = _NOTHING * max(1.0, path.write * step)
        self._stream: deque[tuple[float, float]] = deque()
        """When it came, events."""
        self._firehose: deque[tuple[float, float, float]] = deque()
        """When it came, when it was read, documents."""
        self._in_stream = self._in_firehose = 0.0
        self._hot = min(scenario.hot_share, 1.0)
        self._one = path.write / path.shards
        self._others = path.write - self._one if path.shards > 1 else path.write

    def waiting(self) -> float:
        """Events and documents that wait."""
        return self._in_stream + self._in_firehose

    def age(self, now: float) -> float:
        """Seconds since the oldest of them came."""
        heads = [queue[0][0] for queue in (self._stream, self._firehose) if queue]
        return now - min(heads, default=now)

    def take(self, now: float, coming: float) -> None:
        """The stream takes what its shards can, and forgets what is older than its retention."""
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
        """Firehose reads what the transform can work off."""
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
        """The domain takes what it can; what has waited too long goes to the bucket. Documents that it took."""
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
    """The days that a shape is tried with."""
    hours = 3600.0
    left = 0.0 if shape.zones < 2 or not shape.replicas else 1 - 1 / shape.zones
    return [
        Scenario("a usual day"),
        Scenario("a burst: twice the traffic for 5 minutes", [Fault(NOON, 300, traffic=2)]),
        Scenario("a burst: ten times the traffic for 5 minutes", [Fault(NOON, 300, traffic=10)]),
        Scenario("a hot shard: a tenth of the traffic has one key", hot_share=0.1),
        Scenario("a zone is lost for 4 hours", [Fault(NOON - 2 * hours, 4 * hours, index=left)]),
        Scenario("the domain is away for 1 hour", [Fault(NOON, hours, index=0)]),
        Scenario("the domain is away for 3 hours", [Fault(NOON, 3 * hours, index=0)]),
        Scenario("Lambda refuses half of the calls for 1 hour", [Fault(NOON, hours, throttle=0.5)]),
        Scenario("Firehose cannot read the stream for 4 hours", [Fault(NOON, 4 * hours, reading=0)]),
    ]

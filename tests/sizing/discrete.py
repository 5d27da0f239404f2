"""The path of `constructs_lib.sizing.simulation` as a discrete-event simulation with SimPy: batches that queue, are
processed and expire.

Written apart from the fluid model, so that an error in one of them shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import simpy

from constructs_lib.sizing.simulation import Path, Scenario

BATCH_SECONDS = 10.0
_DAY = 86_400.0


class Batch(NamedTuple):
    """Events of some seconds that travel together."""

    came: float
    size: float
    read: float = 0.0


class Factory:
    """Producers, the stream, Firehose with its transform, the domain and the bucket."""

    def __init__(self, path: Path, rate: Callable[[float], float], scenario: Scenario) -> None:
        self.path, self.rate, self.scenario = path, rate, scenario
        self.environment = simpy.Environment()
        self.stream: simpy.Store = simpy.Store(self.environment)
        self.firehose: simpy.Store = simpy.Store(self.environment)
        self.counts: defaultdict[str, float] = defaultdict(float)
        self.oldest = 0.0

    def run(self) -> Factory:
        for process in (self.producers(), self.transform(), self.domain()):
            self.environment.process(process)
        self.environment.run(until=self.scenario.days * _DAY)
        return self

    def factor(self, name: str) -> float:
        """Product of a factor over the faults of this moment."""
        product = 1.0
        for fault in self.scenario.faults:
            if fault.start <= self.environment.now < fault.start + fault.seconds:
                product *= getattr(fault, name)
        return product

    def until_over(self, name: str) -> float:
        """Seconds until the faults of this moment are over that stop something."""
        now = self.environment.now
        ends = [
            fault.start + fault.seconds
            for fault in self.scenario.faults
            if fault.start <= now < fault.start + fault.seconds and getattr(fault, name) == 0
        ]
        return max(ends) - now

    def producers(self) -> Generator[simpy.Event, Any, None]:
        while True:
            came = self.rate(self.environment.now) * self.factor("traffic") * BATCH_SECONDS
            self.counts["offered"] += came
            room = self.path.write * BATCH_SECONDS
            if self.scenario.hot_share:
                shard = room / self.path.shards
                hot = min(came * self.scenario.hot_share, shard)
                taken = hot + min(came * (1 - self.scenario.hot_share), room - shard)
            else:
                taken = min(came, room)
            self.counts["refused"] += came - taken
            self.stream.put(Batch(self.environment.now, taken))
            yield self.environment.timeout(BATCH_SECONDS)

    def transform(self) -> Generator[simpy.Event, Any, None]:
        while True:
            batch = yield self.stream.get()
            while self.factor("reading") == 0:
                yield self.environment.timeout(self.until_over("reading"))
            if self.environment.now - batch.came > self.path.retention:
                self.counts["unread"] += batch.size
                continue
            yield self.environment.timeout(batch.size / (self.path.transform * self.factor("reading")))
            passed = batch.size * self.factor("throttle")
            self.counts["failed"] += batch.size - passed
            self.counts["dropped"] += passed * (1 - self.path.kept)
            self.firehose.put(Batch(batch.came, passed * self.path.kept, self.environment.now))

    def domain(self) -> Generator[simpy.Event, Any, None]:
        while True:
            batch = yield self.firehose.get()
            patience = batch.read + self.path.retry - self.environment.now
            while patience > 0 and self.factor("index") == 0:
                yield self.environment.timeout(min(patience, self.until_over("index")))
                patience = batch.read + self.path.retry - self.environment.now
            if patience <= 0:
                self.counts["to_bucket"] += batch.size
                continue
            yield self.environment.timeout(batch.size / (self.path.index * self.factor("index")))
            self.counts["delivered"] += batch.size
            self.oldest = max(self.oldest, self.environment.now - batch.came + self.path.delay)

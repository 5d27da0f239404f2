"""``make chaos``: the data path under random faults from a seed, with every record accounted for.

The deployed transform, the delivery loop, the ``replay`` command and emulated Kinesis, Firehose and S3 are as in a
rehearsal; the domain is a stand-in that can refuse requests. Rounds of records are processed while processes are
killed, requests are throttled, refused and interrupted, clocks jump, shards split, and two of each process run at once.
Then all faults end, and failed records are replayed as an operator would. Each record must then be in the index,
dropped with a reason, or in the bucket because it is invalid. All others count as lost.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from rehearsal.delivery.records import Record
from rehearsal.emulator import Emulator, emulator
from rehearsal.faults import World
from rehearsal.ledger import error_lines
from rehearsal.replaying import Replays

RECORDS = 120
"""Records in a round."""
LAST_REPLAYS = 4
"""Replays after the end: a replayed record may fail again only if it is invalid."""


@dataclass
class Books:
    """The records on the stream and their expected outcomes.

    Attributes:
        wanted: bytes of the records that must be in the index, by event id.
        dropped: records that must not be stored, with the reason.
        broken: records that must be in the bucket, with the reason.
    """

    wanted: dict[str, bytes] = field(default_factory=dict)
    dropped: dict[bytes, str] = field(default_factory=dict)
    broken: dict[bytes, str] = field(default_factory=dict)

    def enter(self, data: bytes, world: World) -> None:
        """Note a record before it is put."""
        arrival = int(time.time() * 1000)
        record = Record(data, "shardId-000000000000", "key", "1", arrival)
        event_id, reason, broken = world.expected(record)
        if event_id is not None:
            self.wanted[event_id] = data
        else:
            (self.broken if broken else self.dropped)[data] = reason

    def __len__(self) -> int:
        return len(self.wanted) + len(self.dropped) + len(self.broken)


@dataclass
class Result:
    """The result."""

    records: int
    faults: Counter[str]
    indexed: int
    dropped: int
    broken: int
    twice: int
    brought_back: int
    """Events in the index because of a replay."""
    lost: list[str]


def chaos(seed: int, rounds: int, seconds: float, aws: Emulator, folder: Path) -> Result:
    """Run a number of rounds, or as many as begin in a number of seconds, then compare the outcomes.

    Args:
        folder: the folder of the replays' states.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    world, books = World(aws, rng, f"chaos-{seed}-{time.time_ns()}"), Books()
    replays = Replays(world, folder)
    end = time.monotonic() + seconds
    for number in range(rounds):
        if time.monotonic() > end:
            break
        world.begin_round()
        records = [_record(rng, number, each) for each in range(RECORDS)]
        for data in records:
            books.enter(data, world)
        world.put(records)
        world.deliver()
        if rng.random() < 0.5:
            replays.some()
    world.mend()
    world.deliver()
    for _ in range(LAST_REPLAYS):
        replays.everything()
        world.deliver()
    return _settled(books, world)


def _settled(books: Books, world: World) -> Result:
    indexed = world.indexed()
    kept = {world.unwrapped(line) for line in error_lines(world.s3, world.bucket, world.error_keys())}
    lost = [
        f"{event_id} is not in the index: {data[:80]!r}"
        for event_id, data in books.wanted.items()
        if event_id not in indexed
    ]
    lost += [
        f"broken ({reason}) and not in the bucket: {data[:80]!r}"
        for data, reason in books.broken.items()
        if data not in kept
    ]
    unknown = indexed - books.wanted.keys()
    lost += [f"{event_id} is in the index but was never put" for event_id in sorted(unknown)]
    return Result(
        records=len(books),
        faults=world.faults,
        indexed=len(books.wanted.keys() & indexed),
        dropped=len(books.dropped),
        broken=len(books.broken.keys() & kept),
        twice=world.documents() - len(indexed),
        brought_back=len(world.brought_back),
        lost=lost,
    )


def _record(rng: random.Random, number: int, each: int) -> bytes:
    """A random record of a producer: mostly valid, some unwanted, some broken."""
    name = f"{number}-{each}-{rng.randrange(1 << 30)}"
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - rng.randrange(3600)))
    event: dict[str, Any] = {"action_name": "click", "timestamp": moment, "client_id": f"c-{name}"}
    kind = rng.random()
    if kind < 0.45:
        return json.dumps(event | {"event_attributes": {"object": {"object_id": name}}}).encode() + b"\n"
    if kind < 0.6:
        return json.dumps(event | {"user_id": f"u-{rng.randrange(50)}"}).encode()
    if kind < 0.7:
        return json.dumps({"type": "track", "event": "Product Added", "anonymousId": name, "messageId": name}).encode()
    if kind < 0.85:
        at = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
        return f'198.51.100.7 - - [{at}] "GET /{name} HTTP/1.1" 200 5 "-" "Mozilla/5.0 Firefox/130.0"\n'.encode()
    if kind < 0.92:
        return json.dumps(event | {"consent": {"analytics": False}}).encode()
    return rng.choice(
        [
            f'{{"broken {name}',
            f"no shape {name}",
            json.dumps(event | {"timestamp": "never"}),
            json.dumps({"rawData": "e30=", "attemptsMade": 1, "name": name}),
        ]
    ).encode()


def tell(result: Result, out: TextIO) -> None:
    """The report."""
    out.write(f"records {result.records:,}\n")
    out.write(f"  {result.indexed:>7,}  in the index ({result.twice:,} more documents of the same events)\n")
    out.write(f"  {result.dropped:>7,}  dropped with a reason\n")
    out.write(f"  {result.broken:>7,}  in the bucket because they are broken\n")
    out.write(f"  {result.brought_back:>7,}  in the index because they were replayed\n")
    out.write(f"faults {sum(result.faults.values()):,}\n")
    out.writelines(f"  {number:>7,}  {name}\n" for name, number in sorted(result.faults.items()))
    out.writelines(f"LOST: {problem}\n" for problem in result.lost[:20])
    out.write(f"losses {len(result.lost)}\n")


def main() -> int:
    """Run the command; returns 0 if nothing is lost."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="default: a new one")
    parser.add_argument("--rounds", type=int, default=40, help=f"of {RECORDS} records each; default: 40")
    parser.add_argument("--seconds", type=float, default=120, help="after which no round begins; default: 120")
    arguments = parser.parse_args()
    sys.stdout.write(f"chaos from seed {arguments.seed}, {arguments.rounds} rounds\n")
    sys.stdout.flush()
    with emulator() as aws, tempfile.TemporaryDirectory() as folder:
        result = chaos(arguments.seed, arguments.rounds, arguments.seconds, aws, Path(folder))
    tell(result, sys.stdout)
    return 1 if result.lost else 0


if __name__ == "__main__":
    sys.exit(main())

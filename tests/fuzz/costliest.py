"""Looks for the record that costs most for its size: ``python -m tests.fuzz.costliest``.

``COST_SECONDS`` says for how long (120), ``COST_SEED`` chooses the way, a new one each time if it is 0 or not there.
Records evolve: those that cost most CPU a KiB are kept, mutated and crossed, from pieces that are known to be hard for
regular expressions and from the texts that the user agents' expressions wait for. Caches are emptied before each
measurement, as an attacker sends nothing twice. Prints the worst of each generation that is worse than before, and at
the end the figure; above :data:`MOST` milliseconds a KiB it fails.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser.loaders import load_lazy_builtins

from constructs_lib.transform.runtime import literals
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.reasons import Broken, Unwanted
from constructs_lib.transform.runtime.settings import Settings

MOST = 5.0
"""Milliseconds of CPU a KiB that any record may cost."""
SECONDS = float(os.environ.get("COST_SECONDS", "120"))
SEED = int(os.environ.get("COST_SEED", "0")) or None
POPULATION = 40
LEAST_BYTES = 64
ARRIVAL = 1_767_225_600_000

HARD = (
    *("eyJ", "eyJ.", "ghp_", "://", "://a:", "://a@", "@", "a@", "a@a.", "%40", "%2540", "&#64;", "[at]", "(at)"),
    *("+", "+1", "0", "01", "0171", "1", "1.", "1.1.1.1", ":", "::", "a:", "::1", "DE89", "AD12", "4111", "(", "(1)"),
    *("-", "-1", "_", "/", ";", ",", "=", "&", "?", "#", "password=", "token:", '"', '\\"', "{", "[", "<", ">", " "),
    *("Cookie:", "Authorization:", "Bearer", "--a", "https://a/", "%25", "%2525", "%3F", "?a=", "&a=", ";a=", "a1"),
    *("-----BEGIN", "aA0", "tel", "call", "HTC", "HTC/", "Build", "Build/", "Android", "Mozilla/5.0", "AppleWebKit"),
    *("Linux", "compatible", "Obigo", "Sony", "(compatible;", "bot", "spider", "\u00e9", "\u200d", "\uff20", "\u2011"),
)
"""What is hard for regular expressions, or waited for by them."""
NAMES = (
    "message",
    "user_query",
    "user_agent",
    "title",
    "url",
    "referrer",
    "client_id",
    "user_id",
    "x",
    "password",
    "ip",
)


def pieces() -> list[str]:
    """What records are made of."""
    patterns = [matcher.regex for group in load_lazy_builtins() for matcher in group]
    patterns += [entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA]
    texts = {text for pattern in patterns for text in literals.required(pattern) if text}
    return [*HARD * 12, *sorted(texts)]


Gene = tuple[str, tuple[str, ...]]


class Search:
    """A population of records, each a few fields made of pieces."""

    def __init__(self, seed: int | None) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing secret
        self.pieces = pieces()
        self.transform = Transform(Settings(pseudonym_key_id="key"), lambda: b"key")
        self.caches = [one for one in gc.get_objects() if callable(getattr(one, "cache_clear", None)) and _own(one)]

    def gene(self) -> Gene:
        """A field with pieces, repeated or not."""
        few = [self.random.choice(self.pieces) for _ in range(self.random.randint(1, 6))]
        return self.random.choice(NAMES), tuple(few * self.random.choice((1, 1, 3, 20, 120)))

    def record(self, genes: Sequence[Gene]) -> bytes:
        """The record of some genes: an event, or an access log line where it has a user agent and a URL alone."""
        values = {name: "".join(parts)[:9000] for name, parts in genes}
        if set(values) == {"user_agent", "url"}:
            return (
                f'198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "GET {values["url"]} HTTP/1.1" 200 5 "-"'
                f' "{values["user_agent"]}"'
            ).encode()
        if set(values) == {"user_agent"}:
            return json.dumps({"action_name": "a", **values}, ensure_ascii=False, separators=(",", ":")).encode()
        return json.dumps({"action_name": "view", **values}, ensure_ascii=False, separators=(",", ":")).encode()

    def cost(self, record: bytes, times: int = 2) -> float:
        """Milliseconds of CPU a KiB, the least of some runs."""
        data = base64.b64encode(record).decode("ascii")
        least = float("inf")
        for _ in range(times + 1):
            for one in self.caches:
                one.cache_clear()
            started = time.process_time_ns()
            with suppress(Broken, Unwanted):
                self.transform.document(data, {"approximateArrivalTimestamp": ARRIVAL})
            least = min(least, time.process_time_ns() - started)
        return least / 1e6 / (max(len(record), LEAST_BYTES) / 1024)

    def mutated(self, genes: Sequence[Gene]) -> list[Gene]:
        """One change: a field more or less, or other pieces in one."""
        made = list(genes)
        kind = self.random.random()
        if kind < 0.15 or not made:
            made.append(self.gene())
        elif kind < 0.3 and len(made) > 1:
            made.pop(self.random.randrange(len(made)))
        else:
            place = self.random.randrange(len(made))
            name, parts = made[place]
            made[place] = (self.random.choice(NAMES) if kind < 0.4 else name, self.changed(list(parts)))
        return made

    def changed(self, parts: list[str]) -> tuple[str, ...]:
        """Some pieces with one more, one less, one other, doubled or halved."""
        at = self.random.randrange(len(parts) + 1)
        kind = self.random.random()
        if kind < 0.35:
            parts[at:at] = [self.random.choice(self.pieces) for _ in range(self.random.choice((1, 1, 4, 12)))]
        elif kind < 0.55:
            del parts[at : at + self.random.choice((1, 4, 16))]
        elif kind < 0.75 and parts:
            parts[at % len(parts)] = self.random.choice(self.pieces)
        elif kind < 0.9:
            parts = parts * 2
        else:
            parts = parts[: len(parts) // 2]
        return tuple(parts[:4000])

    def run(self, seconds: float, say: Callable[[str], Any] = print) -> tuple[float, bytes]:
        """The worst cost found and its record."""
        population = [(self.cost(self.record(genes)), genes) for genes in ([self.gene()] for _ in range(POPULATION))]
        worst = 0.0
        ends = time.monotonic() + seconds
        generation = 0
        while time.monotonic() < ends:
            generation += 1
            population.sort(key=lambda one: -one[0])
            del population[POPULATION // 2 :]
            if population[0][0] > worst * 1.05:
                genes = population[0][1]
                confirmed = self.cost(self.record(genes), 5)
                population[0] = (confirmed, genes)
                if confirmed > worst * 1.05:
                    worst = confirmed
                    record = self.record(genes)
                    say(f"cost: generation {generation}: {worst:.2f} ms a KiB, {len(record)} bytes: {record[:110]!r}")
            while len(population) < POPULATION:
                one = self.random.choice(population[:8])[1]
                other = self.random.choice(population)[1]
                crossed = [*one[: len(one) // 2 + 1], *other[len(other) // 2 + 1 :]]
                genes = self.mutated(one if self.random.random() < 0.6 else crossed)[:6]
                population.append((self.cost(self.record(genes)), genes))
        population.sort(key=lambda one: -one[0])
        record = self.record(population[0][1])
        return self.cost(record, 9), record


def _own(one: Any) -> bool:
    return str(getattr(one, "__module__", "")).startswith("constructs_lib")


def main() -> int:
    """Search, print the worst, and fail above the bound."""
    search = Search(SEED)
    worst, record = search.run(SECONDS)
    print(f"cost: the worst record found costs {worst:.2f} ms of CPU a KiB (at most {MOST:g}): {record[:300]!r}")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())

"""Records that nobody's behaviour makes, each another one, to fill every cache.

``python -m tests.benchmarks.hostile N`` runs N of them through one transform and prints the memory that the process
came to, in MiB.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
from collections.abc import Iterator

from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings

WIDE = "\U0001f600"
"""A character of four bytes, in memory too."""
HUGE = 900_000
HUGE_RECORDS = 300
CALL = 700_000
"""Base64 of a call: the buffer that is configured, and room for one record more."""


def hostile(number: int) -> str:
    """A record that differs from every other, with texts as long as caches take; the first ones are huge."""
    own = f"{number:08x}"
    wide = own + WIDE * 240
    kind = number % 10
    if kind == 0:
        return json.dumps({"action_name": "v", "message": own + "x" * (HUGE if number < HUGE_RECORDS * 10 else 240)})
    if kind == 5:
        return (
            f"198.51.100.{number % 255} - {own} [12/Mar/2025:08:00:{number % 60:02d} +0000]"
            f' "GET /{own}{WIDE * 90} HTTP/1.1" 200 5 "https://{own}.example/" "{own}"'
        )
    events: dict[int, dict[str, object]] = {
        1: {"page": {"url": f"https://a{own}.example/{WIDE * 90}{own}?a={own}"}, "referrer": f"https://{own}.io/"},
        2: {"user_agent": f"Mozilla/5.0 (Linux; Android 1; {own}{WIDE * 350})"},
        3: {"client_id": own + WIDE * 88, "user_id": wide, "session_id": own + "b" * 900},
        4: {"event_attributes": {f"{own}{WIDE * 80}{place}": f"{wide}{place}" for place in range(6)}},
        6: {"user_query": wide, "title": wide, "application": own + WIDE * 90},
        7: {"event_attributes": {"object": {"object_id": wide, "name": f"{wide}a", "category": [f"{wide}b"]}}},
        8: {"impressions": [f"{wide}{place}" for place in range(8)]},
        9: {"ip": f"{own[:4]}:{own[4:]}::1", "geo": {"country": "DE", "region": own + WIDE * 90}},
    }
    return json.dumps({"action_name": f"v{own}", **events[kind]}, ensure_ascii=False)


def calls(count: int) -> Iterator[list[dict[str, object]]]:
    """The records in calls as a delivery stream makes them."""
    records: list[dict[str, object]] = []
    size = 0
    for number in range(count):
        data = base64.b64encode(hostile(number).encode()).decode("ascii")
        if records and size + len(data) > CALL:
            yield records
            records, size = [], 0
        records.append({"recordId": str(number), "data": data, "approximateArrivalTimestamp": 1_767_225_600_000})
        size += len(data)
    yield records


def main() -> None:
    """Run them all."""
    transform = Transform(Settings(pseudonym_key_id="key"), lambda: b"key")
    for records in calls(int(sys.argv[1])):
        transform.batch({"records": records})
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()

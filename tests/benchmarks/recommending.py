"""The process that the recommender's cold start is measured in, and what the domain answers it.

`test_recommender` starts it with the recommender's archive on its path. It prints the milliseconds of CPU from its
start to the first answer, those of each further answer, and which modules it loaded that are not of Python itself.
"""

from __future__ import annotations

import json
import sys
import time
from base64 import b64encode
from typing import Any

NEIGHBOURS, LENGTH, ITEMS, COUNTED, POPULAR = 100, 5, 1000, 5000, 500
WARM = 100
SEPARATOR = "\x1f"
ENDED = "1795000000.000"


def item(number: int) -> str:
    """An item's id."""
    return f"item-{number % ITEMS:05}"


def answers() -> dict[str, Any]:
    """What the domain answers, by the last part of the path and, where that is ``_mget``, the index."""
    snapshot = {
        "sessions": 1_000_000,
        "counts": {item(number) + ("" if number < ITEMS else "-rare"): 1000 for number in range(COUNTED)},
        "others": 5.0,
        "popular": [{"item": item(number), "score": 1.0} for number in range(POPULAR)],
    }
    hits = [
        {
            "_score": 1 / (1 + place),
            "fields": {
                "sequence": [
                    b64encode(
                        SEPARATOR.join(
                            (f"s{place}", f"n{place}", ENDED, *(item(place * 7 + step) for step in range(LENGTH)))
                        ).encode()
                    ).decode()
                ]
            },
        }
        for place in range(NEIGHBOURS)
    ]
    return {
        "events.recommender/_mget": {"docs": [{"found": True, "_source": snapshot}]},
        "events.items/_mget": {"docs": [{"found": False}]},
        "events.profiles/_mget": {"docs": [{"found": False}]},
        "events.sessions/_search": {"took": 2, "hits": {"hits": hits}},
    }


def recommend() -> None:
    """Print what a cold start with its first answer costs, and then each answer."""
    from recommender.handler import handler  # type: ignore[import-not-found]  # noqa: PLC0415 - in the archive

    event = {
        "version": "2.0",
        "rawPath": "/recommendations",
        "rawQueryString": f"client_id=c-17&recentItems={item(7)},{item(14)}",
        "requestContext": {"http": {"method": "GET"}, "stage": "$default"},
    }
    first = handler(event, None)
    cold = time.process_time()
    assert first["statusCode"] == 200, first
    found = json.loads(first["body"])
    assert len(found["itemList"]) == 20, found
    assert "degraded" not in found, found
    began = time.process_time()
    for _ in range(WARM):
        handler(event, None)
    warm = (time.process_time() - began) / WARM
    foreign = sorted(
        {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - {"recommender", "__main__"}
    )
    print(json.dumps({"cold": cold * 1000, "warm": warm * 1000, "foreign": foreign}), file=sys.stderr)


if __name__ == "__main__":
    recommend()

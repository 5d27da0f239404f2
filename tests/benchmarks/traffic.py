"""Events as browsers send them, all different, and the documents that the transform makes of them."""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from tests.transform.batches import KEY, invocation

_WORDS = (
    "oak walnut linen cotton table lamp chair shelf mirror basket curtain rug cushion blanket vase kettle pan knife",
    "plate bowl glass towel soap candle frame clock desk bench stool drawer hook rail handle knob tile paint brush",
)
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36",
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_{v} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0"
        " Mobile/15E148 Safari/604.1"
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/{v}.0.0.0"
        " Mobile Safari/537.36"
    ),
)
_ACTIONS = {"impression": "impression", "item_click": "click", "add_to_cart": "add_to_cart", "page_view": "view"}
_CALL = 500
"""Records of a call of the transform, whose answer has a limit."""
_START = datetime(2025, 12, 1, tzinfo=timezone.utc)


def events(count: int, seed: int = 1) -> Iterator[bytes]:
    """Events in User Behavior Insights' form with the attributes that a shop sends, some 744 bytes each.

    They come from 2,000 people at once; each makes a new query after a dozen events and a new session after forty, and
    looks at products of which few are popular.
    """
    source = random.Random(seed)  # noqa: S311 - the same events in every run
    words = " ".join(_WORDS).split()
    products = [" ".join(source.sample(words, 3)) for _ in range(20_000)]
    people = [_Person(source, number) for number in range(2000)]
    for number in range(count):
        person = source.choice(people)
        person.step(source)
        action, kind = source.choice(list(_ACTIONS.items()))
        chosen = int(len(products) * source.random() ** 3)
        product = products[chosen]
        event = {
            "application": "shop",
            "action_name": action,
            "query_id": person.query,
            "session_id": person.session,
            "client_id": person.client,
            "user_id": person.user,
            "timestamp": (_START + timedelta(milliseconds=37 * number)).isoformat(timespec="milliseconds"),
            "message_type": kind,
            "message": f"{kind} of {product} from the list of {product.split()[0]} at the shop",
            "user_agent": person.agent,
            "page": {
                "url": f"https://shop.example.com/{product.split()[0]}/{product.replace(' ', '-')}",
                "title": f"{product.title()} at the shop",
            },
            "event_attributes": {
                "object": {"object_id": f"B{chosen:09d}", "object_id_field": "asin", "name": product},
                "position": {"ordinal": source.randrange(1, 60)},
                "price": 100 + chosen % 9900,
            },
        }
        yield json.dumps(event, separators=(",", ":")).encode()


class _Person:
    """Somebody who browses."""

    def __init__(self, source: random.Random, number: int) -> None:
        self.client = str(uuid.UUID(int=source.getrandbits(128)))
        self.user = f"customer-{number:06d}"
        self.agent = source.choice(_AGENTS).format(v=source.randrange(100, 140))
        self.query = self.session = ""
        self.events = source.randrange(40)

    def step(self, source: random.Random) -> None:
        if not self.query or self.events % 12 == 0:
            self.query = str(uuid.UUID(int=source.getrandbits(128)))
        if not self.session or self.events % 40 == 0:
            self.session = f"{self.client[:8]}-{self.events}"
        self.events += 1


def sequence(number: int) -> str:
    """A sequence number as Kinesis gives it, 56 digits."""
    return f"4959033827149025660855969253836157109592157598913{number:07d}"


def documents(lines: list[bytes], first: int = 0) -> list[dict[str, Any]]:
    """What the transform makes of events; every one must be kept.

    Args:
        lines: the events.
        first: number of the first in the stream.
    """
    transform = Transform(Settings(pseudonym_key_id="key"), lambda: KEY)
    batches = [invocation(lines[at : at + _CALL]) for at in range(0, len(lines), _CALL)]
    for number, record in enumerate(record for batch in batches for record in batch["records"]):
        record["kinesisRecordMetadata"]["sequenceNumber"] = sequence(first + number)
    answers = [answer for batch in batches for answer in transform.batch(batch)[0]["records"]]
    assert {answer["result"] for answer in answers} == {"Ok"}, answers[0]
    return [json.loads(base64.b64decode(answer["data"])) for answer in answers]

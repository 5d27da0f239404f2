"""The effect of a thousand invented sessions on an item's rank, on every engine.

Twenty items are looked at after the bait by forty honest visitors each, within a week. The inventor has a thousand
visitors look at the bait and then at their own item, all today. Their item stays below each of the twenty.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from constructs_lib.recommender.runtime.requests import Wanted
from constructs_lib.recommender.runtime.scoring import MOST_BY_NETWORK
from rehearsal.engines import Server
from tests.recommender.visits import NOW, visit
from tests.search.recommending import Site

HONEST_ITEMS, HONEST_VISITORS, INVENTED = 20, 40, 1000


def honest() -> list[dict[str, Any]]:
    """What visitors do of themselves."""
    found = []
    for number in range(HONEST_ITEMS * HONEST_VISITORS):
        at = NOW - timedelta(hours=1 + number % 160)
        items = ["bait", f"good{number % HONEST_ITEMS}"]
        network = f"10.{number // 250}.{number % 250}.0/24"
        found += visit(items, f"h{number}", f"h{number}", at=at, ip_prefix=network)
    return found


def invented(*, clients: int, networks: int = 1) -> list[dict[str, Any]]:
    """What somebody invents."""
    found = []
    for number in range(INVENTED):
        network = f"192.0.{number % networks}.0/24"
        at = NOW - timedelta(minutes=10)
        found += visit(["bait", "evil"], f"e{number}", f"e{number % clients}", at=at, ip_prefix=network)
    return found


def place(answer: dict[str, Any], item: str) -> int:
    """The place of an item in a list, from 0; the length of the list where it is not there."""
    items = [each["itemId"] for each in answer["itemList"]]
    return items.index(item) if item in items else len(items)


def popularity(site: Site, item: str) -> float:
    """How popular an item is held to be."""
    (found,) = [each["popularity"] for each in site.documents("items").values() if each.get("item_id") == item]
    return float(found)


@pytest.mark.parametrize(
    ("clients", "visits"), [(1, 1), (INVENTED, MOST_BY_NETWORK)], ids=["one client", "a thousand clients"]
)
def test_a_thousand_invented_sessions_move_an_item_little(server: Server, clients: int, visits: int) -> None:
    site = Site(server, "lifted")
    site.deliver(honest())
    site.deliver(invented(clients=clients))
    site.fold()
    recommender = site.recommender()
    after_bait = recommender.recommend(Wanted(recent=("bait",), number=30), now=NOW)
    newcomer = recommender.recommend(Wanted(client_id="new", number=30), now=NOW)
    assert place(after_bait, "evil") >= HONEST_ITEMS
    assert place(newcomer, "evil") == 1 + HONEST_ITEMS
    assert popularity(site, "evil") <= visits

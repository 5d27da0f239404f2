"""How the client sends events to the collector: at once, from the queue, after faults, and when the page is left."""

from __future__ import annotations

import json
import time
import uuid

import pytest

from tests.browser.deployed import Deployed
from tests.browser.devtools import Tab, Tabs
from tests.browser.site import Site
from tests.browser.visiting import SOON, Visitor, everything, leave, numbered, of, offered, one, send

WAITING = "Object.keys(localStorage).some((key) => key.startsWith('behaviour.queue.'))"
"""Whether events wait in the browser."""


def offline(visitor: Visitor) -> Tab:
    """A tab that sent its view, is offline since, and has sixty numbered events waiting."""
    tab = visitor.open()
    visitor.actions("view")
    tab.offline(True)
    send(tab, 60)
    return tab


def each_once(visitor: Visitor, count: int, seconds: float = SOON, *, hurry: bool = True) -> None:
    """Wait for so many numbered events, of which each arrives once."""
    found = visitor.until(everything(count), seconds, hurry=hurry)
    assert offered(found, "step") == list(range(count))


def test_an_event_that_json_cannot_encode_does_not_block_others(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("const self = {}; self.self = self; behaviour.track('circle', 'o', self)")
    tab.js("behaviour.track('big', 'o', {n: 1n}); behaviour.track('after')")
    assert {"circle", "big"}.isdisjoint(one["action_name"] for one in visitor.actions("after"))


def test_later_changes_of_an_object_do_not_change_its_event(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("const basket = {count: 1}; behaviour.track('added', 'o', basket); basket.count = 2")
    assert one(visitor.actions("added"), "added")["event_attributes"]["properties"] == {"count": 1}


def test_fifty_events_are_sent_at_once(visitor: Visitor) -> None:
    tab = visitor.open()
    send(tab, 120)
    visitor.until(lambda found: len(offered(found, "step")) >= 100, 3, hurry=False)
    each_once(visitor, 120, hurry=False)


def test_events_are_sent_after_reconnecting(visitor: Visitor) -> None:
    tab = offline(visitor)
    time.sleep(6)
    assert offered(visitor.documents(), "step") == []
    tab.offline(False)
    each_once(visitor, 60, hurry=False)


def test_events_queued_offline_are_sent_on_the_next_visit(visitor: Visitor) -> None:
    tab = offline(visitor)
    leave(tab)
    visitor.open("/item")
    each_once(visitor, 60)


def test_events_queued_offline_survive_a_killed_tab(visitor: Visitor) -> None:
    """What waits is stored as it comes, as no page is told that its process is killed."""
    tab = offline(visitor)
    time.sleep(6)
    tab.crash()
    visitor.open("/item")
    each_once(visitor, 60)


def test_tabs_that_were_offline_send_each_event_once(visitor: Visitor) -> None:
    tabs = [visitor.open(f"/{name}") for name in ("list", "item", "more")]
    visitor.until(lambda found: len(of(found, "view")) == 3)
    for tab in tabs:
        tab.offline(True)
    for number, tab in enumerate(tabs):
        send(tab, 60, action=f"tab_{number}")
    time.sleep(6)
    for tab in tabs:
        tab.offline(False)
    found = visitor.until(
        lambda found: all(everything(60, f"tab_{number}")(found) for number in range(3)), 30, hurry=False
    )
    assert [offered(found, f"tab_{number}") for number in range(3)] == [list(range(60))] * 3


def test_a_tab_sends_the_events_of_another_tab_that_left(visitor: Visitor) -> None:
    left, stays = visitor.open(), visitor.open("/item")
    visitor.until(lambda found: len(of(found, "view")) == 2)
    left.offline(True)
    send(left, 60)
    leave(left)
    stays.call("Page.bringToFront")
    visitor.tab = stays
    each_once(visitor, 60)


@pytest.mark.parametrize("fault", ["throttled", "stream", "lost"])
def test_nothing_is_lost_when_the_collector_is_busy(visitor: Visitor, fault: str) -> None:
    tab = visitor.open()
    visitor.actions("view")
    visitor.deployed.aws.fail(**{fault: 10 if fault == "stream" else 2})
    send(tab, 60)
    visitor.until(everything(60), 60, hurry=False)
    time.sleep(1)
    found = visitor.documents("step")
    by_number: dict[int, set[str]] = {}
    for each in found:
        by_number.setdefault(numbered(each), set()).add(each["event_id"])
    assert all(len(ids) == 1 for ids in by_number.values())
    if fault != "lost":
        assert len(found) == 60


def test_retry_after_is_honoured(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    visitor.deployed.aws.fail(stream=5)
    send(tab, 50)
    until = float(tab.until("localStorage['behaviour.wait']"))
    assert 1_000 < until - tab.js("Date.now()") <= 8_000
    visitor.until(everything(50), 30, hurry=False)


@pytest.mark.parametrize("kept", [str(2**53), "Infinity", "{}"])
def test_an_implausible_pause_is_ignored(visitor: Visitor, kept: str) -> None:
    """As it is kept when the clock is set back by years."""
    visitor.open(first=f"localStorage['behaviour.wait'] = {json.dumps(kept)}")
    visitor.until(lambda found: len(found) > 0, hurry=False)


@pytest.mark.parametrize(
    ("body", "status"),
    [("'x'.repeat(600_000)", 413), ("'{\"events\": ['", 400), ("'[' + '{},'.repeat(500) + '{}]'", 413), ("'{}'", 400)],
)
def test_a_page_can_read_the_reason_of_a_refusal(visitor: Visitor, body: str, status: int) -> None:
    tab = visitor.open()
    answer = tab.js(
        f"fetch({json.dumps(visitor.shop.endpoint)} + '?key=wk_web_1', {{method: 'POST', body: {body}}})"
        ".then(async (answer) => ({status: answer.status, said: await answer.json()}))"
    )
    assert answer["status"] == status
    assert answer["said"]["success"] is False
    assert answer["said"]["message"]


def test_refused_events_are_not_sent_again(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("behaviour.track('large', 'o', {pad: 'x'.repeat(40_000)}); behaviour.track('small')")
    visitor.actions("small")
    assert not tab.js(WAITING)
    assert visitor.documents("large") == []


def test_180_kilobytes_in_the_queue_are_sent_when_leaving(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    send(tab, 45, size=4_000)
    leave(tab)
    visitor.until(lambda found: len(offered(found, "step")) >= 10, hurry=False)
    tab.goto(visitor.url("/item"))
    each_once(visitor, 45, 20, hurry=False)


def test_closing_the_tab_sends_the_queue(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    send(tab, 10)
    tab.close()
    visitor.until(everything(10), hurry=False)


def test_a_forbidden_origin_stores_no_events(tabs: Tabs, shop: Site, deployed: Deployed) -> None:
    mark = f"forbidden-{uuid.uuid4()}"
    address = shop.url(clientId=mark).replace("localhost", "127.0.0.1")
    tab = tabs.open(address)
    send(tab, 55)
    tab.until(WAITING)
    assert deployed.documents(mark) == []


def test_the_queue_is_bounded_and_keeps_the_newest_events(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    tab.offline(True)
    send(tab, 300, size=4_000)
    tab.close()
    tab = visitor.open("/item")
    visitor.until(lambda found: 299 in offered(found, "step"), 30)
    numbers = offered(visitor.until(lambda found: len(offered(found, "step")) > 60, 30), "step")
    assert 60 < len(numbers) < 150
    assert numbers == list(range(300 - len(numbers), 300))

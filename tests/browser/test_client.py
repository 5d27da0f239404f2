"""The client in a real browser, through the collector, as documents."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from rehearsal.emulator import Emulator
from tests.browser.conftest import KEYS, Deployed
from tests.browser.devtools import Tab, Tabs
from tests.browser.site import Site

SOON = 12.0
"""Seconds in which events that are not held back are there: an interval of the client and the way."""
WAITING = "Object.keys(localStorage).some((key) => key.startsWith('behaviour.queue.'))"
"""Whether events wait in the browser."""
Documents = list[dict[str, Any]]


class Visitor:
    """One browser profile, known to the site by a client id of its own, and its documents."""

    def __init__(self, tabs: Tabs, shop: Site, deployed: Deployed) -> None:
        self.tabs, self.shop, self.deployed = tabs, shop, deployed
        self.id = f"visitor-{uuid.uuid4()}"

    def open(self, path: str = "/list", *, first: str = "", **options: Any) -> Tab:
        """A tab on a page of the site."""
        self.tab = self.tabs.open(self.url(path, **options), first=first)
        return self.tab

    def url(self, path: str, **options: Any) -> str:
        """The address of a page that knows the visitor."""
        return self.shop.url(path, clientId=self.id, key=KEYS["web"], **options)

    def documents(self, action: str | None = None) -> Documents:
        """The visitor's documents so far, in the order in which they happened."""
        found = self.deployed.documents(self.id)
        return found if action is None else of(found, action)

    def until(self, enough: Callable[[Documents], bool], seconds: float = SOON, *, hurry: bool = True) -> Documents:
        """The visitor's documents, once they are as expected.

        Args:
            hurry: whether the page is told that it is online, which makes it send what it has at once.
        """
        end = time.monotonic() + seconds
        while not enough(found := self.documents()):
            if hurry:
                self.tab.js("dispatchEvent(new Event('online'))")
            assert time.monotonic() < end, f"{self.tab.errors()} {[told(one) for one in found]}"
            time.sleep(0.2)
        return found

    def actions(self, *wanted: str, seconds: float = SOON) -> Documents:
        """The visitor's documents, once there is one at least of each of these actions."""
        return self.until(lambda found: {one["action_name"] for one in found} >= set(wanted), seconds)


@pytest.fixture
def visitor(tabs: Tabs, shop: Site, deployed: Deployed, aws: Emulator) -> Visitor:
    """A visitor with an empty browser."""
    return Visitor(tabs, shop, deployed)


def told(document: dict[str, Any]) -> str:
    """A document in a few words."""
    acted = document.get("event_attributes", {}).get("object", {}).get("object_id", "")
    return f"{document['action_name']} {acted} {document['page']['path']}"


def leave(tab: Tab) -> None:
    """Go to a page that does not observe."""
    tab.goto("about:blank")


def later(minutes: float) -> str:
    """A script that sets a page's clock forward."""
    return f"{{ const now = Date.now; Date.now = () => now() + {minutes * 60_000}; }}"


def of(documents: Documents, action: str) -> Documents:
    """The documents of an action."""
    return [each for each in documents if each["action_name"] == action]


def one(documents: Documents, action: str) -> dict[str, Any]:
    """The only document of an action."""
    (found,) = of(documents, action)
    return found


# --- what is observed


def test_a_page_view(visitor: Visitor) -> None:
    tab = visitor.open(application="shop")
    view = one(visitor.actions("view"), "view")
    assert view["page"]["path"] == "/list"
    assert view["page"]["title"] == "Shop /list"
    assert view["application"] == "shop"
    assert view["platform"] == "web"
    assert uuid.UUID(view["event_id"]).version == 4
    assert uuid.UUID(view["session_id"]).version == 4
    assert tab.errors() == []


def test_page_views_of_a_single_page_app(visitor: Visitor) -> None:
    tab = visitor.open("/app")
    for path in ("/app/lamps", "/app/lamp", "/app/lamp#more"):
        tab.js(f"go('{path}')")
        time.sleep(0.1)
    tab.js("history.go(-2)")
    tab.until("location.pathname == '/app/lamps'")
    tab.js("history.replaceState({}, '', '/app/lamps?page=2')")
    views = visitor.until(lambda found: len(of(found, "view")) == 4)
    seen = [(view["page"]["path"], view["page"]["title"]) for view in of(views, "view")]
    assert seen == [("/app", "Home"), ("/app/lamps", "Lamps"), ("/app/lamp", "Lamp"), ("/app/lamps", "Lamps")]


def test_a_page_that_comes_back_from_the_cache_is_viewed_again(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("window.kept = true")
    tab.goto(visitor.url("/item"))
    tab.back()
    if not tab.js("window.kept"):
        pytest.skip("this browser did not keep the page")
    found = visitor.until(lambda found: len(of(found, "view")) == 3)
    assert sorted(view["page"]["path"] for view in of(found, "view")) == ["/item", "/list", "/list"]


def test_a_click_has_object_and_position(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.click("li[data-object-id=B02] button")
    click = one(visitor.actions("click"), "click")
    assert click["event_attributes"] == {
        "object": {"object_id": "B02", "object_id_field": "sku"},
        "position": {"ordinal": 2},
    }


def test_a_click_without_a_rank_has_its_place_on_the_page(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.click("li[data-object-id=B03] b")
    click = one(visitor.actions("add_to_cart"), "add_to_cart")
    assert click["event_attributes"]["position"]["xy"]["y"] > 400
    assert click["recommendation_id"] == "r-1"


def test_a_click_elsewhere_is_none(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.click("#name")
    tab.click("li[data-object-id=B01]", button="right")
    tab.click("li[data-object-id=B02]", button="middle")
    clicks = of(visitor.actions("click"), "click")
    assert [one["event_attributes"]["object"]["object_id"] for one in clicks] == ["B02"]


def shown(documents: Documents) -> list[str]:
    """Ids of the objects that were seen."""
    return [each["event_attributes"]["object"]["object_id"] for each in of(documents, "impression")]


def test_impressions_of_what_is_half_visible_for_a_second(visitor: Visitor) -> None:
    # The page leaves by itself: its own clock is the one that counts.
    leaving = "if (location.pathname == '/list') setTimeout(() => location.replace('/gone'), 700)"
    visitor.tab = tab = visitor.tabs.open(first=leaving)
    tab.call("Page.navigate", url=visitor.url("/list"))
    tab.until("location.pathname == '/gone'")
    assert shown(visitor.actions("view")) == []
    tab = visitor.open()
    visitor.until(lambda found: sorted(shown(found)) == ["B01", "B02", "B03"])
    tab.js("document.querySelector('.far').scrollIntoView()")
    visitor.until(lambda found: shown(found)[3:] == ["B99"])


def test_an_impression_is_counted_once_a_page_view(visitor: Visitor) -> None:
    tab = visitor.open()
    for _ in range(3):
        time.sleep(1.2)
        tab.js("scrollTo(0, 9999)")
        time.sleep(0.3)
        tab.js("scrollTo(0, 0)")
    found = visitor.until(lambda found: len(shown(found)) >= 3)
    assert sorted(set(shown(found)) - {"B99"}) == ["B01", "B02", "B03"]
    assert len(shown(found)) == len(set(shown(found)))


def test_impressions_of_what_an_app_draws_later(visitor: Visitor) -> None:
    tab = visitor.open("/app")
    tab.js("go('/app/lamps')")
    found = visitor.until(lambda found: sorted(shown(found)) == ["L1", "L2"])
    assert {each["page"]["path"] for each in of(found, "impression")} == {"/app/lamps"}
    tab.js("document.querySelector('#list li').dataset.objectId = 'L9'")
    visitor.until(lambda found: sorted(shown(found)) == ["L1", "L2", "L9"])


def test_engagement_says_how_long_and_how_far(visitor: Visitor) -> None:
    tab = visitor.open()
    time.sleep(2.2)
    tab.js("scrollTo(0, 1200)")
    time.sleep(0.2)
    leave(tab)
    told = one(visitor.actions("engagement"), "engagement")["event_attributes"]["properties"]
    assert 2 <= told["visible_seconds"] <= 4
    assert 20 < told["scroll_percent"] < 80


def test_time_in_the_background_is_no_engagement(visitor: Visitor) -> None:
    tab = visitor.open()
    time.sleep(1.2)
    other = visitor.tabs.open()
    time.sleep(3)
    other.close()
    tab.call("Page.bringToFront")
    time.sleep(1.2)
    leave(tab)
    told = visitor.until(lambda found: len(of(found, "engagement")) == 2)
    seconds = [each["event_attributes"]["properties"]["visible_seconds"] for each in of(told, "engagement")]
    assert sum(seconds) <= 4


def test_searches_carry_their_query_id_to_what_follows(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("behaviour.track('before')")
    query = tab.js("behaviour.search('brass lamp', ['B02', 'B01'])")
    tab.click("li[data-object-id=B02]")
    tab.goto(visitor.url("/item"))
    tab.js(
        "behaviour.track('purchase', {object_id: 'B02', price: 19.5}, {gift: true},"
        " {event_value: 19.5, currency: 'EUR'})"
    )
    found = visitor.actions("purchase", "search", "click", "before")
    search, purchase = one(found, "search"), one(found, "purchase")
    assert search["user_query"] == "brass lamp"
    assert search["impressions"] == ["B02", "B01"]
    assert "query_id" not in one(found, "before")
    assert search["query_id"] == one(found, "click")["query_id"] == purchase["query_id"] == query
    assert (purchase["event_value"], purchase["currency"]) == (19.5, "EUR")
    assert purchase["event_attributes"]["object"] == {"object_id": "B02", "price": 19.5}
    assert purchase["event_attributes"]["properties"] == {"gift": True}


def test_another_tab_searches_on_its_own(visitor: Visitor) -> None:
    visitor.open().js("behaviour.search('lamp')")
    visitor.open().js("behaviour.track('other')")
    assert "query_id" not in one(visitor.actions("other", "search"), "other")


def test_a_person_who_signed_in_is_a_pseudonym(visitor: Visitor) -> None:
    tab = visitor.open(userId="u-4711")
    tab.js("behaviour.track('first'); behaviour.identify(); behaviour.track('second')")
    found = visitor.actions("first", "second")
    assert one(found, "first")["user_id"].startswith("u1_")
    assert "user_id" not in one(found, "second")


# --- sessions


def test_tabs_share_a_session(visitor: Visitor) -> None:
    visitor.open()
    visitor.open("/item")
    found = visitor.until(lambda found: len(found) >= 2)
    assert len({each["session_id"] for each in found}) == 1


@pytest.mark.parametrize(("minutes", "sessions"), [(29, 1), (31, 2)])
def test_a_session_ends_after_thirty_idle_minutes(visitor: Visitor, minutes: int, sessions: int) -> None:
    tab = visitor.open()
    tab.js(later(minutes))
    tab.js("behaviour.track('later')")
    found = visitor.actions("view", "later")
    assert len({each["session_id"] for each in found}) == sessions


@pytest.mark.parametrize("kept", ["null", "{}", "7", '{"id": "old", "first": 0, "last": 9e15}', "not json"])
def test_a_session_that_makes_no_sense_is_not_gone_on_with(visitor: Visitor, kept: str) -> None:
    """What a clock that was set back since, or somebody else's script, left in the browser."""
    visitor.open(first=f"localStorage['behaviour.session'] ??= {json.dumps(kept)}")
    assert uuid.UUID(visitor.actions("view")[0]["session_id"]).version == 4


def test_a_session_ends_after_a_day_however_busy(visitor: Visitor) -> None:
    tab = visitor.open()
    for number in range(59):  # every 25 minutes: 24 hours and 35 minutes
        tab.js(later(25))
        tab.js(f"behaviour.track('step', undefined, {{n: {number}}})")
    found = visitor.until(everything(59), 20)
    sessions = {numbered(each): each["session_id"] for each in of(found, "step")}
    assert len(set(sessions.values())) == 2
    assert sessions[0] == sessions[56] != sessions[57] == sessions[58]


def test_a_new_session_forgets_the_search(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("behaviour.search('lamp')")
    tab.js(later(31))
    tab.js("behaviour.track('later')")
    assert "query_id" not in one(visitor.actions("later"), "later")


def test_the_clients_own_id_stays_and_no_cookie_is_set(tabs: Tabs, shop: Site, deployed: Deployed) -> None:
    tab = tabs.open(shop.url(application="own-id"))
    own = tab.js("JSON.parse(localStorage['behaviour.client'])")
    tab.goto(shop.url("/item", application="own-id"))
    assert tab.js("JSON.parse(localStorage['behaviour.client'])") == own
    assert tab.js("document.cookie") == ""
    assert uuid.UUID(own).version == 4


# --- consent


def held(tab: Tab) -> list[str]:
    """What the browser keeps for the site."""
    return list(
        tab.js("[...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean)")
    )


def test_nothing_is_stored_or_sent_until_consent_is_given(visitor: Visitor) -> None:
    tab = visitor.open(consent="required")
    tab.click("li[data-object-id=B02] button")
    tab.js("behaviour.search('lamp'), behaviour.track('early')")
    time.sleep(1.5)
    leave(tab)
    tab.goto(visitor.url("/list", consent="required"))
    assert held(tab) == []
    tab.js("behaviour.consent({analytics: true, personalization: false})")
    tab.js("behaviour.track('late')")
    found = visitor.actions("late")
    assert {each["action_name"] for each in found} <= {"view", "late", "impression"}
    assert len(of(found, "view")) == 1
    assert found[0]["consent"] == {"analytics": True, "personalization": False}


def test_consent_holds_for_the_next_page(visitor: Visitor) -> None:
    tab = visitor.open(consent="required")
    tab.js("behaviour.consent(true)")
    tab.goto(visitor.url("/item", consent="required"))
    found = visitor.until(lambda found: {each["page"]["path"] for each in found} >= {"/item", "/list"})
    assert all(each["consent"] == {"analytics": True} for each in found)


@pytest.mark.parametrize("mode", ["required", None])
def test_consent_that_is_withdrawn_erases_and_stops(visitor: Visitor, mode: str | None) -> None:
    options = {"consent": mode} if mode else {}
    tab = visitor.open(**options)
    tab.js("behaviour.consent(true)")
    other = visitor.open("/item", **options)
    other.js("behaviour.search('lamp')")
    visitor.actions("search")
    other.js("behaviour.track('queued')")
    tab.js("behaviour.track('queued too'); behaviour.consent(false)")
    tab.js("behaviour.track('after')")
    other.js("behaviour.track('after')")
    tab.goto(visitor.url("/item", **options))
    tab.js("behaviour.track('after')")
    time.sleep(6)
    names = {each["action_name"] for each in visitor.documents()}
    assert names.isdisjoint({"queued", "queued_too", "after"})
    assert held(tab) == ([] if mode else ["behaviour.consent"])


def test_consent_given_again_begins_anew(visitor: Visitor) -> None:
    tab = visitor.open(consent="required")
    tab.js("behaviour.consent(true)")
    first = visitor.actions("view")[0]["session_id"]
    tab.js("behaviour.consent(false)")
    tab.js("behaviour.consent(true)")
    found = visitor.until(lambda found: len(of(found, "view")) == 2)
    assert found[-1]["session_id"] != first


def test_global_privacy_control_is_honoured(visitor: Visitor) -> None:
    signal = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
    tab = visitor.open(first=signal)
    tab.js("behaviour.consent({analytics: true, personalization: true}); behaviour.track('after')")
    assert one(visitor.actions("after"), "after")["consent"] == {"analytics": True, "personalization": False}


# --- what never leaves


def test_no_text_no_input_no_fragment_and_no_full_referrer(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.goto(visitor.url("/list") + "&q=1#secret-part")
    tab.click("#name")
    tab.call("Input.insertText", text="secret typing")
    tab.click("li[data-object-id=B02] button")
    leave(tab)
    visitor.actions("click")
    mine = visitor.deployed.raw(visitor.id)
    assert mine
    assert "secret" not in str(mine)
    assert {each.get("referrer") for each in mine} <= {None, visitor.shop.origin}


@pytest.mark.parametrize(
    ("referrer", "sent"),
    [
        ("https://www.bing.com/search?q=secret", "https://www.bing.com"),
        ("http://127.0.0.1:8080/secret", "http://127.0.0.1:8080"),
        ("android-app://com.google.android.gm/secret", "android-app://com.google.android.gm"),
        ("", None),
    ],
)
def test_of_a_referrer_its_host_is_sent(visitor: Visitor, referrer: str, sent: str | None) -> None:
    visitor.open(first=f"Object.defineProperty(Document.prototype, 'referrer', {{get: () => {json.dumps(referrer)}}})")
    visitor.actions("view")
    assert visitor.deployed.raw(visitor.id)[0].get("referrer") == sent


def test_fragments_are_part_of_the_page_where_the_site_asks_for_it(visitor: Visitor) -> None:
    tab = visitor.open("/list", fragments=True)
    tab.js("location.hash = '/basket'")
    found = visitor.until(lambda found: len(of(found, "view")) == 2)
    assert found[-1]["page"]["url"].endswith("#/basket")


# --- the way to the collector


def numbered(document: dict[str, Any]) -> int:
    """The number that a test gave to an event."""
    number: int = document["event_attributes"]["properties"]["n"]
    return number


def offered(documents: Documents, action: str) -> list[int]:
    """The numbers of the events that arrived."""
    return sorted(numbered(each) for each in of(documents, action))


def send(tab: Tab, count: int, *, action: str = "step", size: int = 0) -> None:
    """Track so many numbered events."""
    tab.js(f"for (let n = 0; n < {count}; n++) behaviour.track('{action}', 'o', {{n, pad: 'x'.repeat({size})}})")


def everything(count: int, action: str = "step") -> Callable[[Documents], bool]:
    """Whether all numbered events are there."""
    return lambda found: set(offered(found, action)) == set(range(count))


def test_what_json_cannot_say_holds_nothing_else_up(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("const self = {}; self.self = self; behaviour.track('circle', 'o', self)")
    tab.js("behaviour.track('big', 'o', {n: 1n}); behaviour.track('after')")
    assert {"circle", "big"}.isdisjoint(one["action_name"] for one in visitor.actions("after"))


def test_an_event_is_what_it_was_when_it_happened(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("const basket = {count: 1}; behaviour.track('added', 'o', basket); basket.count = 2")
    assert one(visitor.actions("added"), "added")["event_attributes"]["properties"] == {"count": 1}


def test_fifty_events_go_at_once(visitor: Visitor) -> None:
    tab = visitor.open()
    send(tab, 120)
    visitor.until(lambda found: len(offered(found, "step")) >= 100, 3, hurry=False)
    found = visitor.until(everything(120), hurry=False)
    assert offered(found, "step") == list(range(120))


def test_offline_and_back(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    tab.offline(True)
    send(tab, 60)
    time.sleep(6)
    assert offered(visitor.documents(), "step") == []
    tab.offline(False)
    found = visitor.until(everything(60), hurry=False)
    assert offered(found, "step") == list(range(60))


def test_offline_until_the_next_visit(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    tab.offline(True)
    send(tab, 60)
    leave(tab)
    visitor.open("/item")
    found = visitor.until(everything(60))
    assert offered(found, "step") == list(range(60))


def test_offline_and_killed(visitor: Visitor) -> None:
    """What waits is stored as it comes, as no page is told that its process is killed."""
    tab = visitor.open()
    visitor.actions("view")
    tab.offline(True)
    send(tab, 60)
    time.sleep(6)
    tab.crash()
    visitor.open("/item")
    found = visitor.until(everything(60))
    assert offered(found, "step") == list(range(60))


def test_tabs_that_were_offline_send_what_is_theirs_once(visitor: Visitor) -> None:
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


def test_a_tab_takes_over_what_another_left_behind(visitor: Visitor) -> None:
    left, stays = visitor.open(), visitor.open("/item")
    visitor.until(lambda found: len(of(found, "view")) == 2)
    left.offline(True)
    send(left, 60)
    leave(left)
    stays.call("Page.bringToFront")
    visitor.tab = stays
    found = visitor.until(everything(60))
    assert offered(found, "step") == list(range(60))


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
def test_a_pause_without_an_end_is_none(visitor: Visitor, kept: str) -> None:
    """As it is kept when the clock is set back by years."""
    visitor.open(first=f"localStorage['behaviour.wait'] = {json.dumps(kept)}")
    visitor.until(lambda found: len(found) > 0, hurry=False)


@pytest.mark.parametrize(
    ("body", "status"),
    [("'x'.repeat(600_000)", 413), ("'{\"events\": ['", 400), ("'[' + '{},'.repeat(500) + '{}]'", 413), ("'{}'", 400)],
)
def test_a_page_can_read_why_its_body_is_refused(visitor: Visitor, body: str, status: int) -> None:
    tab = visitor.open()
    answer = tab.js(
        f"fetch({json.dumps(visitor.shop.endpoint)} + '?key=wk_web_1', {{method: 'POST', body: {body}}})"
        ".then(async (answer) => ({status: answer.status, said: await answer.json()}))"
    )
    assert answer["status"] == status
    assert answer["said"]["success"] is False
    assert answer["said"]["message"]


def test_what_the_collector_refuses_is_not_sent_again(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.js("behaviour.track('large', 'o', {pad: 'x'.repeat(40_000)}); behaviour.track('small')")
    visitor.actions("small")
    assert not tab.js(WAITING)
    assert visitor.documents("large") == []


def test_leaving_with_180_kilobytes_queued(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    send(tab, 45, size=4_000)
    leave(tab)
    visitor.until(lambda found: len(offered(found, "step")) >= 10, hurry=False)
    tab.goto(visitor.url("/item"))
    found = visitor.until(everything(45), 20, hurry=False)
    assert offered(found, "step") == list(range(45))


def test_closing_the_tab_sends_what_is_there(visitor: Visitor) -> None:
    tab = visitor.open()
    visitor.actions("view")
    send(tab, 10)
    tab.close()
    visitor.until(everything(10), hurry=False)


def test_a_forbidden_origin_reaches_nothing(tabs: Tabs, shop: Site, deployed: Deployed) -> None:
    mark = f"forbidden-{uuid.uuid4()}"
    address = shop.url(clientId=mark).replace("localhost", "127.0.0.1")
    tab = tabs.open(address)
    send(tab, 55)
    tab.until(WAITING)
    assert deployed.documents(mark) == []


def test_what_waits_is_bounded_and_the_newest_stays(visitor: Visitor) -> None:
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


def test_a_page_that_is_prerendered_is_viewed_when_it_is_shown(visitor: Visitor) -> None:
    item = visitor.url("/item")
    rules = json.dumps({"prerender": [{"source": "list", "urls": [item]}]})
    tab = visitor.tabs.open(f"{visitor.url('/list')}&{urlencode({'prerender': rules})}")
    visitor.tab = tab
    visitor.actions("view")
    time.sleep(6)
    assert {each["page"]["path"] for each in visitor.documents()} == {"/list"}
    asked = visitor.shop.purposes.copy()
    assert ("/item", "prefetch;prerender") in asked
    tab.js(f"location.href = {json.dumps(item)}")
    found = visitor.until(lambda found: {each["page"]["path"] for each in found} == {"/list", "/item"}, hurry=False)
    assert len(of(found, "view")) == 2
    assert ("/item", None) not in visitor.shop.purposes[len(asked) :]

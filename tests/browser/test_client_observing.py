"""What the client records of a page and a visit, and what it never sends."""

from __future__ import annotations

import json
import time
import uuid
from urllib.parse import urlencode

import pytest

from tests.browser.visiting import Documents, Visitor, leave, of, one


def test_a_page_view_is_sent(visitor: Visitor) -> None:
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


def test_a_page_restored_from_the_cache_sends_another_view(visitor: Visitor) -> None:
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


def test_a_click_without_a_rank_has_its_position_on_the_page(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.click("li[data-object-id=B03] b")
    click = one(visitor.actions("add_to_cart"), "add_to_cart")
    assert click["event_attributes"]["position"]["xy"]["y"] > 400
    assert click["recommendation_id"] == "r-1"


def test_a_click_outside_an_object_is_not_sent(visitor: Visitor) -> None:
    tab = visitor.open()
    tab.click("#name")
    tab.click("li[data-object-id=B01]", button="right")
    tab.click("li[data-object-id=B02]", button="middle")
    clicks = of(visitor.actions("click"), "click")
    assert [one["event_attributes"]["object"]["object_id"] for one in clicks] == ["B02"]


def shown(documents: Documents) -> list[str]:
    """Ids of the objects that were seen."""
    return [each["event_attributes"]["object"]["object_id"] for each in of(documents, "impression")]


def test_an_object_half_visible_for_a_second_is_an_impression(visitor: Visitor) -> None:
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


def test_an_impression_is_sent_once_a_page_view(visitor: Visitor) -> None:
    tab = visitor.open()
    for _ in range(3):
        time.sleep(1.2)
        tab.js("scrollTo(0, 9999)")
        time.sleep(0.3)
        tab.js("scrollTo(0, 0)")
    found = visitor.until(lambda found: len(shown(found)) >= 3)
    assert sorted(set(shown(found)) - {"B99"}) == ["B01", "B02", "B03"]
    assert len(shown(found)) == len(set(shown(found)))


def test_objects_added_later_send_impressions(visitor: Visitor) -> None:
    tab = visitor.open("/app")
    tab.js("go('/app/lamps')")
    found = visitor.until(lambda found: sorted(shown(found)) == ["L1", "L2"])
    assert {each["page"]["path"] for each in of(found, "impression")} == {"/app/lamps"}
    tab.js("document.querySelector('#list li').dataset.objectId = 'L9'")
    visitor.until(lambda found: sorted(shown(found)) == ["L1", "L2", "L9"])


def test_engagement_has_duration_and_scroll_depth(visitor: Visitor) -> None:
    tab = visitor.open()
    time.sleep(2.2)
    tab.js("scrollTo(0, 1200)")
    time.sleep(0.2)
    leave(tab)
    told = one(visitor.actions("engagement"), "engagement")["event_attributes"]["properties"]
    assert 2 <= told["visible_seconds"] <= 4
    assert 20 < told["scroll_percent"] < 80


def test_time_in_the_background_does_not_count_as_engagement(visitor: Visitor) -> None:
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


def test_events_after_a_search_have_its_query_id(visitor: Visitor) -> None:
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


def test_each_tab_has_its_own_query_id(visitor: Visitor) -> None:
    visitor.open().js("behaviour.search('lamp')")
    visitor.open().js("behaviour.track('other')")
    assert "query_id" not in one(visitor.actions("other", "search"), "other")


def test_a_signed_in_person_is_stored_as_a_pseudonym(visitor: Visitor) -> None:
    tab = visitor.open(userId="u-4711")
    tab.js("behaviour.track('first'); behaviour.identify(); behaviour.track('second')")
    found = visitor.actions("first", "second")
    assert one(found, "first")["user_id"].startswith("u1_")
    assert "user_id" not in one(found, "second")


def test_a_prerendered_page_sends_its_view_when_shown(visitor: Visitor) -> None:
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


# --- what never leaves


def test_text_input_fragment_and_full_referrer_are_not_sent(visitor: Visitor) -> None:
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
def test_only_the_host_of_a_referrer_is_sent(visitor: Visitor, referrer: str, sent: str | None) -> None:
    visitor.open(first=f"Object.defineProperty(Document.prototype, 'referrer', {{get: () => {json.dumps(referrer)}}})")
    visitor.actions("view")
    assert visitor.deployed.raw(visitor.id)[0].get("referrer") == sent


def test_fragments_are_sent_if_the_site_configures_it(visitor: Visitor) -> None:
    tab = visitor.open("/list", fragments=True)
    tab.js("location.hash = '/basket'")
    found = visitor.until(lambda found: len(of(found, "view")) == 2)
    assert found[-1]["page"]["url"].endswith("#/basket")

"""When the client's sessions begin and end, and what it keeps and sends with and without consent."""

from __future__ import annotations

import json
import time
import uuid

import pytest

from tests.browser.deployed import Deployed
from tests.browser.devtools import Tab, Tabs
from tests.browser.site import Site
from tests.browser.visiting import Visitor, everything, leave, numbered, of, one

# --- sessions


def later(minutes: float) -> str:
    """A script that sets a page's clock forward."""
    return f"{{ const now = Date.now; Date.now = () => now() + {minutes * 60_000}; }}"


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
def test_an_invalid_stored_session_is_replaced(visitor: Visitor, kept: str) -> None:
    """What a clock that was set back since, or somebody else's script, left in the browser."""
    visitor.open(first=f"localStorage['behaviour.session'] ??= {json.dumps(kept)}")
    assert uuid.UUID(visitor.actions("view")[0]["session_id"]).version == 4


def test_a_session_ends_after_a_day_of_constant_activity(visitor: Visitor) -> None:
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


def test_the_client_id_is_kept_without_a_cookie(tabs: Tabs, shop: Site, deployed: Deployed) -> None:
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


def test_consent_is_kept_on_the_next_page(visitor: Visitor) -> None:
    tab = visitor.open(consent="required")
    tab.js("behaviour.consent(true)")
    tab.goto(visitor.url("/item", consent="required"))
    found = visitor.until(lambda found: {each["page"]["path"] for each in found} >= {"/item", "/list"})
    assert all(each["consent"] == {"analytics": True} for each in found)


@pytest.mark.parametrize("mode", ["required", None])
def test_withdrawn_consent_erases_storage_and_stops_sending(visitor: Visitor, mode: str | None) -> None:
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


def test_renewed_consent_starts_a_new_session(visitor: Visitor) -> None:
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

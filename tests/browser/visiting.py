"""A visitor of the site in one browser profile, and queries on the visit's documents."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from tests.browser.deployed import KEYS, Deployed
from tests.browser.devtools import Tab, Tabs
from tests.browser.site import Site

SOON = 12.0
"""Seconds in which events that are not held back are there: an interval of the client and the way."""
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


def told(document: dict[str, Any]) -> str:
    """A document in a few words."""
    acted = document.get("event_attributes", {}).get("object", {}).get("object_id", "")
    return f"{document['action_name']} {acted} {document['page']['path']}"


def leave(tab: Tab) -> None:
    """Go to a page that does not observe."""
    tab.goto("about:blank")


def of(documents: Documents, action: str) -> Documents:
    """The documents of an action."""
    return [each for each in documents if each["action_name"] == action]


def one(documents: Documents, action: str) -> dict[str, Any]:
    """The only document of an action."""
    (found,) = of(documents, action)
    return found


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

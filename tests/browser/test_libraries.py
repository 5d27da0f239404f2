"""Events of other browser libraries from npm pass the collector and become correct documents.

The packages are installed when the tests run, as libraries/package-lock.json pins them; nothing of them is committed,
and nothing of theirs is run while installing.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.npm import NpmUnavailableError, installed
from rehearsal.emulator import Emulator
from tests.browser.deployed import KEYS, Deployed
from tests.browser.devtools import Tab, Tabs
from tests.browser.site import Site

SEGMENT = """
const { AnalyticsBrowser } = window.AnalyticsNext;
const key = %(key)s;
window.analytics = AnalyticsBrowser.load({
  writeKey: key,
  cdnSettings: { integrations: { "Segment.io": {
    apiKey: key, apiHost: %(host)s + "/v1", protocol: "http", %(more)s
  } } },
});
window.who = async () => (await analytics.user()).anonymousId();
"""
RUDDERSTACK = """
const rudder = new window.rudderanalytics.RudderAnalytics();
window.analytics = rudder;
rudder.load(%(key)s, "http://" + %(host)s, {
  getSourceConfig: () => ({ source: {
    id: "1", name: "shop", writeKey: %(key)s, enabled: true, config: {}, connections: [], destinations: [],
    workspaceId: "1", sourceDefinition: { name: "Javascript" }, updatedAt: "2025-01-01T00:00:00Z",
  } }),
  %(more)s
});
window.who = () => rudder.getAnonymousId();
"""
LIBRARIES = {
    "segment": ("@segment/analytics-next/dist/umd/index.js", SEGMENT, ""),
    "segment-batching": (
        "@segment/analytics-next/dist/umd/index.js",
        SEGMENT,
        "deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 500 } }",
    ),
    "rudderstack": ("@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js", RUDDERSTACK, ""),
    "rudderstack-batching": (
        "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
        RUDDERSTACK,
        "queueOptions: { batch: { enabled: true, maxItems: 3, flushInterval: 500 } }",
    ),
    "rudderstack-beacon": (
        "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
        RUDDERSTACK,
        "useBeacon: true, beaconQueueOptions: { maxItems: 3, flushQueueInterval: 500 }",
    ),
}


@pytest.fixture(scope="session")
def packages() -> Path:
    """The installed packages."""
    try:
        return installed(Path(__file__).with_name("libraries"))
    except NpmUnavailableError as error:
        pytest.skip(f"needs packages from npm: {error}")


@pytest.fixture
def page(shop: Site, tabs: Tabs, deployed: Deployed, aws: Emulator, packages: Path) -> Callable[[str], Tab]:
    """Opens a page with one of the libraries."""

    def opened(name: str) -> Tab:
        file, script, more = LIBRARIES[name]
        path, library = f"/library-{name}", f"/{name}-library.js"
        key = json.dumps(KEYS[name.partition("-")[0].replace("rudderstack", "rudder")])
        host = json.dumps(deployed.url.removeprefix("http://"))
        shop.files[library] = packages / file
        shop.libraries[path] = library
        shop.scripts[path] = script % {"key": key, "host": host, "more": more}
        return tabs.open(f"{shop.origin}{path}")

    return opened


def arrived(deployed: Deployed, who: str, count: int, seconds: float = 20) -> list[dict[str, Any]]:
    """The documents of an anonymous id, once there are as many as expected."""
    end = time.monotonic() + seconds
    while len(found := deployed.documents(who)) < count:
        assert time.monotonic() < end, found
        time.sleep(0.2)
    return found


CALLS = """
analytics.page();
analytics.identify("u-4711", {email: "someone@example.com", plan: "gold"});
analytics.track("Product Added", {product_id: "B07", name: "Lamp", price: 19.5, currency: "EUR", position: 3});
"""


@pytest.mark.parametrize("name", LIBRARIES)
def test_calls_become_documents(page: Callable[[str], Tab], deployed: Deployed, name: str) -> None:
    tab = page(name)
    who = tab.until("who()")
    tab.js(CALLS)
    found = {each["action_name"]: each for each in arrived(deployed, who, 3)}
    assert set(found) == {"view", "identify", "add_to_cart"}
    assert found["view"]["page"]["path"] == f"/library-{name}"
    assert found["view"]["page"]["title"] == "Lamp"
    added = found["add_to_cart"]
    assert added["event_attributes"]["object"]["object_id"] == "B07"
    assert added["event_attributes"]["position"] == {"ordinal": 3}
    assert added["currency"] == "EUR"
    assert added["user_id"].startswith("u1_")
    assert "someone@example.com" not in json.dumps(found)
    assert "Chrome" in added["device"]["browser"]
    assert added["received_at"] >= added["timestamp"]
    raw = [event for record, _ in deployed.outcomes if (event := json.loads(record.data)).get("anonymousId") == who]
    assert {event["collector"]["key"] for event in raw} == {"segment" if "segment" in name else "rudder"}


@pytest.mark.parametrize("name", ["segment", "rudderstack"])
def test_temporarily_refused_events_are_sent_again(
    page: Callable[[str], Tab], deployed: Deployed, aws: Emulator, name: str
) -> None:
    tab = page(name)
    who = tab.until("who()")
    aws.fail(throttled=1)
    tab.js("analytics.track('Order Completed', {total: 30})")
    found = arrived(deployed, who, 1, 40)
    assert [each["action_name"] for each in found] == ["purchase"]


def test_requests_of_opensearchs_client(tabs: Tabs, shop: Site, deployed: Deployed, aws: Emulator) -> None:
    """As its source documents them: JSON arrays of one, with empty and absent values.

    The client is a file of a repository and no package
    (https://github.com/opensearch-project/user-behavior-insights/tree/main/ubi-javascript-collector).
    """
    who, query = f"ubi-{uuid.uuid4()}", str(uuid.uuid4())
    tab = tabs.open(shop.url("/list"))
    common = {"application": "shop", "client_id": who, "query_id": query, "message": "", "message_type": "INFO"}
    event = {
        **common,
        "action_name": "add_to_cart",
        "session_id": "s-1",
        "user_id": "",
        "timestamp": "2026-01-01T10:00:00.000Z",
        "event_attributes": {
            "object": {"object_id": "B07", "object_id_field": "sku", "description": None, "price": 19.5}
        },
    }
    asked = {
        **common,
        "user_query": "lamp",
        "object_id_field": "sku",
        "timestamp": "2026-01-01T09:59:00.000Z",
        "query_attributes": {},
    }
    for path, body in (("/ubi_queries", asked), ("/ubi_events", event)):
        url = f"{deployed.url}{path}?key={KEYS['web']}"
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        options = {"method": "POST", "headers": headers, "body": json.dumps([body])}
        assert tab.js(f"fetch({json.dumps(url)}, {json.dumps(options)}).then((answer) => answer.status)") == 200
    search, added = arrived(deployed, who, 2)
    assert (search["action_name"], search["user_query"], search["query_id"]) == ("search", "lamp", query)
    assert added["event_attributes"]["object"]["price"] == 19.5
    assert added["query_id"] == query

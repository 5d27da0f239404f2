"""Access: pages of the site's origins, through its own proxies, with a key."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from tests.collector.standin import KEYS, Kinesis, answered, click, collector, facts, posted


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://shop.example",
        "https://shop.example.evil.example",
        "https://shop.example:8443",
        "https://SHOP.example",
        "https://shop.example/",
        "https://shop.example,https://shop.example",
        "null",
        "",
        "*",
    ],
)
def test_pages_of_other_origins_are_refused(there: Kinesis, origin: str) -> None:
    assert answered(there, posted(click(), headers={"origin": origin}))[0] == 403
    assert not there.requests


def test_requests_without_an_origin_are_accepted(there: Kinesis) -> None:
    event = posted(click())
    del event["headers"]["origin"]
    assert answered(there, event)[0] == 200


HASHES = frozenset(hashlib.sha256(secret.encode()).hexdigest() for secret in ("old secret", "new secret"))


@pytest.mark.parametrize("secret", ["old secret", "new secret"])
def test_a_proxy_with_the_secret_is_accepted(there: Kinesis, secret: str) -> None:
    headers = {"x-origin-verify": secret, "x-forwarded-for": "203.0.113.5, 198.51.100.7"}
    event = posted(click(), headers=headers)
    assert facts(there, event, trusted_proxies=1, proxy_secret_hashes=HASHES)["ip"] == "203.0.113.5"
    assert secret not in str(there.events)


@pytest.mark.parametrize("secret", [None, "", "other", "old secret,new secret", "\ud800", *sorted(HASHES)])
def test_a_request_without_the_proxies_secret_is_refused(there: Kinesis, secret: str | None) -> None:
    headers = {"x-forwarded-for": "6.6.6.6, 198.51.100.7"} | ({} if secret is None else {"x-origin-verify": secret})
    hashes = HASHES | {hashlib.sha256(b"").hexdigest()}
    status, body = answered(there, posted(click(), headers=headers), trusted_proxies=1, proxy_secret_hashes=hashes)
    assert (status, body["reason"]) == (403, "not_through_proxy")
    assert not there.requests


def basic(key: str) -> dict[str, str]:
    """HTTP's Basic authentication, as Segment's libraries use it."""
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


@pytest.mark.parametrize(
    "event",
    [
        posted({"key": "wk_app", "events": [click()]}),
        posted({"writeKey": "wk_app", "batch": [{"type": "page", "anonymousId": "a"}]}, "/v1/b"),
        posted({"writeKey": "wk_app", "type": "page", "anonymousId": "a"}, "/v1/p"),
        posted(click(), headers=basic("wk_app")),
        posted(click(), query={"key": "wk_app"}),
    ],
    ids=["ours", "batch", "call", "header", "url"],
)
def test_a_key_is_read_from_every_supported_place(there: Kinesis, event: dict[str, Any]) -> None:
    assert facts(there, event, keys=KEYS)["key"] == "app"


def test_metrics_count_each_key_separately(there: Kinesis) -> None:
    _, line = collector(there, keys=KEYS).answer(posted(click(), headers=basic("wk_app")))
    metrics = json.loads(line)
    assert metrics["Key"] == "app"
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Collector"], ["Collector", "Key"]]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (posted(click()), "no_key"),
        (posted(click(), headers={"authorization": "Bearer wk_app"}), "no_key"),
        (posted(click(), headers={"authorization": "Basic ???"}), "no_key"),
        (posted(click(key=["wk_app"])), "no_key"),
        (posted(click(key="wk_old")), "unknown_key"),
        (posted(click(key="web")), "unknown_key"),
        (posted(click(key="wk_app"), headers=basic("wk_old")), "unknown_key"),
    ],
)
def test_a_missing_key_and_a_revoked_key_are_refused(there: Kinesis, event: dict[str, Any], reason: str) -> None:
    assert answered(there, event, keys=KEYS)[1]["reason"] == reason
    assert not there.requests


def test_an_unknown_key_is_not_used_as_a_metric_dimension(there: Kinesis) -> None:
    _, line = collector(there, keys=KEYS).answer(posted(click(), headers=basic("wk_old")))
    assert "Key" not in json.loads(line)
    assert "wk_old" not in line

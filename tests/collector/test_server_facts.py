"""The server facts that the collector adds to each event: the time of arrival, the address, the user agent."""

from __future__ import annotations

import base64

import pytest

from constructs_lib.collector.runtime.batch import MOST_EVENTS
from constructs_lib.collector.runtime.request import LARGEST_BODY
from tests.collector.standin import ARRIVAL, Kinesis, answered, click, facts, posted


def test_address_agent_and_arrival_come_with_each_event(there: Kinesis) -> None:
    answered(there, posted([click(), click()]))
    known = {
        "received_at": ARRIVAL,
        "ip": "198.51.100.7",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0",
    }
    assert [event["collector"] for event in there.events] == [known, known]


def test_server_facts_overwrite_what_a_client_sends(there: Kinesis) -> None:
    forged = '{"action_name":"click","collector":{"ip":"1.1.1.1"},"collector":{"ip":"2.2.2.2"}}'
    assert facts(there, posted(forged))["ip"] == "198.51.100.7"


def test_server_facts_are_the_first_field_of_a_record(there: Kinesis) -> None:
    event = click(replayed_arrival=1, record="{}")
    answered(there, posted(event))
    data = base64.b64decode(there.requests[0]["Records"][0]["Data"])
    assert data.startswith(b'{"collector":{"received_at":')


def test_a_missing_user_agent_is_a_hyphen(there: Kinesis) -> None:
    assert facts(there, posted(click(), headers={"user-agent": ""}))["user_agent"] == "-"


def test_a_long_agent_is_cut(there: Kinesis) -> None:
    assert len(facts(there, posted(click(), headers={"user-agent": "x" * 8000}))["user_agent"]) == 512


def test_headers_cannot_make_a_small_request_large(there: Kinesis) -> None:
    headers = {"user-agent": "\U0001f600" * 8000, "x-forwarded-for": "ü" * 8000 + ", 198.51.100.7"}
    answered(there, posted([click()] * MOST_EVENTS, headers=headers), trusted_proxies=1)
    assert there.events[0]["collector"]["user_agent"] == "?" * 512
    assert there.events[0]["collector"]["ip"] == "?" * 64
    assert sum(len(base64.b64decode(record["Data"])) for record in there.requests[0]["Records"]) < LARGEST_BODY


@pytest.mark.parametrize(
    ("header", "proxies", "address"),
    [
        ("198.51.100.7", 0, "198.51.100.7"),
        ("203.0.113.5, 198.51.100.7", 0, "198.51.100.7"),
        ("203.0.113.5, 198.51.100.7", 1, "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5, 198.51.100.7", 1, "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5, 192.0.2.9, 198.51.100.7", 2, "203.0.113.5"),
        ("203.0.113.5", 1, "203.0.113.5"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("", 3, "198.51.100.7"),
        (" , ,203.0.113.5 ,, 198.51.100.7", 1, "203.0.113.5"),
        ("x" * 5000 + ", 198.51.100.7", 1, "x" * 64),
    ],
)
def test_only_the_sites_own_proxies_are_trusted(there: Kinesis, header: str, proxies: int, address: str) -> None:
    event = posted(click(), headers={"x-forwarded-for": header})
    assert facts(there, event, trusted_proxies=proxies)["ip"] == address


@pytest.mark.parametrize(("value", "limit", "said"), [("1", True, True), ("1", False, None), ("0", True, None)])
def test_global_privacy_control_is_recorded(there: Kinesis, value: str, limit: bool, said: bool | None) -> None:
    event = posted(click(), headers={"sec-gpc": value})
    assert facts(there, event, limit_on_gpc=limit).get("gpc") is said

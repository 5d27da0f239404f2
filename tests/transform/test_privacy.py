"""Raw ids and addresses appear nowhere; personal data and secrets are removed from texts and URLs."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from constructs_lib.privacy import identity
from constructs_lib.transform.runtime import address, page, pseudonym, redact
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from tests import inputs
from tests.transform.batches import document, invocation, reason, run

CLICK: dict[str, Any] = {"action_name": "click", "timestamp": "2025-03-12T08:00:01.000Z"}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("write to ann@example.com today", "write to [email] today"),
        ("ann.o'hara+shop@mail.example.co.uk", "[email]"),
        ("ann%40example.com", "[email]"),
        ("grüße@müller.example", "[email]"),
        ("call +49 170 1234567", "call [phone]"),
        ("call 0049-170-1234567", "call [phone]"),
        ("call (555) 123-4567 now", "call [phone] now"),
        ("call 555.223.4567", "call [phone]"),
        ("ruf 0171 / 1234567 an", "ruf [phone] an"),
        ("card 4111 1111 1111 1111", "card [card]"),
        ("card 4111-1111-1111-1111 exp", "card [card] exp"),
        ("378282246310005", "[card]"),
        ("from 198.51.100.7 port 22", "from [ip] port 22"),
        ("from 2001:db8::1 now", "from [ip] now"),
        ("from 2001:db8:0:1:2:3:4:5", "from [ip]"),
        ("password=hunter2 next", "password=[secret] next"),
        ('{"api_key": "abc"}', '{"api_key": "[secret]"}'),
        ("Authorization: Bearer abc.def", "Authorization: [secret]"),
        ("bearer 0123456789abcdef", "bearer [secret]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[secret]"),
        ("id AKIAIOSFODNN7EXAMPLE", "id [secret]"),
    ],
)
def test_personal_data_and_secrets_are_removed(text: str, clean: str) -> None:
    assert redact.text(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "futon frames full size without mattress",
        "ps4",
        "2025-03-12T08:00:01.250Z",
        "12/03/2025 10:05:03",
        "ISBN 978-3-16-148410-0",
        "1234567890123456",
        "version 131.0.6778.85",
        "33198ee9-5912-453c-9173-3f92fd3cb1be",
        "iphone 15 pro 256",
        "10:05:03",
        "std::vector",
        "4.5 of 5",
        "1,234,567,890",
    ],
)
def test_ordinary_texts_are_kept(text: str) -> None:
    assert redact.text(text) == text


@given(st.text(max_size=3000))
def test_redaction_is_idempotent(text: str) -> None:
    once = redact.text(text)
    assert redact.text(once) == once


@given(st.emails(domains=st.just("example.com")), st.text(alphabet=" .,;:ab\n", max_size=9))
def test_no_common_email_address_survives(email: str, around: str) -> None:
    if all(char.isalnum() or char in "._%+-'@" for char in email):
        assert email not in redact.text(f"{around} {email} {around}")


@given(st.ip_addresses(v=4))
def test_no_address_survives_in_a_text(ip: ipaddress.IPv4Address) -> None:
    assert str(ip) not in redact.text(f"from {ip} to here")


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://ann:secret@shop.example/a", "https://shop.example/a"),
        ("https://shop.example/reset?token=6b1f0c93&lang=de", "https://shop.example/reset?token=REDACTED&lang=de"),
        ("/reset?email=ann%40example.com", "/reset?email=REDACTED"),
        ("/u/ann@example.com/orders", "/u/REDACTED/orders"),
        ("/u/ann%2540example.com", "/u/REDACTED"),
        ("/search?q=desk+lamp", "/search?q=desk+lamp"),
        ("/search?q=ann%40example.com+lamp", "/search?q=REDACTED+lamp"),
        ("/page;jsessionid=0123456789", "/page;jsessionid=REDACTED"),
        ("/confirm/0f343b0931126a20f133d67c2b018a3b1", "/confirm/REDACTED"),
        ("https://shop.example/#access_token=abc", "https://shop.example/"),
        ("https://shop.example/#/cart?sid=5", "https://shop.example/#/cart?sid=REDACTED"),
        ("https://shop.example:8443/a", "https://shop.example:8443/a"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("mailto:ann@example.com", "mailto:"),
        ("http://198.51.100.7/x", "http://[ip]/x"),
    ],
)
def test_personal_data_and_secrets_are_removed_from_urls(url: str, clean: str) -> None:
    assert page.read(url).fields["url"] == clean


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("198.51.100.7:443", "198.51.100.0/24"),
        ("198.51.100.7, 203.0.113.9", "198.51.100.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("[2001:db8:1:2::3]:443", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("dialin-7.example", None),
        ("", None),
    ],
)
def test_addresses_are_cut_to_their_network(ip: str, network: str | None) -> None:
    assert address.truncator(24, 48)(ip) == network


def test_zero_prefix_bits_keep_no_address() -> None:
    assert "ip_prefix" not in document(CLICK | {"ip": "198.51.100.7"}, settings=Settings(ipv4_prefix=0))


@pytest.mark.parametrize(
    ("consent", "policy", "kept"),
    [
        (None, "unless_denied", True),
        ({"analytics": True}, "unless_denied", True),
        ({"analytics": "granted"}, "required", True),
        ({"analytics": False}, "unless_denied", False),
        ({"analytics": "denied"}, "unless_denied", False),
        (None, "required", False),
        ({"personalization": True}, "required", False),
        ({"analytics": "perhaps"}, "required", False),
    ],
)
def test_consent_gate(consent: object, policy: str, *, kept: bool) -> None:
    event = CLICK if consent is None else CLICK | {"consent": consent}
    settings = Settings(consent_required=policy == "required")
    outcome = run(event, settings=settings)
    assert outcome.results == (["Ok"] if kept else ["Dropped"])
    assert kept or outcome.metrics["Dropped_no_consent"] == 1


def test_consent_by_categories_is_understood() -> None:
    context = {"consent": {"categoryPreferences": {"Analytics": False, "Advertising": True}}}
    assert reason({"type": "page", "anonymousId": "a", "context": context}) == "Dropped_no_consent"


def test_user_ids_are_pseudonyms() -> None:
    found = document(CLICK | {"user_id": "ann-4711"})
    assert identity.is_pseudonym(found["user_id"])


def test_each_person_has_one_pseudonym() -> None:
    first, again, other = run(*(CLICK | {"user_id": user} for user in ("ann-4711", "ann-4711", "bob-0815"))).documents
    assert first["user_id"] == again["user_id"] != other["user_id"]


def test_another_key_gives_another_pseudonym() -> None:
    event = CLICK | {"user_id": "ann-4711"}
    assert document(event)["user_id"] != document(event, key=b"another key")["user_id"]


def test_without_a_key_no_user_id_is_output() -> None:
    outcome = run(CLICK | {"user_id": "ann-4711"}, key=None)
    assert "user_id" not in outcome.documents[0]
    assert outcome.metrics["UserIdsLeftOut"] == 1


def test_when_kms_fails_only_records_with_user_ids_fail_after_one_call_a_batch() -> None:
    asked = []

    def source() -> bytes:
        asked.append(1)
        raise OSError("no route")

    transform = Transform(Settings(), source)
    events = [CLICK | {"user_id": "ann-4711"}, CLICK, CLICK | {"user_id": "bob-0815"}]
    given_batch = invocation(json.dumps(event).encode() for event in events)
    answer, line = transform.batch(given_batch)
    assert [one["result"] for one in answer["records"]] == ["ProcessingFailed", "Ok", "ProcessingFailed"]
    assert json.loads(line)["Failed_no_pseudonym_key"] == 2
    assert len(asked) == 1
    transform.batch(given_batch)
    assert len(asked) == 2


@pytest.mark.parametrize("identifier", ["ann@example.com", "+491701234567", "198.51.100.7"])
def test_client_id_that_names_a_person_becomes_a_pseudonym(identifier: str) -> None:
    assert identity.is_pseudonym(document(CLICK | {"client_id": identifier})["client_id"])


def test_client_id_that_is_the_user_id_becomes_the_same_pseudonym() -> None:
    found = document(CLICK | {"client_id": "ann-4711", "user_id": "ann-4711"})
    assert found["client_id"] == found["user_id"]


@pytest.mark.parametrize(
    "beside",
    [
        {"message": "order of 4100 today"},
        {"event_attributes": {"properties": {"4100": 1, "number": 4100, "note": "x4100 4100"}}},
        {"event_attributes": {"object": {"object_id": 4100}}},
        {"page": {"url": "/u/4100/orders"}},
        {"impressions": ["4100"]},
        {"session_id": "4100"},
    ],
)
def test_user_id_is_removed_from_all_other_fields(beside: dict[str, Any]) -> None:
    found = document(CLICK | {"user_id": 4100} | beside)
    assert not re.search(r"(?<![0-9a-zA-Z])4100(?![0-9a-zA-Z])", json.dumps(found))
    assert "null" not in json.dumps(found)


def test_user_id_of_special_characters_is_removed_as_text_and_as_url() -> None:
    found = document(
        CLICK | {"user_id": 'ann "4711"', "message": 'by ann "4711"', "page": {"url": "/u/ann%20%224711%22"}}
    )
    assert found["message"] == "by [user]"
    assert found["page"]["path"] == "/u/[user]"


def test_rank_that_equals_a_user_id_is_kept() -> None:
    found = document(CLICK | {"user_id": "4100", "event_attributes": {"position": {"ordinal": 4100}}})
    assert found["event_attributes"]["position"] == {"ordinal": 4100}


def test_short_user_id_is_removed_only_as_a_word() -> None:
    found = document(CLICK | {"user_id": "view", "message": "a review of the view"})
    assert found["message"] == "a review of the [user]"


IDENTIFYING = {"ann-4711", "198.51.100.7", "2001:db8:1:2::3", "ann@example.com", "4111111111111111", "6b1f0c93aa"}


def _events() -> list[dict[str, Any] | str]:
    """Events that carry raw ids, addresses and secrets wherever a client can put them."""
    everywhere = "ann-4711 ann@example.com 198.51.100.7 4111111111111111 2001:db8:1:2::3"
    url = "https://shop.example/u/ann-4711?user_id=ann-4711&token=6b1f0c93aa&q=ann%40example.com&from=198.51.100.7"
    return [
        CLICK
        | {
            "user_id": "ann-4711",
            "client_id": "ann@example.com",
            "session_id": "198.51.100.7",
            "query_id": "ann@example.com",
            "user_query": everywhere,
            "message": everywhere,
            "ip": "198.51.100.7",
            "page": {"url": url, "title": everywhere},
            "referrer": url,
            "event_attributes": {
                "object": {"object_id": "ann-4711", "name": everywhere, "category": [everywhere]},
                "properties": {
                    "email": "ann@example.com",
                    "note": everywhere,
                    "deep": {"user": "ann-4711", "x": everywhere},
                },
            },
        },
        {
            "type": "track",
            "event": "Order Completed",
            "messageId": "ann-4711",
            "anonymousId": "2001:db8:1:2::3",
            "userId": "ann-4711",
            "context": {
                "ip": "2001:db8:1:2::3",
                "page": {"url": url, "referrer": url},
                "traits": {"email": "ann@example.com"},
            },
            "properties": {"note": everywhere, "user_id": "ann-4711", "products": [{"product_id": "ann-4711"}]},
        },
        {
            "time": 1741766401000,
            "msg": f"order of {everywhere}",
            "user": {"id": "ann-4711"},
            "ip": "198.51.100.7",
            "path": url,
        },
        f'198.51.100.7 - ann-4711 [12/Mar/2025:08:00:01 +0000] "GET {url} HTTP/1.1" 200 5 "{url}" "curl/8.5.0"',
        '2001:db8:1:2::3 - - [12/Mar/2025:08:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "ann@example.com bot"',
        {"action_name": "click", "timestamp": "ann-4711 ann@example.com"},
        {"batch": everywhere},
        everywhere,
    ]


def test_raw_ids_and_addresses_are_in_no_output_log_or_metric(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    outcome = run(*_events())
    assert outcome.metrics["Ok"] == 5
    printed = capsys.readouterr()
    searched = json.dumps(outcome.documents) + outcome.printed + printed.out + printed.err + caplog.text
    assert [one for one in IDENTIFYING if one in searched] == []


def test_unexpected_errors_are_logged_only_by_type_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_value: object, _longest: int) -> str:
        raise KeyError("ann-4711")

    monkeypatch.setattr("constructs_lib.transform.runtime.values.line", broken)
    outcome = run(CLICK | {"message": "ann-4711"}, CLICK)
    assert outcome.results == ["ProcessingFailed", "Ok"]
    assert "ann-4711" not in outcome.printed
    assert next(iter(outcome.metrics["InternalErrors"])).startswith("KeyError@test_privacy.py:")


def test_no_search_or_client_of_the_shop_is_lost_to_redaction() -> None:
    given_lines = inputs.lines("ubi_esci_sample.ndjson.gz")
    queries = {value["user_query"] for line in given_lines if "user_query" in (value := json.loads(line))}
    assert [query for query in queries if redact.text(query) != query] == []


@pytest.fixture
def kms_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in (
        ("ACCESS_KEY_ID", "testing"),
        ("SECRET_ACCESS_KEY", "testing"),
        ("DEFAULT_REGION", "eu-west-1"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        import boto3  # noqa: PLC0415

        made = boto3.client("kms").create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")
        yield made["KeyMetadata"]["KeyId"]


def test_working_key_is_the_mac_of_the_label_by_kms(kms_key: str) -> None:
    one, two = pseudonym.from_kms(kms_key, "user-id/v1"), pseudonym.from_kms(kms_key, "user-id/v2")
    assert len(one()) == 32
    assert one() == one() != two()


def test_pseudonyms_depend_only_on_key_and_label(kms_key: str) -> None:
    given_batch = invocation([json.dumps(CLICK | {"user_id": "ann-4711"}).encode()])

    def user_id(label: str) -> str:
        answer, _ = Transform(Settings(pseudonym_key_id=kms_key, pseudonym_label=label)).batch(given_batch)
        found: str = json.loads(base64.b64decode(answer["records"][0]["data"]))["user_id"]
        return found

    assert user_id("user-id/v1") == user_id("user-id/v1") != user_id("user-id/v2")

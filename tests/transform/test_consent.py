"""Consent is read in all usual forms; a value that is not understood counts as denied."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.transform.runtime.consent import read
from constructs_lib.transform.runtime.settings import Settings, from_environment
from tests.transform.batches import run

CLICK: dict[str, Any] = {"action_name": "click", "timestamp": "2025-03-12T08:00:01.000Z"}


@pytest.mark.parametrize(
    "word", ["granted", "Accepted", " YES ", "allow", "opt-in", "opted in", "on", "1", 1, 1.0, "1.0", True, "true"]
)
def test_every_form_of_consent_is_understood(word: Any) -> None:
    assert read({"analytics": word}).purposes == {"analytics": True}
    assert read(word).purposes == {"analytics": True, "personalization": True}


@pytest.mark.parametrize(
    "word",
    ["denied", "refused", "Declined", "opt-out", "Opted Out", "opt_out", " OFF ", "revoked", "withdrawn", "rejected",
     "no", "0", 0, 0.0, "0.0", False, "false", "not granted", "none", "-1"],
)  # fmt: skip
def test_every_form_of_denial_is_understood(word: Any) -> None:
    assert read({"analytics": word}).purposes == {"analytics": False}
    assert read(word).purposes == {"analytics": False, "personalization": False}
    assert run(CLICK | {"consent": {"analytics": word}}).metrics["Dropped_no_consent"] == 1


@pytest.mark.parametrize(
    ("said", "purposes"),
    [
        ({"analytics": {"granted": False}}, {"analytics": False}),
        ({"analytics": {"status": "granted"}}, {"analytics": True}),
        ({"categoryPreferences": {"Analytics": False, "Ads": True}}, {"analytics": False, "personalization": True}),
        ({"categoryPreferences": {"C0002": True, "C0004": False}}, {"analytics": True, "personalization": False}),
        ({"allowedConsentIds": ["C0001"], "deniedConsentIds": ["C0002"]}, {"analytics": False}),
        ({"allowedConsentIds": ["C0002", "C0004"]}, {"analytics": True, "personalization": True}),
        ({"analytics_storage": "denied", "ad_storage": "granted"}, {"analytics": False, "personalization": True}),
        (",C0001,C0002,", {"analytics": True, "personalization": False}),
        ("C0001:1,C0002:0,C0004:1", {"analytics": False, "personalization": True}),
        ("G101", {"personalization": False, "analytics": True}),
        (["analytics"], {"analytics": True, "personalization": False}),
        ({"functional": True, "marketing": False}, {"personalization": False}),
        ({"acceptedCategories": ["necessary", "analytics"]}, {"analytics": True, "personalization": False}),
        ({"purposes": {"enabled": ["analytics"], "disabled": []}}, {"analytics": True, "personalization": False}),
        ({"granted": True, "purposes": ["analytics"]}, {"analytics": True, "personalization": False}),
        (
            {"allowed": ["analytics", "marketing"], "denied": ["marketing"]},
            {"analytics": True, "personalization": False},
        ),
        ({"rejectedCategories": ["analytics"]}, {"analytics": False}),
        ({"decision": "declined"}, {"analytics": False, "personalization": False}),
        ({"optedOut": True}, {"analytics": False, "personalization": False}),
        ({"opt_out": False, "analytics": True}, {"analytics": True}),
        ({"action": "accept_all"}, {"analytics": True, "personalization": True}),
        ({"action": "accept", "analytics": True}, {"analytics": True}),
        ({"action": "reject", "analytics": True}, {"analytics": False, "personalization": False}),
        ({"analytics_storage": "granted", "wait_for_update": 500}, {"analytics": True}),
        ("only necessary", {"analytics": False, "personalization": False}),
        ({"version": 3, "timestamp": "2025-01-01"}, {}),
        ({"analytics": None}, {}),
        ({}, {}),
        (None, {}),
        ("", {}),
    ],
)
def test_every_nesting_of_consent_is_understood(said: Any, purposes: dict[str, bool]) -> None:
    found = read(said)
    assert found.purposes == purposes
    assert found.understood


@pytest.mark.parametrize(
    "said",
    ["perhaps", 17, {"analytics": "perhaps"}, {"analytics": {"x": 1}}, {"deniedConsentIds": ["x"]},
     {"categoryPreferences": {"cat-17": True}}, ["cat-17"]],
)  # fmt: skip
def test_unknown_consent_values_count_as_denied(said: Any) -> None:
    found = read(said)
    assert found.purposes["analytics"] is False
    assert not found.understood
    assert run(CLICK | {"consent": said}).metrics["ConsentNotUnderstood"] == 1


@pytest.mark.parametrize(
    "context",
    [
        {"consent": {"categoryPreferences": {"C0002": False}}},
        {"consentManagement": {"provider": "oneTrust", "deniedConsentIds": ["C0002"]}},
        {"consent": {}, "consentManagement": {"deniedConsentIds": ["C0002"]}},
    ],
)
def test_calls_of_segment_and_rudderstack_are_dropped(context: dict[str, Any]) -> None:
    event = {"type": "track", "event": "Opened", "anonymousId": "a", "context": context}
    assert run(event).metrics["Dropped_no_consent"] == 1


def test_an_event_that_refuses_everything_is_dropped() -> None:
    assert run(CLICK | {"consent": False}).metrics["Dropped_no_consent"] == 1


def test_consent_categories_are_configurable() -> None:
    settings = from_environment({"CONSENT_CATEGORIES": '{"stats": "analytics", "C0002": "necessary"}'})
    assert run(CLICK | {"consent": {"stats": False}}, settings=settings).metrics["Dropped_no_consent"] == 1
    assert run(CLICK | {"consent": {"C0002": False}}, settings=settings).results == ["Ok"]


def test_consent_categories_of_unknown_purposes_are_refused() -> None:
    with pytest.raises(ValueError, match="CONSENT_CATEGORIES"):
        from_environment({"CONSENT_CATEGORIES": '{"stats": "fun"}'})


def test_the_default_categories_are_those_of_onetrust() -> None:
    assert from_environment({}).consent_categories == Settings().consent_categories

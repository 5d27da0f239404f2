"""Audit logging of a domain in memory: enabled if its logs are published, and kept if it was enabled before."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.bootstrap.runtime.handler import BootstrapError, run
from constructs_lib.bootstrap.runtime.settings import Settings
from tests.bootstrap.standin import Domain, client


def outcome(domain: Domain, **settings: Any) -> dict[str, str]:
    given = Settings("https://domain.example", **{"audit_logs": True, "install": (), **settings})
    found: dict[str, str]
    (found,) = (each for each in run({}, given, client(domain))["objects"] if each["kind"] == "audit log")
    return found


def test_audit_logging_is_enabled() -> None:
    domain = Domain()
    assert outcome(domain)["outcome"] == "updated"
    assert domain.audit["enabled"] is True


def test_refused_requests_are_logged_on_both_layers() -> None:
    domain = Domain()
    outcome(domain)
    assert [domain.audit["audit"][f"enable_{layer}"] for layer in ("rest", "transport")] == [True, True]


@pytest.mark.parametrize("layer", ["rest", "transport"])
def test_successful_requests_are_not_logged(layer: str) -> None:
    domain = Domain()
    outcome(domain)
    assert domain.audit["audit"][f"disabled_{layer}_categories"] == ["AUTHENTICATED", "GRANTED_PRIVILEGES"]


def test_bodies_are_not_logged() -> None:
    domain = Domain()
    outcome(domain)
    assert domain.audit["audit"]["log_request_body"] is False


def test_documents_are_not_tracked() -> None:
    domain = Domain()
    outcome(domain)
    assert domain.audit["compliance"]["enabled"] is False


def test_other_settings_are_kept() -> None:
    domain = Domain()
    outcome(domain)
    assert domain.audit["compliance"]["internal_config"] is True


def test_a_second_run_changes_nothing() -> None:
    domain = Domain()
    outcome(domain)
    assert outcome(domain)["outcome"] == "unchanged"


def test_existing_audit_logging_is_not_changed() -> None:
    theirs = {"enabled": True, "audit": {"log_request_body": False, "enable_transport": False}}
    domain = Domain(audit=dict(theirs))
    assert outcome(domain)["outcome"] == "unchanged"
    assert domain.audit == theirs


def test_existing_logging_of_bodies_is_reported() -> None:
    domain = Domain(audit={"enabled": True, "audit": {"log_request_body": True}})
    assert outcome(domain)["outcome"] == "conflict"


def test_a_domain_that_publishes_no_audit_logs_gets_no_request() -> None:
    domain = Domain()
    assert outcome(domain, audit_logs=False)["outcome"] == "skipped"
    assert not [request for request in domain.requests if "audit" in request]


def test_a_domain_without_the_audit_api_is_skipped() -> None:
    assert outcome(Domain(lacking=("_plugins/_security/api/audit",)))["outcome"] == "skipped"


def test_a_domain_without_an_audit_configuration_is_skipped() -> None:
    domain = Domain()
    domain.meanwhile = lambda _, path: (501, {"message": "not implemented"}) if "_security/api/audit" in path else None
    assert outcome(domain)["outcome"] == "skipped"


def test_a_refusal_fails_the_run_with_the_reason() -> None:
    domain = Domain()
    domain.meanwhile = lambda _, path: (403, {"message": "no permissions"}) if "_security/api/audit" in path else None
    with pytest.raises(BootstrapError, match="audit log config: GET _plugins/_security/api/audit: 403 no permissions"):
        outcome(domain)

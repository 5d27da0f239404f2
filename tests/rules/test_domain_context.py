"""Findings that need more than the arguments: whether the domain is new, its region and its account."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import Context, domain
from tests.rules.cases import DOMAIN, changed
from tests.rules.domain_arguments import ANONYMOUS, GROUP, KEY_ABROAD, POOLS, USER, WINDOW, WINDOWS, Change

POOLS_ABROAD = POOLS | {"user_pool_id": "us-east-1_AbCdEfGhI", "identity_pool_id": "us-east-1:1a2b"}
SLOW_ABROAD = {"log_type": "INDEX_SLOW_LOGS", "cloudwatch_log_group_arn": GROUP.replace("eu-west-1", "us-east-1")}


@pytest.mark.parametrize(
    ("existing", "path", "changes"),
    [
        (False, f"{WINDOWS}[0].start_at", ((WINDOWS, [WINDOW | {"start_at": "2020-01-31T03:00:00Z"}]),)),
        (False, ANONYMOUS, ((ANONYMOUS, True),)),
        (None, USER, ((USER, None),)),
    ],
)
def test_a_new_domain_cannot_have_these_settings(existing: bool | None, path: str, changes: tuple[Change, ...]) -> None:
    def refused(**known: Any) -> list[str]:
        found = domain.check(changed(DOMAIN, *changes), Context(now="2026-11-26T00:00:00Z", **known))
        return [finding.path for finding in found if finding.severity == "error"]

    assert refused(existing=existing) == [path]
    assert refused(existing=True) == []


CERTIFICATE = "domain_endpoint_options.custom_endpoint_certificate_arn"
ENDPOINT = (
    ("domain_endpoint_options.custom_endpoint_enabled", True),
    ("domain_endpoint_options.custom_endpoint", "search.example.com"),
)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("encrypt_at_rest.kms_key_id", (("encrypt_at_rest.kms_key_id", KEY_ABROAD),)),
        (CERTIFICATE, (*ENDPOINT, (CERTIFICATE, "arn:aws:acm:us-east-1:123456789012:certificate/1"))),
        (CERTIFICATE, (*ENDPOINT, (CERTIFICATE, "arn:aws:acm:eu-west-1:210987654321:certificate/1"))),
        (CERTIFICATE, (*ENDPOINT, (CERTIFICATE, "arn:aws-cn:acm:cn-north-1:123456789012:certificate/1"))),
        ("log_publishing_options[0].cloudwatch_log_group_arn", (("log_publishing_options", [SLOW_ABROAD]),)),
        ("cognito_options.user_pool_id", (("cognito_options", POOLS_ABROAD),)),
        ("cognito_options.role_arn", (("cognito_options", POOLS | {"role_arn": "arn:aws:iam::210987654321:role/c"}),)),
    ],
)
def test_arns_of_another_region_or_account_are_refused(path: str, changes: tuple[Change, ...]) -> None:
    arguments = changed(DOMAIN, *changes)
    assert [each for each in domain.check(arguments) if each.severity == "error"] == []
    found = domain.check(arguments, Context(region="eu-west-1", account="123456789012"))
    assert {each.path for each in found if each.severity == "error"} >= {path}

"""Rules for the project's own keys of an environment file."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import Finding, environment

REACHED = {"access": {"administrators": ["arn:aws:iam::111122223333:role/People"]}, "monitoring": {"enabled": False}}
"""A minimal environment without warnings: with a reader of the domain and without alarms."""


def check(document: dict[str, Any]) -> list[Finding]:
    return environment.check(REACHED | document)


LIFECYCLE = {"transition_days": 90, "transition_storage_class": "GLACIER_IR", "expiration_days": 730}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"tags": {"Environment": "prod", "k" * 128: "v" * 256}},
        {"tags": {f"k{number}": "" for number in range(48)}},
        {"archive": {"lifecycle": LIFECYCLE}},
        {"archive": {"lifecycle": LIFECYCLE | {"transition_days": 30, "transition_storage_class": "STANDARD_IA"}}},
        {"stream": {"timeouts": {"create": "1h30m", "update": "0.5h"}}},
        {"iam": {"path": "/teams/search/"}},
        {"tags": {"team": ""}, "delivery": {"opensearch_configuration": {"s3_configuration": {"prefix": ""}}}},
        {"transform": {"application": "$5 and 100 %, $${literally}, %%{too}"}},
        {"delivery": {"opensearch_configuration": {"s3_configuration": {"prefix": "!{timestamp:yyyy}/"}}}},
    ],
)
def test_accepted(document: dict[str, Any]) -> None:
    assert check(document) == []


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"tags": {"aws:team": "a"}}, "tags.aws:team"),
        ({"tags": {"": "a"}}, "tags"),
        ({"tags": {"k" * 129: "a"}}, "tags"),
        ({"tags": {"k": "v" * 257}}, "tags.k"),
        ({"tags": {f"k{number}": "" for number in range(49)}}, "tags"),
        ({"archive": {"lifecycle": LIFECYCLE | {"expiration_days": 90}}}, "archive.lifecycle.transition_days"),
        (
            {"archive": {"lifecycle": LIFECYCLE | {"transition_days": 29, "transition_storage_class": "STANDARD_IA"}}},
            "archive.lifecycle.transition_days",
        ),
        ({"delivery": {"log_retention_in_days": 8}}, "delivery.log_retention_in_days"),
        ({"access": {"analysts": ["somebody"]}}, "access.analysts[0]"),
        ({"stream": {"consumers": [{"name": "a"}, {"name": "a"}]}}, "stream.consumers[1].name"),
        ({"stream": {"consumers": [{"name": str(number)} for number in range(21)]}}, "stream.consumers"),
        ({"tags": {"team": '${file("secret")}'}}, "tags.team"),
        ({"tags": {"${x}": "a"}}, "tags"),
        (
            {"domain": {"access_policies": {"Statement": [{"Resource": "%{if true}"}]}}},
            "domain.access_policies.Statement[0].Resource",
        ),
        ({"archive": {"bucket": ""}}, "archive.bucket"),
        ({"access": {"analysts": [""]}}, "access.analysts[0]"),
        ({"iam": {"path": "teams"}}, "iam.path"),
        ({"archive": {"bucket": "My_Bucket"}}, "archive.bucket"),
        ({"stream": {"writers": {"principals": ["web"]}}}, "stream.writers.principals[0]"),
    ],
)
def test_refused(document: dict[str, Any], path: str) -> None:
    assert [(finding.path, finding.severity) for finding in check(document)] == [(path, "error")]


SHARED_BY_AWS_KEY = {"kms_key_id": "alias/aws/kinesis", "readers": {"principals": ["444455556666"]}}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"stream": SHARED_BY_AWS_KEY}, ["stream.kms_key_id"]),
        ({"stream": SHARED_BY_AWS_KEY, "account_id": "111122223333"}, ["stream.kms_key_id"]),
        ({"stream": SHARED_BY_AWS_KEY, "account_id": "444455556666"}, []),
        ({"stream": SHARED_BY_AWS_KEY | {"kms_key_id": "alias/shared"}}, []),
    ],
)
def test_an_aws_managed_key_works_in_one_account_only(document: dict[str, Any], found: list[str]) -> None:
    assert [finding.path for finding in check(document)] == found


def archived(prefix: str, failed: str, mode: str = "AllDocuments", **lifecycle: int | None) -> dict[str, Any]:
    """An environment whose failures go after 30 days, events move after 90 and go after 730, unless told otherwise."""
    days = {"transition_days": 90, "expiration_days": 730, "failed_expiration_days": 30} | lifecycle
    backup = {"prefix": prefix, "error_output_prefix": failed}
    return {
        "archive": {"lifecycle": {name: value for name, value in days.items() if value is not None}},
        "delivery": {"opensearch_configuration": {"s3_backup_mode": mode, "s3_configuration": backup}},
    }


ERROR_TYPE = "!{firehose:error-output-type}/"


@pytest.mark.parametrize(
    "document",
    [
        archived("events/", f"failed/{ERROR_TYPE}"),
        archived("events/!{timestamp:yyyy}/", f"failed/{ERROR_TYPE}"),
        # No events are there that could go with the failures.
        archived("failed/events/", f"failed/{ERROR_TYPE}", mode="FailedDocumentsOnly"),
        archived("failed/events/", f"failed/{ERROR_TYPE}", transition_days=None, expiration_days=30),
        archived("", f"failed/{ERROR_TYPE}"),
        archived("", f"failed/{ERROR_TYPE}", transition_days=None, expiration_days=None),
        archived("", f"failed/{ERROR_TYPE}", transition_days=30),
        archived("", f"failed/{ERROR_TYPE}", transition_days=None, expiration_days=30),
    ],
)
def test_prefixes_that_separate_different_retentions_are_accepted(document: dict[str, Any]) -> None:
    assert check(document) == []


@pytest.mark.parametrize(
    ("document", "key"),
    [
        (archived("events/", ERROR_TYPE), "error_output_prefix"),
        (archived("events/", ""), "error_output_prefix"),
        (archived("events/", ERROR_TYPE, mode="FailedDocumentsOnly"), "error_output_prefix"),
        (archived("failed/events/", f"failed/{ERROR_TYPE}"), "error_output_prefix"),
        (
            archived("failed/events/", f"failed/{ERROR_TYPE}", transition_days=None, expiration_days=None),
            "error_output_prefix",
        ),
        (
            archived("failed/events/", f"failed/{ERROR_TYPE}", transition_days=None, expiration_days=31),
            "error_output_prefix",
        ),
        (archived("all/", f"all/{ERROR_TYPE}"), "error_output_prefix"),
        (archived("", f"failed/{ERROR_TYPE}", transition_days=29), "prefix"),
        (archived("!{timestamp:yyyy}/", f"failed/{ERROR_TYPE}", transition_days=29), "prefix"),
        (archived("", f"failed/{ERROR_TYPE}", transition_days=None, expiration_days=29), "prefix"),
        (
            archived("", f"failed/{ERROR_TYPE}", mode="FailedDocumentsOnly", transition_days=None, expiration_days=29),
            "prefix",
        ),
    ],
)
def test_a_prefix_that_would_expire_other_objects_is_refused(document: dict[str, Any], key: str) -> None:
    path = f"delivery.opensearch_configuration.s3_configuration.{key}"
    assert [(finding.path, finding.severity) for finding in check(document)] == [(path, "error")]

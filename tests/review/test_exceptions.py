"""The file of exceptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from constructs_lib.review.exceptions import Allowed, ExceptionsError, load
from tests.stacks import ENVIRONMENTS, ROOT

REASON = "because it has to be so for a while at least"


def written(folder: Path, text: str) -> Path:
    (folder / "exceptions.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_file_names_shipped_environments() -> None:
    assert set(load(ROOT / "policies").production) <= set(ENVIRONMENTS)


def test_the_rego_file_says_the_same() -> None:
    assert (ROOT / "policies" / "exceptions.rego").read_text(encoding="utf-8") == load(ROOT / "policies").rego()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("production: [", "exceptions.yaml:1: ends the file inside a list or mapping"),
        ("[]", "must be a mapping of keys"),
        ("production: []", "exceptions.yaml:1: production: is too short .* allowed: 1 item or more"),
        (
            "production: [prod]\nexception: []",
            "exceptions.yaml:2: exception: is not a known key; did you mean exceptions",
        ),
        (f"production: [prod]\nexceptions: [{{id: A, reason: {REASON}}}]", r"exceptions\[0\].resource: is required"),
        (
            "production: [prod]\nexceptions: [{id: A, resource: b, reason: short}]",
            r"exceptions\[0\].reason: is too short",
        ),
        (
            f"production: [prod]\nwaivers: [{{resource: 'aws_*', reason: {REASON}, approved_by: me}}]",
            r"waivers\[0\].resource: has the wrong form",
        ),
    ],
)
def test_a_mistake_in_the_file_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExceptionsError, match=message):
        load(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExceptionsError, match=r"exceptions\.yaml: cannot be read: No such file"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("check", "address", "matches"),
    [
        ("CKV_1", "aws_s3_bucket.archive_1F", True),
        ("CKV_2", "aws_s3_bucket.archive_1F", False),
        ("CKV_1", "aws_s3_bucket.other", False),
        ("CKV_1", "module.x.aws_s3_bucket.archive_1F", False),
    ],
)
def test_an_exception_is_about_one_check_and_some_resources(check: str, address: str, matches: bool) -> None:
    assert Allowed(id="CKV_1", resource="aws_s3_bucket.archive_*", reason=REASON).matches(check, address) is matches


def test_only_the_packs_own_exceptions_reach_rego(tmp_path: Path) -> None:
    text = f"""
production: [prod]
exceptions:
  - {{id: CKV_AWS_1, resource: a, reason: {REASON}}}
  - {{id: S3.5, resource: b, reason: {REASON}}}
waivers:
  - {{resource: c, reason: {REASON}, approved_by: me}}
"""
    found = load(written(tmp_path, text)).rego()
    assert 'exceptions := json.unmarshal(`[{"id": "S3.5", "resource": "b"}]`)' in found
    assert 'waivers := json.unmarshal(`[{"resource": "c"}]`)' in found

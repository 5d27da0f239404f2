"""The file of exceptions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from constructs_lib.review.exceptions import Allowed, ExceptionsError, load
from tests.stacks import ROOT

REASON = "because it has to be so for a while at least"


def written(folder: Path, text: str) -> Path:
    (folder / "exceptions.yaml").write_text(text, encoding="utf-8")
    return folder


LAST = "2027-03-31"


def allowed(**changes: str) -> Allowed:
    given = {"id": "CKV_1", "stack": "prod", "resource": "aws_s3_bucket.archive_*", "reason": REASON, "expires": LAST}
    return Allowed(**given | changes)


def test_the_shipped_file_names_shipped_environments() -> None:
    production = load(ROOT / "policies").production
    assert [name for name in production if not (ROOT / "environments" / f"{name}.yaml").is_file()] == []


def test_the_rego_file_is_current() -> None:
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
        (
            f"production: [prod]\nexceptions: [{{id: A, stack: prod, expires: 2027-01-01, reason: {REASON}}}]",
            r"exceptions\[0\].resource: is required",
        ),
        (
            "production: [prod]\nexceptions: [{id: A, stack: prod, expires: 2027-01-01, resource: b, reason: short}]",
            r"exceptions\[0\].reason: is too short",
        ),
        (
            (
                "production: [prod]\nwaivers: [{stack: prod, expires: 2027-01-01, resource: 'aws_*', approved_by: me, "
                f"reason: {REASON}}}]"
            ),
            r"waivers\[0\].resource: is not the address of one resource",
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
def test_an_exception_applies_to_one_check_and_matching_resources(check: str, address: str, matches: bool) -> None:
    assert allowed().matches(check, address, "prod") is matches


def test_the_rego_file_has_only_exceptions_of_the_pack(tmp_path: Path) -> None:
    text = f"""
production: [prod]
exceptions:
  - {{id: CKV_AWS_1, stack: prod, resource: a, reason: {REASON}, expires: {LAST}}}
  - {{id: S3.5, stack: prod, resource: b, reason: {REASON}, expires: {LAST}}}
waivers:
  - {{stack: prod, resource: c, reason: {REASON}, approved_by: me, expires: {LAST}}}
"""
    found = load(written(tmp_path, text)).rego()
    end = f'"expires_ns": {1806537599 * 10**9}'
    assert f'exceptions := json.unmarshal(`[{{"id": "S3.5", "stack": "prod", "resource": "b", {end}}}]`)' in found
    assert f'waivers := json.unmarshal(`[{{"stack": "prod", "resource": "c", {end}}}]`)' in found


@pytest.mark.parametrize(("stack", "matches"), [("prod", True), ("dev", False)])
def test_an_exception_applies_to_one_stack(stack: str, matches: bool) -> None:
    assert allowed().matches("CKV_1", "aws_s3_bucket.archive_1", stack) is matches


def test_an_exception_may_apply_to_every_stack() -> None:
    assert allowed(stack="*").matches("CKV_1", "aws_s3_bucket.archive_1", "dev")


@pytest.mark.parametrize(("today", "expired"), [("2027-03-31", False), ("2027-04-01", True)])
def test_an_exception_is_valid_on_its_last_day(today: str, expired: bool) -> None:
    assert allowed().expired(date.fromisoformat(today)) is expired


@pytest.mark.parametrize("day", ["2027-02-30", "31.3.2027", "soon", "2027-3-31"])
def test_an_invalid_date_is_refused(day: str, tmp_path: Path) -> None:
    text = f"production: [prod]\nexceptions: [{{id: A, stack: prod, resource: b, reason: {REASON}, expires: {day}}}]"
    with pytest.raises(ExceptionsError, match=r"exceptions\[0\]\.expires: is not a date such as 2027-03-31"):
        load(written(tmp_path, text))

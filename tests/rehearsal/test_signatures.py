"""The endpoint accepts requests that AWS's library signed, and refuses changed ones."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from botocore import auth, awsrequest
from botocore.credentials import Credentials as Keys
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.emulated.credentials import Credentials, CredentialStore
from rehearsal.emulated.signatures import SignatureRefused, verify

STORE = CredentialStore()
ROLE = STORE.for_role("arn:aws:iam::123456789012:role/delivery")
HOST = "localhost:9200"


def signed(target: str, body: bytes = b"", role: Credentials = ROLE, region: str = "eu-west-1") -> dict[str, str]:
    """Headers of a request as botocore signs it and an HTTP client sends it."""
    request = awsrequest.AWSRequest(
        method="POST", url=f"https://{HOST}{target}", data=body, headers={"content-type": "application/json"}
    )
    auth.SigV4Auth(Keys(role.access_key, role.secret_key, role.session_token), "es", region).add_auth(request)
    return {"host": HOST, **{name.lower(): value for name, value in request.headers.items()}}


def check(target: str, headers: dict[str, str], body: bytes = b"") -> Credentials:
    """Verify at a door in eu-west-1."""
    return verify("POST", target, headers, body, region="eu-west-1", store=STORE)


@pytest.mark.parametrize(
    "target", ["/", "/_bulk", "/events-*/_search?size=0&q=a%20b", "/a%2Fb/_doc/x:y", "/_cat/indices?v&h=index%2Cdocs"]
)
def test_a_request_signed_by_botocore_passes(target: str) -> None:
    assert check(target, signed(target, b"{}"), b"{}").principal == ROLE.principal


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=20), st.binary(max_size=50))
def test_any_path_and_body_pass_when_signed(name: str, body: bytes) -> None:
    assert check(f"/events-{name}/_bulk", signed(f"/events-{name}/_bulk", body), body).principal == ROLE.principal


def test_an_unsigned_request_is_refused() -> None:
    with pytest.raises(SignatureRefused, match="not signed"):
        check("/", {"host": HOST})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x-amz-security-token": "another"}, "token"),
        ({"x-amz-date": "20150101T000000Z"}, "expired"),
        ({"x-amz-date": "now"}, "ISO-8601"),
        ({"host": "elsewhere:9200"}, "does not match"),
        ({"content-type": "text/plain"}, "does not match"),
        ({"x-amz-content-sha256": "0" * 64}, "hash of the body"),
    ],
)
def test_a_changed_header_is_refused_if_it_was_signed(change: dict[str, str], said: str) -> None:
    with pytest.raises(SignatureRefused, match=said):
        check("/", signed("/") | change)


def test_another_body_is_refused() -> None:
    with pytest.raises(SignatureRefused, match="does not match"):
        check("/_bulk", signed("/_bulk", b"a"), b"b")


def test_another_path_is_refused() -> None:
    with pytest.raises(SignatureRefused, match="does not match"):
        check("/other", signed("/_bulk"))


def test_another_secret_is_refused() -> None:
    forged = Credentials(ROLE.access_key, "guess", ROLE.session_token, ROLE.principal)
    with pytest.raises(SignatureRefused, match="does not match"):
        check("/", signed("/", role=forged))


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(SignatureRefused, match="security token"):
        check("/", signed("/", role=Credentials("AKIAUNKNOWN", "secret", None, "nobody")))


def test_another_region_is_refused() -> None:
    with pytest.raises(SignatureRefused, match="eu-west-1/es"):
        check("/", signed("/", region="us-east-1"))


def test_an_old_signature_is_refused() -> None:
    stamp = (datetime.now(timezone.utc) - timedelta(minutes=6)).strftime("%Y%m%dT%H%M%SZ")
    with pytest.raises(SignatureRefused, match="expired"):
        check("/", signed("/") | {"x-amz-date": stamp})


def test_a_role_has_the_same_keys_each_time() -> None:
    assert STORE.for_role(ROLE.principal) is ROLE

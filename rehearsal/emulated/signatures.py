"""Verifies Signature Version 4 of a request, like the search service's endpoint.

botocore computes the signature again from the received request, with the secret of its access key; the two must be
equal.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from rehearsal.emulated.credentials import Credentials, CredentialStore

DOMAIN, HTTP_API = "es", "execute-api"
"""Service names in signatures of requests to a managed domain and to an API of API Gateway."""

CLOCK_SKEW = timedelta(minutes=5)
"""Largest difference of a request's time from the service's own."""

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
    r", *SignedHeaders=(?P<headers>[^,]+), *Signature=(?P<signature>[0-9a-f]{64})\Z"
)


class SignatureRefused(Exception):  # noqa: N818 - names the event
    """The request is not signed, or its signature is wrong; the message is the service's answer."""


def verify(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    region: str,
    store: CredentialStore,
    service: str = DOMAIN,
) -> Credentials:
    """The owner of the keys that signed this request.

    ``target`` is the request's path and query as they arrived, ``headers`` has lower-case names. Raises
    `SignatureRefused` when there is no signature, when the keys are unknown, when the scope, the time, the token or the
    body's hash is wrong, and when the signature is not the one that these keys give.
    """
    match = _AUTHORIZATION.match(headers.get("authorization", ""))
    if match is None:
        raise SignatureRefused("User: anonymous is not authorized to perform: es:ESHttp* (the request is not signed)")
    credentials = store.find(match["key"])
    if credentials is None:
        raise SignatureRefused("The security token included in the request is invalid.")
    if (match["region"], match["service"]) != (region, service):
        raise SignatureRefused(
            f"Credential should be scoped to {region}/{service}, not to {match['region']}/{match['service']}."
        )
    stamp = headers.get("x-amz-date", "")
    try:
        signed_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise SignatureRefused(f"Date must be in ISO-8601 'basic format', not {stamp!r}.") from None
    if abs(datetime.now(timezone.utc) - signed_at) > CLOCK_SKEW or not stamp.startswith(match["date"]):
        raise SignatureRefused(f"Signature expired or not yet current: {stamp}.")
    names = match["headers"].split(";")
    if "host" not in names:
        raise SignatureRefused("'Host' must be a signed header.")
    token = headers.get("x-amz-security-token")
    if token != credentials.session_token or (token is not None and "x-amz-security-token" not in names):
        raise SignatureRefused("The security token included in the request is invalid.")
    digest = hashlib.sha256(body).hexdigest()
    if headers.get("x-amz-content-sha256", digest) != digest:
        raise SignatureRefused("The hash of the body is not the one that was signed.")
    signed = AWSRequest(
        method, f"https://{headers.get('host', '')}{target}", {name: headers.get(name, "") for name in names}, body
    )
    signed.context["timestamp"] = stamp
    auth = SigV4Auth(BotoCredentials(match["key"], credentials.secret_key), service, region)
    expected = auth.signature(auth.string_to_sign(signed, auth.canonical_request(signed)), signed)
    if not hmac.compare_digest(expected, match["signature"]):
        raise SignatureRefused(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method."
        )
    return credentials

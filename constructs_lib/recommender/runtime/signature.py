"""Signature Version 4 for requests to the domain, from the standard library.

botocore can sign too, but importing it takes longer than the rest of a cold start. The signing key is cached for its
day. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlsplit

SERVICE = "es"
ALGORITHM = "AWS4-HMAC-SHA256"
SIGNED = ("content-type", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")


def signed(
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    credentials: Mapping[str, str],
    region: str,
    moment: datetime,
) -> dict[str, str]:
    """The headers to send: the given ones and those of the signature.

    Args:
        headers: further headers to send, by name in lower case.
        credentials: ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY`` and, for a role, ``AWS_SESSION_TOKEN``, as Lambda
            sets them in the environment.
        moment: now, in UTC.
    """
    parts = urlsplit(url)
    stamp = moment.strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    sent = {**headers, "host": parts.netloc, "x-amz-date": stamp, "x-amz-content-sha256": digest}
    if token := credentials.get("AWS_SESSION_TOKEN"):
        sent["x-amz-security-token"] = token
    names = [name for name in SIGNED if name in sent]
    canonical = "\n".join(
        (
            method,
            quote(parts.path or "/", safe="/-_.~"),
            _query(parts.query),
            *(f"{name}:{sent[name].strip()}" for name in names),
            "",
            ";".join(names),
            digest,
        )
    )
    scope = f"{stamp[:8]}/{region}/{SERVICE}/aws4_request"
    text = "\n".join((ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = _key(credentials["AWS_SECRET_ACCESS_KEY"], stamp[:8], region)
    mark = hmac.new(key, text.encode(), "sha256").hexdigest()
    sent["authorization"] = (
        f"{ALGORITHM} Credential={credentials['AWS_ACCESS_KEY_ID']}/{scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={mark}"
    )
    return sent


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(
        f"{name}={value}"
        for name, value in sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    )


@lru_cache(maxsize=4)
def _key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, SERVICE, "aws4_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key

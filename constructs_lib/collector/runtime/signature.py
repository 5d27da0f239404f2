"""AWS Signature Version 4 of a JSON request to Kinesis.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

CONTENT_TYPE = "application/x-amz-json-1.1"
_SIGNED = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"


@dataclass(frozen=True)
class Credentials:
    """The execution role's keys, as Lambda passes them to the function; they last as long as its execution
    environment."""

    access_key: str
    secret_key: str
    session_token: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Credentials:
        """The keys in the environment variables."""
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        return cls(*(environment.get(name, "") for name in names))


def signed_headers(
    credentials: Credentials, *, region: str, host: str, target: str, body: bytes, now: float | None = None
) -> dict[str, str]:
    """The headers of a signed POST to ``/``.

    Args:
        host: the header ``Host``, with the port if it is not the scheme's default.
        target: the operation, ``Kinesis_20131202.PutRecords``.
        now: seconds since 1970; default: the current time.
    """
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    scope = f"{moment[:8]}/{region}/kinesis/aws4_request"
    canonical = (
        f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\nx-amz-date:{moment}\n"
        f"x-amz-security-token:{credentials.session_token}\nx-amz-target:{target}\n\n{_SIGNED}\n"
        f"{hashlib.sha256(body).hexdigest()}"
    )
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = _signing_key(credentials.secret_key, moment[:8], region)
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    return {
        "Content-Type": CONTENT_TYPE,
        "X-Amz-Date": moment,
        "X-Amz-Security-Token": credentials.session_token,
        "X-Amz-Target": target,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={_SIGNED}, Signature={signature}",
    }


@lru_cache(maxsize=2)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    """The signing key of a day, the same for each of its requests."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, "kinesis", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key

"""Signatures equal those of AWS's own library."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from botocore import auth, awsrequest, credentials

from constructs_lib.recommender.runtime.signature import signed

MOMENT = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token/+="}


@pytest.mark.parametrize("token", [True, False], ids=["role", "user"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/events.sessions/_search?request_cache=false&filter_path=took%2Chits.hits._score",
        "/_mget",
        "/events-*/_search?b=2&a=1&empty=",
        "/a%20b/_doc/x~y-z_1.2",
    ],
)
def test_the_signature_equals_botocores(monkeypatch: pytest.MonkeyPatch, path: str, token: bool) -> None:
    keys = {name: value for name, value in KEYS.items() if token or name != "AWS_SESSION_TOKEN"}
    url, body = f"https://domain.eu-west-1.es.amazonaws.com{path}", b'{"size":0}'
    ours = signed(
        "POST", url, body, {"content-type": "application/json"}, credentials=keys, region="eu-west-1", moment=MOMENT
    )
    request = awsrequest.AWSRequest(
        method="POST",
        url=url,
        data=body,
        headers={"content-type": "application/json", "x-amz-content-sha256": ours["x-amz-content-sha256"]},
    )
    monkeypatch.setattr(auth, "get_current_datetime", lambda: MOMENT.replace(tzinfo=None))
    known = credentials.Credentials(
        keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], keys.get("AWS_SESSION_TOKEN")
    )
    auth.SigV4Auth(known, "es", "eu-west-1").add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]

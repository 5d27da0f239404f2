"""Emulated S3 and Kinesis, with a bucket, a stream and a working folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.replay.command import BUCKET, STREAM


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of emulated AWS."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def session() -> boto3.session.Session:
    """One for all tests: each new one reads the service models anew."""
    return boto3.session.Session("testing", "testing", region_name="us-east-1")


@pytest.fixture
def aws(
    endpoint: str, session: boto3.session.Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Any]:
    """A bucket and a stream, and a working folder for the state."""
    monkeypatch.setattr(boto3.session, "Session", lambda **_: session)
    monkeypatch.chdir(tmp_path)
    s3 = session.client("s3", endpoint_url=endpoint)
    kinesis = session.client("kinesis", endpoint_url=endpoint)
    s3.create_bucket(Bucket=BUCKET)
    kinesis.create_stream(StreamName=STREAM, ShardCount=1)
    yield s3, kinesis
    kinesis.delete_stream(StreamName=STREAM)
    for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        s3.delete_object(Bucket=BUCKET, Key=item["Key"])

"""Rules for a stream, each in both directions."""

from __future__ import annotations

import pytest

from constructs_lib.rules import UNKNOWN, stream

PROVISIONED = {"name": "events", "shard_count": 1}
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"
BUCKET = "arn:aws:s3:::archive"
ON_DEMAND = {"name": "events", "stream_mode_details": {"stream_mode": "ON_DEMAND"}}


@pytest.mark.parametrize(
    "arguments",
    [
        PROVISIONED,
        ON_DEMAND,
        {**ON_DEMAND, "shard_count": 0},
        {**ON_DEMAND, "shard_count": None},
        {"name": "events", "shard_count": UNKNOWN},
        {"name": "events", "stream_mode_details": UNKNOWN},
        {"name": "events", "stream_mode_details": [{"stream_mode": "ON_DEMAND"}]},
        {**PROVISIONED, "encryption_type": "KMS", "kms_key_id": "alias/aws/kinesis"},
        {**PROVISIONED, "encryption_type": "KMS", "kms_key_id": UNKNOWN},
        {**PROVISIONED, "encryption_type": UNKNOWN, "kms_key_id": "alias/aws/kinesis"},
        {**PROVISIONED, "shard_level_metrics": ["IncomingBytes", UNKNOWN]},
        {**ON_DEMAND, "warm_throughput_mib_ps": 100},
        {**PROVISIONED, "shard_count": 1000},
        {**PROVISIONED, "encryption_type": "KMS", "kms_key_id": KEY},
        {**PROVISIONED, "encryption_type": "KMS", "kms_key_id": KEY.replace("key/0a1b2c3d", "alias/shop")},
    ],
)
def test_accepted(arguments: dict[str, object]) -> None:
    assert stream.check(arguments) == []


@pytest.mark.parametrize(
    ("arguments", "path", "severity"),
    [
        ({"name": "events"}, "shard_count", "error"),
        ({"name": "events", "shard_count": 0}, "shard_count", "error"),
        ({"name": "events", "stream_mode_details": [{"stream_mode": "PROVISIONED"}]}, "shard_count", "error"),
        ({**ON_DEMAND, "shard_count": 1}, "shard_count", "error"),
        ({**PROVISIONED, "encryption_type": "KMS"}, "kms_key_id", "error"),
        ({**PROVISIONED, "kms_key_id": "alias/aws/kinesis"}, "encryption_type", "warning"),
        ({**PROVISIONED, "shard_level_metrics": ["ALL"]}, "shard_level_metrics[0]", "warning"),
        ({**PROVISIONED, "shard_count": 1001}, "shard_count", "warning"),
        ({**PROVISIONED, "warm_throughput_mib_ps": 100}, "warm_throughput_mib_ps", "error"),
        ({**ON_DEMAND, "warm_throughput_mib_ps": 10241}, "warm_throughput_mib_ps", "error"),
        ({**PROVISIONED, "encryption_type": "KMS", "kms_key_id": "my key"}, "kms_key_id", "error"),
        ({**PROVISIONED, "name": "click stream"}, "name", "error"),
        ({**PROVISIONED, "encryption_type": "KMS", "kms_key_id": BUCKET}, "kms_key_id", "error"),
        ({**PROVISIONED, "encryption_type": "KMS", "kms_key_id": f"{KEY}/*"}, "kms_key_id", "error"),
        ({**PROVISIONED, "encryption_type": "kms"}, "encryption_type", "error"),
    ],
)
def test_found(arguments: dict[str, object], path: str, severity: str) -> None:
    assert [(finding.path, finding.severity) for finding in stream.check(arguments)] == [(path, severity)]


def test_all_metrics_cannot_be_combined_with_single_metrics() -> None:
    found = stream.check({**PROVISIONED, "shard_level_metrics": ["ALL", "IncomingBytes"]})
    assert ("shard_level_metrics", "error") in [(finding.path, finding.severity) for finding in found]


def test_all_findings_come_at_once() -> None:
    found = stream.check({"name": "a b", "retention_period": 23, "encryption_type": "KMS"})
    assert [finding.path for finding in found] == ["kms_key_id", "name", "retention_period", "shard_count"]


def test_a_finding_has_problem_given_and_allowed() -> None:
    (finding,) = stream.check({**PROVISIONED, "retention_period": 8761})
    assert str(finding) == "is out of range (given 8761; allowed: 24 to 8760 hours)"

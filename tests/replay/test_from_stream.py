"""The command replays records from the stream itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.__main__ import main
from tests.replay.command import BUCKET, STREAM, arrive, from_stream, on_stream
from tests.replay.samples import aggregate


def test_records_from_before_the_delivery_are_replayed_with_their_arrival(endpoint: str, aws: Any) -> None:
    _, kinesis = aws
    replayed = b'{"replayed_arrival":1741766401000,"record":"b"}'
    first, *_ = arrive(kinesis, b"a", replayed, aggregate(b"c", b"\xff"))
    assert from_stream(endpoint) == 0
    sent = on_stream(kinesis)[3:]
    assert json.loads(sent[0]) == {"replayed_arrival": first, "record": "a"}
    assert sent[1] == replayed
    assert json.loads(sent[2])["record"] == "c"
    assert sent[3] == b"\xff"


def test_a_dry_run_from_the_stream_counts_by_kind(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _, kinesis = aws
    arrive(kinesis, b"a", b'{"replayed_arrival":1,"record":"b"}', b"\xff")
    assert from_stream(endpoint, "--dry-run") == 0
    assert capsys.readouterr().out.splitlines() == [
        "would send 3 records of 1 shards to shop-events",
        "          2  as they arrived",
        "          1  replayed before",
        "          1  of them without their first arrival: not UTF-8, too large for an envelope, or arrival unknown",
    ]
    assert len(on_stream(kinesis)) == 3


def test_expired_records_are_reported(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert from_stream(endpoint, since="2026-01-01") == 0
    assert "shop-events keeps 24 hours: records that arrived before" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        (
            ["--prefix", "a/", "--error-code", "x", "--since", "now"],
            [
                "--bucket is required (allowed: the archive's bucket, or --from-stream and --since)",
                "--since does not apply to this source (given now; allowed: with --from-stream)",
            ],
        ),
        (
            ["--from-stream", STREAM, "--bucket", BUCKET, "--prefix", "a/", "--error-code", "x", "--until", "now"],
            [
                "--bucket is a second source (given shop-archive-1; allowed: --bucket or --from-stream)",
                "--prefix does not apply to this source (given a/; allowed: with --bucket)",
                "--error-code does not apply to this source (given x; allowed: with --bucket)",
                "--since is required with --from-stream (allowed: a time such as 2026-01-02T03:04:05Z)",
                "--until is not a time (given now; allowed: a time such as 2026-01-02T03:04:05Z)",
            ],
        ),
        (
            ["--from-stream", STREAM, "--since", "2026-01-02T00:00+01:00", "--until", "2026-01-01T23:00Z"],
            ["--since is not before --until (given 2026-01-02T00:00+01:00; allowed: a time before 2026-01-01T23:00Z)"],
        ),
        (
            ["--from-stream", STREAM, "--since", "2026-01-02", "--until", "2999-01-01"],
            ["--until is in the future (given 2999-01-01; allowed: a time in the past)"],
        ),
    ],
)
def test_all_conflicting_options_are_reported_at_once(
    capsys: pytest.CaptureFixture[str], given: list[str], messages: list[str]
) -> None:
    assert main(["replay", "--stream", STREAM, *given]) == 2
    assert capsys.readouterr().err.splitlines() == [f"replay: {message}" for message in messages]


def test_a_missing_stream_is_reported(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert from_stream(endpoint, "--from-stream", "dry") == 1
    assert "ResourceNotFound" in capsys.readouterr().err

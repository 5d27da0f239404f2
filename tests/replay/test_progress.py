"""A stopped replay continues where it ended, sends nothing twice, and refuses the state of another replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.replay.sending import Sender
from constructs_lib.replay.state import alone
from tests.replay.command import arrive, from_stream, on_stream, put, replay
from tests.replay.samples import KEY, aggregate, error_line


def stop_at_the_second_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run stops, as by Ctrl-C, before its second call to the stream; those after it do not."""
    flush = Sender.flush
    calls: list[int] = []

    def stopping(self: Sender) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        flush(self)

    monkeypatch.setattr(Sender, "flush", stopping)


def numbers(sent: list[bytes]) -> list[int]:
    """The numbers of the events that were sent, in order."""
    return sorted(int(json.loads(data)["record"].split()[1]) for data in sent)


def test_running_twice_sends_nothing_twice(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a"))
    assert replay(endpoint) == replay(endpoint) == 0
    assert len(on_stream(kinesis)) == 1
    assert "sent 0 records of 1 objects to shop-events (1 objects were done before)" in capsys.readouterr().out


def test_a_stopped_replay_continues_where_it_ended(endpoint: str, aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    s3, kinesis = aws
    put(s3, KEY, b"\n".join(error_line(f"event {number}".encode()) for number in range(1200)))
    stop_at_the_second_call(monkeypatch)
    assert replay(endpoint) == 1
    assert len(on_stream(kinesis)) == 500
    assert replay(endpoint) == 0
    assert numbers(on_stream(kinesis)) == list(range(1200))


def test_a_second_concurrent_run_is_refused(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a"))
    with alone(Path("state.json")):
        assert replay(endpoint, "--state", "state.json") == 1
    assert on_stream(kinesis) == []
    assert capsys.readouterr().err == (
        "replay: state.json.lock: another run of this replay is in progress; wait until it ends, or stop it\n"
    )
    assert replay(endpoint, "--state", "state.json") == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"source": {}, "done": [], "key": "", "tag": "", "sent": 0}',
        b'{"source": {}, "done": {"a": 1}, "key": "", "tag": "", "sent": 0}',
        b'{"source": {}, "done": {}, "key": "", "tag": "", "sent": "1"}',
        b'{"source": {}, "done": {}, "key": "", "tag": "", "sent": -1}',
    ],
)
def test_a_damaged_state_is_one_line(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    Path("state.json").write_bytes(content)
    assert replay(endpoint, "--state", "state.json") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("replay: state.json: is damaged, or not a replay's state (")


@pytest.mark.parametrize("place", ["folder/file/state.json", "folder", "folder/file/deeper/state.json"])
def test_an_unwritable_state_file_is_one_line(
    endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    s3, kinesis = aws
    put(s3, KEY, error_line(b"a"))
    Path("folder").mkdir()
    Path("folder", "file").touch()
    assert replay(endpoint, "--state", place) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"replay: {place}")
    assert on_stream(kinesis) == []


def test_state_of_another_replay_is_refused(endpoint: str, aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3, _ = aws
    put(s3, KEY, error_line(b"a"))
    assert replay(endpoint, "--state", "state.json") == 0
    assert replay(endpoint, "--state", "state.json", "--error-code", "x") == 1
    assert "is the state of another replay" in capsys.readouterr().err


def test_replayed_records_are_not_read_by_this_or_the_next_run(endpoint: str, aws: Any) -> None:
    _, kinesis = aws
    arrive(kinesis, b"a", b"b")
    assert from_stream(endpoint) == from_stream(endpoint) == 0
    assert len(on_stream(kinesis)) == 4


def test_a_stopped_replay_from_the_stream_continues_where_it_ended(
    endpoint: str, aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, kinesis = aws
    arrive(kinesis, aggregate(*(b"event %d" % number for number in range(1200))))
    stop_at_the_second_call(monkeypatch)
    assert from_stream(endpoint) == 1
    assert len(on_stream(kinesis)) == 501
    assert from_stream(endpoint) == 0
    assert numbers(on_stream(kinesis)[1:]) == list(range(1200))
